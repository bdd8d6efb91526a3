import msgspec
import pytest

from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.perform.voice import voices
from descant.song.brief import Brief
from descant.song.score import Role
from descant.words.reading import read

VERSE = "[Verse]\nI walk alone on the silver street\nCounting the lights in the rain\n"
WORDS = VERSE + "[Chorus]\nWe are the fire (the fire)\n"


def score_of(tags, lyrics=WORDS):
    brief = Brief(seed=3, lyrics=lyrics, tags=tags)
    reading = read(brief)
    return write_score(make_plan(brief, reading.lyrics, reading.wish, voices.profiles()))


def ways(score):
    """Return the deliveries of verse and chorus."""
    found = {}
    for part in score.vocals:
        for phrase in part.phrases if part.role is Role.LEAD_VOCAL else ():
            found.setdefault(score.sections[phrase.section].kind.value, set()).add(phrase.delivery)
    return found


@pytest.mark.parametrize(
    ("tags", "verse", "chorus"),
    [
        ("hip hop", "rap", "sung"),
        ("metalcore", "screamed", "sung"),
        ("pop", "sung", "sung"),
        ("pop, whispered vocals", "whispered", "whispered"),
        ("indie rock, spoken word", "spoken", "spoken"),
        ("rock, rap vocals", "rap", "sung"),
    ],
)
def test_tags_and_styles_say_how_lines_are_delivered(tags, verse, chorus):
    assert ways(score_of(tags)) == {"verse": {verse}, "chorus": {chorus}}


def test_lyrics_that_say_how_they_are_delivered_are_obeyed():
    words = WORDS.replace("[Verse]", "[Verse]\n[Sung]").replace("[Chorus]", "[Chorus]\n[Spoken]")
    assert ways(score_of("hip hop", words)) == {"verse": {"sung"}, "chorus": {"spoken"}}


def test_a_tuned_voice_is_tuned_in_every_part():
    score = score_of("pop, auto-tune")
    assert {part.effects for part in score.vocals} == {("auto-tune",)}


def test_a_choir_backs_the_lead():
    by_role = {part.role: part.effects for part in score_of("gospel").vocals}
    assert by_role == {Role.LEAD_VOCAL: (), Role.BACKING_VOCALS: ("choir",)}


def test_screams_are_loud():
    score = score_of("metalcore")
    plain = score_of("metalcore", WORDS.replace("[Verse]", "[Verse]\n[Sung]").replace("[Chorus]", "[Chorus]\n[Spoken]"))
    first = [part.phrases[0] for part in (score.vocals[0], plain.vocals[0])]
    loud, soft = (sum(note.velocity for note in phrase.notes) / len(phrase.notes) for phrase in first)
    assert loud > soft + 8
    assert msgspec.structs.replace(first[0], delivery="sung").words == first[1].words
