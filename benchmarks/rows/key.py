"""Row 3: the key asked for is the key heard, by the Krumhansl–Kessler profiles on the mix's chroma."""

from collections.abc import Sequence

import librosa
import numpy as np
from numpy.typing import NDArray

from benchmarks.table import Figure
from benchmarks.takes import Take
from descant.song.theory import Key, parse_pitch_class

# Krumhansl, Cognitive Foundations of Musical Pitch (1990), probe-tone ratings
MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])


def heard_key(audio: NDArray[np.float32]) -> Key:
    """Return the key whose profile correlates best with the harmonic chroma of a stereo recording at 48 kHz."""
    mono = librosa.resample(audio.mean(axis=1), orig_sr=48_000, target_sr=22_050, res_type="soxr_hq")
    chroma = librosa.feature.chroma_cqt(y=librosa.effects.harmonic(mono), sr=22_050).mean(axis=1)
    best, score = Key(0, "major"), -2.0
    for mode, profile in (("major", MAJOR), ("minor", MINOR)):
        for tonic in range(12):
            correlation = float(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1])
            if correlation > score:
                best, score = Key(tonic, mode), correlation
    return best


def figures(takes: Sequence[Take]) -> list[Figure]:
    """Return the figures of row 3."""
    asked = [take for take in takes if take.case.key]
    right, wrong = 0, []
    for take in asked:
        name, mode = (take.case.key or "").split(" ", 1)
        heard = heard_key(take.audio())
        if heard == Key(parse_pitch_class(name), mode):
            right += 1
        else:
            wrong.append(f"{take.case.key} heard as {heard.name}")
    text = f"{right} of {len(asked)}" + (f" ({'; '.join(wrong)})" if wrong else "")
    return [Figure("3", "key heard by a key finder, exact", text, "≥ 95 %", right >= 0.95 * len(asked))]
