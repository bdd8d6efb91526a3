"""Row 11: an edit stays where it was asked: every sample outside the touched span, less the crossfade, is the source's.

A verse is given new words, and a song is extended and joined to its extension. What is kept is asked of the revision,
and compared sample by sample in the 24-bit files, the record and every stem.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.table import Figure
from benchmarks.takes import Take
from descant.edit.revising import revise
from descant.edit.revision import Keep, Perform
from descant.engines import load, protocol
from descant.engines.score.takes import CROSSFADE
from descant.perform.voice import voices
from descant.song.brief import Brief
from descant.song.document import Song, decode
from descant.song.orders import Concat, Extend, Order, Replace

RATE = 48_000
WORDS = """[Verse]
The winter paints the windows white
I leave a lamp for you
The river writes its name in ice
I read it through and through"""
MORE = """[Bridge]
And if the tide should turn around
I will not make a sound
[Chorus]
I only know the long way home"""


def _samples(path: Path) -> NDArray[np.int32]:
    return np.asarray(soundfile.read(path, dtype="int32", always_2d=True)[0])


def _tracks(folder: Path) -> dict[str, Path]:
    stems = sorted((folder / protocol.STEMS_FOLDER).iterdir())
    return {"record": folder / protocol.WAV_FILE, **{path.stem: path for path in stems}}


class _Edit:
    """An order carried out: what it kept, and how much of that is what it was."""

    def __init__(self, order: Order, sources: Sequence[Path], folder: Path, cache: Path) -> None:
        songs = [decode((source / protocol.SONG_FILE).read_bytes()) for source in sources]
        self.takes = revise(order, songs, voices.profiles()).takes
        self._sources, self._folder = sources, folder
        folder.mkdir(parents=True)
        begun = time.process_time()
        self.song: Song = load(cache=cache).make(order, sources, folder, lambda *_: None)
        self.cpu_seconds = time.process_time() - begun

    def spans(self) -> list[tuple[Keep, int, int]]:
        """Return each kept take with the samples of the new song that it fills, less the crossfade at its start."""
        total, place, found = round(self.song.seconds * RATE), 0, []
        for number, take in enumerate(self.takes):
            length = total if take.stop is None else round(take.stop * RATE) - round(take.start * RATE)
            stop = min(total, place + length)
            if isinstance(take, Keep):
                faded = CROSSFADE if number and isinstance(self.takes[number - 1], Keep) else 0
                found.append((take, place + faded, stop))
            place = stop
        return found

    def changed(self) -> int:
        """Return how many samples differ where they were to be kept, over the record and all stems."""
        wrong = 0
        for name, path in _tracks(self._folder).items():
            new = _samples(path)
            for take, start, stop in self.spans():
                own = _tracks(self._sources[take.source]).get(name)
                first = round(take.start * RATE) + start - self._begin(take)
                old = np.zeros_like(new[start:stop]) if own is None else _samples(own)[first : first + stop - start]
                wrong += int((new[start:stop] != old).any(axis=1).sum())
        return wrong

    def _begin(self, take: Keep) -> int:
        """Return the sample of the new song at which a kept take begins, its crossfade included."""
        place = 0
        for other in self.takes:
            if other is take:
                return place
            place += round((other.stop or 0.0) * RATE) - round(other.start * RATE)
        raise ValueError("the take is not of this edit")

    def kept_seconds(self) -> float:
        """Return the seconds that were kept."""
        return sum(stop - start for _, start, stop in self.spans()) / RATE


def figures(take: Take, scratch: Path) -> list[Figure]:
    """Return the figures of row 11 from edits of one take, made in ``scratch``."""
    song, cache = take.song, scratch / "cache"
    window = _verse(song)
    replaced = _Edit(Replace(Brief(seed=71, lyrics=WORDS), *window), [take.folder], scratch / "replaced", cache)
    touched = next(t for t in replaced.takes if isinstance(t, Perform))
    extension = _Edit(Extend(Brief(seed=72, lyrics=MORE), song.seconds * 0.7), [take.folder], scratch / "more", cache)
    joined = _Edit(Concat(), [take.folder, scratch / "more"], scratch / "joined", cache)
    asked = f"new words for {window[0]:.1f}–{window[1]:.1f} s (touched {touched.start:.1f}–{touched.stop or 0:.1f})"
    rows = []
    for name, edit in ((asked, replaced), ("a song and its extension as one", joined)):
        wrong = edit.changed()
        text = (
            f"{name}: samples changed in {edit.kept_seconds():.0f} s kept of {edit.song.seconds:.0f}, record and stems"
        )
        rows.append(Figure("11", text, str(wrong), "0", wrong == 0))
    peak = max(edit.song.true_peak for edit in (replaced, extension, joined))
    rows.append(Figure("11", "true peak of the edited songs", f"{peak:.2f} dBTP", "≤ −1.0", peak <= -1.0))
    cost = f"{replaced.cpu_seconds:.1f} s (the song {take.cpu_seconds:.1f} s)"
    return [*rows, Figure("11", "CPU seconds of the new words", cost, "reported", None)]


def _verse(song: Song) -> tuple[float, float]:
    """Return the seconds of the song's second sung section."""
    sung = sorted({phrase.section for part in song.score.vocals for phrase in part.phrases})
    number = sung[min(1, len(sung) - 1)]
    edges = [*(song.score.seconds(section.start) for section in song.score.sections), song.seconds]
    return edges[number], edges[number + 1]
