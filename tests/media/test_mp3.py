import io

import numpy as np
import pytest
from mutagen.mp3 import MP3, BitrateMode

from descant.media import decode, id3, mp3

RATE = 48_000


@pytest.mark.parametrize("bitrate", [128, 192, 320, None])
def test_it_starts_and_ends_on_the_sample(audio, bitrate):
    again = decode.decode(mp3.encode(audio, bitrate=bitrate))
    assert len(again) == len(audio)
    error = again - audio
    assert 10 * np.log10((error**2).mean() / (audio**2).mean()) < -25


@pytest.mark.parametrize("count", [1, 576, 1152, 1153, 10_000])
def test_any_length_comes_back(count, audio):
    assert len(decode.decode(mp3.encode(audio[:count]))) == count


def test_players_see_its_rate_and_length(audio):
    info = MP3(io.BytesIO(mp3.encode(audio))).info
    assert (info.sample_rate, info.channels, info.bitrate) == (RATE, 2, 192_000)
    assert info.length == pytest.approx(len(audio) / RATE, abs=0.01)


def test_a_variable_rate_is_told_to_players(audio):
    data = mp3.encode(audio, bitrate=None)
    info = MP3(io.BytesIO(data)).info
    assert info.bitrate_mode == BitrateMode.VBR
    assert info.length == pytest.approx(len(audio) / RATE, abs=0.001)
    assert info.bitrate == pytest.approx(8 * len(data) / info.length, rel=0.05)


def test_the_seek_table_of_a_variable_rate_leads_to_the_place(audio):
    quiet_then_loud = np.concatenate([np.zeros_like(audio), audio, audio])
    data = mp3.encode(quiet_then_loud, bitrate=None)
    table = data[data.index(b"Xing") + 16 :][:100]
    assert list(table) == sorted(table)
    a_third = table[33] / 256
    assert a_third < 0.2, "silence takes few bytes, so a third of the time lies early in the file"


def test_equal_audio_gives_equal_bytes(audio):
    assert mp3.encode(audio) == mp3.encode(audio)


def test_tags_stand_before_the_sound(audio):
    data = mp3.encode(audio, tags=id3.Tags(title="Water"))
    assert data.startswith(b"ID3")
    assert data.endswith(mp3.encode(audio))


def test_a_rate_that_no_mp3_has_is_refused(audio):
    with pytest.raises(ValueError, match="200 kbit"):
        mp3.encode(audio, bitrate=200)
