"""M4A and Opus, read back by mutagen and by FFmpeg."""

import base64
import io

import numpy as np
import pytest
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from PIL import Image

from descant.media import decode, id3, m4a, opus


@pytest.fixture(scope="module")
def cover():
    file = io.BytesIO()
    Image.new("RGB", (200, 200), (180, 40, 20)).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture(scope="module")
def tags(cover):
    return id3.Tags(
        title="Wässer",
        genre="pop",
        comment="pop, bright",
        lyrics="[Verse]\nthe water falls",
        bpm=96.0,
        key="A minor",
        cover=cover,
        words=(("the", 0.5), ("water", 61.239)),
    )


@pytest.mark.parametrize("encode", [m4a.encode, opus.encode])
def test_it_starts_on_the_sample_and_keeps_the_sound(audio, encode):
    again = decode.decode(encode(audio))[: len(audio)]
    assert len(again) == len(audio)
    error = again[2000:-2000] - audio[2000:-2000]
    assert 10 * np.log10((error**2).mean() / (audio**2).mean()) < -20


@pytest.mark.parametrize("encode", [m4a.encode, opus.encode])
def test_it_ends_within_a_frame_of_the_sound(audio, encode):
    assert 0 <= len(decode.decode(encode(audio))) - len(audio) <= 1024


def test_m4a_shows_its_tags_and_its_cover(audio, tags, cover):
    file = MP4(io.BytesIO(m4a.encode(audio, tags=tags)))
    shown = {name: file.tags[name][0] for name in ("©nam", "©gen", "©lyr", "tmpo")}
    assert shown == {"©nam": "Wässer", "©gen": "pop", "©lyr": "[Verse]\nthe water falls", "tmpo": 96}
    assert bytes(file.tags["covr"][0]) == cover
    assert file.info.length == pytest.approx(3.0, abs=0.03)


def test_opus_shows_its_tags_its_cover_and_when_each_word_is_sung(audio, tags, cover):
    file = OggOpus(io.BytesIO(opus.encode(audio, tags=tags)))
    assert file["title"] == ["Wässer"]
    assert file["lyrics"] == ["[Verse]\nthe water falls"]
    assert file["syncedlyrics"] == ["[00:00.50]the\n[01:01.24]water"]
    assert file["key"] == ["Am"]
    assert cover in base64.b64decode(file["metadata_block_picture"][0])


@pytest.mark.parametrize(("encode", "least", "most"), [(m4a.encode, 64, 320), (opus.encode, 32, 320)])
def test_bitrates_outside_the_range_are_refused(audio, encode, least, most):
    for bitrate in (least - 1, most + 1):
        with pytest.raises(ValueError, match=f"{least} to {most}"):
            encode(audio, bitrate=bitrate)


@pytest.mark.parametrize("encode", [m4a.encode, opus.encode])
def test_no_tags_are_no_tags(audio, encode):
    data = encode(audio)
    assert b"Descant" not in data
