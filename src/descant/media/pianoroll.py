"""A picture of the score to look at: every note by part and pitch, with sections, chords, words and drums.

Time runs from left to right in rows of :data:`BARS_A_ROW` bars, pitch upwards; notes stand where they are notated.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageDraw

from descant.media import notation
from descant.media.artwork.lettering import set_in
from descant.media.leadsheet import leading_part
from descant.song.lyrics import SectionKind
from descant.song.score import Note, Part, Role, Score, SungNote

BARS_A_ROW = 8
WIDTH = 2400
"""Width of the picture in pixels."""

Colour = tuple[int, int, int]

_MARGIN, _GUTTER = 40, 64
_SECTION, _CHORD, _WORDS, _DRUM, _GAP = 30, 30, 30, 14, 40
_SEMITONE = 6
_HEADER = 150
_FALLBACK_RANGE = (48, 72)

_GROUND: Colour = (20, 22, 29)
_ROLL: Colour = (29, 32, 41)
_BLACK_KEYS: Colour = (25, 28, 36)
_BAR: Colour = (72, 78, 94)
_BEAT: Colour = (43, 47, 59)
_TEXT: Colour = (238, 240, 245)
_QUIET: Colour = (150, 157, 173)

COLOURS: dict[Role, Colour] = {
    Role.LEAD_VOCAL: (255, 209, 92),
    Role.BACKING_VOCALS: (255, 150, 84),
    Role.BASS: (122, 132, 255),
    Role.GUITAR: (88, 201, 130),
    Role.KEYBOARD: (84, 178, 250),
    Role.STRINGS: (196, 138, 255),
    Role.SYNTH: (48, 205, 205),
    Role.BRASS: (240, 110, 110),
    Role.WOODWINDS: (247, 138, 196),
    Role.FX: (140, 140, 150),
    Role.DRUMS: (222, 226, 235),
    Role.PERCUSSION: (186, 170, 146),
    Role.RECORDING: (150, 190, 170),
}
"""Colour of each stem's notes."""

_SECTIONS: dict[SectionKind, Colour] = {
    SectionKind.INTRO: (70, 84, 108),
    SectionKind.VERSE: (52, 98, 142),
    SectionKind.PRE_CHORUS: (92, 86, 160),
    SectionKind.CHORUS: (178, 72, 98),
    SectionKind.POST_CHORUS: (158, 76, 130),
    SectionKind.BRIDGE: (50, 126, 112),
    SectionKind.SOLO: (176, 112, 48),
    SectionKind.INTERLUDE: (84, 96, 110),
    SectionKind.BREAK: (84, 96, 110),
    SectionKind.BUILD: (126, 82, 156),
    SectionKind.DROP: (190, 64, 64),
    SectionKind.OUTRO: (70, 84, 108),
}

_DRUM_LANES = (
    ("cymbal", frozenset({49, 51, 52, 53, 55, 57, 59})),
    ("hi-hat", frozenset({42, 44, 46})),
    ("tom", frozenset({41, 43, 45, 47, 48, 50})),
    ("snare", frozenset({37, 38, 39, 40})),
    ("kick", frozenset({35, 36})),
)
"""Lanes of the drum staff from the top, by General MIDI key; every other key goes to a lane of percussion over them."""


@dataclass(frozen=True)
class _Box:
    """A note to draw: beats, pitch, loudness 0–1."""

    start: float
    stop: float
    pitch: int
    loudness: float


@dataclass(frozen=True)
class _Layer:
    """The pitched notes of a part in its colour; ``lead`` is drawn largest and last."""

    name: str
    colour: Colour
    boxes: tuple[_Box, ...]
    lead: bool = False


def draw(score: Score) -> bytes:
    """Return a PNG of the whole score, :data:`WIDTH` pixels wide and as high as the song is long."""
    layers = _layers(score)
    picture = _Picture(score, layers)
    picture.header()
    for row in range(picture.rows):
        picture.row(row)
    file = io.BytesIO()
    picture.image.save(file, "PNG", optimize=False)
    return file.getvalue()


def _is_kit(part: Part) -> bool:
    return part.role is Role.DRUMS or part.instrument == "percussion"


def _box(note: Note | SungNote) -> _Box:
    return _Box(note.start, note.start + note.duration, note.pitch, note.velocity / 127)


def _layers(score: Score) -> list[_Layer]:
    """Return the pitched parts in drawing order: the busiest underneath, the voices (or the theme) on top."""
    theme = None if score.vocals else leading_part(score)
    shades: dict[Role, int] = {}

    def colour(role: Role) -> Colour:
        shades[role] = shades.get(role, -1) + 1
        return _blend(COLOURS[role], (255, 255, 255), 0.22 * min(shades[role], 3))

    played = [
        _Layer(part.name, colour(part.role), tuple(_box(note) for note in part.notes), lead=part is theme)
        for part in score.parts
        if not _is_kit(part) and part.role is not Role.FX
    ]
    sung = [
        _Layer(
            part.name,
            colour(part.role),
            tuple(_box(note) for phrase in part.phrases for note in phrase.notes),
            lead=part.role is Role.LEAD_VOCAL,
        )
        for part in score.vocals
    ]
    played.sort(key=lambda layer: (layer.lead, -sum(box.stop - box.start for box in layer.boxes)))
    return [*played, *sorted(sung, key=lambda layer: layer.lead)]


def _blend(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _entry(name: str, size: int) -> float:
    """Return the width of a part's entry in the legend."""
    font, shown = set_in(name, size)
    return font.getlength(shown) + 2.8 * size


class _Picture:
    """The picture while it is painted: where beats and pitches lie, and the parts of each row."""

    def __init__(self, score: Score, layers: Sequence[_Layer]) -> None:
        self._score, self._layers = score, layers
        pitches = [box.pitch for layer in layers for box in layer.boxes] or list(_FALLBACK_RANGE)
        self._low, self._high = min(pitches) - 2, max(pitches) + 2
        self._bars = notation.bars(score)
        self.rows = -(-len(self._bars) // BARS_A_ROW)
        self._span = score.metre.bar_length * BARS_A_ROW
        self._roll = (self._high - self._low + 1) * _SEMITONE
        self._words = _WORDS if score.vocals else 8
        self._drums = (len(_DRUM_LANES) + 1) * _DRUM
        self._pitch = _SECTION + _CHORD + self._roll + self._words + self._drums + _GAP
        self.image = Image.new("RGB", (WIDTH, _HEADER + self.rows * self._pitch + _MARGIN), _GROUND)
        self._pen = ImageDraw.Draw(self.image, "RGBA")
        self._left, self._right = _MARGIN + _GUTTER, WIDTH - _MARGIN

    def _write(self, at: tuple[float, float], text: str, size: int, colour: Colour, anchor: str = "lm") -> float:
        """Write text and return where it ends."""
        font, shown = set_in(text, size)
        self._pen.text(at, shown, font=font, fill=colour, anchor=anchor)
        return at[0] + font.getlength(shown)

    def header(self) -> None:
        """Write title, facts and the legend of parts."""
        score = self._score
        self._write((_MARGIN, 52), score.title or "Song", 46, _TEXT)
        metre = f"{score.metre.beats}/{score.metre.unit}"
        minutes, seconds = divmod(round(score.seconds(score.length)), 60)
        facts = f"{score.key.name}   {metre}   {score.tempo[0].bpm:.0f} bpm   {minutes}:{seconds:02d}"
        self._write((self._right, 52), facts, 26, _QUIET, "rm")
        kits = [(part.name, COLOURS[part.role]) for part in score.parts if _is_kit(part)]
        entries = [(layer.name, layer.colour) for layer in reversed(self._layers) if layer.boxes] + kits
        room = self._right - _MARGIN
        size = next(size for size in (20, 17, 14, 11) if size == 11 or sum(_entry(e[0], size) for e in entries) < room)
        x = float(_MARGIN)
        for name, colour in entries:
            self._pen.rounded_rectangle((x, 107 - size / 3, x + size, 107 + size / 3), 4, fill=colour)
            self._write((x + 1.4 * size, 107), name, size, _TEXT)
            x += _entry(name, size)

    def row(self, row: int) -> None:
        """Paint one row of bars."""
        top = _HEADER + row * self._pitch
        bars = self._bars[row * BARS_A_ROW : (row + 1) * BARS_A_ROW]
        view = _View(
            start=bars[0].start / notation.DIVISIONS,
            stop=bars[-1].stop / notation.DIVISIONS,
            left=self._left,
            scale=(self._right - self._left) / self._span,
        )
        roll = top + _SECTION + _CHORD
        words = roll + self._roll
        drums = words + self._words
        self._grid(view, bars, roll, drums)
        self._sections(view, top, row == 0)
        self._chords(view, top + _SECTION)
        for layer in self._layers:
            self._notes(view, layer, roll)
        self._lyrics(view, words)
        self._kit(view, drums)

    def _y(self, roll: float, pitch: int) -> float:
        return roll + (self._high - pitch) * _SEMITONE

    def _grid(self, view: "_View", bars: Sequence[notation.Bar], roll: float, drums: float) -> None:
        right = view.x(view.stop)
        self._pen.rectangle((view.left, roll, right, roll + self._roll), fill=_ROLL)
        self._pen.rectangle((view.left, drums, right, drums + self._drums), fill=_ROLL)
        for pitch in range(self._low, self._high + 1):
            y = self._y(roll, pitch)
            if pitch % 12 in (1, 3, 6, 8, 10):
                self._pen.rectangle((view.left, y, right, y + _SEMITONE - 1), fill=_BLACK_KEYS)
            if pitch % 12 == 0:
                self._pen.line((view.left, y + _SEMITONE, right, y + _SEMITONE), fill=_BAR)
                self._write((view.left - 10, y + _SEMITONE / 2), f"C{pitch // 12 - 1}", 16, _QUIET, "rm")
        beat = notation.beat_length(self._score.metre)
        for bar in bars:
            for tick in range(bar.start, bar.stop, beat):
                x = view.x(tick / notation.DIVISIONS)
                colour = _BAR if tick == bar.start else _BEAT
                self._pen.line((x, roll, x, roll + self._roll), fill=colour)
                self._pen.line((x, drums, x, drums + self._drums), fill=colour)
            self._write(
                (view.x(bar.start / notation.DIVISIONS) + 4, drums + self._drums + 11), f"{bar.number}", 14, _QUIET
            )
        for lane, name in enumerate(("perc", *(name for name, _ in _DRUM_LANES))):
            self._write((view.left - 10, drums + (lane + 0.5) * _DRUM), name, 12, _QUIET, "rm")

    def _sections(self, view: "_View", top: float, first: bool) -> None:
        score = self._score
        edges = [*(section.start for section in score.sections), score.length]
        for section, (start, stop) in zip(score.sections, pairwise(edges), strict=True):
            shown = view.clipped(start, stop)
            if shown is None:
                continue
            left, right = shown
            self._pen.rounded_rectangle((left, top, right - 3, top + _SECTION - 6), 6, fill=_SECTIONS[section.kind])
            key = "" if section.key == score.key else f"  ·  {section.key.name}"
            text = section.label + (key if start >= view.start else " …")
            self._write((left + 10, top + _SECTION / 2 - 3), text, 17, _TEXT)
        for change in score.tempo:
            if view.start <= change.beat < view.stop and not (first and change.beat == 0):
                text = f"{change.bpm:.0f} bpm"
                self._write((view.x(change.beat) + 6, top - 10), text, 14, _QUIET)

    def _chords(self, view: "_View", top: float) -> None:
        last = None
        free = view.left
        for span in self._score.chords:
            new = span.chord != last or span.start == view.start
            last = span.chord
            if not new or not view.start <= span.start < view.stop:
                continue
            key = notation.key_at(self._score, span.start)
            step, alter = notation.root_name(span.chord, key)
            name = step + ("#" * alter if alter > 0 else "b" * -alter) + span.chord.quality
            if span.chord.bass is not None and span.chord.bass != span.chord.root:
                step, alter = notation.bass_name(span.chord, key)
                name += "/" + step + ("#" * alter if alter > 0 else "b" * -alter)
            free = self._write((max(view.x(span.start) + 4, free), top + _CHORD / 2), name, 20, _TEXT) + 8

    def _notes(self, view: "_View", layer: _Layer, roll: float) -> None:
        for box in layer.boxes:
            shown = view.clipped(box.start, box.stop)
            if shown is None:
                continue
            y = self._y(roll, box.pitch)
            left, right = shown[0], max(shown[1] - 2, shown[0] + 2)
            if layer.lead:
                edge = (left, y - 2, right, y + _SEMITONE + 1)
                self._pen.rounded_rectangle(edge, 3, fill=layer.colour, outline=_GROUND)
            else:
                alpha = round(110 + 145 * box.loudness**1.5)
                self._pen.rectangle((left, y, right, y + _SEMITONE - 2), fill=(*layer.colour, alpha))

    def _lyrics(self, view: "_View", top: float) -> None:
        """Write the words of each voice, the lead's bright, pushed right where they would touch."""
        free = float(view.left)
        for start, text, lead in _words(self._score):
            if view.start <= start < view.stop:
                colour = COLOURS[Role.LEAD_VOCAL if lead else Role.BACKING_VOCALS]
                free = self._write((max(view.x(start), free), top + _WORDS / 2), text, 18, colour) + 7

    def _kit(self, view: "_View", top: float) -> None:
        for part in self._score.parts:
            if not _is_kit(part):
                continue
            for note in part.notes:
                if not view.start <= note.start < view.stop:
                    continue
                lanes = (k + 1 for k, (_, keys) in enumerate(_DRUM_LANES) if note.pitch in keys)
                lane = next(lanes, 0) if part.role is Role.DRUMS else 0
                x, y = view.x(note.start), top + lane * _DRUM
                alpha = round(90 + 165 * note.velocity / 127)
                self._pen.rectangle((x, y + 2, x + 7, y + _DRUM - 3), fill=(*COLOURS[part.role], alpha))


@dataclass(frozen=True)
class _View:
    """The beats that a row shows and where they lie in the picture."""

    start: float
    stop: float
    left: float
    scale: float

    def x(self, beat: float) -> float:
        """Return where a beat lies, in pixels."""
        return self.left + (beat - self.start) * self.scale

    def clipped(self, start: float, stop: float) -> tuple[float, float] | None:
        """Return the edges in pixels of what of a stretch of beats falls into the row, or None."""
        start, stop = max(start, self.start), min(stop, self.stop)
        return (self.x(start), self.x(stop)) if stop > start else None


def _words(score: Score) -> Iterator[tuple[float, str, bool]]:
    """Return (beat, word, whether the lead sings it) in time; words sung along with the lead are shown once."""
    heard: dict[float, tuple[str, bool]] = {}
    for part in sorted(score.vocals, key=lambda part: part.role is not Role.LEAD_VOCAL):
        for phrase in part.phrases:
            last = -1
            for note in phrase.notes:
                if note.word != last:
                    heard.setdefault(note.start, (phrase.words[note.word].text, part.role is Role.LEAD_VOCAL))
                last = note.word
    for start in sorted(heard):
        yield start, *heard[start]
