"""Bring the Japanese voice near each speaker: the size of the throat and a broad equaliser.

    python -m training.mei            (after training.timbre, whose maps say how the speakers would sound in Japanese)

Mei is a person who spoke Japanese, so her spectra are left as they are but for what makes her another person: her
formants are moved by one factor, and one smooth curve (mel-cepstral coefficients up to :data:`SMOOTH`) is added. Both
are the least squares over the five vowels of the lines below, against the same lines spoken by espeak-ng in the
speaker's timbre.
"""

import numpy as np
from numpy.typing import NDArray

from descant.perform.voice.sources import mei, open_source
from descant.perform.voice.sources.analysis import mel_cepstrum
from descant.perform.voice.sources.timbremap import BINS, CONTEXT, KINDS, SEEN, TimbreMap
from descant.perform.voice.spoken import SpokenLine, native_line_of
from descant.words.lyrics import parse
from training.timbre import SPEAKERS

LINES = """[Verse]
あかい はなが ゆれる おかの うえ
みずうみの そらに しろい くもが うつる
なつの おわりの うみべを あるいた
ことばに ならない きもちを つたえたい
いえの まどから みえる ほしの ひかり
"""
VOWELS = ("a", "i", "ɯ", "e", "o")
HIGHEST = 5500.0
"""Hz up to which the vowels are compared; the curve goes on level above."""

SMOOTH = 8
FACTORS = np.arange(0.62, 1.1, 0.01)


def log_spectra(cepstra: NDArray[np.floating], alpha: float, rate: int, hertz: NDArray[np.float64]) -> NDArray:
    """Return log amplitudes of mel-cepstra at frequencies, level above half the rate."""
    omega = np.pi * np.minimum(hertz, rate / 2) / (rate / 2)
    warped = omega + 2 * np.arctan2(alpha * np.sin(omega), 1 - alpha * np.cos(omega))
    return np.asarray(cepstra @ np.cos(np.arange(cepstra.shape[-1])[:, None] * warped))


def vowels(lines: list[SpokenLine], sounds: list[list[str]]) -> NDArray[np.float64]:
    """Return the mean mel-cepstrum of each vowel's middle, without its loudness."""
    means = []
    for vowel in VOWELS:
        frames = []
        for line, native in zip(lines, sounds, strict=True):
            for start, stop, sound in zip(line.starts, line.stops, native, strict=True):
                if sound == vowel and stop - start >= 6:
                    frames.append(line.cepstra[start + (stop - start) // 3 : stop - (stop - start) // 3].mean(axis=0))
        means.append(np.mean(frames, axis=0))
    return np.array(means, np.float64)


def main() -> None:
    """Write the map of each speaker."""
    texts = [native_line_of(line.words, "ja") for line in parse(LINES, language="ja").lines]
    sounds = [[sound for word in text.words for s in word for sound in s.native] for text in texts]
    own = vowels(mei.speak_plainly(texts), sounds)
    hertz = np.linspace(0, HIGHEST, 200)
    bins = np.arange(BINS) / (BINS - 1) * mei.RATE / 2
    print("speaker    formants  distance of the vowels before, after (dB)")
    for speaker in SPEAKERS:
        lines = open_source(f"espeak:{speaker}").speak(texts)
        theirs = log_spectra(vowels(lines, sounds), lines[0].alpha, lines[0].rate, hertz)
        best = (np.inf, 1.0, np.zeros(1))
        for factor in FACTORS:
            gap = theirs - log_spectra(own, mei.ALPHA, mei.RATE, hertz / factor)
            gap -= gap.mean(axis=1, keepdims=True)
            curve = gap.mean(axis=0)
            best = min(best, (float(np.std(gap - curve)), float(factor), curve), key=lambda entry: entry[0])
        plain = theirs - log_spectra(own, mei.ALPHA, mei.RATE, hertz)
        plain -= plain.mean(axis=1, keepdims=True)
        far, factor, curve = best
        print(f"{speaker:10} {factor:8.2f} {8.686 * float(np.std(plain)):12.1f} {8.686 * far:6.1f}")
        timbre_map(factor, np.interp(bins, hertz, curve), speaker, lines[0]).save(
            f"mei:mei_{speaker.partition(':')[2]}"
        )


def timbre_map(factor: float, curve: NDArray[np.float64], speaker: str, line: SpokenLine) -> TimbreMap:
    """Return the map that moves formants by a factor and adds a smooth curve to voiced sounds."""
    order = mei.ORDER
    bins = np.arange(BINS) / (BINS - 1) * mei.RATE / 2
    moved = log_spectra(np.eye(order + 1), mei.ALPHA, mei.RATE, bins / factor)
    matrix = mel_cepstrum(moved, order, mei.ALPHA)
    added = mel_cepstrum(curve[None], order, mei.ALPHA)[0]
    added[SMOOTH + 1 :] = 0
    added[0] = 0
    weights = np.zeros((KINDS, order + 1 + SEEN * len(CONTEXT) + 1, order + 1), np.float32)
    weights[:, : order + 1] = matrix
    weights[:3, -1] = added
    pitch = float(np.median(line.pitch[line.pitch > 0]))
    return TimbreMap(weights, np.ones(order + 1, np.float32), mei.ALPHA, mei.RATE, pitch)


if __name__ == "__main__":
    main()
