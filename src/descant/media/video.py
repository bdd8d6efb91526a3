"""A video of a song: its cover, its waveform as it plays, and its words as they are sung (MP4: H.264 and AAC).

A frame is drawn and encoded only when something has changed (the frame rate varies), which is about every fourth time.
"""

import io
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby, pairwise

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from descant.media import containers, pcm
from descant.media.artwork.lettering import set_in
from descant.song.document import WordTime
from descant.words.languages.scripts import spaced

WIDTH, HEIGHT = 1280, 720
FRAMES = 15
"""Frames a second at most."""

SOUND = 192
"""Kilobits a second of AAC."""

_QUALITY = "26"
"""x264's constant rate factor: 18 looks lossless, 28 shows its blocks."""

_MARGIN = 64
_COVER = 340
_BARS = 160
_WAVE_TOP, _WAVE_HEIGHT = 560, 96
_LINE_TOP, _LEADING, _TYPE, _SMALLEST = 210, 72, 44, 18
_EARLY = 1.5
"""Seconds a line shows before its first word is sung."""

_INK, _DIM, _SUNG = (245, 245, 247), (150, 153, 163), (255, 209, 92)

Line = tuple[WordTime, ...]
Picture = NDArray[np.uint8]
"""Shape (height, width, 3)."""


def encode(audio: pcm.Audio, *, title: str, cover: bytes, words: Sequence[WordTime] = (), artist: str = "") -> bytes:
    """Return a song as an MP4 file of 1280 × 720 pixels.

    Parameters
    ----------
    audio : (samples, 2).
    cover : a JPEG or PNG picture.
    words : when each is sung; those of the lead are shown line by line, and a word lights up when it begins.
    """
    samples = pcm.check(audio)
    stage = _Stage(samples, title, cover, words)
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        output.metadata.update({"title": title, "artist": artist or "Descant"})
        picture = output.add_stream("libx264", rate=FRAMES)
        assert isinstance(picture, VideoStream)
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        picture.options = {"preset": "veryfast", "tune": "stillimage", "crf": _QUALITY}
        sound = containers.add_sound(output, "aac", SOUND)
        for number, image in stage.frames():
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FRAMES)
            output.mux(picture.encode(frame))
        output.mux(picture.encode(None))
        containers.write_sound(output, sound, samples)
    return file.getvalue()


class _Stage:
    """What does not change, and the two places that do: the played part of the waveform, and the words."""

    def __init__(self, audio: pcm.Audio, title: str, cover: bytes, words: Sequence[WordTime]) -> None:
        self._seconds = len(audio) / pcm.RATE
        self._heights = _heights(audio)
        self._lines = _lines(words)
        self._starts = [line[0].start for line in self._lines]
        art = Image.open(io.BytesIO(cover)).convert("RGB")
        self._scene = _backdrop(art)
        pen = ImageDraw.Draw(self._scene)
        self._scene.paste(art.resize((_COVER, _COVER), Image.Resampling.LANCZOS), (_MARGIN, 150))
        _write(pen, (_MARGIN, 64), WIDTH - 2 * _MARGIN, [(title, _INK)])
        self._wave(pen, 0, _BARS, _DIM)
        place = (_MARGIN + _COVER, _LINE_TOP, WIDTH, _LINE_TOP + 3 * _LEADING)
        self._place, self._clean = place, self._scene.crop(place)

    def frames(self) -> Iterator[tuple[int, Picture]]:
        """Yield each frame that differs from the one before it, and the last, with its number at :data:`FRAMES`."""
        pen, played, shown = ImageDraw.Draw(self._scene), 0, (-1, -1)
        last = int(self._seconds * FRAMES)
        for number in range(last + 1):
            seconds = number / FRAMES
            bars, now = int(_BARS * seconds / self._seconds), self._moment(seconds)
            if (bars, now) == (played, shown) and 0 < number < last:
                continue
            self._wave(pen, played, bars, _SUNG)
            if now != shown:
                self._words(pen, *now)
            played, shown = bars, now
            yield number, np.asarray(self._scene)

    def _moment(self, seconds: float) -> tuple[int, int]:
        """Return the line that shows at a time, −1 before the first, and how many of its words have begun."""
        line = bisect_right(self._starts, seconds)
        if line < len(self._lines) and self._starts[line] - seconds <= _EARLY:
            ended = line == 0 or self._lines[line - 1][-1].stop <= seconds
            line += 1 if ended else 0
        if line == 0:
            return -1, 0
        return line - 1, sum(word.start <= seconds for word in self._lines[line - 1])

    def _wave(self, pen: ImageDraw.ImageDraw, first: int, last: int, colour: tuple[int, int, int]) -> None:
        width = (WIDTH - 2 * _MARGIN) / _BARS
        for bar in range(first, min(last, _BARS)):
            left, half = _MARGIN + bar * width, max(1.5, self._heights[bar] * _WAVE_HEIGHT / 2)
            middle = _WAVE_TOP + _WAVE_HEIGHT / 2
            pen.rectangle((left, middle - half, left + width * 0.6, middle + half), fill=colour)

    def _words(self, pen: ImageDraw.ImageDraw, line: int, begun: int) -> None:
        """Write the line that is sung between the one before and the one after it."""
        left, top, *_ = self._place
        self._scene.paste(self._clean, (left, top))
        for place, number in enumerate((line - 1, line, line + 1)):
            if not 0 <= number < len(self._lines):
                continue
            words = self._lines[number]
            colours = [
                _SUNG if number == line and k < begun else _INK if number == line else _DIM for k in range(len(words))
            ]
            spelled = [(word.text, colour) for word, colour in zip(words, colours, strict=True)]
            _write(pen, (left + 48, top + place * _LEADING), WIDTH - left - 48 - _MARGIN, spelled)


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], width: int, words: Sequence[tuple[str, tuple[int, int, int]]]
) -> None:
    """Write words in their colours in one line from ``at``, in the largest type that fits ``width``."""
    text = spaced(word for word, _ in words)
    size = _TYPE
    while size > _SMALLEST and set_in(text, size)[0].getlength(text) > width:
        size -= 2
    font = set_in(text, size)[0]
    for count, (word, colour) in enumerate(words):
        before = spaced([*(earlier for earlier, _ in words[:count]), word]).removesuffix(word)
        pen.text((at[0] + font.getlength(before), at[1]), word, font=font, fill=colour)


def _heights(audio: pcm.Audio) -> list[float]:
    """Return the height of each bar of the waveform, 0–1: the effective value of its stretch against the loudest."""
    edges = np.linspace(0, len(audio), _BARS + 1).astype(int)
    values = [float(np.sqrt(np.mean(audio[a:b] ** 2))) if b > a else 0.0 for a, b in pairwise(edges)]
    top = max(values) or 1.0
    return [value / top for value in values]


def _lines(words: Sequence[WordTime]) -> list[Line]:
    """Return the lead's words line by line, rising in time."""
    lead = sorted((word for word in words if word.role == "vocals"), key=lambda word: word.start)
    return [tuple(line) for _, line in groupby(lead, key=lambda word: (word.section, word.line))]


def _backdrop(art: Image.Image) -> Image.Image:
    """Return the cover as a dark, blurred ground for the whole picture."""
    small = art.resize((WIDTH // 8, WIDTH // 8)).filter(ImageFilter.GaussianBlur(6))
    wide = small.resize((WIDTH, WIDTH), Image.Resampling.BICUBIC).crop(
        (0, (WIDTH - HEIGHT) // 2, WIDTH, (WIDTH + HEIGHT) // 2)
    )
    return Image.blend(wide, Image.new("RGB", (WIDTH, HEIGHT), (12, 13, 18)), 0.72)
