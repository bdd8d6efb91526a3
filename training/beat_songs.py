"""Recordings to learn beats from: written music whose beats and bar lines are known, at many speeds, in many sounds.

Three kinds take turns: songs of our own composer in all its styles, with instruments, levels and tempi dealt anew,
chorales and quartets, and dances and folk tunes of music21's corpus, whose scores are in the public domain.
They are played by FluidSynth with banks that no figure is measured with, half of them with a swaying tempo.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import soundfile
from benchmarks import truth
from music21 import converter, corpus, note
from music21 import stream as notation
from numpy.typing import NDArray
from scipy.signal import lfilter, resample_poly
from symusic import ControlChange
from symusic import Score as Midi

from descant.compose.styles import names
from descant.engines.score.engine import write
from descant.media import midi
from descant.song.brief import Brief
from descant.song.score import Note, Part, Role, Score
from descant.song.streams import stream
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key
from training.renders import SYLLABLES

BANKS = ("FluidR3_GM.sf2", "MuseScore_General_Full.sf2", "OPL-3_FM_128M.sf2", "sf_GMbank.sf2")
BANK_SHARES = (0.4, 0.35, 0.15, 0.1)
"""Of Debian: fluid-soundfont-gm, musescore-general-soundfont-lossless, opl3-soundfont, csound-soundfont."""

FOLDER = Path("/usr/share/sounds/sf2")
SYNTHESIS_RATE = 24_000
"""Samples a second: all that is listened to lies below 10 kHz."""

SECONDS = 48.0
VOLUME, PAN = 7, 10
KITS = (0, 0, 0, 8, 16, 24, 25, 26, 32, 40)
LAST_PITCHED = 96
PLAYED_ALONE = (0, 0, 0, 6, 11, 19, 21, 24, 25, 40, 42, 48, 52, 56, 60, 65, 68, 71, 73, 73, 74, 105, 110)
"""General MIDI programs of folk tunes and chorales."""

METRES = ("3/4", "6/8", "12/8")

HARD = 1000
"""Number from which recordings are of what is hard to beat time to."""

HARD_SONGS = (
    ("ballad", 54, 80), ("r and b", 54, 84), ("r and b", 54, 84), ("neo soul", 58, 90), ("power ballad", 56, 84),
    ("trip hop", 58, 86), ("lo fi hip hop", 58, 86), ("boom bap, rap", 70, 100), ("dub", 60, 86), ("blues", 54, 84),
    ("trap", 120, 164), ("trap", 58, 82), ("drill", 128, 156), ("dubstep", 132, 150), ("punk", 160, 212),
    ("punk", 160, 212), ("pop punk", 150, 206), ("ska", 140, 190), ("metal", 140, 204), ("drum and bass", 160, 182),
    ("bossa nova", 62, 92), ("bossa nova", 104, 156), ("salsa", 84, 112), ("salsa", 160, 206), ("samba", 84, 124),
    ("waltz, 3/4", 130, 198), ("pop, 3/4", 84, 190), ("musical theatre, 3/4", 100, 190), ("folk, 3/4", 84, 180),
    ("soul, 6/8", 70, 130), ("rock, 6/8", 70, 140), ("blues, 12/8", 60, 110), ("soul, 12/8", 60, 120),
    ("gospel, 12/8", 60, 110), ("reggae", 62, 90), ("jazz", 84, 210), ("country", 76, 180), ("klezmer", 100, 190),
)  # fmt: skip
"""Styles and metres, and between which quarter notes a minute."""

LINES = (56, 56, 57, 58, 60, 61, 64, 65, 66, 68, 71, 73, 40, 42, 22, 78, 80, 81)
"""Programs of lines without accompaniment: brass, reeds, strings, whistles."""
CHORALES_MEASURED = {number.removeprefix("bwv") for number, _, _ in truth.CHORALES}


@dataclass(frozen=True)
class BeatRender:
    """A recording, float32 (samples, 2) at 48 kHz, with ``beats`` and ``downbeats`` in seconds.

    ``compound`` is whether beats are dotted quarters; ``name`` is of what is played.
    """

    name: str
    audio: NDArray[np.float32]
    beats: NDArray[np.float64]
    downbeats: NDArray[np.float64]
    compound: bool


def beat_renders(count: int, first: int = 0) -> Iterator[BeatRender]:
    """Yield ``count`` recordings, number ``first`` on; the same number is the same recording."""
    makers = (_song, _song, _song, _chorale, _song, _tune)
    hard = (_hard, _hard, _chorale, _hard, _line, _hard, _chorale)
    rare = {11: _drums_alone, 23: _bare}
    for number in range(first, first + count):
        usual = rare.get(number % 24, makers[number % len(makers)])
        made = (usual if number < HARD else hard[number % len(hard)])(number)
        if made is not None:
            yield made


def _song(number: int) -> BeatRender | None:
    """Return a song of our composer, in a tempo of its style or any other."""
    draw = stream(number, "training.beats.song")
    styles = sorted(names())
    style = styles[int(draw.integers(len(styles)))]
    asked = style.replace("_", " ")
    if draw.random() < 0.4:
        asked += f", {round(float(np.exp(draw.uniform(np.log(60), np.log(180)))))} bpm"
    if draw.random() < 0.18:
        asked += f", {METRES[int(draw.integers(len(METRES)))]}"
    instrumental = bool(draw.random() < 0.4)
    lyrics = "" if instrumental else SYLLABLES
    brief = Brief(seed=700_000 + number, tags=asked, instrumental=instrumental, lyrics=lyrics, max_seconds=70.0)
    score = _swayed(write(brief)[2], number, float(np.exp(draw.normal(0.0, 0.12))))
    if score.metre.beats in (5, 7):
        return None
    return _played(f"{asked} {number}", score, _dealt(Midi.from_midi(midi.encode(score)), number), number)


def _hard(number: int) -> BeatRender | None:
    """Return a song of a kind, and at a speed, that is easily heard at another speed or from the off-beats."""
    score, asked = _hard_score(number)
    score = _swayed(score, number, 1.0)
    return _played(f"{asked} {number}", score, _dealt(Midi.from_midi(midi.encode(score)), number), number)


def _hard_score(number: int) -> tuple[Score, str]:
    draw = stream(number, "training.beats.hard")
    style, slow, fast = HARD_SONGS[int(draw.integers(len(HARD_SONGS)))]
    asked = f"{style}, {round(float(np.exp(draw.uniform(np.log(slow), np.log(fast)))))} bpm"
    instrumental = bool(draw.random() < 0.4)
    lyrics = "" if instrumental else SYLLABLES
    brief = Brief(seed=700_000 + number, tags=asked, instrumental=instrumental, lyrics=lyrics, max_seconds=70.0)
    return write(brief)[2], asked


def _line(number: int) -> BeatRender | None:
    """Return one line of a song or of a folk tune without accompaniment, in an instrument that plays such."""
    draw = stream(number, "training.beats.line")
    if draw.random() < 0.4:
        works = _works("/ryansMammoth/", 1100)
        return _from_corpus(works[int(draw.integers(len(works)))], number, most=1)
    score, asked = _hard_score(number)
    score = _swayed(score, number, 1.0)
    music = Midi.from_midi(midi.encode(score))
    pitched = [track for track in music.tracks if not track.is_drum and len(track.notes) > 24]
    if not pitched:
        return None
    track = pitched[int(draw.integers(len(pitched)))]
    track.program = int(LINES[int(draw.integers(len(LINES)))])
    music.tracks = [track]
    return _played(f"line of {asked} {number}", score, music, number)


def _drums_alone(number: int) -> BeatRender | None:
    """Return the drums of a song."""
    draw = stream(number, "training.beats.drums")
    styles = sorted(names())
    style = styles[int(draw.integers(len(styles)))].replace("_", " ")
    brief = Brief(seed=700_000 + number, tags=style, instrumental=True, max_seconds=70.0)
    score = _swayed(write(brief)[2], number, float(np.exp(draw.normal(0.0, 0.12))))
    music = Midi.from_midi(midi.encode(score))
    music.tracks = [track for track in music.tracks if track.is_drum]
    return _played(f"drums of {style} {number}", score, music, number)


def _bare(number: int) -> BeatRender | None:
    """Return the clicks of a metronome, with or without accents, or notes at any time that have no beat."""
    draw = stream(number, "training.beats.bare")
    beatless, accented = draw.random() < 0.5, draw.random() < 0.5
    metre = Metre(int(draw.choice((3, 4))), 4)
    count = 96
    at = np.sort(draw.uniform(0, count, int(draw.integers(40, 200)))) if beatless else np.arange(count, dtype=float)
    pitches = draw.integers(48, 84, len(at)) if beatless else np.full(len(at), draw.integers(60, 96))
    notes = tuple(
        Note(float(a), 0.3, int(p) + 5 * (accented and a % metre.beats == 0), 110 if a % metre.beats == 0 else 90)
        for a, p in zip(at, pitches, strict=True)
    )
    bpm = float(np.exp(draw.uniform(np.log(55), np.log(190))))
    score = Score(
        title="", tempo=(TempoChange(0.0, bpm),), metre=metre, key=Key(0, "major"), sections=(), chords=(),
        parts=(Part("clicks", Role.KEYBOARD, "grand_piano", notes),), vocals=(), length=float(count),
    )  # fmt: skip
    music = Midi.from_midi(midi.encode(_swayed(score, number, 1.0)))
    music.tracks[0].program = int(draw.choice((0, 9, 12, 13, 25, 45, 47, 73, 115, 115, 115)))
    made = _played(f"bare {number}", _swayed(score, number, 1.0), music, number)
    if made is None or (accented and not beatless):
        return made
    return replace(made, downbeats=np.zeros(0), beats=np.zeros(0) if beatless else made.beats)


def _chorale(number: int) -> BeatRender | None:
    """Return a chorale or a movement of a quartet, its fermatas sometimes held."""
    draw = stream(number, "training.beats.chorale")
    works = (
        _works("/bach/", 330 if number < HARD else 433)
        + _works("/haydn/", 5)
        + _works("/beethoven/", 20)
        + _works("/mozart/", 12)
    )
    return _from_corpus(works[int(draw.integers(len(works)))], number)


def _tune(number: int) -> BeatRender | None:
    """Return a dance tune, played alone or over its own bass."""
    draw = stream(number, "training.beats.tune")
    works = _works("/ryansMammoth/", 1100)
    return _from_corpus(works[int(draw.integers(len(works)))], number)


@cache
def _works(folder: str, most: int) -> tuple[str, ...]:
    found = sorted(str(path) for path in corpus.getCorePaths() if folder in str(path))
    return tuple(p for p in found if Path(p).stem.removeprefix("bwv") not in CHORALES_MEASURED)[:most]


def _from_corpus(path: str, number: int, most: int = 4) -> BeatRender | None:
    """Return a work of the corpus, of which at most so many voices are played."""
    try:
        work = converter.parse(path)
    except Exception as error:  # files of the corpus that its own reader cannot read
        print(f"{path}: {error}")
        return None
    signatures = list(work.recurse().getElementsByClass("TimeSignature"))
    if not signatures or len({s.ratioString for s in signatures}) > 1 or not work.parts:
        return None
    metre = Metre(signatures[0].numerator, signatures[0].denominator)
    if (metre.beats, metre.unit) not in {(4, 4), (3, 4), (2, 4), (6, 8), (12, 8), (2, 2)}:
        return None
    draw = stream(number, "training.beats.corpus")
    first = work.parts[0].getElementsByClass(notation.Measure)
    pickup = float(first[0].duration.quarterLength) % metre.bar_length if first else 0.0
    program = int(PLAYED_ALONE[int(draw.integers(len(PLAYED_ALONE)))])
    parts = [_voice(voice, pickup) for voice in work.parts[:most]]
    length = max((n.start + n.duration for part in parts for n in part), default=0.0)
    if length < 24:
        return None
    unit = 1.5 if metre.unit == 8 else 1.0
    slow, fast = (56, 120) if "/bach/" in path else (66, 190) if metre.unit == 4 else (60, 140)
    bpm = float(np.exp(draw.uniform(np.log(slow), np.log(fast)))) * unit
    score = Score(
        title=path, tempo=(TempoChange(0.0, bpm),), metre=metre, key=Key(0, "major"), sections=(), chords=(),
        parts=tuple(Part(f"{i}", Role.KEYBOARD, "grand_piano", tuple(p)) for i, p in enumerate(parts) if p),
        vocals=(), length=length, lead_in=0.3 + pickup * 60.0 / bpm,
    )  # fmt: skip
    score = _swayed(score, number, 1.0)
    played = Midi.from_midi(midi.encode(score))
    for track in played.tracks:
        track.program = program if draw.random() < 0.8 else int(PLAYED_ALONE[int(draw.integers(len(PLAYED_ALONE)))])
        for sounding in track.notes:
            sounding.velocity = int(np.clip(sounding.velocity + draw.normal(0, 9), 30, 127))
    return _played(f"{Path(path).parent.name} {Path(path).stem} {number}", score, played, number)


def _voice(voice: notation.Part, pickup: float) -> list[Note]:
    line = voice.stripTies().flatten().getElementsByClass(note.Note)
    return [
        Note(float(n.offset) - pickup, float(n.duration.quarterLength) * 0.95, n.pitch.midi, 84)
        for n in line
        if n.duration.quarterLength > 0
    ]


def _swayed(score: Score, number: int, factor: float) -> Score:
    """Return the score at ``factor`` of its tempo, every other one swaying as people do."""
    tempo = tuple(TempoChange(change.beat, change.bpm * factor) for change in score.tempo)
    faster = msgspec.structs.replace(score, tempo=tempo)
    draw = stream(number, "training.beats.sway")
    return truth.drifting(faster, float(draw.uniform(0.01, 0.1)), number) if draw.random() < 0.5 else faster


def _dealt(score: Midi, number: int) -> Midi:
    """Return the music with instruments, kits, levels and places dealt anew, without pedals; thinner bands as well."""
    draw = stream(number, "training.beats.band")
    drumless, alone = draw.random() < 0.25, draw.random() < 0.08
    kept = []
    volumes = draw.integers(50, 128, len(score.tracks))
    pitched = [t for t in score.tracks if not t.is_drum and t.notes]
    chosen = max(pitched, key=lambda t: len(t.notes)) if pitched else None
    for i, track in enumerate(score.tracks):
        if not track.notes or (track.is_drum and (drumless or alone)) or (alone and track is not chosen):
            continue
        if track.is_drum:
            track.program = int(KITS[int(draw.integers(len(KITS)))])
        elif draw.random() < 0.45:
            track.program = int(draw.integers(LAST_PITCHED))
        if draw.random() < 0.12 and len(kept) > 1:
            continue
        place = int(np.clip(64 + draw.normal(0, 22), 10, 118))
        track.controls = [ControlChange(0, VOLUME, int(volumes[i])), ControlChange(0, PAN, place)]
        kept.append(track)
    score.tracks = kept
    return score


def _played(name: str, score: Score, music: Midi, number: int) -> BeatRender | None:
    if not any(track.notes for track in music.tracks):
        return None
    draw = stream(number, "training.beats.sound")
    bank = FOLDER / str(draw.choice(BANKS, p=BANK_SHARES))
    audio = _synthesised(music, bank, float(draw.uniform(0.0, 0.9)))
    unit = 1.5 if score.metre.unit == 8 else 1.0
    sounding = np.flatnonzero(np.abs(audio).max(axis=1) > 0.01 * np.abs(audio).max(initial=1e-9))
    if len(sounding) < 10 * SYNTHESIS_RATE:
        return None
    last = sounding[-1] / SYNTHESIS_RATE
    begin = float(draw.uniform(0.0, max(0.0, last - SECONDS))) if draw.random() < 0.7 else 0.0
    piece = audio[round(begin * SYNTHESIS_RATE) : round((begin + SECONDS) * SYNTHESIS_RATE)]
    piece = _roughened(piece / max(float(np.abs(piece).max()), 1e-6), draw)
    end = min(last, begin + SECONDS)

    def inside(step: float) -> NDArray[np.float64]:
        times = np.array([score.seconds(b) for b in np.arange(0.0, score.length, step)])
        return times[(times >= begin) & (times < end)] - begin

    sound = np.asarray(resample_poly(piece, 2, 1), np.float32)
    return BeatRender(name, sound, inside(unit), inside(score.metre.bar_length), score.metre.unit == 8)


def _synthesised(music: Midi, bank: Path, room: float) -> NDArray[np.float32]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.mid", Path(folder) / "a.wav"
        source.write_bytes(truth.at_one_tempo(music.dumps_midi()))
        command = ["fluidsynth", "-niq", "-C", "0", "-r", str(SYNTHESIS_RATE), "-g", "0.4", "-T", "wav", "-O", "float"]
        command += ["-o", "synth.dynamic-sample-loading=1"]  # banks of half a gigabyte, of which a song needs little
        command += ["-o", f"synth.reverb.level={room:.2f}", "-F", str(target), str(bank), str(source)]
        subprocess.run(command, check=True, capture_output=True)
        return np.asarray(soundfile.read(target, dtype="float32", always_2d=True)[0], np.float32)


def _roughened(sound: NDArray[np.float32], draw: np.random.Generator) -> NDArray[np.float32]:
    """Return the sound as it is, or pumped by a compressor, overdriven, or with noise behind it."""
    if draw.random() < 0.3:
        level = lfilter([0.002], [1.0, -0.998], np.abs(sound).max(axis=1))
        sound = sound * (1.0 / (0.03 + level) ** draw.uniform(0.2, 0.8))[:, None]
    if draw.random() < 0.2:
        sound = np.tanh(sound / max(float(np.abs(sound).max()), 1e-6) * draw.uniform(1.5, 6.0))
    if draw.random() < 0.2:
        noise = draw.normal(0.0, 1.0, sound.shape)
        noise = lfilter([1.0], [1.0, -draw.uniform(0.0, 0.97)], noise, axis=0)
        sound = sound + noise * (float(sound.std()) / float(noise.std())) * 10 ** (-draw.uniform(10, 40) / 20)
    peak = max(float(np.abs(sound).max()), 1e-6)
    return np.asarray(sound * (draw.uniform(0.2, 0.95) / peak), np.float32)
