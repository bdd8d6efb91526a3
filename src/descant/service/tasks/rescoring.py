"""Changes in a clip's score: read, checked against the song, and made into an order."""

from collections.abc import Callable, Sequence

from descant.service.clips import access
from descant.service.clips.access import Library
from descant.service.errors import Invalid
from descant.service.requests import EditScore, SectionChange
from descant.service.tasks import commissions
from descant.service.tasks.accepting import Commission
from descant.song import orders
from descant.song.orders import TOLERANCE, ChordChange, MelodyNote, SectionEdit
from descant.song.score import Score, Section
from descant.song.theory import Chord, parse_chord
from descant.storage.database import Transaction
from descant.storage.records import AccountRecord

MOST_CHORDS = 8
"""Chords of one bar: more are a slip of the pen."""


def plan(library: Library, account: AccountRecord, request: EditScore) -> Callable[[Transaction], Commission]:
    """Read the song's score and the changes; return what reads the commission in its transaction.

    Raises
    ------
    NotFound : when the account has no such clip.
    Invalid : when the clip cannot be worked with, or a change does not fit its score; the text says which.
    """
    clip, song = library.song(account, request.clip_id)
    edits = read(song.score, request.edits)
    seed = clip.seed if request.seed is None else request.seed

    def commission(tx: Transaction) -> Commission:
        source = access.song(tx, account, request.clip_id)
        take = commissions.again(source, orders.Rescore(seed, edits), seed)
        mv = commissions.model_of(tx, source)
        return Commission(kind="sonic.edit_score", request=request, mv=mv, seed=seed, takes=(take,))

    return commission


def read(score: Score, changes: Sequence[SectionChange]) -> tuple[SectionEdit, ...]:
    """Return the changes as an engine takes them; raise Invalid for one that does not fit the score."""
    asked = [change.section for change in changes]
    for place, change in enumerate(changes):
        field = f"edits.{place}"
        if change.section >= len(score.sections):
            count = len(score.sections)
            raise Invalid(f"'{field}.section' is {change.section}, but the clip has {count} sections, counted from 0.")
        if change.section in asked[:place]:
            raise Invalid(f"'{field}.section' is {change.section}, which another edit changes already.")
    return tuple(_edit(score, f"edits.{place}", change) for place, change in enumerate(changes))


def _edit(score: Score, field: str, change: SectionChange) -> SectionEdit:
    section = score.sections[change.section]
    return SectionEdit(
        section=change.section,
        chords=None if change.chords is None else ChordChange(_chords(score, f"{field}.chords", change.chords)),
        melody=None if change.melody is None else _melody(score, section, f"{field}.melody", change),
        lyrics=change.lyrics,
    )


def _chords(score: Score, field: str, text: str) -> tuple[tuple[Chord, float], ...]:
    """Return the chords of "C | Am F | G" with their beats: those of one bar share it evenly."""
    found = []
    for number, bar in enumerate(text.strip().strip("|").split("|"), 1):
        symbols = bar.split()
        if not 1 <= len(symbols) <= MOST_CHORDS:
            raise Invalid(f"'{field}' has {len(symbols)} chords in bar {number}, but must have 1 to {MOST_CHORDS}.")
        for symbol in symbols:
            try:
                found.append((parse_chord(symbol), score.metre.bar_length / len(symbols)))
            except ValueError as error:
                raise Invalid(f"'{field}', bar {number}: {error}.") from error
    return tuple(found)


def _melody(score: Score, section: Section, field: str, change: SectionChange) -> tuple[MelodyNote, ...]:
    length = section.bars * score.metre.bar_length
    notes = sorted(change.melody or (), key=lambda note: note.start)
    reached = 0.0
    for note in notes:
        if note.start < reached - TOLERANCE:
            raise Invalid(f"'{field}' has a note at beat {note.start:g}, while the one before it lasts to {reached:g}.")
        reached = note.start + note.duration
    if reached > length + TOLERANCE:
        raise Invalid(f"'{field}' ends at beat {reached:g}, but the section has {length:g} beats.")
    return tuple(MelodyNote(note.start, note.duration, note.pitch) for note in notes)
