import io

import av
import numpy as np
import pytest
from PIL import Image

from descant.media import decode, video
from descant.song.document import WordTime

RATE = 48_000
WORDS = (
    WordTime("Water", 1.0, 1.4, 0, 0),
    WordTime("falls", 2.0, 2.5, 0, 0),
    WordTime("ooh", 2.0, 2.5, 0, 0, role="backing vocals"),
)


@pytest.fixture(scope="module")
def made(audio):
    cover = io.BytesIO()
    Image.new("RGB", (300, 300), (60, 90, 160)).save(cover, "JPEG")
    return video.encode(audio, title="Water", cover=cover.getvalue(), words=WORDS)


@pytest.fixture(scope="module")
def frames(made):
    """Return the frames with the second each appears at."""
    with av.open(io.BytesIO(made)) as file:
        return [(float(frame.time), frame.to_ndarray(format="rgb24").astype(int)) for frame in file.decode(video=0)]


def shown(frames, second):
    return next(image for start, image in reversed(frames) if start <= second + 1e-6)


def sung(image):
    """Return how many pixels right of the cover, over the waveform, have the colour of sung words."""
    part = image[180:540, 420:]
    return int(((part[..., 0] > 200) & (part[..., 1] > 150) & (part[..., 2] < 150)).sum())


def played(image):
    wave = image[608]
    return int(((wave[:, 0] > 200) & (wave[:, 2] < 150)).sum())


def test_the_picture_and_the_sound_last_as_long_as_the_song(made, frames, audio):
    with av.open(io.BytesIO(made)) as file:
        assert (file.streams.video[0].width, file.streams.video[0].height) == (1280, 720)
        assert file.duration / av.time_base == pytest.approx(3.0, abs=0.1)
    assert frames[0][0] == 0
    assert frames[-1][0] == pytest.approx(3.0, abs=0.1)
    again = decode.decode(made)[: len(audio)]
    error = again[2000:-2000] - audio[2000:-2000]
    assert 10 * np.log10((error**2).mean() / (audio**2).mean()) < -20


def test_a_word_lights_up_when_it_is_sung(frames):
    counts = [sung(shown(frames, second)) for second in (0.9, 1.2, 2.2)]
    assert counts[0] == 0
    assert 100 < counts[1] < counts[2]


def test_the_waveform_fills_as_the_song_plays(frames):
    counts = [played(shown(frames, second)) for second in (0.0, 1.0, 2.0, 3.0)]
    assert counts[0] == 0
    assert counts[1] == pytest.approx(counts[3] / 3, rel=0.1)
    assert counts[2] == pytest.approx(counts[3] * 2 / 3, rel=0.1)


def test_only_frames_that_differ_are_stored():
    cover = io.BytesIO()
    Image.new("RGB", (300, 300)).save(cover, "PNG")
    made = video.encode(np.zeros((20 * RATE, 2), np.float32), title="Quiet", cover=cover.getvalue())
    with av.open(io.BytesIO(made)) as file:
        assert sum(1 for _ in file.decode(video=0)) < 20 * video.FRAMES * 0.6
