import pytest

from descant.compose.errors import CannotWrite
from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.edit.personas import persona_of, style_only
from descant.edit.revision import CannotEdit
from descant.song.brief import Brief
from descant.song.persona import Persona
from descant.words.reading import read

WORDS = (
    "[Verse]\nWinter has a window on the highway\nSomeone left a candle in the hall\n[Chorus]\nCome along\nCome along"
)


def written(brief, voices):
    reading = read(brief)
    plan = make_plan(brief, reading.lyrics, reading.wish, voices)
    return plan, write_score(plan)


@pytest.mark.parametrize("name", ["pop", "rock", "waltz", "seven", "duet", "rap"])
def test_a_persona_keeps_what_its_source_sang(name, song, lead):
    source = song(name)
    persona = persona_of(source)
    leads = [part for part in source.score.vocals if part.role == "vocals"]
    assert persona.voice in {part.voice for part in leads}
    pitches = [
        n.pitch for part in leads if part.voice == persona.voice
        for p in part.phrases if p.delivery == "sung" or name == "rap" for n in p.notes
    ]  # fmt: skip
    assert min(pitches) <= persona.range[0] < persona.centre < persona.range[1] <= max(pitches)


def test_a_rapper_raps_as_a_persona(song, voices):
    persona = persona_of(song("rap"))
    assert persona.delivery == "rap"
    _, score = written(Brief(seed=1, lyrics=WORDS, persona=persona), voices)
    assert {phrase.delivery for part in score.vocals for phrase in part.phrases} == {"rap"}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("tags", ["", "jazz", "metal, screaming", "male vocals, folk", "raspy tenor, country"])
def test_the_same_persona_is_the_same_voice_in_every_song(tags, seed, song, voices, lead):
    persona = persona_of(song("pop"))
    plan, score = written(Brief(seed=seed, lyrics=WORDS, tags=tags, persona=persona), voices)
    assert plan.voice == persona.voice
    assert {part.voice for part in score.vocals if part.role == "vocals"} == {persona.voice}
    assert plan.vocal_centre == persona.centre
    low, high = min(persona.range[0], persona.centre - 7), max(persona.range[1], persona.centre + 7)
    assert all(low <= note.pitch <= high for note in lead(score))


def test_a_gender_that_is_not_the_personas_is_set_aside_with_a_note(song, voices):
    persona = persona_of(song("pop"))
    plan, _ = written(Brief(seed=1, lyrics=WORDS, persona=persona, vocal_gender="m"), voices)
    assert plan.voice == persona.voice
    assert any("left aside" in note for note in plan.notes)


def test_a_personas_style_is_used_where_the_brief_names_none(song, voices):
    persona = persona_of(song("rock"))
    assert "132" not in persona.tags
    plain, _ = written(Brief(seed=1, lyrics=WORDS, persona=persona), voices)
    assert plain.genres[0][0] == "rock"
    named, _ = written(Brief(seed=1, lyrics=WORDS, persona=persona, tags="bossa nova"), voices)
    assert named.genres[0][0] == "bossa_nova"


def test_style_text_loses_its_numbers_only():
    assert style_only("rock, 132 bpm, in E minor, male vocals, 3/4, 2:30") == "rock, male vocals"
    assert style_only("") == ""


def test_a_window_takes_who_sings_in_it(song):
    source = song("duet")
    leads = [part for part in source.score.vocals if part.role == "vocals"]
    second = next(part for part in leads if part.name == "second vocal")
    phrase = second.phrases[0]
    start = source.score.performed(phrase.notes[0])[0] - 0.05
    stop = source.score.performed(phrase.notes[-1])[1]
    assert persona_of(source, start, stop).voice == second.voice
    own = persona_of(source, start, stop, styles=" dark folk ")
    assert own.tags == "dark folk"


def test_where_nobody_sings_there_is_no_persona(song):
    with pytest.raises(CannotEdit, match="nobody sings in the song"):
        persona_of(song("instrumental"))
    with pytest.raises(CannotEdit, match=r"nobody sings from 0 to 0\.5 s"):
        persona_of(song("pop"), 0.0, 0.5)
    with pytest.raises(CannotEdit, match="is none"):
        persona_of(song("pop"), 9.0, 3.0)


def test_a_persona_whose_voice_is_missing_is_refused(voices):
    persona = Persona(voice="nobody", centre=60, range=(50, 70))
    with pytest.raises(CannotWrite, match="'nobody', not installed here"):
        written(Brief(seed=1, lyrics=WORDS, persona=persona), voices)
