"""Songs made from others, kept within the longest run of the model that is asked for them (contract/sonic.md §1.3)."""

import math

import msgspec

from descant.compose.leadsheet import LeadSheet
from descant.edit.restyling import Intent
from descant.edit.revision import CannotEdit

_AROUND = 3.0
"""Seconds of a song that its bars at their tempo do not count: what comes before them, slowing down, ringing out."""


def within_length(sheet: LeadSheet, intent: Intent, longest: float) -> tuple[LeadSheet, tuple[str, ...]]:
    """Return a sheet that lasts about ``longest`` seconds at most, sped up where it has to be, and a note where it was.

    A tempo that was asked for stays; any other rises as far as the style's fastest. The contract's limits are rounded
    ("~4 min"): a song whose bars just keep to one may ring out beyond it.

    Raises
    ------
    CannotEdit : when its bars last longer even at the fastest tempo.
    """
    fastest = sheet.bpm if intent.wish.bpm is not None else max(sheet.bpm, intent.writing.bpm[2])
    if sheet.length * 60.0 / fastest > longest:
        raise CannotEdit(
            f"at {fastest:g} bpm the song would last {sheet.length * 60.0 / fastest + _AROUND:.0f} s, longer than the "
            f"{longest:g} s it may; it would fit from {_fitting(sheet, longest):g} bpm on"
        )
    bpm = min(_fitting(sheet, longest), fastest)
    if bpm <= sheet.bpm:
        return sheet, ()
    note = f"the tempo was raised to {bpm:g} bpm to keep the song within {longest:g} s"
    return msgspec.structs.replace(sheet, bpm=bpm), (note,)


def _fitting(sheet: LeadSheet, longest: float) -> float:
    """Return the slowest tempo, to a tenth, at which a sheet lasts ``longest`` seconds with all that is around it."""
    return math.ceil(600.0 * sheet.length / max(longest - _AROUND, 1.0)) / 10.0
