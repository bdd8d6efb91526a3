"""The frames of a phrase: what the filter, the noise share and the level are, every 5 ms.

Vowels are brought near one loudness and then follow the note's velocity; louder notes are also brighter (spectral
balance changes with vocal effort: Sluijter & van Heuven 1996). Consonants keep their place below their vowels, the
unvoiced ones a little raised, as a producer would. The closures of unvoiced stops are silent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from descant.perform.voice import envelope
from descant.perform.voice.phones import CLASS, UNVOICED, PhoneClass, is_vowel
from descant.perform.voice.spoken import FRAME, SpokenLine
from descant.perform.voice.timing import BURST, PhraseTiming, positions
from descant.perform.voice.voices import Timbre
from descant.song.streams import stream

LEVEL = 0.1
"""RMS of a vowel at velocity 100: −20 dBFS."""

VELOCITY_STEP = 0.11
"""dB a velocity step."""

EVENNESS = 0.85
"""Share of the loudness differences between vowels that a singer takes out."""

Frames = NDArray[np.float32]
Curve = NDArray[np.float64]


@dataclass(frozen=True)
class PhraseFrames:
    """Everything the synthesiser needs: ``spectrum`` (nepers), ``breath`` (0–1), ``voiced`` (0–1 a frame)."""

    spectrum: Frames
    breath: Frames
    voiced: Curve


def build(
    timing: PhraseTiming,
    line: SpokenLine,
    times: Curve,
    hertz: Curve,
    timbre: Timbre,
    seed: int,
    name: str,
) -> PhraseFrames:
    """Return the frames of a phrase.

    Parameters
    ----------
    timing, line : the phrase as laid out, and the line it came from.
    times : seconds of each frame's centre.
    hertz : pitch at each frame.
    timbre : the voice.
    seed, name : key of the phrase's random streams.
    """
    phone = _phone_at(timing, times)
    names = np.array(line.phones)[phone]
    place = positions(timing, line, times)
    unvoiced = np.isin(names, list(UNVOICED)).astype(float)
    voiced = _edges(1 - unvoiced)
    cepstra = envelope.sharpened(_at(line.cepstra, place), timbre.sharpness)
    cepstra += _living(times.size, cepstra.shape[1], seed, name)
    spectrum = envelope.log_spectrum(cepstra, line.alpha, line.rate, timbre.warp, 1 - voiced)
    vowel = np.array([is_vowel(p) for p in line.phones])[phone]
    envelope.raise_first_formant(spectrum, hertz, vowel)
    decibels = _levels(timing, line, spectrum, times, phone)
    effort = _effort(timing, times)
    spectrum += np.outer(0.06 * effort, envelope.tilt(1.0)) if np.any(effort) else 0
    spectrum += envelope.tilt(timbre.tilt) + envelope.presence(timbre.presence) * voiced[:, None].astype(np.float32)
    spectrum += envelope.air(timbre.air)
    decibels += effort + timbre.consonants * (1 - voiced) + _swell(timing, times) + _gate(timing, line, times, phone)
    spectrum += (envelope.DECIBEL * decibels).astype(np.float32)[:, None]
    return PhraseFrames(spectrum.astype(np.float32), _noise_share(names, voiced, timbre.breath, line.rate), voiced)


def _phone_at(timing: PhraseTiming, times: Curve) -> NDArray[np.intp]:
    starts = np.array([span.start for span in timing.spans])
    owners = np.array([span.phone for span in timing.spans])
    return owners[np.clip(np.searchsorted(starts, times, side="right") - 1, 0, owners.size - 1)]


def _at(values: Frames, place: Curve) -> Frames:
    """Return rows of ``values`` at fractional places, linear between rows."""
    low = np.clip(np.floor(place).astype(np.intp), 0, values.shape[0] - 2)
    share = np.clip(place - low, 0, 1).astype(np.float32)[:, None]
    return values[low] * (1 - share) + values[low + 1] * share


def _edges(voiced: Curve) -> Curve:
    """Let voicing change over about 10 ms."""
    return uniform_filter1d(voiced, 3, mode="nearest")


def _living(count: int, order: int, seed: int, name: str) -> Frames:
    """Return slow small wandering of the vocal tract, so that a held vowel is never frozen."""
    drawn = min(order - 1, 14)
    rough = stream(seed, f"{name}.tract").standard_normal((count + 200, drawn))
    smooth = gaussian_filter1d(rough, 0.09 / FRAME, axis=0)[100 : 100 + count]
    unit = np.sqrt(2 * np.sqrt(np.pi) * 0.09 / FRAME)
    out = np.zeros((count, order), np.float32)
    out[:, 1 : drawn + 1] = 0.022 * unit * smooth
    return out


def _loudness(spectrum: Frames) -> Curve:
    """Return the level of each frame in dB, weighted towards what the ear hears of a voice (200 Hz – 6 kHz)."""
    band = (envelope.HERTZ > 150) & (envelope.HERTZ < 6000)
    power = np.exp(2 * spectrum[:, band].astype(np.float64)).sum(axis=1) * 2 / envelope.FFT
    return 10 * np.log10(np.maximum(power, 1e-20))


def _levels(timing: PhraseTiming, line: SpokenLine, spectrum: Frames, times: Curve, phone: NDArray[np.intp]) -> Curve:
    """Return the dB that bring every vowel near ``LEVEL``, carried over the consonants between them."""
    loud = _loudness(spectrum)
    goal = 20 * np.log10(LEVEL)
    centres, gains = [], []
    for span in timing.spans:
        if is_vowel(line.phones[span.phone]):
            inside = (phone == span.phone) & (times >= span.start) & (times <= span.stop)
            if inside.any():
                centres.append((span.start + span.stop) / 2)
                gains.append(goal - float(np.percentile(loud[inside], 70)))
    if not gains:
        return np.full(times.size, goal - float(loud.max()))
    level = np.array(gains)
    middle = np.median(level)
    return np.interp(times, centres, middle + EVENNESS * (level - middle))


def _effort(timing: PhraseTiming, times: Curve) -> Curve:
    """Return the dB of each frame's dynamic against velocity 100, changing smoothly from note to note."""
    notes = [note for syllable in timing.syllables for note in syllable.notes]
    middles = [(note.start + min(note.stop, note.start + 0.3)) / 2 for note in notes]
    steps = VELOCITY_STEP * np.interp(times, middles, [note.velocity - 100.0 for note in notes])
    return gaussian_filter1d(steps, 6)


def _swell(timing: PhraseTiming, times: Curve) -> Curve:
    """Return dB: each note begins a little under, long notes bloom and then ease off."""
    out = np.zeros_like(times)
    for syllable in timing.syllables:
        length = syllable.stop - syllable.start
        x = (times - syllable.start) / max(length, 1e-3)
        inside = (x >= 0) & (x < 1)
        attack = -2.5 * np.exp(-np.clip(times - syllable.start, 0, None) / 0.03)
        bloom = 1.5 * min(1.0, max(0.0, length - 0.4)) * np.sin(np.pi * np.clip(x, 0, 1) ** 0.8)
        out += np.where(inside, attack + bloom, 0)
    return gaussian_filter1d(out, 2)


def _gate(timing: PhraseTiming, line: SpokenLine, times: Curve, phone: NDArray[np.intp]) -> Curve:
    """Return dB that silence rests and closures and fade the phrase's edges."""
    open_ = np.ones_like(times)
    for start, stop in timing.rests:
        open_ = np.minimum(open_, np.clip(np.maximum((start - times) / 0.04, (times - stop) / 0.012), 0, 1))
    open_ = np.minimum(open_, np.clip((times - timing.start) / 0.015 + 0.2, 0, 1))
    final = timing.spans[-1]
    fade = 0.12 if is_vowel(line.phones[final.phone]) else 0.05
    fade = min(fade, 0.5 * (final.stop - final.start) + 0.01)
    open_ = np.minimum(open_, np.clip((timing.stop - times) / fade, 0, 1))
    for left, right in zip(timing.spans, timing.spans[1:] + [None], strict=True):
        if line.phones[left.phone] in ("p", "t", "k", "ch"):
            burst = min(BURST, 0.6 * (left.stop - left.start))
            shut = (times > left.start + 0.008) & (times < left.stop - burst - 0.004)
            open_ = np.where(shut, np.minimum(open_, 0.12), open_)
    return 20 * np.log10(np.maximum(np.sin(0.5 * np.pi * open_), 1e-5))


def _noise_share(names: NDArray[np.str_], voiced: Curve, breath: float, rate: int) -> Frames:
    """Return the share of noise power (frames, bins) from each frame's manner of articulation.

    Vowels are clean to about 6 kHz and noisy above; voiced fricatives are noisy from 2 kHz; ``breath`` lets noise in
    from the top of the vowels (Klatt & Klatt 1990).
    """
    kinds = np.array([CLASS[name] for name in names])
    edge = np.full(names.size, 6500.0 if rate > 16000 else 5500.0)
    base = np.full(names.size, 0.002)
    edge[kinds == PhoneClass.STOP] = 3000.0
    hissing = np.isin(names, ["z", "zh", "jh"])
    edge[hissing], base[hissing] = 1800.0, 0.08
    soft = np.isin(names, ["v", "dh"])
    edge[soft], base[soft] = 2800.0, 0.04
    edge = edge * (1 - 0.45 * breath)
    base = base + 0.02 * breath
    width = 0.16 * edge
    share = base[:, None] + (0.94 - base)[:, None] / (1 + np.exp(-(envelope.HERTZ[None, :] - edge[:, None]) / width[:, None]))
    share = uniform_filter1d(share, 5, axis=0, mode="nearest")
    return (1 - voiced[:, None] * (1 - share)).astype(np.float32)
