"""Finds the form of lyrics that carry no section tags (research: composition, §2.8)."""

from collections.abc import Sequence

from descant.song.lyrics import Line, LyricSection, SectionKind

_ALIKE = 0.7
_GROUP = 4


def sections(stanzas: Sequence[Sequence[Line]]) -> tuple[LyricSection, ...]:
    """Return labelled sections for stanzas separated by blank lines.

    A stanza that comes again (70 % of its lines) is the chorus; failing that, of three or more stanzas, the one with
    the most repetition and the shortest lines that is not the first. A single block is cut into groups of four
    lines: verse, verse, bridge, verse.
    """
    blocks = [tuple(stanza) for stanza in stanzas if stanza]
    if len(blocks) == 1 and len(blocks[0]) > _GROUP + 2:
        blocks = _quatrains(blocks[0])
        kinds = _kinds_by_repetition(blocks) or _strophic(len(blocks))
    else:
        kinds = _kinds_by_repetition(blocks) or _kinds_by_shape(blocks)
    return _labelled(blocks, kinds)


def _quatrains(lines: tuple[Line, ...]) -> list[tuple[Line, ...]]:
    groups = [lines[i : i + _GROUP] for i in range(0, len(lines), _GROUP)]
    if len(groups) > 1 and len(groups[-1]) < 2:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _strophic(count: int) -> list[SectionKind]:
    if count == 2:
        return [SectionKind.VERSE, SectionKind.CHORUS]
    return [SectionKind.BRIDGE if i % 4 == 2 else SectionKind.VERSE for i in range(count)]


def _plain(line: Line) -> str:
    return " ".join(word.spoken for word in line.words)


def _alike(left: Sequence[Line], right: Sequence[Line]) -> bool:
    first, second = [_plain(line) for line in left], [_plain(line) for line in right]
    shared = sum(line in second for line in first) + sum(line in first for line in second)
    return shared / (len(first) + len(second)) >= _ALIKE


def _kinds_by_repetition(blocks: Sequence[Sequence[Line]]) -> list[SectionKind] | None:
    counts = [sum(_alike(block, other) for other in blocks) for block in blocks]
    most = max(counts)
    if most < 2:
        return None
    chosen = blocks[counts.index(most)]
    return [SectionKind.CHORUS if _alike(chosen, block) else SectionKind.VERSE for block in blocks]


def _kinds_by_shape(blocks: Sequence[Sequence[Line]]) -> list[SectionKind]:
    kinds = [SectionKind.VERSE] * len(blocks)
    if len(blocks) == 1:
        return [SectionKind.CHORUS] if len(blocks[0]) <= 2 else kinds
    candidates = range(1, len(blocks))
    best = min(candidates, key=lambda i: (_length(blocks[i]) - 6.0 * _repetition(blocks[i]), i))
    if len(blocks) == 2 or _length(blocks[best]) <= min(_length(block) for block in blocks) + 2:
        kinds[best] = SectionKind.CHORUS
    return kinds


def _length(block: Sequence[Line]) -> float:
    return sum(len(line.syllables) for line in block) / len(block)


def _repetition(block: Sequence[Line]) -> float:
    texts = [_plain(line) for line in block]
    return 1.0 - len(set(texts)) / len(texts)


def _labelled(blocks: Sequence[tuple[Line, ...]], kinds: Sequence[SectionKind]) -> tuple[LyricSection, ...]:
    verses = 0
    made = []
    for block, kind in zip(blocks, kinds, strict=True):
        label = kind.value.title()
        if kind is SectionKind.VERSE:
            verses += 1
            label = f"Verse {verses}"
        made.append(LyricSection(kind, label, block))
    return tuple(made)
