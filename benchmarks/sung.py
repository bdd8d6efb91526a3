"""Sung recordings of which everything is known: our own voices over a band that another synthesizer plays.

The songs are those of ``truth/sung_*.toml``. The product's singers sing the lead, dry and in the middle of the stereo
picture; FluidSynth plays the band with a bank the product does not use (:mod:`benchmarks.truth`). So the pitch that was
sung is known at each moment, as are the notes and when each word begins. It is the product's own way of singing that is
heard: real voices are measured beside it where there is truth.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks import truth
from descant.perform.voice import ensemble, frames, singer
from descant.perform.voice.delivery import delivery
from descant.song.document import WordTime
from descant.song.score import Note, Part, Role, Score, VocalPart

RATE = truth.RATE
FRAME_SECONDS = 0.01
SOUNDING = 1e-3
"""Share of a voice's highest power, over 50 ms, from which it counts as sounding (−30 dB)."""


@dataclass(frozen=True)
class Sung:
    """A lead and its band, each float32 (samples, 2) at 48 kHz, and what is known of the lead.

    Attributes
    ----------
    pitch : MIDI number the lead sings or plays, every 10 ms; nan where it is silent or voiceless.
    notes : rows of (start, stop, pitch).
    words : when each word is sung; none for instruments.
    """

    name: str
    score: Score
    lead: NDArray[np.float32]
    band: NDArray[np.float32]
    pitch: NDArray[np.float64]
    notes: NDArray[np.float64]
    words: tuple[WordTime, ...] = ()

    def mixed(self, level: float) -> NDArray[np.float32]:
        """Return lead and band, the lead ``level`` dB above the band in energy while it sounds; peak 0.9."""
        return mixed(self.lead, self.band, level)


def mixed(lead: NDArray[np.float32], band: NDArray[np.float32], level: float) -> NDArray[np.float32]:
    """Return a lead over a band, ``level`` dB above it in energy while the lead sounds; peak 0.9."""
    sounding = np.repeat(sounds(lead), round(FRAME_SECONDS * RATE))
    sounding = np.pad(sounding, (0, max(0, len(lead) - len(sounding))))[: len(lead)]
    powers = [float(np.square(part[sounding], dtype=np.float64).sum()) for part in (lead, band)]
    both = lead * np.float32(np.sqrt(powers[1] / max(powers[0], 1e-12) * 10 ** (level / 10))) + band
    return np.asarray(both * np.float32(0.9 / max(float(np.abs(both).max()), 1e-9)), np.float32)


def sounds(audio: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return for each 10 ms whether anything sounds."""
    hop = round(FRAME_SECONDS * RATE)
    power = np.square(audio[: len(audio) // hop * hop], dtype=np.float64).sum(axis=1).reshape(-1, hop).mean(axis=1)
    smooth = np.convolve(power, np.ones(5) / 5, mode="same")
    return np.asarray(smooth > SOUNDING * smooth.max(initial=1e-12))


def sung(name: str, bank: Path = truth.SOUND_BANK, cache: Path | None = None) -> Sung:
    """Return a song of ``truth/sung_*.toml``, sung.

    Parameters
    ----------
    bank : what FluidSynth plays the band with.
    cache : folder of spoken lines, shared by all songs.
    """
    return performed(name, truth.written(name), bank, cache)


def performed(name: str, score: Score, bank: Path = truth.SOUND_BANK, cache: Path | None = None) -> Sung:
    """Return a score with its lead sung by the voice it is written for; parameters are those of :func:`sung`."""
    part = next(vocal for vocal in score.vocals if vocal.role is Role.LEAD_VOCAL)
    band = _band(name, score, bank)
    lead = singer.render(part, score, 0, 0, len(band), cache)
    rows = sorted((*score.performed(n), float(n.pitch)) for phrase in part.phrases for n in phrase.notes)
    pitch = sung_pitch(part, score, len(band), cache)
    return Sung(name, score, lead, band, pitch, np.array(rows), singer.word_times(part, score, 0, cache))


def played(name: str, instrument: str, bank: Path = truth.SOUND_BANK) -> Sung:
    """Return a song of ``truth/sung_*.toml`` with its lead played by an instrument preset instead of sung."""
    score = truth.written(name)
    vocal = next(v for v in score.vocals if v.role is Role.LEAD_VOCAL)
    notes = [
        Note(n.start, n.duration, n.pitch, n.velocity, n.shift, n.scoop, n.vibrato)
        for p in vocal.phrases
        for n in p.notes
    ]
    lead = Part("lead", Role.FX, instrument, tuple(sorted(notes, key=lambda note: note.start)))
    alone = msgspec.structs.replace(score, parts=(lead,), vocals=())
    sound = truth.play(name, alone, bank).audio
    band = _band(name, score, bank)
    length = max(len(sound), len(band))
    sound, band = (np.pad(audio, ((0, length - len(audio)), (0, 0))) for audio in (sound, band))
    rows = np.array(sorted((*score.performed(n), float(n.pitch)) for n in notes))
    times = np.arange(length // round(FRAME_SECONDS * RATE)) * FRAME_SECONDS
    pitch = np.full(len(times), np.nan)
    for start, stop, key in rows:
        pitch[(times >= start) & (times < stop)] = key
    return Sung(name, score, sound, band, pitch, rows)


def _band(name: str, score: Score, bank: Path) -> NDArray[np.float32]:
    return truth.play(name, msgspec.structs.replace(score, vocals=()), bank).audio


def sung_pitch(
    part: VocalPart, score: Score, samples: int, cache: Path | None = None, seed: int = 0
) -> NDArray[np.float64]:
    """Return the pitch a singer is driven with, in MIDI numbers every 10 ms; nan where no voiced sound is made.

    ``samples`` is the length at 48 kHz, ``seed`` the one the part is sung with, ``cache`` a folder of spoken lines.
    """
    times = np.arange(samples // round(FRAME_SECONDS * RATE)) * FRAME_SECONDS
    pitch = np.full(len(times), np.nan)
    take = ensemble.takes(part)[0]
    phrases = [phrase for phrase in part.phrases if phrase.notes]
    for phrase, line in zip(phrases, singer._spoken(phrases, take.voice, cache), strict=True):
        laid = singer._layout(phrase, line, take, score, seed)
        inside = np.flatnonzero((times >= laid.start) & (times <= laid.stop))
        clock = times[inside[0]] + 0.005 * np.arange(2 * len(inside))
        named, way = singer._stream_name(part, phrase), delivery(phrase.delivery)
        cents, sway = singer._melody(laid, line, clock, way, take, seed, named)
        timbre = way.timbre(ensemble.throat(take, seed))
        built = frames.build(laid, line, clock, cents, sway, timbre, take.voice.range.passage, seed, named)
        pitch[inside] = np.where(built.voiced[::2] > 0.5, cents[::2] / 100.0, np.nan)
    return pitch
