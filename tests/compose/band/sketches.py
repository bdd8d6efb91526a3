"""Small songs without a band, for the players to play."""

from descant.compose.sketch import Sketch
from descant.song.lyrics import SectionKind
from descant.song.plan import Plan, PlannedSection
from descant.song.score import ChordSpan, Note, Phrase, Role, Section, SungNote, VocalPart
from descant.song.streams import stream
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Chord, Key

K = SectionKind

FORMS = {
    "pop": [
        (K.INTRO, 4, 0.30),
        (K.VERSE, 8, 0.45),
        (K.PRE_CHORUS, 4, 0.60),
        (K.CHORUS, 8, 0.82),
        (K.VERSE, 8, 0.55),
        (K.PRE_CHORUS, 4, 0.68),
        (K.CHORUS, 8, 0.90),
        (K.BRIDGE, 8, 0.45),
        (K.CHORUS, 8, 1.0),
        (K.OUTRO, 4, 0.35),
    ],
    "ballad": [
        (K.INTRO, 4, 0.15),
        (K.VERSE, 8, 0.25),
        (K.CHORUS, 8, 0.60),
        (K.VERSE, 8, 0.38),
        (K.CHORUS, 8, 0.72),
        (K.BRIDGE, 8, 0.55),
        (K.CHORUS, 8, 0.92),
        (K.OUTRO, 4, 0.15),
    ],
    "rock": [
        (K.INTRO, 8, 0.50),
        (K.VERSE, 8, 0.50),
        (K.CHORUS, 8, 0.84),
        (K.VERSE, 8, 0.60),
        (K.CHORUS, 8, 0.91),
        (K.SOLO, 8, 0.80),
        (K.BRIDGE, 8, 0.48),
        (K.CHORUS, 8, 1.0),
        (K.OUTRO, 4, 0.60),
    ],
}

INSTRUMENTS = {
    "pop": {
        "drums": "standard_kit",
        "bass": "electric_bass",
        "comp": "grand_piano",
        "comp2": "clean_guitar",
        "guitar": "acoustic_guitar",
        "pad": "warm_pad",
        "strings": "strings",
        "lead": "synth_pluck",
        "percussion": "percussion",
    },
    "ballad": {
        "drums": "standard_kit",
        "bass": "electric_bass",
        "comp": "grand_piano",
        "comp2": "acoustic_guitar",
        "pad": "warm_pad",
        "strings": "strings",
        "lead": "flute",
        "percussion": "percussion",
    },
    "rock": {
        "drums": "power_kit",
        "bass": "picked_bass",
        "comp": "distorted_guitar",
        "comp2": "clean_guitar",
        "pad": "organ",
        "lead": "distorted_guitar",
        "percussion": "percussion",
    },
}

_LOOPS = {
    K.VERSE: ((0, ""), (7, ""), (9, "m"), (5, "")),
    K.PRE_CHORUS: ((2, "m7"), (5, ""), (9, "m"), (7, "sus4")),
    K.CHORUS: ((5, "add9"), (0, ""), (7, ""), (9, "m7")),
    K.BRIDGE: ((9, "m"), (4, "m"), (5, "maj7"), (7, "")),
}
_RHYTHM = (0.0, 0.5, 1.0, 1.5, 2.5)
_SCALE = (0, 2, 4, 5, 7, 9, 11)


def plan(
    style: str = "pop",
    seed: int = 1,
    *,
    metre: Metre = Metre(),
    tonic: int = 0,
    instruments: dict[str, str] | None = None,
    form: list[tuple[SectionKind, int, float]] | None = None,
    swing: float = 0.5,
    directives: dict[int, tuple[str, ...]] | None = None,
) -> Plan:
    sections = tuple(
        PlannedSection(
            kind=kind, label=kind.title(), bars=bars, energy=energy, directives=(directives or {}).get(i, ())
        )
        for i, (kind, bars, energy) in enumerate(form or FORMS[style])
    )
    return Plan(
        seed=seed,
        title="Test",
        genres=((style, 1.0),),
        bpm=100.0,
        key=Key(tonic, "major"),
        metre=metre,
        sections=sections,
        instruments=INSTRUMENTS[style] if instruments is None else instruments,
        swing=swing,
    )


def sketch(plan: Plan, *, centre: int = 66, ending: str = "ring", sung: bool = True) -> Sketch:
    """Return a song of four-bar loops with a phrase every two bars around ``centre`` in its sung sections."""
    bar = plan.metre.bar_length
    sections: list[Section] = []
    chords: list[ChordSpan] = []
    phrases: list[Phrase] = []
    themes: list[tuple[Note, ...]] = []
    start = 0.0
    hook = _phrase(plan, 0.0, K.CHORUS, centre, "hook", 0)
    hook_notes = tuple(Note(n.start, n.duration, n.pitch, 90) for n in hook.notes)
    for index, planned in enumerate(plan.sections):
        sections.append(Section(planned.kind, planned.label, start, planned.bars, planned.energy, plan.key))
        loop = _LOOPS.get(planned.kind, _LOOPS[K.CHORUS])
        for i in range(planned.bars):
            root, quality = loop[i % 4]
            closing = index == len(plan.sections) - 1 and i == planned.bars - 1
            chord = Chord(plan.key.tonic) if closing else Chord((root + plan.key.tonic) % 12, quality)
            chords.append(ChordSpan(start + i * bar, bar, chord))
        voice = sung and planned.kind in (K.VERSE, K.PRE_CHORUS, K.CHORUS, K.BRIDGE)
        if voice:
            for i in range(0, planned.bars, 2):
                phrases.append(_phrase(plan, start + i * bar, planned.kind, centre, f"{planned.kind}{i}", index))
            themes.append(())
        else:
            themes.append(
                tuple(
                    Note(start + i * bar + n.start, n.duration, n.pitch, 90)
                    for i in range(0, planned.bars - 1, 2)
                    for n in hook_notes
                )
            )
        start += planned.bars * bar
    lead = VocalPart("lead", Role.LEAD_VOCAL, "clara", tuple(phrases))
    return Sketch(
        tempo=(TempoChange(0.0, plan.bpm),),
        metre=plan.metre,
        key=plan.key,
        sections=tuple(sections),
        chords=tuple(chords),
        vocals=(lead,) if phrases else (),
        hook=hook_notes,
        themes=tuple(themes),
        ending=ending,
        length=start,
    )


def _phrase(plan: Plan, start: float, kind: SectionKind, centre: int, name: str, section: int) -> Phrase:
    rng = stream(plan.seed, f"test.{name}")
    bar = plan.metre.bar_length
    home = centre + (4 if kind is K.CHORUS else 0)
    steps = rng.integers(-2, 3, 10)
    scale = [p for p in range(home - 9, home + 10) if (p - plan.key.tonic) % 12 in _SCALE]
    at = len(scale) // 2
    notes = []
    for i, beat in enumerate([b for m in (0.0, bar) for b in (m + r for r in _RHYTHM) if r_fits(b, m, bar)][:8]):
        at = min(len(scale) - 1, max(0, at + int(steps[i])))
        notes.append(SungNote(start + beat, 0.5 if i < 7 else 1.0, scale[at], 0, 0))
    return Phrase("la", (), tuple(notes), section)


def r_fits(beat: float, measure: float, bar: float) -> bool:
    return beat - measure < bar - 0.5
