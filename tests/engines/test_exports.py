import io

import av
import numpy as np
import pytest
from PIL import Image

from descant.engines import exports, protocol
from descant.engines.score.engine import write
from descant.media import decode, wav
from descant.song.brief import Brief
from descant.song.document import Provenance, Song, WordTime

RATE = 48_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a song's document and a folder with the files that exports are made from."""
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
    return song, folder


@pytest.mark.parametrize("ending", exports.FORMATS)
def test_every_format_holds_the_song(made, ending):
    again = decode.decode(exports.export(*made, ending))
    assert len(again) == pytest.approx(2 * RATE, abs=1100)
    assert np.abs(np.fft.rfft(again[:RATE, 0])).argmax() == 330


@pytest.mark.parametrize(("ending", "streams"), [("m4a", "audio"), ("opus", "audio"), ("mp4", "video")])
def test_players_see_the_title(made, ending, streams):
    with av.open(io.BytesIO(exports.export(*made, ending))) as file:
        told = {**file.metadata, **file.streams.get(**{streams: 0})[0].metadata}
    assert {name.lower(): text for name, text in told.items()}["title"] == "River"
