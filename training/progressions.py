"""Arrangements of progressions that no composer's habits rule: to learn chords in, beside songs of our own.

Songs of one composer use its own few turns. Here any chord may follow any other within a vocabulary that is drawn:
triads, sevenths, blues, vamps of two, power chords or anything at all, played by drawn instruments in drawn textures
under a tune that often rubs against them.
"""

from dataclasses import dataclass
from itertools import cycle, islice

import numpy as np
from symusic import ControlChange, Note, Score, Tempo, Track

from descant.song.streams import stream
from descant.song.theory import MODES, Chord, Key

Stream = np.random.Generator
TICKS = 480
SECONDS = 34.0
VOLUME, PAN = 7, 10

VOCABULARIES = {"plain": 0.3, "coloured": 0.19, "sevenths": 0.2, "blues": 0.09, "vamp": 0.08, "power": 0.04, "any": 0.1}
"""Kinds of progressions and how often they are drawn."""

COLOURS = {"": ("add9", "sus2", "sus4", "6", "7", "maj7", "9"), "m": ("m7", "sus2", "sus4", "madd9", "m6", "m9")}
SEVENTHS = {
    (4, 7, 11): ("maj7", "maj7", "maj9", "6"),
    (4, 7, 10): ("7", "7", "9", "13", "7sus4"),
    (3, 7, 10): ("m7", "m7", "m9"),
    (3, 6, 10): ("m7b5",),
}
ANY = (
    "", "m", "7", "maj7", "m7", "dim", "aug", "sus4", "sus2", "6", "m6", "m7b5", "dim7", "7sus4", "add9", "9", "m9",
    "maj9", "mmaj7", "7b9", "7#9", "13", "5",
)  # fmt: skip
POWERED = (29, 30, 30)
PLAYERS = (0, 1, 2, 4, 5, 6, 7, 11, 16, 17, 18, 19, 21, 24, 25, 26, 27, 28, 29, 30, 46, 48, 49, 50, 51, 52, 61, 62, 63,
           80, 81, 88, 89, 90, 91, 95)  # fmt: skip
"""General MIDI programs that play chords."""

BASSES = (32, 33, 33, 34, 35, 36, 38, 39, 43, 58, 0)
LOWEST_BASS = 28


@dataclass(frozen=True)
class Arrangement:
    """Music to be played: ``midi``, its chords as (start, stop, chord) in beats, key, and tempo and bars in beats."""

    midi: Score
    chords: tuple[tuple[float, float, Chord], ...]
    key: Key
    bpm: float
    bar: int


def arrangement(number: int) -> Arrangement:
    """Return arrangement ``number``: the same number is the same music."""
    draw = stream(number, "training.progressions")
    bpm, bar = float(draw.uniform(60, 176)), 3 if draw.random() < 0.15 else 4
    kind = str(draw.choice(list(VOCABULARIES), p=list(VOCABULARIES.values())))
    modes = {"blues": ("mixolydian", "dorian"), "vamp": ("dorian", "minor", "mixolydian")}.get(
        kind, ("major", "major", "minor", "minor", "dorian", "mixolydian")
    )
    key = Key(int(draw.integers(12)), str(draw.choice(modes)))
    beats = int(SECONDS * bpm / 60) // bar * bar
    chords = _progression(draw, kind, key, bar, beats)
    tracks = [_bass(draw, chords)] if draw.random() < 0.85 else []
    for _ in range(int(draw.choice((1, 2, 3), p=(0.35, 0.45, 0.2)))):
        tracks.append(_accompaniment(draw, chords, kind, bool(tracks)))
    if draw.random() < 0.7:
        tracks.append(_tune(draw, chords, key))
    if draw.random() < 0.65:
        tracks.append(_drums(draw, beats, bar))
    score = Score(TICKS)
    score.tempos.append(Tempo(0, bpm))
    for track in tracks:
        place = int(np.clip(64 + draw.normal(0, 22), 10, 118))
        track.controls = [ControlChange(0, VOLUME, int(draw.integers(60, 128))), ControlChange(0, PAN, place)]
        score.tracks.append(track)
    return Arrangement(score, chords, key, bpm, bar)


def _progression(draw: Stream, kind: str, key: Key, bar: int, beats: int) -> tuple[tuple[float, float, Chord], ...]:
    """Return the chords: a loop that is drawn, once or twice anew."""
    found: list[tuple[float, float, Chord]] = []
    at = 0.0
    while at < beats:
        loop = [_chord(draw, kind, key) for _ in range(int(draw.choice((2, 3, 4, 4, 4, 6, 8))))]
        lengths = [float(draw.choice((bar, bar, bar, 2 * bar, bar / 2 if bar == 4 else bar))) for _ in loop]
        for chord, length in islice(cycle(list(zip(loop, lengths, strict=True))), len(loop) * int(draw.integers(1, 4))):
            if at < beats:
                found.append((at, min(at + length, float(beats)), chord))
                at += length
    return tuple(found)


def _chord(draw: Stream, kind: str, key: Key) -> Chord:
    if kind == "any":
        return Chord(int(draw.integers(12)), str(draw.choice(ANY)))
    if kind == "blues":
        degree = int(draw.choice((0, 0, 5, 5, 7, 7, 10, 9, 2)))
        return Chord((key.tonic + degree) % 12, str(draw.choice(("7", "7", "7", "9", "13", "7#9", ""))))
    scale = MODES[key.mode]
    step = int(draw.choice(7, p=(0.25, 0.1, 0.08, 0.17, 0.17, 0.15, 0.08)))
    above = [(scale[(step + k) % 7] - scale[step]) % 12 for k in (2, 4, 6)]
    root = (key.tonic + scale[step]) % 12
    if kind == "power":
        return Chord(root, "5")
    triad = {(4, 7): "", (3, 7): "m", (3, 6): "dim", (4, 8): "aug"}.get((above[0], above[1]), "")
    if draw.random() < 0.07:
        triad = "m" if triad == "" else ""
    quality = triad
    seventh = SEVENTHS.get((above[0], above[1], above[2]))
    if kind == "sevenths" and seventh and draw.random() < 0.85:
        quality = str(draw.choice(seventh))
    elif kind == "vamp":
        quality = str(draw.choice(("m7", "m7", "m9", "m6") if triad in {"m", "dim"} else ("7", "9", "13", "maj7")))
    elif kind == "coloured" and triad in COLOURS and draw.random() < 0.4:
        quality = str(draw.choice(COLOURS[triad]))
    bass = (root + int(draw.choice(above[:2]))) % 12 if draw.random() < 0.12 and quality in {"", "m", "7"} else None
    return Chord(root, quality, bass)


def _note(track: Track, draw: Stream, at: float, length: float, pitch: int, level: int = 90) -> None:
    start = max(0, round((at + draw.normal(0, 0.015)) * TICKS))
    velocity = int(np.clip(level + draw.normal(0, 9), 20, 127))
    track.notes.append(Note(start, max(40, round(length * TICKS)), int(np.clip(pitch, 21, 108)), velocity))


def _bass(draw: Stream, chords: tuple[tuple[float, float, Chord], ...]) -> Track:
    track = Track("bass", int(draw.choice(BASSES)), False)
    pattern = str(draw.choice(("held", "eighths", "fifths", "octaves", "walking", "beats", "sparse")))
    for start, stop, chord in chords:
        low = LOWEST_BASS + (chord.bass_pitch_class - LOWEST_BASS) % 12
        fifth = 7 if 7 in {(pc - chord.root) % 12 for pc in chord.pitch_classes} and chord.bass is None else 0
        if pattern in {"held", "sparse"}:
            _note(track, draw, start, (stop - start) * (0.95 if pattern == "held" else 0.4), low)
            continue
        step = 0.5 if pattern in {"eighths", "octaves"} else 1.0
        for i, at in enumerate(np.arange(start, stop, step)):
            move = {"fifths": fifth * (i % 4 >= 2), "octaves": 12 * (i % 2)}.get(pattern, 0)
            if pattern == "walking" and i:
                tones = [(pc - low) % 12 for pc in chord.pitch_classes]
                move = int(draw.choice([*tones, *tones, 2, 5, 10, 11]))
            _note(track, draw, float(at), step * 0.9, low + move)
    return track


def _voicing(draw: Stream, chord: Chord, rootless: bool, floor: int) -> list[int]:
    """Return the pitches of a chord from about ``floor`` up, some of them left out or doubled."""
    tones = list(chord.pitch_classes)
    if len(tones) > 3 and draw.random() < 0.35:
        tones.remove(tones[2])  # the fifth is missed least
    if rootless and len(tones) > 3 and draw.random() < 0.3:
        tones = tones[1:]
    pitches = sorted(floor + (pc - floor) % 12 for pc in tones)
    if draw.random() < 0.3 and len(pitches) > 2:
        pitches[1] += 12
    if draw.random() < 0.3:
        pitches.append(pitches[0] + 12)
    return pitches


def _accompaniment(draw: Stream, chords: tuple[tuple[float, float, Chord], ...], kind: str, covered: bool) -> Track:
    """Return a player of the chords; the first of them, unless ``covered`` by others, leaves no root out."""
    program = int(draw.choice(POWERED if kind == "power" else PLAYERS))
    powered = kind == "power" or (program in POWERED and draw.random() < 0.7)
    texture = str(draw.choice(("held", "pulses", "offbeat", "arpeggio", "arpeggio", "strum", "stabs")))
    floor, order = int(draw.integers(45, 64)), int(draw.integers(3))
    early = 0.5 if draw.random() < 0.12 else 0.0
    track = Track("chords", program, False)
    for start, stop, chord in chords:
        pitches = _voicing(draw, chord, covered, floor)
        if powered:
            root = 40 + (chord.root - 40) % 12
            pitches = [root, root + 7, root + 12]
        if texture == "arpeggio":
            step = 0.5 if draw.random() < 0.8 else 0.25
            walk = (pitches, pitches[::-1], [*pitches, *pitches[-2:0:-1]])[order]
            for at, pitch in zip(np.arange(start, stop, step), cycle(walk)):
                _note(track, draw, float(at), step * float(draw.choice((0.9, 1.8))), pitch, 80)
            continue
        times, length = _strokes(draw, texture, start, stop)
        for at in times:
            for pitch in pitches:
                _note(track, draw, max(0.0, at - early * (at == start)), length, pitch, 80)
    return track


def _strokes(draw: Stream, texture: str, start: float, stop: float) -> tuple[list[float], float]:
    """Return when a chord is struck and for how long."""
    if texture == "held":
        return [start], stop - start
    if texture == "pulses":
        return [float(t) for t in np.arange(start, stop, 1.0)], 0.9
    if texture == "offbeat":
        return [float(t) for t in np.arange(start + 0.5, stop, 1.0)], 0.4
    grid = np.arange(start, stop, 0.5)
    kept = grid[draw.random(len(grid)) < (0.7 if texture == "strum" else 0.35)]
    return [start, *(float(t) for t in kept if t > start)], 0.5 if texture == "strum" else 0.3


def _tune(draw: Stream, chords: tuple[tuple[float, float, Chord], ...], key: Key) -> Track:
    """Return a melody of the key's notes, on chord tones more often than not."""
    track = Track("tune", int(draw.integers(0, 88)), False)
    pitch, loudness = int(draw.integers(62, 80)), int(draw.integers(70, 115))
    for start, stop, chord in chords:
        at = start
        while at < stop:
            length = float(draw.choice((0.5, 0.5, 1.0, 1.0, 1.5, 2.0)))
            own = draw.random() < (0.75 if at == int(at) else 0.45)
            allowed = chord.pitch_classes if own else key.scale
            near = [p for p in range(pitch - 5, pitch + 6) if p % 12 in allowed and 57 <= p <= 88]
            pitch = int(draw.choice(near)) if near else 69
            if draw.random() < 0.8:
                _note(track, draw, at, length * 0.92, pitch, loudness)
            at += length
    return track


def _drums(draw: Stream, beats: int, bar: int) -> Track:
    track = Track("drums", 0, True)
    hat = int(draw.choice((42, 46, 51, 70)))
    kicks = draw.random(2 * bar) < 0.3
    for eighth in range(2 * beats):
        place, at = eighth % (2 * bar), eighth / 2
        _note(track, draw, at, 0.2, hat, 70)
        if place == 0 or kicks[place]:
            _note(track, draw, at, 0.2, 36, 100)
        if bar == 4 and place in {2, 6}:
            _note(track, draw, at, 0.2, 38, 95)
    return track
