"""The same voice speaking: a line in its source's own timing and melody, through the synthesiser that sings.

What singing costs a voice is told by its figures beside those of its own speech.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from descant.perform.voice import singer, voices
from descant.perform.voice.excitation import SAMPLE_RATE
from descant.perform.voice.spoken import FRAME, LineText, SpokenLine
from descant.perform.voice.timing import PhraseTiming, Span, TimedNote, sung_syllables
from descant.perform.voice.voices import Timbre, Voice
from descant.song.score import Phrase, Score, VocalPart

LEAD = 0.3
"""Seconds before the first sound of each spoken line."""

Heard = tuple[Phrase, SpokenLine, PhraseTiming]


def spoken(part: VocalPart, score: Score, timbre: Timbre | None = None) -> tuple[NDArray[np.float32], list[Heard]]:
    """Return a part's lines as its voice speaks them, one after the other, and where each of them lies."""
    voice = voices.load(part.voice)
    sounds: list[NDArray[np.float32]] = []
    heard: list[Heard] = []
    place = 0
    lines = singer._spoken(list(part.phrases), voice, None)
    for phrase, line in zip(part.phrases, lines, strict=True):
        laid = _natural(phrase, line, singer._text(phrase, voice), score, place / SAMPLE_RATE + LEAD)
        sound = _said(laid, line, place, voice, timbre or voice.timbre, phrase.text)
        heard.append((phrase, line, laid))
        sounds.append(sound)
        place += sound.size
    return np.concatenate(sounds), heard


def plain(voice: Voice) -> Timbre:
    """Return the source's own timbre, at the voice's size of throat."""
    return Timbre(warp=voice.timbre.warp, consonants=0.0)


def _natural(phrase: Phrase, line: SpokenLine, text: LineText, score: Score, begin: float) -> PhraseTiming:
    """Return the layout in which every sound keeps the time it had in speech."""
    spans = [
        Span(i, begin + float(a) * FRAME, begin + float(b) * FRAME)
        for i, (a, b) in enumerate(zip(line.starts, line.stops, strict=True))
    ]
    syllables = []
    for syllable in sung_syllables(phrase, score, text=text):
        vowel = spans[syllable.vowel]
        note = TimedNote(vowel.start, vowel.stop, 60, 100)
        syllables.append(type(syllable)(syllable.word, syllable.first, syllable.vowel, syllable.last, (note,)))
    rests = [(a.stop, b.start) for a, b in pairwise(spans) if b.start - a.stop > 1e-3]
    return PhraseTiming(tuple(syllables), text.accents, spans, rests)


def _said(
    laid: PhraseTiming, line: SpokenLine, place: int, voice: Voice, timbre: Timbre, name: str
) -> NDArray[np.float32]:
    origin = place / SAMPLE_RATE
    count = int(np.ceil((laid.stop + LEAD - origin) / FRAME)) + 1
    times = np.asarray(origin + FRAME * np.arange(count), np.float64)
    spoken_frames = np.flatnonzero(line.pitch > 0)
    position = (times - laid.spans[0].start) / FRAME + float(line.starts[0])
    cents = np.interp(position, spoken_frames, line.pitch[spoken_frames].astype(np.float64))
    return singer.sounded(laid, line, times, (cents, np.zeros_like(times)), timbre, voice, 0, name)
