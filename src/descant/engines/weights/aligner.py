"""When words are sung, by a trained network that hears letters (CTC).

Source: Graves et al., "Connectionist temporal classification" (ICML 2006): the likeliest path through all letters of
the words in a row, with blanks between, found by dynamic programming over frames.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from anyascii import anyascii
from numba import njit
from numpy.typing import NDArray

from descant.engines.weights import manifest
from descant.engines.weights.manifest import Network, open_network
from descant.listen.sampling import mid, resampled
from descant.song.lyrics import Lyrics
from descant.song.transcription import HeardWord

BLANK = 0
SEGMENT_SECONDS = 30.0
CONTEXT_SECONDS = 1.0
"""What a network is given beside each segment, so that it hears all of it in its surroundings."""

SHORTEST_SECONDS = 0.1
"""What a network is given at least: some hear a frame in more sound than it lasts, and fail on less (25 ms)."""


def aligner(folder: Path, entry: manifest.Aligner) -> Callable[[NDArray[np.float32], Lyrics], tuple[HeardWord, ...]]:
    """Return what finds the words of lyrics in a recording with a network of a folder.

    What it returns takes float32 (samples, 2) at 48 kHz and gives the words in order, or none where they cannot be laid
    over the sound. Words are spelled in the labels' letters, those of other scripts in Latin ones.

    Raises
    ------
    WeightsError : see :func:`~descant.engines.weights.manifest.open_network`.
    """
    network = open_network(folder, entry)
    letters = {label.lower(): i for i, label in enumerate(entry.labels)}

    def align(audio: NDArray[np.float32], lyrics: Lyrics) -> tuple[HeardWord, ...]:
        words = _spelled(lyrics, letters)
        if not len(audio) or not words:
            return ()
        log_chances = _log_chances(network, entry, resampled(mid(audio), entry.rate))
        return _timed(words, log_chances, entry.hop / entry.rate)

    return align


def _log_chances(network: Network, entry: manifest.Aligner, sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the logarithmic chances (frames, labels) of a sound's frames: frame ``k`` begins at sample ``k · hop``.

    A network that hears a frame in more sound than it lasts gives fewer frames than fit into a segment. Each segment is
    therefore heard with what lies around it, and its frames stand where they begin: no segment moves the next.
    """
    hop, labels = entry.hop, len(entry.labels)
    step, beside = (round(seconds * entry.rate / hop) for seconds in (SEGMENT_SECONDS, CONTEXT_SECONDS))
    parts = []
    for first in range(0, -(-len(sound) // hop), step):
        before = min(first, beside)
        piece = _filled(sound[(first - before) * hop : (first + step + beside) * hop], entry)
        logits = network(piece[None])[0]
        if logits.ndim != 3 or logits.shape[2] != labels or logits.shape[1] <= before:
            raise network.wrong(logits, f"(1, about {len(piece) // hop}, {labels})")
        parts.append(logits[0, before : before + step].astype(np.float64))
    whole = np.concatenate(parts)
    return np.asarray(whole - np.logaddexp.reduce(whole, axis=1, keepdims=True))


def _filled(piece: NDArray[np.float32], entry: manifest.Aligner) -> NDArray[np.float32]:
    """Return a piece of sound with silence after it, in whole frames and long enough for a network."""
    least = max(len(piece), round(SHORTEST_SECONDS * entry.rate))
    return np.pad(piece, (0, least + -least % entry.hop - len(piece)))


_Word = tuple[str, int, int, list[int]]


def _spelled(lyrics: Lyrics, letters: dict[str, int]) -> list[_Word]:
    """Return (text, section, line, labels) of the words that have a letter among the labels."""
    words = []
    for i, section in enumerate(lyrics.sections):
        for j, line in enumerate(section.lines):
            for word in (*line.words, *line.echo):
                known = [letters[c] for c in anyascii(word.spoken).lower() if c in letters and letters[c] != BLANK]
                if known:
                    words.append((word.text, i, j, known))
    return words


def _timed(words: list[_Word], log_chances: NDArray[np.float64], frame: float) -> tuple[HeardWord, ...]:
    labels = np.array([label for word in words for label in word[3]], np.int64)
    first, last = _path(log_chances, labels)
    if first[0] < 0:
        return ()
    found, at = [], 0
    for text, section, line, spelled in words:
        start, stop = int(first[at]), int(last[at + len(spelled) - 1]) + 1
        heard = [np.exp(log_chances[first[k] : last[k] + 1, labels[k]].max()) for k in range(at, at + len(spelled))]
        certainty = round(float(np.mean(heard)), 3)
        found.append(HeardWord(text, round(start * frame, 3), round(stop * frame, 3), section, line, certainty))
        at += len(spelled)
    return tuple(found)


@njit(cache=True, fastmath=False, nogil=True)
def _path(log_chances: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and last frame of each label on the likeliest path; −1 when there is none."""
    frames, states = len(log_chances), 2 * len(labels) + 1
    score = np.full(states, -np.inf)
    score[0] = log_chances[0, BLANK]
    score[1] = log_chances[0, labels[0]]
    before = np.zeros((frames, states), np.int8)
    for t in range(1, frames):
        new = np.full(states, -np.inf)
        for s in range(states):
            label = labels[s // 2] if s % 2 else BLANK
            best, step = score[s], 0
            if s >= 1 and score[s - 1] > best:
                best, step = score[s - 1], 1
            if s % 2 and s >= 3 and labels[s // 2] != labels[s // 2 - 1] and score[s - 2] > best:
                best, step = score[s - 2], 2
            new[s] = best + log_chances[t, label]
            before[t, s] = step
        score = new
    first = np.full(len(labels), -1, np.int64)
    last = np.full(len(labels), -1, np.int64)
    state = states - 1 if score[states - 1] >= score[states - 2] else states - 2
    if not np.isfinite(score[state]):
        return first, last
    for t in range(frames - 1, -1, -1):
        if state % 2:
            first[state // 2] = t
            if last[state // 2] < 0:
                last[state // 2] = t
        state -= before[t, state]
    return first, last
