"""A song heard while it is made, and the file that it becomes."""

from pathlib import Path

import numpy as np
import pytest

from descant.engines import protocol, streams
from descant.engines.delivery import Broadcast
from descant.media import mp3
from descant.media.id3 import Tags
from descant.mix.mixdown import Mixdown
from descant.mix.recall import Sheet

RATE = 48_000
TOLD = Tags(title="Heard", cover=b"\xff\xd8 picture")


def master(seconds: float) -> np.ndarray:
    noise = np.random.default_rng(7).standard_normal((round(seconds * RATE), 2)) * 0.1
    return noise.astype(np.float32)


def made(audio: np.ndarray, corrected: float = 0.0) -> Mixdown:
    return Mixdown(audio, {}, -14.0, -2.0, Sheet(profile="pop"), corrected)


def broadcast(folder: Path, audio: np.ndarray, certain: int, step: int) -> Broadcast:
    heard = Broadcast(folder, certain)
    for start in range(0, len(audio), step):
        heard.hear(audio[start : start + step])
    return heard


@pytest.mark.parametrize("step", [28_800, 86_400, 10_000_000])
def test_what_was_heard_is_the_file_and_the_file_is_what_encoding_the_whole_gives(tmp_path, step):
    audio = master(4.0)
    heard = broadcast(tmp_path, audio, 3 * RATE, step)
    end = round(3.5 * RATE)  # the ring of the last chord is cut off later
    heard.end(end)
    file = heard.file(made(audio[:end]), TOLD)
    stream = (tmp_path / protocol.STREAM_FILE).read_bytes()
    assert file == mp3.encode(audio[:end], tags=TOLD)
    assert file[streams.frames_begin(file[: streams.HEAD]) :] == stream


def test_what_may_still_be_cut_off_is_held_back(tmp_path):
    audio = master(4.0)
    heard = broadcast(tmp_path, audio, RATE, 28_800)
    before = len((tmp_path / protocol.STREAM_FILE).read_bytes())
    assert before <= 24_000
    heard.end(len(audio))
    assert len((tmp_path / protocol.STREAM_FILE).read_bytes()) > 3 * 24_000


def test_a_corrected_master_is_encoded_anew(tmp_path):
    audio = master(2.0)
    heard = broadcast(tmp_path, audio, RATE, 28_800)
    heard.end(len(audio))
    softer = audio * np.float32(0.9)
    assert heard.file(made(softer, -0.9), TOLD) == mp3.encode(softer, tags=TOLD)


def test_a_song_that_ends_before_it_was_sure_to_is_encoded_anew(tmp_path):
    audio = master(2.0)
    heard = broadcast(tmp_path, audio, RATE, 28_800)
    heard.end(RATE // 2)
    assert heard.file(made(audio[: RATE // 2]), TOLD) == mp3.encode(audio[: RATE // 2], tags=TOLD)


def test_the_growing_file_is_gone_when_the_song_is_saved(tmp_path):
    heard = broadcast(tmp_path, master(1.0), RATE, 28_800)
    assert (tmp_path / protocol.STREAM_FILE).exists()
    heard.close()
    assert not (tmp_path / protocol.STREAM_FILE).exists()
