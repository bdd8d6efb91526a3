"""Row 9: MIDI and word times are the song.

Notes of the exported MIDI file against the stems, in stems whose sounds begin at once and where a note stands alone;
words against what a forced aligner hears in the lead's stem (10 ms steps; English songs, its only language).
"""

from collections.abc import Sequence

import msgspec
import numpy as np
import symusic
from numpy.typing import NDArray

from benchmarks import singing
from benchmarks.rows.tempo import late
from benchmarks.table import Figure
from benchmarks.takes import Take
from descant.engines import protocol
from descant.song.score import Role

SHARP = (Role.DRUMS, Role.KEYBOARD)
"""Stems of sounds that begin at once: a bass has no edge within a millisecond, and strums are spread over strings."""

SLOW = ("organ", "accordion")
"""Words in names of players in those stems whose sounds rise slowly."""

LINES = 6


def note_errors(take: Take) -> NDArray[np.float64]:
    """Return heard minus MIDI time in seconds of every isolated note in the stems of :data:`SHARP`."""
    tracks = symusic.Score(take.folder / protocol.MIDI_FILE).to("second").tracks
    stems, errors = take.stems(), [np.zeros(0)]
    for role in SHARP:
        names = {part.name for part in take.song.score.parts if part.role is role}
        if role.value not in stems or any(word in name for name in names for word in SLOW):
            continue
        kicks = {35, 36, 38, 40}
        hits = sorted(
            (note.time, role is not Role.DRUMS or note.pitch in kicks)
            for track in tracks
            if track.name in names
            for note in track.notes
        )
        errors.append(late(take.audio(f"stems/{stems[role.value].name}"), hits))
    return np.concatenate(errors)


def word_errors(take: Take) -> NDArray[np.float64]:
    """Return heard minus told start in seconds of the words of a song's first lines."""
    errors = [np.zeros(0)]
    for part in take.song.score.vocals:
        if part.role is not Role.LEAD_VOCAL or any(phrase.language != "en" for phrase in part.phrases):
            continue
        count = sum(len(phrase.words) for phrase in part.phrases[:LINES])
        told = [word.start for word in take.song.words if word.role == Role.LEAD_VOCAL][:count]
        first = msgspec.structs.replace(part, phrases=part.phrases[:LINES])
        stem = take.audio("stems/vocals.flac").mean(axis=1)
        errors.append(singing.word_errors(stem, first, take.song.score, told))
        break  # of a duet the first singer's words alone stand in the order they were told
    return np.concatenate(errors)


def figures(takes: Sequence[Take]) -> list[Figure]:
    """Return the figures of row 9."""
    notes = np.abs(np.concatenate([note_errors(take) for take in takes])) * 1000
    words = np.abs(np.concatenate([word_errors(take) for take in takes])) * 1000
    notes_text = f"{np.median(notes):.1f} / {np.percentile(notes, 95):.1f} ms"
    words_text = f"{np.median(words):.0f} / {np.percentile(words, 90):.0f} ms"
    return [
        Figure("9", f"MIDI notes against the stems, {notes.size}: median / 95th percentile", notes_text, "≤ 10 ms",
               bool(np.percentile(notes, 95) <= 10)),
        Figure("9", f"word starts against the lead's stem, {words.size}: median / 90th percentile", words_text,
               "≤ 30 ms", bool(np.median(words) <= 30)),
    ]  # fmt: skip
