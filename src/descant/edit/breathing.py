"""Room to breathe in a melody that has moved: silence between lines, and inside lines that have grown too long.

Source: singers breathe at least every 7–8 s, and lines are parted by a quarter of a second (research/composition.md §7,
rows 34 and 46).
"""

import math

import msgspec

from descant.compose.grid import SLOT
from descant.compose.leadsheet import LeadSheet
from descant.compose.lines import WrittenLine

_REST = 0.25  # seconds between lines
_LONGEST = 7.0  # seconds without a breath
_LEAST_REST = 2  # slots


def breathing(sheet: LeadSheet) -> LeadSheet:
    """Return the sheet with the lead's notes cut short, and first notes delayed, where there was no time to breathe."""
    seconds = SLOT * 60.0 / sheet.bpm
    rest = max(_LEAST_REST, math.ceil(_REST / seconds - 1e-9))
    longest = int(_LONGEST / seconds)
    lead = [_breathed(line, rest, longest) for line in sheet.lead]
    for i in range(len(lead) - 1):
        lead[i], lead[i + 1] = _parted(lead[i], lead[i + 1], rest)
    return msgspec.structs.replace(sheet, lead=tuple(lead))


def _parted(line: WrittenLine, after: WrittenLine, rest: int) -> tuple[WrittenLine, WrittenLine]:
    """Return two neighbouring lines with ``rest`` slots of silence between them, as far as their notes allow."""
    missing = line.task.start + line.end + rest - after.task.start - after.onsets[0]
    cut = min(max(missing, 0), line.lengths[-1] - 1)
    delay = min(max(missing - cut, 0), after.lengths[0] - 1)
    if cut:
        line = msgspec.structs.replace(line, lengths=(*line.lengths[:-1], line.lengths[-1] - cut))
    if delay:
        after = msgspec.structs.replace(
            after,
            onsets=(after.onsets[0] + delay, *after.onsets[1:]),
            lengths=(after.lengths[0] - delay, *after.lengths[1:]),
        )
    return line, after


def _breathed(line: WrittenLine, rest: int, longest: int) -> WrittenLine:
    """Return a line with a breath after one of its long notes wherever it goes on for too long."""
    lengths = list(line.lengths)
    begun = 0
    for n in range(1, len(lengths) + 1):
        ended = line.onsets[n - 1] + lengths[n - 1]
        if n < len(lengths) and line.onsets[n] - ended >= rest:
            begun = n
        elif ended - line.onsets[begun] > longest:
            held = [m for m in range(begun, n) if lengths[m] > rest and (m == n - 1 or _ends_word(line, m))]
            if not held:
                continue
            at = max(held, key=lambda m: (lengths[m], m))
            gap = line.onsets[at + 1] - line.onsets[at] - lengths[at] if at + 1 < len(lengths) else 0
            lengths[at] -= max(0, rest - gap) if at + 1 < len(lengths) else max(0, ended - line.onsets[begun] - longest)
            begun = min(at + 1, len(lengths) - 1)
    return msgspec.structs.replace(line, lengths=tuple(max(1, length) for length in lengths))


def _ends_word(line: WrittenLine, note: int) -> bool:
    return note + 1 == len(line.places) or line.places[note][0] != line.places[note + 1][0]
