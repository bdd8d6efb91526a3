"""A song's chords in the colours of another style, and the substitutes that serve the same function.

Colours (sevenths, ninths, or plain triads where a style has none) leave roots and functions alone; substitutes (vi for
I, ii for IV) are for free covers only, and only where the melody sits as well on them.
"""

import msgspec
import numpy as np

from descant.compose.chords import coloured
from descant.compose.leadsheet import LeadSheet
from descant.edit.fitting import Sounding, between, clash, melody_of
from descant.song.score import ChordSpan
from descant.song.streams import stream
from descant.song.theory import Chord, Key

_EAGER = 1.6  # share of chords recoloured for each share of freedom
_PLAIN = 1.2  # colour level under which sevenths and ninths are taken off
_FREE = 0.45  # freedom from which functions are substituted, and their share for each further share of freedom
_SHARE = 0.8
_SLACK = 0.25  # beats of clash that a colour may add
_TRIADS = {
    "6": "", "7": "", "maj7": "", "add9": "", "9": "", "maj9": "", "13": "", "7b9": "", "7#9": "",
    "m6": "m", "m7": "m", "mmaj7": "m", "madd9": "m", "m9": "m", "m7b5": "dim", "dim7": "dim", "7sus4": "sus4",
    "5": "", "sus2": "", "sus4": "",
}  # fmt: skip
_SUBSTITUTES: dict[bool, dict[int, tuple[tuple[int, str], ...]]] = {
    False: {0: ((9, "m"), (4, "m")), 5: ((2, "m"),), 9: ((5, ""),), 2: ((5, ""),)},
    True: {0: ((8, ""), (3, "")), 5: ((8, ""),), 8: ((5, "m"),), 3: ((0, "m"),)},
}
"""Degree of a chord in a major or minor key to chords (degree, quality) that do its office."""


def reharmonised(sheet: LeadSheet, level: float, freedom: float, seed: int) -> LeadSheet:
    """Return the sheet with its chords in a style's colours.

    Parameters
    ----------
    level : the style's chord colour: 0 triads, 2 sevenths, 3 ninths.
    freedom : 0 leaves every chord as it is, 1 is the freest.
    """
    if freedom <= 0.0:
        return sheet
    melody = melody_of(sheet)
    spans: list[ChordSpan] = []
    bar = sheet.metre.bar_length
    for number, section in enumerate(sheet.sections):
        stop = section.start + section.bars * bar
        last = number == len(sheet.sections) - 1
        for n, span in enumerate(sheet.chords):
            if section.start - 1e-6 <= span.start < stop - 1e-6:
                beside = {near.chord.root for near in (*spans[-1:], *sheet.chords[n + 1 : n + 2])}
                closing = last and span.start >= stop - bar - 1e-6
                key = section.key
                name = f"cover.harmony.{section.kind}.{(span.chord.root - key.tonic) % 12}{span.chord.quality}"
                rng = stream(seed, name)
                spans.append(span if closing else _changed(span, key, level, freedom, melody, beside, rng))
    return msgspec.structs.replace(sheet, chords=tuple(spans))


def _changed(
    span: ChordSpan,
    key: Key,
    level: float,
    freedom: float,
    melody: tuple[Sounding, ...],
    beside: set[int],
    rng: np.random.Generator,
) -> ChordSpan:
    """Return one chord recoloured or substituted; equal chords of one kind of section draw alike.

    Parameters
    ----------
    beside : roots of its neighbours, which no substitute takes: the harmony would stand still.
    """
    colours, substitutes = rng.random(2) < (_EAGER * freedom, _SHARE * max(0.0, freedom - _FREE))
    stop = span.start + span.duration
    notes = between(melody, span.start, stop)
    chord = span.chord
    limit = clash(notes, chord, span.start, stop) + _SLACK
    if substitutes:
        for degree, quality in _SUBSTITUTES[key.is_minor].get((chord.root - key.tonic) % 12, ()):
            option = Chord((key.tonic + degree) % 12, quality)
            if option.root not in beside and clash(notes, option, span.start, stop) <= limit - _SLACK:
                chord = option
                break
    if colours:
        plain = _plain(chord, key, level)
        option = coloured(plain, key, level, rng)
        if clash(notes, option, span.start, stop) <= limit:
            chord = option
    return msgspec.structs.replace(span, chord=chord)


def _plain(chord: Chord, key: Key, level: float) -> Chord:
    """Return a chord without colour where the style has none; a dominant may keep its seventh."""
    if level >= _PLAIN:
        return chord
    dominant = (chord.root - key.tonic) % 12 == 7 and chord.quality in ("7", "9", "13", "7b9", "7#9")
    quality = "7" if dominant and level >= _PLAIN / 2 else _TRIADS.get(chord.quality, chord.quality)
    if chord.quality in ("sus2", "sus4", "5") and chord.root not in key.scale:
        quality = chord.quality
    return msgspec.structs.replace(chord, quality=_fitting(chord, key, quality))


def _fitting(chord: Chord, key: Key, quality: str) -> str:
    """Return a triad's quality with the key's own third where the chord had none."""
    if chord.quality not in ("sus2", "sus4", "5") or quality:
        return quality
    return "m" if (chord.root + 3) % 12 in key.scale and (chord.root + 4) % 12 not in key.scale else ""
