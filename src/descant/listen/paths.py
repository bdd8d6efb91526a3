"""The likeliest path of one voice through pitches that change with time (Viterbi)."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, fastmath=False, nogil=True)
def likeliest(
    voiced: NDArray[np.float64],
    silent: NDArray[np.float64],
    reach: int,
    glide: float,
    leap: float,
    turn: float,
) -> NDArray[np.int64]:
    """Return the state of each frame: an index into the pitches, or their number where the voice is silent.

    Parameters
    ----------
    voiced : log likelihoods (frames, pitches); ``silent`` (frames,) those of silence.
    reach : pitches within which a voice may glide from frame to frame, each costing ``glide``.
    leap : cost of going to any other pitch; ``turn`` : cost of falling silent or beginning.
    """
    frames, pitches = voiced.shape
    score = np.empty(pitches + 1)
    score[:pitches] = voiced[0]
    score[pitches] = silent[0]
    before = np.zeros((frames, pitches + 1), np.int64)
    for t in range(1, frames):
        top = 0
        for k in range(1, pitches):
            if score[k] > score[top]:
                top = k
        new = np.empty(pitches + 1)
        for k in range(pitches):
            best, origin = score[top] - leap, top
            if score[pitches] - turn > best:
                best, origin = score[pitches] - turn, pitches
            for j in range(max(0, k - reach), min(pitches, k + reach + 1)):
                value = score[j] - glide * abs(j - k)
                if value > best:
                    best, origin = value, j
            new[k] = best + voiced[t, k]
            before[t, k] = origin
        best, origin = score[pitches], pitches
        if score[top] - turn > best:
            best, origin = score[top] - turn, top
        new[pitches] = best + silent[t]
        before[t, pitches] = origin
        score = new
    path = np.zeros(frames, np.int64)
    path[frames - 1] = np.argmax(score)
    for t in range(frames - 1, 0, -1):
        path[t - 1] = before[t, path[t]]
    return path
