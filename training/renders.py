"""Recordings to learn from: composed songs whose players were dealt other instruments, with every note known."""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from symusic import ControlChange, Score

from descant.compose.styles import names
from descant.engines.score.engine import write
from descant.media import midi
from descant.song.brief import Brief
from descant.song.streams import stream

SOUND_BANK = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
RATE = 48_000
SECONDS = 45.0
VOLUME, PAN = 7, 10
LAST_PITCHED = 96
"""General MIDI programs from here on are effects and noises."""

HELD = (*range(16, 23), *range(40, 43), *range(48, 55), 68, *range(71, 76), 79, *range(88, 92), 94)
"""Programs that sound as long as they are held, many with a slow attack: harder to hear, so dealt more often."""

SYLLABLES = "[Verse]\nla la la la la la la\nla la la la la\nla la la la la la la\nla la la"
"""Words that give a song a sung melody, which an instrument plays here."""


@dataclass(frozen=True)
class Render:
    """A recording, float32 (samples, 2) at 48 kHz, and what is played in it.

    ``notes`` are rows of (start, stop, pitch), ``hits`` rows of (start, General MIDI key, velocity).
    """

    audio: NDArray[np.float32]
    notes: NDArray[np.float64]
    hits: NDArray[np.float64]


def renders(count: int, first: int = 0) -> Iterator[Render]:
    """Yield ``count`` recordings, number ``first`` on; the same number is the same recording."""
    styles = sorted(names())
    for number in range(first, first + count):
        brief = Brief(
            seed=900_000 + number,
            tags=f"{styles[number * 7 % len(styles)].replace('_', ' ')}",
            instrumental=number % 3 == 0,
            lyrics="" if number % 3 == 0 else SYLLABLES,
            max_seconds=SECONDS + 15,
        )
        yield _render(brief, number)


def _render(brief: Brief, number: int) -> Render:
    dealt = redealt(Score.from_midi(midi.encode(write(brief)[2])), number)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.mid", Path(folder) / "a.wav"
        source.write_bytes(dealt.dumps_midi())
        command = ["fluidsynth", "-niq", "-r", str(RATE), "-g", "0.4", "-T", "wav", "-O", "float", "-F", str(target)]
        subprocess.run([*command, str(SOUND_BANK), str(source)], check=True, capture_output=True)
        audio = soundfile.read(target, dtype="float32", always_2d=True)[0][: round(SECONDS * RATE)]
    peak = float(np.abs(audio).max(initial=1e-6))
    loudness = stream(number, "training.loudness").uniform(0.2, 0.95)
    timed = dealt.to("second")
    pitched = [(n.start, n.end, n.pitch) for t in timed.tracks if not t.is_drum for n in t.notes]
    struck = [(n.start, n.pitch, n.velocity) for t in timed.tracks if t.is_drum for n in t.notes]
    return Render(audio * np.float32(loudness / peak), _array(pitched), _array(struck))


def _array(rows: list[tuple[float, ...]]) -> NDArray[np.float64]:
    kept = sorted(row for row in rows if row[0] < SECONDS - 0.1)
    return np.array(kept, np.float64).reshape(-1, 3)


def redealt(score: Score, number: int) -> Score:
    """Return the score with instruments, levels and places dealt anew, without pedals, whose ends are not written."""
    draw = stream(number, "training.instruments")
    kept = []
    drums_stay = draw.random() < 0.75
    volumes = draw.integers(65, 128, len(score.tracks))
    for i, track in enumerate(score.tracks):
        if not track.notes or (track.is_drum and not drums_stay):
            continue
        if not track.is_drum and draw.random() < 0.7:
            held = draw.random() < 0.45
            track.program = int(HELD[draw.integers(len(HELD))] if held else draw.integers(LAST_PITCHED))
        if not track.is_drum and draw.random() < 0.3 and len(kept) > 1:
            continue  # thinner bands, as much music has
        place = int(np.clip(64 + draw.normal(0, 22), 10, 118))
        track.controls = [ControlChange(0, VOLUME, int(volumes[i])), ControlChange(0, PAN, place)]
        kept.append(track)
    score.tracks = kept
    return score
