"""The chords of a recording: those that were heard, or those that fit where a melody stands alone.

A voice by itself implies chords without sounding them, and what a chord finder hears in it are its own notes. Its
melody is harmonised instead: of all successions of the key's triads, a bar or half a bar each, the one that the melody
rubs against least, whose steps are usual, and that agrees with what was heard as far as that is sure.
"""

from collections.abc import Sequence

import msgspec

from descant.edit.fitting import Sounding, clash
from descant.edit.heard.beats import BeatMap
from descant.edit.heard.players import is_accompanied
from descant.song.score import ChordSpan, Section
from descant.song.tempo import Metre
from descant.song.theory import Chord, Key
from descant.song.transcription import HeardChord, Transcription

_SLOT = 0.25  # beats
_PRESENT = 0.35  # beats of the melody's notes in a chord that win over another chord, a beat
_HEARD = 0.8  # reward a beat for the chord that was heard, times how sure it is
_STAY, _AGAIN = 0.25, 0.0  # costs of a chord that stays for another bar
_USUAL: dict[bool, dict[int, float]] = {
    False: {0: 0.0, 5: 0.1, 7: 0.1, 9: 0.3, 2: 0.4, 4: 0.9},
    True: {0: 0.0, 5: 0.15, 7: 0.2, 8: 0.2, 3: 0.3, 10: 0.25},
}
"""Cost of a triad on a degree (semitones over the tonic) of major and minor keys."""
_CLOSING = 0.8  # cost of closing on anything but the tonic
_FALLING_FIFTH = -0.15  # cost of a root that falls by a fifth


class _Option(msgspec.Struct, frozen=True):
    chord: Chord
    cost: float


def chords_of(heard: Transcription, beats: BeatMap, sections: Sequence[Section], metre: Metre) -> tuple[ChordSpan, ...]:
    """Return the chords of a recording's score, without gaps from beat 0 to its end; none crosses a section."""
    key = heard.key.key
    if not heard.chords or not is_accompanied(heard):
        spans = _harmonised(heard, beats, metre, key)
    else:
        spans = _as_heard(heard.chords, beats, key)
    return cut_at_sections(spans, sections, metre)


def tonic_triad(key: Key) -> Chord:
    """Return the triad on a key's tonic."""
    return Chord(key.tonic, "m" if key.is_minor else "")


def _as_heard(chords: Sequence[HeardChord], beats: BeatMap, key: Key) -> list[ChordSpan]:
    """Return heard chords on the beats nearest to their changes; silence keeps the chord before it."""
    found: list[tuple[float, Chord]] = []
    for span in chords:
        chord = span.chord
        if chord is None or (found and chord == found[-1][1]):
            continue
        at = max(0.0, float(round(beats.beat(span.start))))
        if at >= beats.length:
            break
        if found and found[-1][0] >= at:
            found.pop()
        found.append((at, chord))
    first = found[0][1] if found else tonic_triad(key)
    starts = [0.0, *(at for at, _ in found[1:])]
    names = [first, *(chord for _, chord in found[1:])]
    stops = [*starts[1:], beats.length]
    return [ChordSpan(a, b - a, name) for a, b, name in zip(starts, stops, names, strict=True) if b > a]


def _harmonised(heard: Transcription, beats: BeatMap, metre: Metre, key: Key) -> list[ChordSpan]:
    """Return the cheapest succession of triads under a melody, one a bar, or two in long slow bars."""
    notes = heard.melody or heard.bass or heard.notes
    melody = [Sounding(beats.beat(n.start), beats.beat(n.stop), round(n.pitch) % 12) for n in notes]
    step = metre.bar_length / 2 if metre.bar_length * 60.0 / beats.bpm > 3.2 and metre.beats % 2 == 0 else None
    step = step or metre.bar_length
    count = max(1, round(beats.length / step))
    totals: dict[Chord, float] = {}
    back: list[dict[Chord, Chord]] = []
    for n in range(count):
        options = _options(n * step, step, melody, heard, beats, key)
        here: dict[Chord, float] = {}
        links: dict[Chord, Chord] = {}
        for option in options:
            cost = option.cost
            if totals:
                reached = {before: total + _move(before, option.chord) for before, total in totals.items()}
                links[option.chord] = min(reached, key=lambda before: reached[before])
                cost += reached[links[option.chord]]
            here[option.chord] = cost
        totals = here
        back.append(links)
    home = tonic_triad(key)
    path = [min(totals, key=lambda chord: totals[chord] + (0.0 if chord == home else _CLOSING))]
    for links in reversed(back[1:]):
        path.append(links[path[-1]])
    path.reverse()
    return [ChordSpan(n * step, step, chord) for n, chord in enumerate(path)]


def _options(
    start: float, step: float, melody: Sequence[Sounding], heard: Transcription, beats: BeatMap, key: Key
) -> list[_Option]:
    """Return the key's triads with what each costs for a stretch."""
    stop = start + step
    own = [note for note in melody if note.start < stop and note.stop > start]
    found = []
    for degree, unusual in _USUAL[key.is_minor].items():
        root = (key.tonic + degree) % 12
        chord = Chord(root, _quality(root, degree, key))
        tones = set(chord.pitch_classes)
        inside = sum(min(n.stop, stop) - max(n.start, start) for n in own if n.pitch_class in tones)
        cost = unusual + clash(own, chord, start, stop) - _PRESENT * inside
        cost -= _HEARD * _agreement(chord, start, stop, heard, beats)
        found.append(_Option(chord, cost))
    return found


def _quality(root: int, degree: int, key: Key) -> str:
    """Return the quality of the scale's triad on a root; the dominant of a minor key is a major chord."""
    if key.is_minor and degree == 7:
        return ""
    return "" if (root + 4) % 12 in key.scale else "m"


def _agreement(chord: Chord, start: float, stop: float, heard: Transcription, beats: BeatMap) -> float:
    """Return the beats of a stretch in which a chord was heard, times how sure that is."""
    total = 0.0
    for span in heard.chords:
        if span.chord is not None and span.chord.root == chord.root:
            left, right = max(beats.beat(span.start), start), min(beats.beat(span.stop), stop)
            total += span.confidence * max(0.0, right - left)
    return total


def _move(before: Chord, to: Chord) -> float:
    if before == to:
        return _STAY
    return _FALLING_FIFTH if (before.root - to.root) % 12 == 7 else _AGAIN


def cut_at_sections(spans: Sequence[ChordSpan], sections: Sequence[Section], metre: Metre) -> tuple[ChordSpan, ...]:
    """Return the spans parted at the sections' beginnings."""
    found = []
    for section in sections:
        left, right = section.start, section.start + section.bars * metre.bar_length
        for span in spans:
            start, stop = max(span.start, left), min(span.start + span.duration, right)
            if stop - start > _SLOT / 2:
                found.append(ChordSpan(start, stop - start, span.chord))
    return tuple(found)
