from descant.engines.score.engine import write
from descant.song.brief import Brief
from descant.song.score import Role
from descant.song.wish import Wish
from descant.words import tags
from descant.words.reading import INSTRUMENTAL_MARKER, merge, read


def test_given_lyrics_are_kept_to_the_letter() -> None:
    text = "[Verse]\nA kettle on the stove\n[Chorus]\nSing, kettle, sing"
    reading = read(Brief(seed=1, lyrics=text, tags="pop"))
    assert reading.text == text
    assert [line.text for line in reading.lyrics.lines] == ["A kettle on the stove", "Sing, kettle, sing"]
    assert reading.title


def test_words_are_written_where_only_a_description_is_given() -> None:
    brief = Brief(seed=3, description="a rock song about a broken clock, 130 bpm, male vocals")
    reading = read(brief)
    assert len(reading.lyrics.lines) >= 8
    assert reading.wish.bpm == 130
    assert reading.wish.genres[0][0] == "rock"
    assert "male" in reading.wish.voice
    assert read(brief).text == reading.text
    assert read(Brief(seed=4, description=brief.description)).text != reading.text


def test_a_given_title_becomes_the_hook_of_written_words() -> None:
    reading = read(Brief(seed=3, title="Copper Wire", description="a song about the sea"))
    assert reading.title == "Copper Wire"
    assert "copper wire" in reading.text.lower()


def test_an_instrumental_has_a_title_and_no_words() -> None:
    reading = read(Brief(seed=2, tags="calm pop", instrumental=True))
    assert not reading.lyrics.sections
    assert reading.text == INSTRUMENTAL_MARKER
    assert reading.title


def test_the_users_tags_win_over_the_description() -> None:
    both = merge(tags.read("rock, 100 bpm"), tags.read("pop, 140 bpm, sad"))
    assert both.bpm == 100
    assert both.genres[0][0] == "rock"
    assert "sad" in both.moods
    assert merge(Wish(), both) == both


def test_given_words_are_sung_even_where_the_tags_say_instrumental() -> None:
    brief = Brief(seed=3, lyrics="[Verse]\nA kettle on the stove\nA letter on the floor", tags="pop, no vocals")
    _, plan, score = write(brief)
    assert plan.voice
    lead = [part for part in score.vocals if part.role == Role.LEAD_VOCAL]
    assert [phrase.text for part in lead for phrase in part.phrases] == [
        "A kettle on the stove",
        "A letter on the floor",
    ]
