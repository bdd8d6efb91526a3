import measures
import pytest
import sketches

from descant.compose import styles
from descant.compose.arranging import arrange
from descant.compose.band.directions import cast, solo_preset
from descant.song.lyrics import SectionKind
from descant.song.score import Role

SEATED = {
    "drums": "standard_kit",
    "percussion": "percussion",
    "bass": "electric_bass",
    "comp": "grand_piano",
    "guitar": "acoustic_guitar",
}


@pytest.mark.parametrize(
    ("directives", "layers"),
    [
        ((), None),
        (("whispered",), None),
        (("no drums",), {"bass", "comp", "guitar"}),
        (("piano only",), {"comp"}),
        (("only guitar and bass",), {"guitar", "bass"}),
        (("just drums",), {"drums", "percussion"}),
        (("without guitars", "no bass"), {"drums", "percussion", "comp"}),
        (("tuba only",), None),
        (("drums out",), {"bass", "comp", "guitar"}),
    ],
)
def test_directives_name_who_may_play(directives, layers):
    assert cast(directives, SEATED) == layers


@pytest.mark.parametrize(
    ("directives", "lead", "expected"),
    [
        (("guitar",), "synth_pluck", "clean_guitar"),
        (("guitar",), "distorted_guitar", "distorted_guitar"),
        (("electric guitar",), "flute", "clean_guitar"),
        (("piano",), "synth_pluck", "grand_piano"),
        (("melodic",), "synth_pluck", "synth_pluck"),
        ((), "flute", "flute"),
    ],
)
def test_a_solo_is_played_on_the_instrument_its_tag_names(directives, lead, expected):
    assert solo_preset(SectionKind.SOLO, directives, lead, ()) == expected


def test_a_guitar_solo_over_distorted_guitars_is_distorted():
    assert solo_preset(SectionKind.SOLO, ("guitar",), "bells", ("distorted_guitar",)) == "distorted_guitar"


def test_a_named_solo_becomes_a_part_of_its_own():
    plan = sketches.plan("rock", instruments=sketches.INSTRUMENTS["pop"], directives={5: ("piano",)})
    sketch = sketches.sketch(plan)
    parts = arrange(plan, styles.load("rock"), sketch)
    solo = next(part for part in parts if part.name == "grand piano solo")
    section = sketch.sections[5]
    assert solo.role is Role.KEYBOARD
    assert all(section.start - 1 <= n.start < section.start + section.bars * 4 for n in solo.notes)


def test_a_half_time_verse_has_its_backbeat_on_three():
    snares = []
    for directives in ({}, {1: ("half-time",)}):
        plan = sketches.plan("rock", directives=directives)
        sketch = sketches.sketch(plan)
        drums = next(p for p in arrange(plan, styles.load("rock"), sketch) if p.role is Role.DRUMS)
        start = sketch.sections[1].start
        snares.append(
            {n.start % 4 for n in drums.notes if n.pitch == 38 and start <= n.start < start + 8 and n.velocity > 80}
        )
    assert snares[0] >= {1.0, 3.0}
    assert snares[1] == {2.0}


def test_a_section_without_drums_has_none():
    plan = sketches.plan("pop", directives={3: ("no drums",)})
    sketch = sketches.sketch(plan)
    chorus = sketch.sections[3]
    parts = arrange(plan, styles.load("pop"), sketch)
    beat = [p for p in parts if p.role in measures.UNPITCHED]
    assert measures.notes_between(beat, chorus.start, chorus.start + 32) == 0
    assert measures.notes_between(parts, chorus.start, chorus.start + 32) > 0
