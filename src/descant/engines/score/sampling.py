"""Recorded sound heard in a performance: its bars laid on the performance's beats, as the stem "recording"."""

from typing import NamedTuple

import numpy as np

from descant.edit.revision import Sampled
from descant.engines.score.recording import RATE, Studio
from descant.engines.score.stretching import warped
from descant.mix import loudness
from descant.mix.filters import Filter, high_pass, high_shelf
from descant.mix.levels import Audio, apply_curve, gain
from descant.mix.limiter import limiting_gain
from descant.mix.mixdown import Mixdown
from descant.song.score import Role

CEILING = -1.0
"""True peak in dBTP that no record passes (quality.md row 7)."""

_AHEAD = 0.012  # seconds before a beat at which a sample is cut: what is struck on the beat may come a little early
_FADE = 0.008  # seconds over which one cut becomes another
_FRONT, _UNDER = 0.0, -7.0  # LU of a sample over the rest of the band, in front of it and under singing
_ROOM = 220.0  # Hz under which a sample leaves the room to the band's bass, when it is heard under singing
_DULLED = -4.0  # dB above 5 kHz, there too, for the consonants
_QUIETER = 6.0  # LU under the song's loudness at which a band counts that plays more softly, or not at all
_OPEN = 40.0  # Hz under which there is only rumble


class _Sounds(NamedTuple):
    """A sample as it is heard in front of a band and under singing."""

    front: Audio
    under: Audio


def with_sample(mixdown: Mixdown, sampled: Sampled, recorded: Audio, studio: Studio) -> Mixdown:
    """Return a performance in which a sample of a recording is heard, as loud as it was without.

    Parameters
    ----------
    recorded : float32 (samples, 2), all of the sample's source.
    """
    sound = warped(recorded, sampled.moments, sampled.spacing, sampled.semitones, _AHEAD)
    sounds = _Sounds(
        Filter([high_pass(_OPEN)]).process(sound.copy()),
        Filter([high_pass(_ROOM), high_shelf(5000.0, _DULLED)]).process(sound.copy()),
    )
    _levelled(sounds, sampled, mixdown)
    stem = _laid_out(sampled, sounds, studio.scratch(mixdown.master.shape))
    before = loudness.integrated(mixdown.master)
    stems = {**mixdown.stems, Role.RECORDING: stem}
    master = mixdown.master
    master += stem
    if before > loudness.SILENCE:
        _brought_back(stems, master, before)
    return Mixdown(master, stems, loudness.integrated(master), loudness.true_peak(master), mixdown.recall)


def _laid_out(sampled: Sampled, sounds: _Sounds, out: Audio) -> Audio:
    """Return a stem with the bars of a sample where they are heard, each a short crossfade longer than it is."""
    fade = round(_FADE * RATE)
    rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(fade) + 0.5) / fade)).astype(np.float32)[:, None]
    for bars in sampled.bars:
        first = round(bars.first * sampled.spacing * RATE)
        samples = round(bars.beats * sampled.spacing * RATE)
        piece = (sounds.under if bars.under else sounds.front)[first : first + samples + fade].copy()
        at = round((bars.at - _AHEAD) * RATE)
        piece, at = piece[max(0, -at) :], max(0, at)
        piece = piece[: max(0, len(out) - at)]
        if len(piece) <= 2 * fade:
            continue
        piece[:fade] *= rise
        piece[-fade:] *= rise[::-1]
        out[at : at + len(piece)] += piece
    return out


def _levelled(sounds: _Sounds, sampled: Sampled, mixdown: Mixdown) -> None:
    """Bring a sample to its level beside the band, for where it is in front and where it is under singing, in place."""
    quietest = loudness.integrated(mixdown.master) - _QUIETER
    for sound, under, wanted in ((sounds.front, False, _FRONT), (sounds.under, True, _UNDER)):
        beside = [
            mixdown.master[round(b.at * RATE) : round((b.at + b.beats * sampled.spacing) * RATE)]
            for b in sampled.bars
            if b.under == under
        ]
        level = loudness.integrated(sound)
        if beside and level > loudness.SILENCE:
            band = max(quietest, loudness.integrated(np.concatenate(beside)))
            sound *= np.float32(gain(band + wanted - level))


def _brought_back(stems: dict[Role, Audio], master: Audio, wanted: float) -> None:
    """Bring a record and its stems to a loudness and under the ceiling, in place."""
    change = np.float32(gain(wanted - loudness.integrated(master)))
    curve = limiting_gain(loudness.true_peak_curve(master) * change, 0.97 * gain(CEILING)) * change
    for audio in (master, *stems.values()):
        apply_curve(audio, curve, float(curve[0]))
