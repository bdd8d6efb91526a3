"""When the words of given lyrics are sung.

Task: forced alignment of words with singing, in any language whose sounds :mod:`descant.words` knows. Source:
pocketsphinx's hidden Markov models of English speech (BSD, 6 MB in its wheel), given the words' sounds as the nearest
phones of English; every word is an entry of its own in the recogniser's dictionary. Where the widest beam there is
finds a way through all words, it is the one that is found without any, for half the work and little memory; where it
finds none, as in many songs (research/analysis.md), all ways are kept.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder, get_model_path

from descant.listen.phones import arpabet
from descant.listen.sampling import mid, resampled
from descant.song.lyrics import Lyrics
from descant.song.transcription import Evidence, HeardWord

METHOD = "pocketsphinx, forced alignment of the lyrics' sounds"
MODEL_RATE = 16_000
FRAME_SECONDS = 0.01
BEAMS = (1e-300, 0.0)
"""Likelihoods, against the likeliest, below which a way is given up: tried in turn; the last gives up none."""

LOUDEST = 0.7
"""Peak level at which the recogniser is spoken to."""


@dataclass(frozen=True)
class Spoken:
    """A word to find: its text, its ARPAbet phones and where it stands in the lyrics."""

    text: str
    phones: tuple[str, ...]
    section: int
    line: int


def align(audio: NDArray[np.float32], lyrics: Lyrics) -> tuple[HeardWord, ...]:
    """Return when each word is sung in a recording, in the order of the lyrics.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz.
    lyrics : the words, all of which are taken to be sung, once and in this order.

    Returns
    -------
    Every word that has a sound; nothing when the recogniser cannot lay the words over the recording, as when there are
    more of them than it has time for.
    """
    words = spoken(lyrics)
    if not words:
        return ()
    found = _aligned(_heard(audio), words)
    return tuple(
        heard for word, (first, last) in zip(words, found, strict=False) for heard in _written(word, first, last + 1)
    )


def evidence(found: tuple[HeardWord, ...]) -> Evidence:
    """Return how words were found and how sure they are on the whole."""
    return Evidence(METHOD, round(float(np.mean([word.confidence for word in found])), 3) if found else 0.0)


def spoken(lyrics: Lyrics) -> list[Spoken]:
    """Return the words of lyrics that have sounds, the echoes of the backing voices too."""
    words = []
    for i, section in enumerate(lyrics.sections):
        for j, line in enumerate(section.lines):
            for word in (*line.words, *line.echo):
                phones = tuple(p for s in word.syllables for p in arpabet(s.phones, line.language))
                if phones:
                    words.append(Spoken(word.text, phones, i, j))
    return words


def _heard(audio: NDArray[np.float32]) -> NDArray[np.int16]:
    sound = resampled(mid(audio), MODEL_RATE)
    peak = float(np.abs(sound).max(initial=0.0))
    return np.asarray(np.clip(sound * (LOUDEST / max(peak, 1e-6)), -1.0, 1.0) * 32767, np.int16)


def _aligned(sound: NDArray[np.int16], words: list[Spoken]) -> list[tuple[int, int]]:
    """Return the first and last frame of each word, or nothing when they could not be laid over the sound."""
    return next((found for beam in BEAMS if (found := _within(beam, sound, words))), [])


def _within(beam: float, sound: NDArray[np.int16], words: list[Spoken]) -> list[tuple[int, int]]:
    """Return what :func:`_aligned` does, ways less likely than ``beam`` given up; nothing when none was left."""
    decoder = Decoder(
        hmm=get_model_path("en-us/en-us"), dict=None, lm=None, loglevel="FATAL",
        beam=beam, wbeam=beam, pbeam=beam, maxhmmpf=-1, bestpath=False,
    )  # fmt: skip
    for i, word in enumerate(words):
        decoder.add_word(f"w{i}", " ".join(word.phones), i == len(words) - 1)
    decoder.set_align_text(" ".join(f"w{i}" for i in range(len(words))))
    decoder.start_utt()
    decoder.process_raw(sound.tobytes(), no_search=False, full_utt=True)
    decoder.end_utt()
    segments = [s for s in decoder.seg() or () if s.word.startswith("w")]
    return [(s.start_frame, s.end_frame) for s in segments] if len(segments) == len(words) else []


def _written(word: Spoken, first: int, last: int) -> list[HeardWord]:
    """Return the words that are sung as one ("que el"), which share its time by their letters."""
    texts, certainty = word.text.split(), round(_certainty(word, last - first), 3)
    letters = np.cumsum([0, *(len(text) for text in texts)]) / sum(len(text) for text in texts)
    edges = [round((first + share * (last - first)) * FRAME_SECONDS, 3) for share in letters.tolist()]
    return [
        HeardWord(text, start, stop, word.section, word.line, certainty)
        for text, start, stop in zip(texts, edges[:-1], edges[1:], strict=True)
    ]


def _certainty(word: Spoken, frames: int) -> float:
    """Return how sure a word's place is: phones squeezed into the three frames each must have were not heard there."""
    return float(np.clip((frames / len(word.phones) - 3.0) / 5.0, 0.05, 0.9))
