"""Recordings of which everything is known: written scores, played by another synthesizer with another sound bank.

A take of ``truth/*.toml`` is written by our own composer, its tempo made to drift where the file says so, and played by
FluidSynth with the bank of Debian's ``timgm6mb-soundfont`` stem by stem; chorales are those of music21's corpus.
The product plays neither with that program nor with those sounds, so that listening is not measured on its own echo.
Files of the set "tune" are for choosing constants, those of "report" for figures, and neither are in the other.
"""

import subprocess
import tempfile
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
import soundfile
from music21 import corpus, note
from numpy.typing import NDArray
from symusic import Score as Midi

from descant.engines.score.engine import write
from descant.media import midi
from descant.song.brief import Brief
from descant.song.score import Note, Part, Role, Score, SungNote
from descant.song.streams import stream
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import QUALITIES, Chord, Key, parse_pitch_class, pitch_class_name

RATE = 48_000
SOUND_BANK = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
FOLDER = Path(__file__).parent / "truth"
GAIN = 0.4
"""FluidSynth's master gain, at which a full band stays below full scale."""

HARTE = {
    "": "maj",
    "m": "min",
    "6": "maj6",
    "m6": "min6",
    "m7": "min7",
    "mmaj7": "minmaj7",
    "m7b5": "hdim7",
    "7sus4": "sus4(b7)",
    "add9": "maj(9)",
    "madd9": "min(9)",
    "m9": "min9",
    "7b9": "7(b9)",
    "7#9": "7(#9)",
}
"""Chord qualities in the syntax of Harte (ISMIR 2005), which mir_eval reads, where they are written otherwise."""


@dataclass(frozen=True)
class Recording:
    """A score and how it sounds: ``audio`` and the ``stems`` it is the sum of, float32 (samples, 2) at 48 kHz."""

    name: str
    score: Score
    stems: dict[Role, NDArray[np.float32]]

    @cached_property
    def audio(self) -> NDArray[np.float32]:
        """The sum of all stems."""
        return np.sum(list(self.stems.values()), axis=0, dtype=np.float32)

    @property
    def beat_length(self) -> float:
        """Quarter notes between two beats: dotted quarters in 6/8 and 12/8."""
        return 1.5 if self.score.metre.unit == 8 else 1.0

    @property
    def beats(self) -> NDArray[np.float64]:
        """Times of the beats in seconds."""
        return np.array([self.score.seconds(b) for b in np.arange(0.0, self.score.length, self.beat_length)])

    @property
    def downbeats(self) -> NDArray[np.float64]:
        """Times of the bar lines in seconds."""
        return np.array([self.score.seconds(b) for b in np.arange(0.0, self.score.length, self.score.metre.bar_length)])

    @property
    def bpm(self) -> float:
        """Middle tempo in quarter notes a minute."""
        return 60.0 * self.beat_length / float(np.median(np.diff(self.beats)))

    @property
    def chords(self) -> tuple[NDArray[np.float64], list[str]]:
        """Intervals in seconds and labels as mir_eval reads them."""
        spans = self.score.chords
        times = [(self.score.seconds(s.start), self.score.seconds(s.start + s.duration)) for s in spans]
        return np.array(times).reshape(-1, 2), [harte(span.chord) for span in spans]

    @property
    def sections(self) -> tuple[NDArray[np.float64], list[str]]:
        """Intervals in seconds and kinds of the sections."""
        stops = [s.start + s.bars * self.score.metre.bar_length for s in self.score.sections]
        times = [
            (self.score.seconds(s.start), self.score.seconds(stop))
            for s, stop in zip(self.score.sections, stops, strict=True)
        ]
        return np.array(times).reshape(-1, 2), [section.kind.value for section in self.score.sections]

    def notes(self, *roles: Role) -> list[tuple[float, float, int, int]]:
        """Return (start, stop, pitch, velocity) of what the roles play or sing, or all of them, by start."""
        played: list[Note | SungNote] = [
            played for part in self.score.parts if not roles or part.role in roles for played in part.notes
        ]
        sung = [v for v in self.score.vocals if not roles or v.role in roles]
        played += [sung_note for part in sung for phrase in part.phrases for sung_note in phrase.notes]
        return sorted((*self.score.performed(n), n.pitch, n.velocity) for n in played)


def harte(chord: Chord) -> str:
    """Return a chord's label in Harte's syntax; an inversion's bass is an interval there and is left out."""
    quality = HARTE.get(chord.quality, chord.quality)
    return f"{pitch_class_name(chord.root)}:{quality if chord.quality in QUALITIES else 'maj'}"


def drifting(score: Score, depth: float, seed: int) -> Score:
    """Return the score with its tempo swaying by up to ``depth`` (a share) in waves of 8 to 50 beats."""
    waves = stream(seed, "truth.drift")
    lengths, phases = waves.uniform((8.0, 20.0, 35.0), (14.0, 30.0, 50.0)), waves.uniform(0.0, 2 * np.pi, 3)
    beats = np.arange(0.0, score.length, 0.5)
    sway = sum(np.sin(2 * np.pi * beats / length + phase) for length, phase in zip(lengths, phases, strict=True)) / 3
    bpms = [score.tempo_map.bpm(beat) * (1.0 + depth * s) for beat, s in zip(beats, sway, strict=True)]
    tempo = tuple(TempoChange(float(beat), float(bpm)) for beat, bpm in zip(beats, bpms, strict=True))
    return msgspec.structs.replace(score, tempo=tempo)


def songs(purpose: str) -> list[str]:
    """Return the names of the songs of a set: "tune" or "report"."""
    data = tomllib.loads((FOLDER / f"{purpose}.toml").read_text(encoding="utf-8"))
    return list(data)


def written(name: str) -> Score:
    """Return the score of a song of either set."""
    for path in sorted(FOLDER.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        if name in data:
            drift = data[name].pop("drift", 0.0)
            brief = Brief(**{"max_seconds": 60.0, **data[name]})
            score = write(brief)[2]
            return drifting(score, drift, brief.seed) if drift else score
    raise KeyError(f"no song {name!r} in {FOLDER}")


CHORALES = (
    ("bwv66.6", "grand_piano", 80), ("bwv269", "harpsichord", 92), ("bwv347", "nylon_guitar", 76),
    ("bwv153.1", "strings", 72), ("bwv86.6", "church_organ", 84), ("bwv267", "flute", 88),
    ("bwv281", "trumpet", 100), ("bwv17.7", "choir_aahs", 96),
)  # fmt: skip
"""Chorales of Bach: number, instrument preset, quarter notes a minute."""


def chorale(number: str, instrument: str, bpm: float) -> Score:
    """Return a chorale of music21's corpus as a score of four parts; its fermatas are not held."""
    work = corpus.parse(f"bach/{number}")
    first = work.parts[0].getElementsByClass("Measure")[0]
    signature = work.recurse().getElementsByClass("TimeSignature")[0]
    metre = Metre(signature.numerator, signature.denominator)
    pickup = float(first.duration.quarterLength) % metre.bar_length
    parts = []
    for i, voice in enumerate(work.parts[:4]):
        line = voice.stripTies().flatten().getElementsByClass(note.Note)
        notes = [Note(float(n.offset) - pickup, float(n.duration.quarterLength) * 0.97, n.pitch.midi, 84) for n in line]
        parts.append(Part(f"voice {i + 1}", Role.KEYBOARD, instrument, tuple(notes)))
    analysed = work.analyze("key")
    return Score(
        title=number,
        tempo=(TempoChange(0.0, bpm),),
        metre=metre,
        key=Key(parse_pitch_class(analysed.tonic.name.replace("-", "b")), analysed.mode),
        sections=(),
        chords=(),
        parts=tuple(parts),
        vocals=(),
        length=float(work.highestTime) - pickup,
        lead_in=0.4 + pickup * 60.0 / bpm,
    )


def play(name: str, score: Score, bank: Path = SOUND_BANK) -> Recording:
    """Return a score as FluidSynth plays it, its human timing included.

    Raises
    ------
    FileNotFoundError : when FluidSynth or the bank is not installed.
    """
    if not bank.is_file():
        raise FileNotFoundError(f"{bank} is missing: scripts/system-packages.sh develop installs it")
    roles = [role for role in Role if any(p.role is role for p in (*score.parts, *score.vocals))]
    takes = {role: _synthesised(_only(score, role), bank) for role in roles}
    samples = max(len(take) for take in takes.values())
    stems = {role: np.pad(take, ((0, samples - len(take)), (0, 0))) for role, take in takes.items()}
    return Recording(name, score, stems)


def _only(score: Score, role: Role) -> Score:
    return msgspec.structs.replace(
        score,
        parts=tuple(part for part in score.parts if part.role is role),
        vocals=tuple(part for part in score.vocals if part.role is role),
    )


def at_one_tempo(file: bytes) -> bytes:
    """Return a MIDI file with the same events at the same times, to half a millisecond, without changes of tempo.

    FluidSynth gains a quarter of a millisecond at each of them: 40 ms by the end of a song whose tempo sways.
    """
    timed = Midi.from_midi(file).to("second")
    timed.tempos = []
    return timed.to("tick").dumps_midi()


def _synthesised(score: Score, bank: Path) -> NDArray[np.float32]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "score.mid", Path(folder) / "score.wav"
        source.write_bytes(at_one_tempo(midi.encode(score)))
        # -O float, no chorus: the sum of the stems is what all of them played at once
        command = ["fluidsynth", "-niq", "-C", "0", "-r", str(RATE), "-g", str(GAIN), "-T", "wav", "-O", "float"]
        command += ["-F", str(target), str(bank), str(source)]
        subprocess.run(command, check=True, capture_output=True)
        return soundfile.read(target, dtype="float32", always_2d=True)[0]
