"""The studio: a score performed and mixed, whole or a stretch of it with the levels of an earlier mix.

Memory: parts are performed one at a time, and the stems lie in scratch files of the workspace, so a song costs its
longest part, not its sum (quality.md row 13: at most 1 GB).
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

from descant.engines.protocol import Progress
from descant.mix.channel import Perform
from descant.mix.mixdown import Hear, Mixdown, mix, mix_again
from descant.mix.recall import Sheet
from descant.perform.instruments import player
from descant.perform.instruments.bank import SoundBank, open_bank
from descant.perform.voice import singer
from descant.song.document import WordTime
from descant.song.score import Note, Part, Role, Score, SungNote, VocalPart

RATE = 48_000
RING_SECONDS = 8.0
"""Room after the last bar for chords and reverberation to die away; what is silent of it is cut off again."""

SILENCE = 10 ** (-72 / 20)
"""Full-scale amplitude under which the end of the song counts as silent."""

Audio = NDArray[np.float32]


class Studio:
    """Performs and mixes scores.

    Parameters
    ----------
    soundfont : the bank (SF2 or SF3) to play, or None for the one Debian's package installs.
    cache : a folder for spoken source material, or None to keep it in memory.
    workspace : where the scratch files of stems lie.
    """

    def __init__(self, soundfont: Path | None, cache: Path | None, workspace: Path) -> None:
        self.bank: SoundBank = open_bank(soundfont)
        self._cache = cache
        self._workspace = workspace

    def record(self, score: Score, profile: str, seed: int, progress: Progress, hear: Hear | None = None) -> Mixdown:
        """Perform, mix and master a score from its first sample until all has rung out; ``hear`` follows it."""
        perform, allocate = self._players(score, seed), self.scratch
        return trimmed(mix(score, profile, perform, length(score), allocate=allocate, progress=progress, hear=hear))

    def record_again(
        self, score: Score, sheet: Sheet, seed: int, window: tuple[int, int], progress: Progress
    ) -> Mixdown:
        """Perform and mix the samples ``window`` (start, stop) of a score with the levels of ``sheet``."""
        perform, allocate = self._players(score, seed), self.scratch
        return mix_again(score, sheet, perform, window, length(score), allocate=allocate, progress=progress)

    def words(self, score: Score, seed: int) -> tuple[WordTime, ...]:
        """Return when each word of a score is heard, the lead's first."""
        return ordered([time for part in score.vocals for time in singer.word_times(part, score, seed, self._cache)])

    def scratch(self, shape: tuple[int, int]) -> Audio:
        """Return a zeroed array that lies in an unnamed file of the workspace instead of in memory."""
        with TemporaryFile(dir=self._workspace) as file:
            audio: Audio = np.memmap(file, dtype=np.float32, mode="w+", shape=shape)
        return audio

    def _players(self, score: Score, seed: int) -> Perform:
        def perform(part: Part | VocalPart, start: int, stop: int) -> Audio:
            if isinstance(part, VocalPart):
                return singer.render(part, score, seed, start, stop, self._cache)
            return player.render(part, score, self.bank, seed, start, stop)

        return perform


def ordered(words: list[WordTime]) -> tuple[WordTime, ...]:
    """Return word times as a document holds them: the lead's first, each singer's in time."""
    return tuple(sorted(words, key=lambda word: (word.role != Role.LEAD_VOCAL, word.start)))


def length(score: Score) -> int:
    """Return the samples of a score's audio, with room for the last chord to ring."""
    return round((score.seconds(score.length) + RING_SECONDS) * RATE)


def certain(score: Score) -> int:
    """Return the samples of a score's audio up to its last note, or its fade: wherever it ends, it is not before."""
    notes: list[Note | SungNote] = [note for part in score.parts for note in part.notes]
    notes += [note for part in score.vocals for phrase in part.phrases for note in phrase.notes]
    last = max((score.performed(note)[0] for note in notes), default=0.0)
    fading = score.seconds(score.fade.start) if score.fade is not None else last
    return max(0, round(min(last, fading) * RATE))


def rung_out(master: Audio) -> int:
    """Return how many samples of a master are left when the silence at its end is cut off."""
    for start in range((len(master) - 1) // RATE * RATE, -1, -RATE):  # from the end, where the answer is
        loud = np.flatnonzero(np.abs(master[start : start + RATE]).max(axis=1) > SILENCE)
        if len(loud):
            return min(len(master), start + int(loud[-1]) + RATE // 4)
    return min(len(master), RATE // 4)


def trimmed(mixdown: Mixdown) -> Mixdown:
    """Cut the silent end off the master and, at the same sample, off every stem."""
    stop = rung_out(mixdown.master)
    stems = {role: stem[:stop] for role, stem in mixdown.stems.items()}
    return replace(mixdown, master=mixdown.master[:stop], stems=stems)
