"""When the words of given lyrics are sung.

Task: forced alignment of words with singing, in any language whose sounds :mod:`descant.words` knows, over music, and
where the lyrics are not all that is sung nor all of them sung. The words' sounds are taken as the nearest phones of
English, scored in their contexts by the models of pocketsphinx (:mod:`~descant.listen.acoustics`), and laid over the
recording by the likeliest path (Viterbi), which differs from a recogniser's in what singing over music needs. Vowels
may be held for nothing. Between words may stand anything (music, breaths, words that are not in the lyrics) at the
price of what no phone explains, more dearly inside a line than between lines. Words may be left out at a price. Scores
are softened, as frames over music are not as telling as the model holds. Where no lead is heard, words cost more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from descant.listen import acoustics, wordpaths
from descant.listen.acoustics import FRAME_SECONDS
from descant.listen.phones import arpabet
from descant.listen.pitch import PitchTrack
from descant.listen.posteriors import FRAMES_PER_SECOND
from descant.listen.sampling import mid, resampled
from descant.song.lyrics import Lyrics
from descant.song.transcription import Evidence, HeardWord

METHOD = "own search over the speech models of pocketsphinx, the lead beside it"

LOUDEST = 0.7
"""Peak level the models hear."""

SOFTNESS = 0.3
"""Share of the scores' logarithms that is believed."""

LEAST = -9.0
"""The lowest score of a frame: one click is no proof against a word."""

ANYTHING = -4.0
"""What anything that is not a word of the lyrics scores in a frame; −4.8 would be a blind guess among all states."""

SKIPPED = 30.0
"""Cost of leaving a word out."""

PAUSE = 0.1
"""Cost of a frame between words of one line."""

HELD = {"vowel": 0.0, "sonorant": 0.03, "other": 0.1}
"""Cost of each frame a sound's state is held on."""

SONORANTS = frozenset(("L", "M", "N", "NG", "R", "W", "Y"))
PRESENCE_SECONDS = 1.0
"""Over which the lead's certainty is averaged, and beside which words may lie."""

PRESENT = 0.3
"""Certainty of a lead from which singing is fully believed."""

ABSENCE = 0.5
"""How much it counts against words that there is no lead, and the least share of one."""

LEAST_PRESENCE = 0.02

GAP = 5
"""Frames that a word lasts that was not found, where there is room."""

LEAST_CERTAIN, MOST_CERTAIN = 0.05, 0.95
"""How sure a word's place is at the least and at the most, 0–1."""

HALF_TELLING, TELLING_STEP = 0.0, 0.3
"""Mean score over anything's at which a word is as likely right as wrong, and by how much it grows."""


@dataclass(frozen=True)
class Spoken:
    """A word to find: its text, its ARPAbet phones and where it stands in the lyrics."""

    text: str
    phones: tuple[str, ...]
    section: int
    line: int


def align(audio: NDArray[np.float32], lyrics: Lyrics, lead: PitchTrack | None = None) -> tuple[HeardWord, ...]:
    """Return when each word is sung in a recording, in the order of the lyrics.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz.
    lyrics : the words, in the order in which they are sung; some may not be sung, and more may be.
    lead : the recording's lead (:func:`~descant.listen.melody.contour`), when that is known: it tells where nobody
        sings.

    Returns
    -------
    Every word that has a sound, those that were not found where they would be, for a moment and with the least
    confidence; nothing when there are more words than the recording has time for.
    """
    words = spoken(lyrics)
    graph = _graph(words)
    sound = _heard(audio)
    if not words or 3 * sum(len(word.phones) for word in words) * acoustics.HOP > len(sound):
        return ()
    heard = acoustics.cepstra(sound)
    absence = np.zeros(len(heard[0]), np.float32) if lead is None else _absence(lead, len(heard[0]))
    emissions = _emissions(heard, graph, absence)
    path = wordpaths.likeliest(emissions, graph)
    chosen = emissions[np.arange(len(path)), graph.columns[path]]
    return _laid(words, graph.words[path], chosen - absence - emissions[:, -1])


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


def _heard(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    sound = resampled(mid(audio), acoustics.RATE)
    return np.asarray(sound * np.float32(LOUDEST / max(float(np.abs(sound).max(initial=0.0)), 1e-6)), np.float32)


def _graph(words: list[Spoken]) -> wordpaths.Graph:
    """Return the states of the words, three a phone, with anything before, between and after them."""
    built = wordpaths.Builder()
    built.between(0.0, np.inf)
    for i, word in enumerate(words):
        before, after = (_neighbour(words, i, step) for step in (-1, 1))
        for j, phone in enumerate(word.phones):
            first, last = j == 0, j == len(word.phones) - 1
            place = (acoustics.INTERNAL, acoustics.BEGINS, acoustics.ENDS, acoustics.ALONE)[first + 2 * last]
            left = before[-1] if first else word.phones[j - 1]
            right = after[0] if last else word.phones[j + 1]
            for senone in acoustics.senones(phone, left, right, place):
                built.sound(i, senone, _held(phone))
        built.between(0.0 if after == (acoustics.SILENCE,) else PAUSE, SKIPPED)
    return built.graph()


def _neighbour(words: list[Spoken], i: int, step: int) -> tuple[str, ...]:
    """Return the phones of the word before or after one, silence where it stands in another line."""
    beside = words[i + step] if 0 <= i + step < len(words) else None
    same = beside is not None and (beside.section, beside.line) == (words[i].section, words[i].line)
    return beside.phones if beside is not None and same else (acoustics.SILENCE,)


def _held(phone: str) -> float:
    return HELD["vowel" if phone[0] in "AEIOU" else "sonorant" if phone in SONORANTS else "other"]


def _emissions(
    heard: Sequence[NDArray[np.float32]], graph: wordpaths.Graph, absence: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the scores (frames, columns) of the graph's states, anything last; ``absence`` is what sounds lose."""
    found = np.empty((len(absence), len(graph.senones) + 1), np.float32)
    first = 0
    for chances, silent in acoustics.scores(heard, graph.senones):
        last = first + len(chances)
        found[first:last, :-1] = np.maximum(np.float32(SOFTNESS) * chances, np.float32(LEAST))
        found[first:last, :-1] += absence[first:last, None]
        found[first:last, -1] = np.maximum(np.float32(SOFTNESS) * silent, np.float32(ANYTHING))
        first = last
    return found


def _absence(lead: PitchTrack, frames: int) -> NDArray[np.float32]:
    """Return what words score (≤ 0) in each frame for the lead's being silent around it."""
    span = round(PRESENCE_SECONDS * FRAMES_PER_SECOND)
    around = maximum_filter1d(uniform_filter1d(lead.confidence.astype(np.float64), span), span)
    at = np.round(np.arange(frames) * FRAME_SECONDS * FRAMES_PER_SECOND).astype(int)
    present = np.clip(around[np.minimum(at, len(around) - 1)] / PRESENT, LEAST_PRESENCE, 1.0)
    return np.asarray(ABSENCE * np.log(present), np.float32)


def _laid(words: list[Spoken], word_of: NDArray[np.int64], fit: NDArray[np.float32]) -> tuple[HeardWord, ...]:
    """Return the words where they are found; those that are left out are spread over the room that is between.

    ``word_of`` is the number of the word in each frame, −1 between words, ``fit`` by how much it is likelier than
    anything else.
    """
    found: list[HeardWord] = []
    at, left_out = 0, []
    for i, word in enumerate(words):
        frames = np.flatnonzero(word_of == i)
        if not frames.size:
            left_out.append(word)
            continue
        found += _spread(left_out, at, int(frames[0]))
        at, left_out = int(frames[-1]) + 1, []
        telling = float(fit[frames].mean())
        found += _written(word, int(frames[0]), at, _certainty(telling, frames.size / len(word.phones)))
    return tuple(found + _spread(left_out, at, len(word_of)))


def _spread(words: list[Spoken], first: int, last: int) -> list[HeardWord]:
    """Return words that were not found, evenly between two frames, each for a moment."""
    step = (last - first) // (len(words) + 1)
    starts = [first + (i + 1) * step for i in range(len(words))]
    spans = zip(words, starts, strict=True)
    return [part for word, start in spans for part in _written(word, start, start + min(step, GAP), LEAST_CERTAIN)]


def _certainty(telling: float, frames: float) -> float:
    """Return how sure a word's place is: by how far it is likelier than anything else, less where it is squeezed."""
    squeezed = float(np.clip((frames - 3.0) / 2.0, 0.3, 1.0))
    chance = squeezed / (1.0 + float(np.exp((HALF_TELLING - telling) / TELLING_STEP)))
    return float(np.clip(chance, LEAST_CERTAIN, MOST_CERTAIN))


def _written(word: Spoken, first: int, last: int, certainty: float) -> list[HeardWord]:
    """Return the words that are sung as one ("que el"), which share its time by their letters."""
    texts = word.text.split()
    letters = np.cumsum([0, *(len(text) for text in texts)]) / sum(len(text) for text in texts)
    edges = [round((first + share * (last - first)) * FRAME_SECONDS, 3) for share in letters.tolist()]
    return [
        HeardWord(text, start, stop, word.section, word.line, round(certainty, 3))
        for text, start, stop in zip(texts, edges[:-1], edges[1:], strict=True)
    ]
