"""The form of a recording: its sections on bar lines, with the parts that they are likely to play.

What kind a section is, nobody hears for certain. A stretch that comes back, and is louder and more sung than the others
that do, counts as the chorus; others that are sung are verses; what is not sung opens, parts or closes the song.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from descant.edit.heard.beats import BeatMap
from descant.edit.heard.players import sung_stretches
from descant.song.lyrics import SectionKind
from descant.song.score import Section
from descant.song.tempo import Metre
from descant.song.theory import Key
from descant.song.transcription import HeardSection, Transcription

_SUNG = 0.35  # share of a section in which somebody sings, from which it is a sung one
_OPENING = 12  # bars that an introduction has at most, and an ending
_PRE_CHORUS = 4  # bars that a section before a chorus has at most to lead into it
_QUIETEST, _LOUDEST = 0.35, 0.9  # energies of the least and the most busy section
_LOUDER = 1.1  # ratio of loudness from which a section that comes back stands out as the chorus
_REPEATED = frozenset({SectionKind.VERSE, SectionKind.SOLO, SectionKind.INTERLUDE})


class _Stretch(msgspec.Struct):
    """A section to be: its bars, what it sounds like, and how sung and how busy it is."""

    first: int
    bars: int
    label: str
    sung: float = 0.0
    busy: float = 0.0
    kind: SectionKind = SectionKind.VERSE


def sections_of(heard: Transcription, beats: BeatMap, metre: Metre, key: Key) -> tuple[Section, ...]:
    """Return the sections of a recording, from beat 0 to the end of its last bar."""
    stretches = _stretches(heard.sections, beats, metre)
    for stretch in stretches:
        _measure(stretch, heard, beats, metre)
    _name_kinds(stretches)
    loudest = max((stretch.busy for stretch in stretches), default=0.0) or 1.0
    counts = Counter(stretch.kind for stretch in stretches)
    seen: Counter[SectionKind] = Counter()
    found = []
    for stretch in stretches:
        seen[stretch.kind] += 1
        name = stretch.kind.value.replace("-", " ").title().replace(" ", "-" if "-" in stretch.kind.value else " ")
        numbered = counts[stretch.kind] > 1 and stretch.kind in _REPEATED
        energy = _QUIETEST + (_LOUDEST - _QUIETEST) * stretch.busy / loudest
        found.append(
            Section(
                stretch.kind,
                f"{name} {seen[stretch.kind]}" if numbered else name,
                stretch.first * metre.bar_length,
                stretch.bars,
                round(energy, 3),
                key,
            )
        )
    return tuple(found)


def _stretches(sections: Sequence[HeardSection], beats: BeatMap, metre: Metre) -> list[_Stretch]:
    """Return the heard sections from bar line to bar line; those that come to nothing are left out."""
    total = max(1, round(beats.length / metre.bar_length))
    edges: list[tuple[int, str]] = []
    for section in sections:
        bar = min(max(round(beats.beat(section.start) / metre.bar_length), 0), total)
        if edges and edges[-1][0] == bar:
            edges[-1] = (bar, section.label)
        else:
            edges.append((bar, section.label))
    edges = [(bar, label) for bar, label in edges if bar < total]
    if not edges or edges[0][0] > 0:
        edges.insert(0, (0, edges[0][1] if edges else "A"))
        if len(edges) > 1 and edges[1][1] == edges[0][1]:
            del edges[1]
    stops = [bar for bar, _ in edges[1:]] + [total]
    return [_Stretch(bar, stop - bar, label) for (bar, label), stop in zip(edges, stops, strict=True)]


def _measure(stretch: _Stretch, heard: Transcription, beats: BeatMap, metre: Metre) -> None:
    """Find how much of a stretch is sung, and how loud and dense its notes and strokes are."""
    left = stretch.first * metre.bar_length
    right = left + stretch.bars * metre.bar_length

    def share(start: float, stop: float) -> float:
        return max(0.0, min(beats.beat(stop), right) - max(beats.beat(start), left))

    sung = sum(share(voice.start, voice.stop) for voice in sung_stretches(heard))
    strokes = [hit.velocity for hit in heard.drums if left <= beats.beat(hit.start) < right]
    notes = [note.velocity for note in (*heard.notes, *heard.bass) if left <= beats.beat(note.start) < right]
    stretch.sung = sung / (right - left)
    stretch.busy = sum(velocity / 127.0 for velocity in (*strokes, *notes)) / (right - left)


def _name_kinds(stretches: Sequence[_Stretch]) -> None:
    """Decide which part each stretch plays."""
    sung = [stretch for stretch in stretches if stretch.sung >= _SUNG]
    chorus = _chorus(sung or stretches)
    labels = Counter(stretch.label for stretch in stretches)
    for stretch in stretches:
        if chorus and stretch.label == chorus:
            stretch.kind = SectionKind.CHORUS
        elif sung and stretch.sung < _SUNG:
            stretch.kind = SectionKind.INTERLUDE
        elif chorus and labels[stretch.label] == 1 and _late(stretch, stretches, chorus):
            stretch.kind = SectionKind.BRIDGE
    for before, stretch, after in zip(stretches, stretches[1:], stretches[2:], strict=False):
        leads = before.kind is stretch.kind is SectionKind.VERSE and after.kind is SectionKind.CHORUS
        if leads and stretch.bars <= _PRE_CHORUS and stretch.label != before.label:
            stretch.kind = SectionKind.PRE_CHORUS
    _name_ends(stretches, bool(sung))


def _chorus(stretches: Sequence[_Stretch]) -> str:
    """Return the label of what comes back and stands out, or "" where nothing does."""
    labels = Counter(stretch.label for stretch in stretches)
    if len(labels) < 2:
        return ""
    strength = {
        label: sum((s.busy + 0.5 * s.sung) * s.bars for s in stretches if s.label == label)
        / sum(s.bars for s in stretches if s.label == label)
        for label in labels
    }
    back = [label for label in sorted(labels) if labels[label] > 1]
    others = [value for label, value in strength.items() if label not in back]
    best = max(back, key=lambda label: strength[label], default="")
    if best and len(back) == 1 and others and strength[best] * _LOUDER < max(others) and labels[best] < 3:
        return ""
    return best


def _late(stretch: _Stretch, stretches: Sequence[_Stretch], chorus: str) -> bool:
    """Return whether a stretch stands after two choruses and before another."""
    before = sum(other.label == chorus and other.first < stretch.first for other in stretches)
    return before >= 2 and any(other.label == chorus and other.first > stretch.first for other in stretches)


def _name_ends(stretches: Sequence[_Stretch], sung: bool) -> None:
    """Name what opens and closes the song where that is short and unlike the rest."""
    if len(stretches) < 3:
        return
    for end, kind in ((stretches[0], SectionKind.INTRO), (stretches[-1], SectionKind.OUTRO)):
        alone = all(other is end or other.label != end.label for other in stretches)
        unsung = end.sung < _SUNG if sung else alone
        if unsung and end.bars <= _OPENING:
            end.kind = kind
