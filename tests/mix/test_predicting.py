import msgspec
import numpy as np
import pytest

from descant.mix import profile
from descant.mix.desk import Desk
from descant.mix.levels import CHUNK
from descant.mix.predicting import SECONDS, SoundCheck
from descant.mix.recall import Notes

RATE = 48_000


def found(score, name, perform, length):
    notes = Notes()
    check = SoundCheck(profile.load(name), score, perform, (0, length), notes)
    check.band()
    check.enter(length)
    return notes.sheet(name).levels


@pytest.mark.parametrize("name", ["pop", "rock", "jazz"])
def test_a_few_bars_give_the_levels_that_the_whole_would(name, score, perform, length):
    exact = Notes()
    desk = Desk(profile.load(name), score, perform, (0, length), exact, -(-length // CHUNK) * CHUNK)
    desk.mix({role: np.zeros((length, 2), np.float32) for role in desk.roles})
    whole, bars = exact.sheet(name).levels, found(score, name, perform, length)
    parts = [part.name for part in (*score.parts, *score.vocals) if f"{part.name}.staging" in whole]
    off = [sum(bars[f"{part}.{level}"] - whole[f"{part}.{level}"] for level in ("staging", "fader")) for part in parts]
    assert len(off) >= 5
    assert np.abs(off).max() < 1.5


def test_bars_that_are_louder_than_the_song_do_not_make_a_part_softer(score, perform, length):
    def played_softly_at_first(velocity):
        parts = tuple(
            msgspec.structs.replace(
                part,
                notes=tuple(
                    msgspec.structs.replace(note, velocity=velocity if note.start < 16 else 110) for note in part.notes
                ),
            )
            for part in score.parts[1:3]
        )
        return msgspec.structs.replace(score, parts=parts, vocals=())

    def levels(song):
        def playing(part, start, stop):
            audio = perform(part, start, stop).copy()
            loud = 10 ** (35 / 20 * np.log10((song.parts[0].notes[0].velocity if start < 8 * RATE else 110) / 110))
            return (audio * loud).astype(np.float32)

        return found(song, "pop", playing, length)

    alike, softer = levels(played_softly_at_first(110)), levels(played_softly_at_first(60))
    assert softer["bass.staging"] > alike["bass.staging"] + 1.0


def test_only_a_few_seconds_are_played_before_the_first_bars(score, perform, length):
    played = {}

    def listening(part, start, stop):
        played[part.name] = played.get(part.name, 0) + stop - start
        return perform(part, start, stop)

    check = SoundCheck(profile.load("pop"), score, listening, (0, length), Notes())
    check.band()
    assert "lead" not in played  # who sings is not asked before it is time
    check.enter(0)
    assert max(seconds for name, seconds in played.items() if name != "kit") <= SECONDS * RATE


def test_what_is_known_is_not_measured_again(score, perform, length):
    levels = found(score, "pop", perform, length)

    def silent(part, start, stop):
        raise AssertionError(f"{part.name} was played")

    again = Notes(dict(levels))
    check = SoundCheck(profile.load("pop"), score, silent, (0, length), again)
    check.band()
    check.enter(length)
    assert again.sheet("pop").levels == levels


def test_a_part_that_comes_in_within_a_section_is_measured_where_it_plays(score, perform, length):
    begins = [section.start for section in score.sections]
    late = score.parts[1]
    tempo = score.tempo_map
    notes = tuple(
        note
        for note in late.notes
        if min(tempo.seconds(note.start) - tempo.seconds(one) for one in begins if one <= note.start) > SECONDS
    )
    song = msgspec.structs.replace(score, parts=(msgspec.structs.replace(late, notes=notes),), vocals=())

    def swelling(part, start, stop):
        """Half a second of rise at every entry after a rest."""
        audio = perform(part, start, stop)
        rise = np.ones(len(audio), np.float32)
        for note in part.notes:
            first = round(song.performed(note)[0] * RATE) - start
            if note is part.notes[0] and 0 <= first < len(rise):
                rise[first : first + RATE // 2] *= np.linspace(0.003, 1.0, len(rise[first : first + RATE // 2])) ** 2
        return audio * rise[:, None]

    whole = Notes()
    Desk(profile.load("pop"), song, swelling, (0, length), whole, -(-length // CHUNK) * CHUNK).mix(
        {late.role: np.zeros((length, 2), np.float32)}
    )
    bars, exact = found(song, "pop", swelling, length), whole.sheet("pop").levels
    assert bars[f"{late.name}.staging"] == pytest.approx(exact[f"{late.name}.staging"], abs=2.0)
