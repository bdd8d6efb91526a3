"""The lead network: which pitch is the lead's, from renders of our songs whose leads are sung by our voices or played.

A lead is sung by a voice that holds it, or played by an instrument dealt anew; its band too is dealt other instruments.
They are mixed at −7 to 6 dB, half of them in a room, some beside the middle, some in mono, some without a band.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import soundfile
from benchmarks import sung
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import fftconvolve
from symusic import Score

from descant.compose.styles import names
from descant.engines.score.engine import write
from descant.listen import leads
from descant.listen.posteriors import FRAMES_PER_SECOND, LOWEST
from descant.media import midi
from descant.perform.voice import singer, voices
from descant.song.brief import Brief
from descant.song.score import Role, VocalPart
from descant.song.score import Score as Written
from descant.song.streams import stream
from training import fitting
from training.renders import RATE, SOUND_BANK, redealt

TARGET = Path(leads.__file__).with_name("lead_network.npz")
COUNT = 28
HIDDEN = (64, 32)
EPOCHS = 8
SECONDS = 50.0
ABOUT = ("rain on the roof", "a boat in the harbour", "old friends in the city", "fire in the hills",
         "una noche en la ciudad", "ein Sommer am Meer", "un train dans la nuit", "una casa sul mare",
         "birds over the river", "love that went wrong")  # fmt: skip
PLAYERS = (0, 4, 11, 22, 24, 26, 27, 29, 30, 40, 40, 41, 42, 52, 56, 56, 57, 60, 61, 64, 65, 66, 67, 68, 71, 73, 73, 75,
           78, 80, 81, 84)  # fmt: skip
"""General MIDI programs, from 0, that leads are played with."""

TALKED = ("rap", "spoken", "whispered")
AROUND_SECONDS, AROUND, APART = 4.0, 0.02, 0.35
"""Frames count less (0.35) where in four seconds there is less lead than a fiftieth: another solo may sound there."""

ON, NEAR, TEMPTING, OTHERS = 0.5, 0.25, 0.3, 0.006
"""Share of the rows learned from: the lead's own, beside it, where something sounds, elsewhere."""

Audio = NDArray[np.float32]


@dataclass(frozen=True)
class Render:
    """A lead and its band, float32 (samples, 2), and the lead's pitch every 10 ms, nan where it is silent."""

    number: int
    lead: Audio
    band: Audio
    pitch: NDArray[np.float64]


def train() -> None:
    """Render, train, and write the network beside the code that uses it."""
    fitting.learn(recordings(COUNT), lambda render, _: examples(render), HIDDEN, EPOCHS, 1, TARGET)


def recordings(count: int) -> Iterator[Render]:
    """Yield the recordings of numbers below ``count`` that have a lead to speak of; a number is always the same."""
    styles = sorted(names())
    for number in range(count):
        brief = Brief(
            seed=800_000 + number,
            tags=styles[(number * 11 + 3) % len(styles)].replace("_", " "),
            description=ABOUT[number % len(ABOUT)],
            max_seconds=70.0,
            vocal_gender=("f", "m")[number % 2],
        )
        score = write(brief)[2]
        part = next((vocal for vocal in score.vocals if vocal.role is Role.LEAD_VOCAL), None)
        if part is not None:
            made = _render(number, score, part)
            if np.isfinite(made.pitch).mean() >= 0.15:
                yield made


def _render(number: int, score: Written, part: VocalPart) -> Render:
    draw = stream(number, "training.leads")
    alone = Score.from_midi(midi.encode(msgspec.structs.replace(score, vocals=())))
    band = _synthesised(redealt(alone, number) if draw.random() < 0.7 else alone)
    talked = any(phrase.delivery in TALKED for phrase in part.phrases)
    if number % 3 == 2 or talked:
        lead, pitch = _played(score, part, draw)
    else:
        lead, pitch = _sung(score, part, len(band), number, draw)
    samples = min(len(lead), len(band), round(SECONDS * RATE))
    return Render(number, lead[:samples], band[:samples], pitch[: samples // round(sung.FRAME_SECONDS * RATE)])


def _played(score: Written, part: VocalPart, draw: np.random.Generator) -> tuple[Audio, NDArray[np.float64]]:
    line = Score.from_midi(midi.encode(msgspec.structs.replace(score, parts=(), vocals=(part,))))
    program, up = int(PLAYERS[draw.integers(len(PLAYERS))]), int(draw.choice([0, 0, 12]))
    for track in line.tracks:
        track.program, track.controls = program, []
        for note in track.notes:
            note.pitch += up
    audio = _synthesised(line)
    times = np.arange(len(audio) // round(sung.FRAME_SECONDS * RATE)) * sung.FRAME_SECONDS
    pitch = np.full(len(times), np.nan)
    for note in sorted((n for track in line.to("second").tracks for n in track.notes), key=lambda n: n.start):
        pitch[(times >= note.start) & (times < note.end)] = note.pitch
    return audio, pitch


def _sung(
    score: Written, part: VocalPart, samples: int, number: int, draw: np.random.Generator
) -> tuple[Audio, NDArray[np.float64]]:
    keys = [note.pitch for phrase in part.phrases for note in phrase.notes]
    ranges = {name: voices.load(name).range for name in voices.names()}
    fitting_voices = [name for name, span in ranges.items() if span.low <= min(keys) and max(keys) <= span.high]
    voice = fitting_voices[draw.integers(len(fitting_voices))] if fitting_voices else part.voice
    dealt = msgspec.structs.replace(part, voice=voice)
    song = msgspec.structs.replace(score, vocals=(dealt,))
    return singer.render(dealt, song, number, 0, samples), sung.sung_pitch(dealt, song, samples, seed=number)


def _synthesised(score: Score) -> Audio:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.mid", Path(folder) / "a.wav"
        source.write_bytes(score.dumps_midi())
        command = ["fluidsynth", "-niq", "-C", "0", "-r", str(RATE), "-g", "0.4", "-T", "wav", "-O", "float"]
        subprocess.run([*command, "-F", str(target), str(SOUND_BANK), str(source)], check=True, capture_output=True)
        return soundfile.read(target, dtype="float32", always_2d=True)[0]


def mixed(render: Render) -> Audio:
    """Return lead and band as they are mixed for this number."""
    draw = stream(render.number, "training.mix")
    lead, band = render.lead, render.band
    if draw.random() < 0.5:
        lead = _in_room(lead, draw)
    place = draw.random()
    if place < 0.15:
        angle = draw.uniform(0.35, 1.2)
        lead = lead * np.array([np.cos(angle), np.sin(angle)], np.float32) * np.float32(np.sqrt(2.0))
    if draw.random() < 0.25:
        band = np.repeat(band.mean(axis=1, keepdims=True), 2, axis=1)
    if draw.random() < 0.1:
        both = lead * np.float32(0.5 / max(float(np.abs(lead).max()), 1e-9))
    else:
        both = sung.mixed(lead, band, float(draw.uniform(-7.0, 6.0)))
    return np.asarray(both * np.float32(draw.uniform(0.15, 1.0)), np.float32)


def _in_room(dry: Audio, draw: np.random.Generator) -> Audio:
    length = round(draw.uniform(0.15, 0.7) * RATE)
    decay = np.exp(-6.9 * np.arange(length) / length)[:, None]
    echo = (draw.normal(size=(length, 2)) * decay).astype(np.float32)
    echo /= np.sqrt((echo**2).sum(axis=0))
    wet = np.stack([fftconvolve(dry[:, side], echo[:, side])[: len(dry)] for side in (0, 1)], axis=1)
    return np.asarray(dry + np.float32(draw.uniform(0.05, 0.35)) * wet, np.float32)


def examples(render: Render) -> fitting.Examples:
    """Return inputs, targets and weights of rows drawn from a recording."""
    seen = leads.views(mixed(render))
    frames, inputs = len(seen.inner.pitch), leads.Inputs(seen)
    target, sounding = _truth(render.pitch, frames)
    inside = slice(leads.LOWEST_KEY - LOWEST, leads.HIGHEST_KEY - LOWEST + 1)
    heard = (seen.middle.note, leads.near(seen.inner), leads.near(seen.outer))
    tempting = np.maximum.reduce([view[:, inside] for view in heard]) > 0.12
    share = np.select([target > 0.5, target > 0.0, tempting], [ON, NEAR, TEMPTING], OTHERS)
    chosen = stream(render.number, "training.rows").random(share.shape) < share
    rows = []
    for first in range(0, frames, 512):
        last = min(first + 512, frames)
        rows.append(inputs(first, last)[chosen[first:last].reshape(-1)].astype(np.float16))
    around = uniform_filter1d(sounding.astype(np.float64), round(AROUND_SECONDS * FRAMES_PER_SECOND)) > AROUND
    weight = np.minimum(np.minimum(1.0 / share, 60.0) * np.where(around, 1.0, APART)[:, None], 40.0)
    return np.concatenate(rows), target[chosen][:, None], weight[chosen].astype(np.float32)


def _truth(pitch: NDArray[np.float64], frames: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return how much the lead is at each key in each frame (1 within a third of a semitone), and whether it sounds."""
    at = np.round(np.arange(frames) / FRAMES_PER_SECOND / sung.FRAME_SECONDS).astype(int)
    sounded = pitch[np.clip(at, 0, len(pitch) - 1)]
    away = np.abs(sounded[:, None] - np.arange(leads.LOWEST_KEY, leads.HIGHEST_KEY + 1)[None, :])
    target = np.where(np.isfinite(away), np.clip(1.4 - 1.2 * away, 0.0, 1.0), 0.0)
    return target.astype(np.float32), np.isfinite(sounded)
