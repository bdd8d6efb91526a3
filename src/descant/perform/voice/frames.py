"""The frames of a phrase: what the filter, the noise share and the level are, every 5 ms.

Vowels are brought near one loudness and then follow the note's velocity; louder notes are also brighter (spectral
balance changes with vocal effort: Sluijter & van Heuven 1996). Consonants keep their place below their vowels, the
unvoiced ones a little raised, as a producer would. The closures of unvoiced stops are silent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from descant.perform.voice import dynamics, envelope
from descant.perform.voice.accents import bending
from descant.perform.voice.phones import CLASS, UNVOICED, PhoneClass, is_vowel
from descant.perform.voice.spoken import FRAME, SpokenLine
from descant.perform.voice.timing import BURST, PhraseTiming, Span, positions
from descant.perform.voice.voices import Timbre
from descant.song.streams import stream

LEVEL = 0.1
"""RMS of a vowel at velocity 100: −20 dBFS."""

BRIGHTENING = 0.2
"""dB an octave of tilt for each dB of effort."""

LARGEST_RISE, LARGEST_FALL = 7.0, 12.0
"""dB by which a vowel may be raised or lowered against the line: a note whose harmonics miss the formants stays soft
rather than have its breath raised with it; one that sits on a formant may be held back further."""

EVENNESS, EVENNESS_WITHIN = 0.87, 0.5
"""Share of the loudness differences between vowels, and within one, that a singer takes out."""

HEAD_TILT, HEAD_BREATH, HEAD_FIRST = -1.8, 0.12, 4.0
"""dB an octave, breath, and dB of the first harmonic by which the light register differs from the full one: the folds
close less and more slowly, which leaves the first harmonic strong (Sundberg 1987, ch. 4)."""

BELT_PRESENCE = 2.5
"""dB at 3 kHz added to high loud notes sung in the full register."""

TRILL, TRILL_DEPTH = 26.0, 0.85
"""Closures a second of a trilled r (Ladefoged & Maddieson 1996, ch. 7: 22–30), and how far each one shuts."""

CLOSING, OPENING = 0.018, 0.008
"""Seconds in which the lips or the tongue shut off an unvoiced stop, and let it go before its burst."""

CLEAN_BELOW = 2500.0
"""Hz: below this the noise in voiced sounds dies away."""

BOUNDS = {
    "s": (-16.0, -9.0),
    "sh": (-16.0, -9.0),
    "z": (-18.0, -9.0),
    "zh": (-18.0, -9.0),
    "f": (-22.0, -14.0),
    "th": (-23.0, -15.0),
    "hh": (-20.0, -13.0),
    "v": (-16.0, -9.0),
    "dh": (-17.0, -9.0),
}
"""Softest and loudest a sound may be against the vowels, in dB (after Fletcher 1953, powers of speech sounds)."""

_CLASS_BOUNDS = {
    PhoneClass.NASAL: (-12.0, -5.0),
    PhoneClass.GLIDE: (-9.0, -1.0),
    PhoneClass.STOP: (-20.0, -8.0),
    PhoneClass.AFFRICATE: (-17.0, -8.0),
    PhoneClass.FRICATIVE: (-20.0, -10.0),
}

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
    cents: Curve,
    sway: Curve,
    timbre: Timbre,
    turn: float,
    seed: int,
    name: str,
) -> PhraseFrames:
    """Return the frames of a phrase.

    Parameters
    ----------
    timing, line : the phrase as laid out, and the line it came from.
    times : seconds of each frame's centre.
    cents, sway : pitch at each frame, and the vibrato in it.
    timbre : the voice.
    turn : MIDI number above which soft notes are sung in the light register and loud ones belted.
    seed, name : key of the phrase's random streams.
    """
    hertz = 440 * 2 ** ((cents - 6900) / 1200)
    phone = _phone_at(timing, times)
    names = np.array(line.phones)[phone]
    place = positions(timing, line, times)
    unvoiced = np.isin(names, list(UNVOICED)).astype(float)
    voiced = _edges(1 - unvoiced) * (1 - timbre.whisper)
    cepstra = envelope.sharpened(_at(line.cepstra, place), timbre.sharpness)
    cepstra += _living(times.size, cepstra.shape[1], seed, name)
    spectrum = envelope.log_spectrum(cepstra, line.alpha, line.rate, timbre.warp, 1 - voiced)
    bending.bend(spectrum, phone, timing.accents, line, timbre.warp)
    vowel = np.array([is_vowel(p) for p in line.phones])[phone].astype(float)
    if not timbre.whisper:
        envelope.raise_first_formant(spectrum, hertz, np.clip(2 * uniform_filter1d(vowel, 13) - 1, 0, 1))
    effort = dynamics.effort(timing, times, sway, seed, name)
    head, belt = _register(timing, times, cents, turn)
    _coloured(spectrum, timbre, effort, voiced, hertz, head, belt)
    envelope.calm_hiss(spectrum, vowel * voiced)
    breath = _breath(timing, times, timbre.breath, effort) + HEAD_BREATH * head
    share = _noise_share(names, voiced, np.clip(breath, 0, 1), line.rate)
    even = envelope.power_level(spectrum)
    loud = np.where(voiced > 0.5, np.maximum(envelope.loudness(spectrum, hertz), even - 6), even)
    decibels = _levels(timing, line, times, loud)
    decibels += _placed(timing, line, times, loud + decibels, timbre.consonants)
    decibels += effort + timbre.level + _gate(timing, line, times, phone)
    spectrum += (envelope.DECIBEL * decibels).astype(np.float32)[:, None]
    return PhraseFrames(spectrum, share, voiced)


def _register(timing: PhraseTiming, times: Curve, cents: Curve, turn: float) -> tuple[Curve, Curve]:
    """Return how far (0–1) each frame is in the light register, and how far it is belted."""
    high = 1 / (1 + np.exp(-(gaussian_filter1d(cents, 12) / 100 - turn) / 0.7))
    light = 1 / (1 + np.exp((dynamics.velocity(timing, times) - 93) / 3))
    return high * light, high * (1 - light)


def _coloured(
    spectrum: Frames, timbre: Timbre, effort: Curve, voiced: Curve, hertz: Curve, head: Curve, belt: Curve
) -> None:
    """Add the voice's colour to ``spectrum``, with what effort and register make of it, in place."""
    slope = BRIGHTENING * effort + HEAD_TILT * head * voiced
    spectrum += _colour(timbre) + slope[:, None].astype(np.float32) * envelope.tilt(1.0)
    presence = (timbre.presence * (1 - 0.7 * head) + BELT_PRESENCE * belt) * voiced
    spectrum += presence[:, None].astype(np.float32) * envelope.bell(3000.0, 550.0, 1.0)
    spectrum += voiced[:, None].astype(np.float32) * envelope.points(timbre.voiced)
    for t in np.flatnonzero(head * voiced > 0.05):
        top = np.searchsorted(envelope.HERTZ, 2 * hertz[t])
        bump = np.exp(-0.5 * ((envelope.HERTZ[:top] / hertz[t] - 1) / 0.3) ** 2)
        spectrum[t, :top] += (envelope.DECIBEL * HEAD_FIRST * head[t] * voiced[t] * bump).astype(np.float32)


def _breath(timing: PhraseTiming, times: Curve, breath: float, effort: Curve) -> Curve:
    """Return the breath of each frame: softer is breathier, and a phrase lets its air go at the end."""
    out = breath * np.clip(1 - 0.06 * (effort + 3), 0.6, 1.8)
    end = timing.syllables[-1].stop
    return np.asarray(gaussian_filter1d(out + 0.2 * np.clip((times - end + 0.2) / 0.25, 0, 1), 6), np.float64)


def _colour(timbre: Timbre) -> Frames:
    """Return the voice's fixed colour (bins,) in nepers."""
    colour = envelope.tilt(timbre.tilt) + envelope.air(timbre.air)
    for centre, width, decibels in timbre.equaliser:
        colour += envelope.bell(centre, width, decibels)
    return colour


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
    out[:, 1 : drawn + 1] = 0.028 * unit * smooth
    return out


def _levels(timing: PhraseTiming, line: SpokenLine, times: Curve, loud: Curve) -> Curve:
    """Return the dB that bring vowels near ``LEVEL``, carried over the consonants between them.

    ``loud`` is the level of each frame as it stands. A vowel's edges (30 ms) belong to its neighbours and do not
    count; inside it the gain takes out half of the movement about its own middle, at most 1.5 dB.
    """
    goal = 20 * np.log10(LEVEL)
    places, gains = [], []
    for span in timing.spans:
        if is_vowel(line.phones[span.phone]):
            edge = min(0.03, 0.3 * (span.stop - span.start))
            inside = np.flatnonzero((times >= span.start + edge) & (times <= span.stop - edge))
            if inside.size:
                own = goal - loud[inside]
                places.append(inside)
                centre = np.median(own)
                gains.append(centre + EVENNESS_WITHIN * np.clip(own - centre, -3, 3))
    if not places:
        return np.full(times.size, goal - float(loud.max()))
    gain = np.concatenate(gains)
    middle = np.median(gain)
    gain = np.clip(gain, middle - LARGEST_FALL, middle + LARGEST_RISE)
    even = np.interp(np.arange(times.size), np.concatenate(places), middle + EVENNESS * (gain - middle))
    return np.asarray(gaussian_filter1d(even, 8), np.float64)


def _placed(timing: PhraseTiming, line: SpokenLine, times: Curve, loud: Curve, boost: float) -> Curve:
    """Return the dB that put each consonant in its place below vowels of level ``LEVEL``.

    Unvoiced sounds are raised by ``boost``; a sound outside the bounds of its kind is brought back by three quarters
    of what it is out, which de-esses the voice and keeps weak sounds heard.
    """
    out = np.zeros_like(times)
    for span in timing.spans:
        name = line.phones[span.phone]
        if is_vowel(name):
            continue
        inside = (times >= span.start) & (times < span.stop)
        if not inside.any():
            continue
        lowest, highest = BOUNDS.get(name, _CLASS_BOUNDS[CLASS[name]])
        raised = float(np.percentile(loud[inside], 85)) - 20 * np.log10(LEVEL) + boost * (name in UNVOICED)
        wanted = raised - 0.75 * max(raised - highest, 0) + 0.75 * max(lowest - raised, 0)
        out[inside] = wanted - raised + boost * (name in UNVOICED)
    return np.asarray(gaussian_filter1d(out, 1.2), np.float64)


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
    for span in timing.spans:
        if line.phones[span.phone] in ("p", "t", "k", "ch"):
            burst = min(BURST, 0.6 * (span.stop - span.start))
            closing = np.clip((span.start - times) / CLOSING + 0.5, 0, 1)
            opening = np.clip((times - span.stop + burst) / OPENING + 1, 0, 1)
            open_ = np.minimum(open_, np.maximum(closing, opening))
        if timing.accent(span.phone).trilled:
            open_ = np.minimum(open_, _trill(span, times))
    gate: Curve = 20 * np.log10(np.maximum(np.sin(0.5 * np.pi * open_), 1e-5))
    return gate


def _trill(span: Span, times: Curve) -> Curve:
    """Return how open (0–1) a trill is: as many closures as its length holds, at least one."""
    count = max(1, round((span.stop - span.start) * TRILL))
    turn = np.clip((times - span.start) / (span.stop - span.start), 0, 1) * count
    return np.asarray(1 - TRILL_DEPTH * np.sin(np.pi * turn) ** 2, np.float64)


def _noise_share(names: NDArray[np.str_], voiced: Curve, breath: Curve, rate: int) -> Frames:
    """Return the share of noise power (frames, bins) from each frame's manner of articulation.

    Vowels are clean to about 7 kHz and noisy above; voiced fricatives are noisy from 2 kHz; ``breath`` lets noise in
    from the top of the vowels (Klatt & Klatt 1990). The lowest harmonics stay clean: noise 19 dB under them, as a
    plain logistic edge leaves, shook the pitch of a steady note by 20 cents from frame to frame and sounded rough.
    """
    kinds = np.array([CLASS[name] for name in names])
    edge = np.full(names.size, 6500.0 if rate > 16000 else 5500.0)
    base = 0.12 * breath**1.5
    edge[kinds == PhoneClass.STOP] = 3000.0
    hissing = np.isin(names, ["z", "zh", "jh"])
    edge[hissing], base[hissing] = 1800.0, 0.08
    soft = np.isin(names, ["v", "dh"])
    edge[soft], base[soft] = 2800.0, 0.04
    edge = edge * (1 - 0.45 * breath)
    width = 0.22 * edge
    hertz = envelope.HERTZ.astype(np.float32)
    low, centre, slope = (values.astype(np.float32)[:, None] for values in (base, edge, width))
    share = low + (np.float32(0.94) - low) / (1 + np.exp((centre - hertz) / slope))
    share *= np.clip(hertz / np.float32(CLEAN_BELOW), 0, 1) ** np.float32(1.5)
    wide = np.pad(share, ((2, 2), (0, 0)), mode="edge")
    share = (wide[:-4] + wide[1:-3] + wide[2:-2] + wide[3:-1] + wide[4:]) * np.float32(0.2)
    noise: Frames = 1 - voiced.astype(np.float32)[:, None] * (1 - share)
    return noise
