"""Stems to learn separation from: what sings, strikes, holds the bass and plays besides, each by itself.

Songs are our own composer's. Their voices are the product's, dealt anew, their players those of the product in every
other song, and of FluidSynth with FluidR3, dealt other instruments, in the rest.
"""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import soundfile
import symusic
from numpy.typing import NDArray

from descant.compose.styles import names
from descant.engines.score.engine import write
from descant.media import midi
from descant.perform.instruments import player
from descant.perform.instruments.bank import open_bank
from descant.perform.voice import singer, voices
from descant.song.brief import Brief
from descant.song.score import Part, Role, Score
from descant.song.streams import stream
from training.renders import RATE, SOUND_BANK

SECONDS = 45
SAMPLES = SECONDS * RATE
OTHERS = 4
"""Players beside drums and bass that are kept of each song."""

SUBJECTS = (
    "the sea in winter", "leaving town at night", "an old friend", "dancing in the kitchen", "a train that never came",
    "the first snow", "losing and finding my way", "fire on the hill", "a letter from home", "the lights of the city",
)  # fmt: skip
KITS = (0, 0, 8, 16, 24, 25, 32, 40, 48)
BASSES = (*range(32, 40), 33, 34, 38, 87)
VOICELIKE = frozenset({52, 53, 54, 85, 91})
"""Programs that imitate voices: what they are would be anybody's guess."""

LAST_PITCHED = 96
Mono = NDArray[np.int16]


@dataclass(frozen=True)
class Stems:
    """The sources of a song, int16 at 48 kHz: ``voice`` and ``bass`` (samples,), ``drums`` and ``others`` (k, samples).

    The two rows of ``drums`` are the left and the right. What is silent has its place all the same.
    """

    voice: Mono
    bass: Mono
    drums: Mono
    others: Mono


def stems(number: int, folder: Path) -> Stems:
    """Return the stems of a song, from ``folder`` if they were rendered before; the same number is the same song."""
    path = folder / f"{number}.npz"
    if not path.is_file():
        made = _made(number)
        np.savez(path.with_suffix(".part.npz"), **{name: getattr(made, name) for name in Stems.__annotations__})
        path.with_suffix(".part.npz").rename(path)
    with np.load(path) as data:
        return Stems(**{name: data[name] for name in Stems.__annotations__})


def _made(number: int) -> Stems:
    draw = stream(number, "separation.songs")
    styles = sorted(names())
    style, gender = styles[number * 7 % len(styles)].replace("_", " "), ("female", "male")[number % 2]
    brief = Brief(
        seed=700_000 + number,
        tags=f"{style}, {gender} voice" + (", rap" if number % 8 == 5 else ""),
        description=SUBJECTS[number % len(SUBJECTS)],
        max_seconds=SECONDS + 15.0,
    )
    score = write(brief)[2]
    struck = [p for p in score.parts if p.role in (Role.DRUMS, Role.PERCUSSION)]
    low = [p for p in score.parts if p.role is Role.BASS]
    rest = [p for p in score.parts if p not in struck and p not in low and p.role is not Role.FX and p.notes]
    kept = [rest[i] for i in draw.permutation(len(rest))[:OTHERS]]
    play = _by_product if number % 2 else _by_fluidsynth
    drums = sum((play(p, score, number) for p in struck), np.zeros((SAMPLES, 2), np.float32))
    bass = sum((play(p, score, number) for p in low), np.zeros((SAMPLES, 2), np.float32))
    others = [play(p, score, number).mean(axis=1) for p in kept]
    others += [np.zeros(SAMPLES, np.float32)] * (OTHERS - len(others))
    return Stems(_even(_sung(score, number)), _even(bass.mean(axis=1)), _even(drums.T), _even(np.stack(others)))


def _even(sound: NDArray[np.float32]) -> Mono:
    """Return a sound with each row's loudest moment at three quarters of full scale."""
    peak = np.abs(sound).max(axis=-1, keepdims=True)
    scale = np.where(peak > 1e-4, 0.75 * 32767 / np.maximum(peak, 1e-4), 0.0)
    return np.asarray(np.round(sound * scale), np.int16)


def _sung(score: Score, number: int) -> NDArray[np.float32]:
    """Return all voices of a song, the lead's dealt anew in every second one, those behind it often left out."""
    draw = stream(number, "separation.voices")
    total = np.zeros(SAMPLES, np.float32)
    for part in score.vocals:
        if part.role is not Role.LEAD_VOCAL and draw.random() < 0.5:
            continue
        if draw.random() < 0.5:
            centre = voices.load(part.voice).range.centre
            near = [name for name in voices.names() if abs(voices.load(name).range.centre - centre) <= 7]
            part = msgspec.structs.replace(part, voice=near[draw.integers(len(near))])
        share = 1.0 if part.role is Role.LEAD_VOCAL else draw.uniform(0.2, 0.7)
        total += np.float32(share) * singer.render(part, score, number, 0, SAMPLES).mean(axis=1)
        singer.forget()
    return total


def _by_product(part: Part, score: Score, number: int) -> NDArray[np.float32]:
    return player.render(part, score, open_bank(None), number, 0, SAMPLES)


def _by_fluidsynth(part: Part, score: Score, number: int) -> NDArray[np.float32]:
    """Return a part on an instrument of its kind that is dealt to it, in half of the songs with FluidSynth's rooms."""
    draw = stream(number, f"separation.instruments.{part.name}")
    alone = symusic.Score.from_midi(midi.encode(msgspec.structs.replace(score, parts=(part,), vocals=()))).to("second")
    pitched = [i for i in range(LAST_PITCHED) if i not in VOICELIKE and i not in BASSES]
    for track in alone.tracks:
        pool = KITS if track.is_drum else BASSES if part.role is Role.BASS else pitched
        if track.is_drum or track.program in VOICELIKE or draw.random() < 0.6:
            track.program = int(pool[draw.integers(len(pool))])
    alone = alone.clip(0, SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.mid", Path(folder) / "a.wav"
        source.write_bytes(alone.to("tick").dumps_midi())
        command = ["fluidsynth", "-niq", "-C", "0", "-R", str(number // 2 % 2), "-r", str(RATE), "-g", "0.4"]
        command += ["-o", "synth.dynamic-sample-loading=1", "-T", "wav", "-O", "float", "-F", str(target)]
        subprocess.run([*command, str(SOUND_BANK), str(source)], check=True, capture_output=True)
        sound = soundfile.read(target, dtype="float32", always_2d=True)[0][:SAMPLES]
    return np.pad(sound, ((0, SAMPLES - len(sound)), (0, 0)))
