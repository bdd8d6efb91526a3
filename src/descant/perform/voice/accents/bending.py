"""Moving formants: a phone's spectrum read at other frequencies, with the levels that resonances there would have.

The frequency axis is bent piecewise linearly so that the source's formants land on the wanted ones, and the difference
between two cascades of resonators (Klatt 1980), one at the wanted formants and one at the source's, is added: formants
that come near each other reinforce each other, those that part weaken. Bends come and go over
:data:`RAMP` around their phones, as formants do in talk. Where the source's formants are is measured in the line as it
was spoken: slt's "uw" lies anywhere from 1.2 to 2.2 kHz, depending on its neighbours.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz
from scipy.ndimage import uniform_filter1d

from descant.perform.voice.accents import Accent
from descant.perform.voice.envelope import BINS, DECIBEL, HERTZ, log_spectrum
from descant.perform.voice.spoken import SpokenLine

RAMP = 9
"""Frames (5 ms) over which a bend comes and goes."""

REJOIN = 1300.0
"""Hz above the third formant from which the spectrum is left as it is."""

ORDER, WIDEST = 11, 900.0
"""Order of the linear prediction that finds formants, and the widest resonance (Hz) taken for one."""

SLOPE_FROM = 2000.0
"""Hz above which an accent's slope counts."""

STRAY = 0.4
"""Natural logarithm by which a formant may lie away from where the source has it on average."""

LARGEST_GAIN = 9.0
"""dB by which the cascades' difference may raise or lower a frequency."""

Curve = NDArray[np.float64]
Frames = NDArray[np.float32]


def bend(spectrum: Frames, phones: NDArray[np.intp], accents: Sequence[Accent], line: SpokenLine, warp: float) -> None:
    """Bend log spectra in place.

    Parameters
    ----------
    spectrum : float32 (frames, bins), nepers.
    phones : (frames,), which phone sounds in each frame.
    accents : one a phone.
    line : the line as spoken, to which ``phones`` point.
    warp : factor on the source's formants that ``spectrum`` already carries.
    """
    if not accents:
        return
    for phone in np.unique(phones):
        accent = accents[phone]
        if not accent.bent:
            continue
        weight = uniform_filter1d((phones == phone).astype(np.float64), RAMP, mode="nearest")
        inside = np.flatnonzero(weight > 0)
        read, gain = _curves(accent, spoken_formants(line, int(phone), accent), warp)
        share = weight[inside, None]
        place = (HERTZ + share * (read - HERTZ)) / HERTZ[1]
        low = np.clip(place.astype(np.intp), 0, BINS - 2)
        part = (place - low).astype(np.float32)
        rows = spectrum[inside]
        moved = np.take_along_axis(rows, low, 1) * (1 - part) + np.take_along_axis(rows, low + 1, 1) * part
        spectrum[inside] = moved + (share * gain).astype(np.float32)


def spoken_formants(line: SpokenLine, phone: int, accent: Accent) -> Curve:
    """Return where the first formants (Hz) of a phone lie in its middle, or on average where none is found near.

    Linear prediction on the envelope, as the averages of ``formants.toml`` were measured.
    """
    expected = np.array([has for _, has in accent.formants])
    if not expected.size:
        return expected
    begin, end = int(line.starts[phone]), int(line.stops[phone])
    middle = slice(begin + int(0.4 * (end - begin)), begin + int(0.65 * (end - begin)) + 1)
    cepstrum = line.cepstra[middle].mean(axis=0, keepdims=True)
    logarithm = log_spectrum(cepstrum, line.alpha, line.rate, 1.0, np.zeros(1))[0]
    top = 5500.0 if line.rate > 16000 else 5000.0
    hertz = np.linspace(0, top, 513)
    raised = np.interp(hertz, HERTZ, logarithm) + 0.9 * np.log(np.maximum(hertz, 80) / 1000)
    found = _resonances(np.exp(2 * raised), top)
    for k, formant in enumerate(expected):
        free = [f for f in found if k == 0 or f > 1.12 * expected[k - 1]]
        nearest = min(free, key=lambda f: abs(np.log(f / formant)), default=formant)
        expected[k] = nearest if abs(np.log(nearest / formant)) < STRAY else formant
    return np.maximum.accumulate(expected * (1, 1.0001, 1.0002))


def _resonances(power: Curve, top: float) -> list[float]:
    """Return the frequencies (Hz, rising) of the narrow poles of a power spectrum that reaches up to ``top``."""
    correlation = np.fft.irfft(power)
    predictor = solve_toeplitz(correlation[:ORDER], correlation[1 : ORDER + 1])
    poles = np.roots(np.concatenate([[1.0], -predictor]))
    poles = poles[np.imag(poles) > 0.01]
    width = -np.log(np.abs(poles)) * 2 * top / np.pi
    return sorted(float(f) for f in np.angle(poles[width < WIDEST]) * top / np.pi if f > 180)


def _curves(accent: Accent, spoken: Curve, warp: float) -> tuple[Curve, Curve]:
    """Return (Hz to read at, nepers to add) for every bin; ``spoken`` are the phone's own formants."""
    octaves = np.log2(np.maximum(HERTZ / SLOPE_FROM, 1))
    read, gain = HERTZ / accent.shift, DECIBEL * (accent.level + accent.slope * octaves)
    if accent.formants:
        heard, has = warp * np.array([wanted for wanted, _ in accent.formants]), warp * spoken
        join = max(heard[-1], has[-1]) + REJOIN * warp
        read = np.interp(HERTZ, [0, *heard, join, HERTZ[-1]], [0, *has, join, HERTZ[-1]])
        difference = _cascade(HERTZ, heard) - _cascade(read, has)
        gain = gain + np.clip(difference, -LARGEST_GAIN * DECIBEL, LARGEST_GAIN * DECIBEL)
    return np.clip(read, 0, HERTZ[-2]), gain


def _cascade(hertz: Curve, formants: NDArray[np.float64]) -> Curve:
    """Return the log amplitude (nepers) of resonators in series, each with gain 1 at 0 Hz."""
    total = np.zeros_like(hertz)
    for formant in formants:
        width = 60 + 0.05 * formant
        total -= 0.5 * np.log((1 - (hertz / formant) ** 2) ** 2 + (width * hertz / formant**2) ** 2)
    return total
