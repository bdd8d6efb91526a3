"""Row 2: the tempo asked for is the tempo heard, and the drums stand where the score says.

The ear is librosa's beat tracker (Ellis 2007) on the mix, and for single hits the steepest rise of the drum stem's
short-time level near each written hit.
"""

from collections.abc import Sequence

import librosa
import numpy as np
from numpy.typing import NDArray

from benchmarks.table import Figure
from benchmarks.takes import Take
from descant.song.score import Role

TOLERANCE = 0.04
RATE = 48_000
HOP = 24  # samples: 0.5 ms
ISOLATION = 0.06  # seconds without another hit before one that is measured
REACH = 32  # hops: 16 ms either side of the written hit
LASTING = 16  # hops: 8 ms
LIFT = 9.0  # dB
KICK_AND_SNARE = {35, 36, 38, 40}


def heard_bpm(audio: NDArray[np.float32]) -> float:
    """Return the tempo a beat tracker hears in a stereo recording at 48 kHz."""
    mono = librosa.resample(audio.mean(axis=1), orig_sr=RATE, target_sr=22_050, res_type="soxr_hq")
    tempo, beats = librosa.beat.beat_track(y=mono, sr=22_050, hop_length=256)
    times = librosa.frames_to_time(beats, sr=22_050, hop_length=256)
    if len(times) > 8:  # the median beat distance is finer than the tracker's tempo bins
        return float(60.0 * (len(times) - 9) / np.sum(np.diff(times[4:-4]))) if len(times) > 16 else float(tempo.item())
    return float(np.asarray(tempo).item())


def onset_errors(take: Take) -> NDArray[np.float64]:
    """Return heard minus written time in seconds of every isolated kick and snare hit in the drum stem."""
    stems = take.stems()
    if "drums" not in stems:
        return np.zeros(0)
    score = take.song.score
    hits = sorted((score.performed(n)[0], n.pitch) for p in score.parts if p.role == Role.DRUMS for n in p.notes)
    stem = take.audio(f"stems/{stems['drums'].name}")
    return late(stem, [(time, pitch in KICK_AND_SNARE) for time, pitch in hits])


def late(stem: NDArray[np.float32], hits: Sequence[tuple[float, bool]]) -> NDArray[np.float64]:
    """Return heard minus written time in seconds of the isolated ``hits`` that are to be measured.

    Parameters
    ----------
    stem : (samples, 2) at 48 kHz.
    hits : every (second, whether it is to be measured) in the stem, rising in time.

    A hit is heard where the stem's level over 1 ms rises fastest. Hits that do not lift the power of the 8 ms after it
    by 9 dB over the 8 ms before are masked by what still rings and cannot be timed this way: the level of a ringing
    cymbal alone jumps that far within a millisecond.
    """
    mono = stem.mean(axis=1)
    power = (mono[: len(mono) // HOP * HOP].reshape(-1, HOP) ** 2).mean(axis=1)
    level = 10 * np.log10(np.convolve(power, np.ones(2) / 2, mode="same") + 1e-9)
    errors = []
    for (earlier, _), (hit, measured), (later, _) in zip(hits, hits[1:], hits[2:], strict=False):
        centre = round(hit * RATE / HOP)
        if not measured or hit - earlier < ISOLATION or later - hit < 0.02 or centre > len(level) - 50:
            continue
        near = level[centre - REACH : centre + REACH]
        heard = centre - REACH + int(np.argmax(near[4:] - near[:-4])) + 2
        before, after = power[heard - LASTING : heard - 1].mean(), power[heard : heard + LASTING].mean()
        if 10 * np.log10((after + 1e-9) / (before + 1e-9)) >= LIFT:
            errors.append((heard - centre) * HOP / RATE)
    return np.array(errors)


def figures(takes: Sequence[Take]) -> list[Figure]:
    """Return the figures of row 2."""
    asked = [take for take in takes if take.case.bpm]
    strict, octave, texts = 0, 0, []
    for take in asked:
        ratio = heard_bpm(take.audio()) / (take.case.bpm or 1)
        strict += abs(ratio - 1) <= TOLERANCE
        octave += any(abs(ratio * factor - 1) <= TOLERANCE for factor in (0.5, 1, 2))
        texts.append(f"{take.case.bpm:g}→{ratio * (take.case.bpm or 1):.1f}")
    errors = np.abs(np.concatenate([onset_errors(take) for take in takes])) * 1000
    p95 = float(np.percentile(errors, 95)) if len(errors) else float("nan")
    return [
        Figure("2", "tempo heard by a beat tracker, within 4 %", f"{strict} of {len(asked)}", "≥ 99 %",
               strict >= 0.99 * len(asked)),
        Figure("2", "the same, half and double tempo forgiven", f"{octave} of {len(asked)} ({', '.join(texts)})", "–",
               None),
        Figure("2", f"drum onsets against the score, {len(errors)} hits: median / 95th percentile",
               f"{np.median(errors):.1f} / {p95:.1f} ms", "≤ 10 ms", p95 <= 10),
    ]  # fmt: skip
