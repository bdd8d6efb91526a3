"""How a recording dies away under what follows it: where it is cut off, and how its last sound goes on and fades.

A recording is cut off just before it strikes what was next, for that is not to be heard twice. What sounds at that
moment is held: its spectrum goes on with the phases that it had (a phase vocoder at a standstill, the bins around a
peak locked to it; Laroche and Dolson 1999), up to the bar line on which the new music begins, and dies away under it
like the air of a room. So there is neither a hole before the bar line nor a chord cut off dead.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from descant.engines.score.recording import RATE
from descant.mix.levels import Audio
from descant.song.streams import stream

_LATEST = 0.03  # seconds after a bar line up to which a recording's own attack is looked for
_CELL = 0.004  # seconds between levels that are compared
_BEFORE = 8  # cells before one whose loudest tells what an attack rises above
_RISE = 2.0  # ratio of amplitudes, pre-emphasised, from which it is one
_ROOM = 0.006  # seconds before an attack at which a recording is cut off
_SHORT, _LONG = 0.012, 0.05  # seconds of the fade before an attack, and where there is none

_FRAME, _HOP = 8192, 2048  # samples
_LOOK = 256  # samples between the frames that tell a bin's frequency
_FRAMES = 12  # frames, 1024 samples apart, whose middle is what sounds on: strokes among it do not
_NOISY = 6000.0  # Hz from which the phases of what is held are drawn anew
_HELD = 4.0  # dB a second by which it falls up to the bar line
_STEP_BACK, _STEP_SECONDS = 9.0, 0.15  # dB by which it gives way to what begins there, and how fast
_DECAY, _BRIGHT_DECAY = 1.0, 0.45  # seconds in which it then falls by 60 dB: low sounds, and those at 8 kHz
_LASTING = 1.3  # seconds


class Cut(NamedTuple):
    """Sample at which a recording is cut off, and the samples over which it fades up to there."""

    place: int
    fade: int


def cut_before(recorded: Audio, earliest: int, line: int) -> Cut:
    """Return where a recording is cut off at a bar line.

    Parameters
    ----------
    recorded : float32 (samples, 2).
    earliest : sample from which on it may be cut off.
    line : sample of the bar line.
    """
    cell, earliest = round(_CELL * RATE), min(earliest, len(recorded))
    first = max(0, earliest - _BEFORE * cell)
    stop = min(len(recorded), line + round(_LATEST * RATE))
    middle = recorded[first:stop].mean(axis=1)
    sharp = np.abs(np.diff(middle, prepend=middle[:1]))
    levels = sharp[: len(sharp) // cell * cell].reshape(-1, cell).max(axis=1) if len(sharp) >= cell else np.zeros(0)
    for number in range(_BEFORE, len(levels)):
        loudest = levels[number - _BEFORE : number].max()
        if levels[number] > max(_RISE * loudest, 1e-4):
            place = max(earliest, first + number * cell - round(_ROOM * RATE))
            return Cut(place, min(round(_SHORT * RATE), place))
    place = max(earliest, min(len(recorded), line))
    return Cut(place, min(round(_LONG * RATE), place))


def tail(recorded: Audio, cut: Cut, begins: int, line: int, length: int, seed: int) -> Audio:
    """Return what is heard of a recording from sample ``begins`` on, ``length`` samples, (samples, 2) float32.

    Parameters
    ----------
    cut : where it is cut off and how.
    line : sample of the bar line on which something else begins.
    seed : of the noise in what is held.
    """
    out = np.zeros((length, 2), np.float32)
    fall = (0.5 + 0.5 * np.cos(np.pi * (np.arange(cut.fade) + 0.5) / max(1, cut.fade)))[:, None]
    first = max(0, min(begins, cut.place - cut.fade))
    own = recorded[first : cut.place].astype(np.float32, copy=True)
    if cut.fade:
        own[-cut.fade :] *= fall.astype(np.float32)
    own = own[begins - first :][:length]
    out[: len(own)] = own
    held = _held(recorded[: cut.place], cut.fade, round(_LASTING * RATE) + max(0, line - cut.place), line, seed)
    if held is None:
        return out
    held[: cut.fade] *= 1.0 - fall
    start = cut.place - cut.fade - begins
    held = held[max(0, -start) :]
    start = max(0, start)
    room = max(0, min(len(held), length - start))
    out[start : start + room] += held[:room].astype(np.float32)
    return out


def _held(recorded: Audio, fade: int, samples: int, line: int, seed: int) -> NDArray[np.float64] | None:
    """Return the last sound of a recording going on, from ``fade`` samples before its end; None where it is too short.

    Parameters
    ----------
    line : sample of the recording's time from which on it gives way.
    """
    reach = _FRAME + _FRAMES * 1024
    if len(recorded) < reach:
        return None
    count = -(-(samples + fade + _FRAME) // _HOP) + 1
    total = np.zeros((count * _HOP + _FRAME, 2))
    window = np.hanning(_FRAME)
    jitter = stream(seed, "recording.tail").uniform(-np.pi, np.pi, (count, _FRAME // 2 + 1))
    frequencies = np.fft.rfftfreq(_FRAME, 1 / RATE)
    noisy = np.minimum(1.0, (frequencies / _NOISY) ** 2)
    decay = np.interp(frequencies, [0.0, 500.0, 8000.0], [_DECAY, _DECAY, _BRIGHT_DECAY])
    for channel in (0, 1):
        magnitudes, phases, speeds = _standing(recorded[-reach:, channel].astype(np.float64), window)
        for number in range(count):
            after = (number * _HOP + _FRAME / 2 - _FRAME) / RATE  # seconds of the frame's middle after the cut
            released = max(0.0, after - (line - len(recorded)) / RATE)
            falling = -60.0 * released / decay - _HELD * max(0.0, after - released)
            falling = falling - _STEP_BACK * min(1.0, released / _STEP_SECONDS)
            turned = phases + speeds * number * _HOP + (noisy * jitter[number] if number else 0.0)
            frame = np.fft.irfft(magnitudes * 10 ** (falling / 20) * np.exp(1j * turned), _FRAME)
            total[number * _HOP : number * _HOP + _FRAME, channel] += frame * window
    total /= (window.reshape(-1, _HOP) ** 2).sum(axis=0).mean()
    return total[_FRAME - fade : _FRAME + samples]


def _standing(sound: NDArray[np.float64], window: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return the magnitudes that sound on at the end of a channel, their phases there, and radians a sample."""
    frames = [np.abs(np.fft.rfft(sound[end - _FRAME : end] * window)) for end in _ends(len(sound))]
    magnitudes = np.median(frames, axis=0)
    last = np.fft.rfft(sound[-_FRAME:] * window)
    earlier = np.fft.rfft(sound[-_FRAME - _LOOK : -_LOOK] * window)
    centre = 2.0 * np.pi * np.arange(len(last)) / _FRAME
    off = np.angle(last * np.conj(earlier)) - centre * _LOOK
    speeds = centre + (off - 2.0 * np.pi * np.round(off / (2.0 * np.pi))) / _LOOK
    level = np.abs(last)
    peaks = np.flatnonzero((level[1:-1] >= level[:-2]) & (level[1:-1] > level[2:])) + 1
    if len(peaks):
        between = (peaks[1:] + peaks[:-1]) // 2
        speeds = speeds[peaks][np.searchsorted(between, np.arange(len(last)), side="right")]
    return magnitudes, np.angle(last), speeds


def _ends(samples: int) -> range:
    return range(samples - (_FRAMES - 1) * 1024, samples + 1, 1024)
