import io

import av
import numpy as np
import pytest
from PIL import Image

from descant.engines import exports, protocol
from descant.engines.score.engine import write
from descant.media import decode, wav
from descant.song.brief import Brief
from descant.song.document import Provenance, Song, WordTime, encode

RATE = 48_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a folder with the files of a song that exports are made from."""
    brief = Brief(seed=1, lyrics="[Verse]\nThe river carries every name", tags="folk", title="River")
    reading, plan, score = write(brief)
    folder = tmp_path_factory.mktemp("song")
    time = np.arange(2 * RATE) / RATE
    tone = 0.2 * np.sin(2 * np.pi * 330 * time)
    (folder / protocol.WAV_FILE).write_bytes(wav.encode(np.stack([tone, tone], axis=1).astype(np.float32)))
    cover = io.BytesIO()
    Image.new("RGB", (300, 300), (40, 90, 60)).save(cover, "JPEG")
    (folder / protocol.COVER_FILE).write_bytes(cover.getvalue())
    song = Song(
        brief=brief,
        plan=plan,
        score=score,
        provenance=Provenance(engine="score", version="0", seed=1),
        title=reading.title,
        lyrics=reading.text,
        tags="folk",
        seconds=2.0,
        loudness=-14.0,
        true_peak=-1.0,
        words=(WordTime("The", 0.2, 0.5, 0, 0),),
    )
    (folder / protocol.SONG_FILE).write_bytes(encode(song))
    return folder


@pytest.mark.parametrize("format", exports.FILES)
def test_every_format_holds_the_song(made, format):
    again = decode.decode(exports.export(made, format))
    assert len(again) == pytest.approx(2 * RATE, abs=1100)
    assert np.abs(np.fft.rfft(again[:RATE, 0])).argmax() == 330


@pytest.mark.parametrize("format", exports.FILES)
def test_players_see_the_title(made, format):
    with av.open(io.BytesIO(exports.export(made, format))) as file:
        told = file.metadata | {name: text for stream in file.streams for name, text in stream.metadata.items()}
    assert {name.lower(): text for name, text in told.items()}["title"] == "River"


def test_files_are_named_by_what_is_in_them(made):
    for format, name in exports.FILES.items():
        with av.open(io.BytesIO(exports.export(made, format))) as file:
            codec = file.streams.audio[0].codec_context.name
        expected = {"flac": "flac", "m4a": "aac", "opus": "opus", "mp3": "mp3", "wav": "pcm", "mp4": "aac"}
        assert codec.startswith(expected[name.rsplit(".", 1)[1]]), name


def test_a_format_that_is_none_is_refused(made):
    with pytest.raises(ValueError, match="there is no format 'ogg'; known: flac"):
        exports.export(made, "ogg")
