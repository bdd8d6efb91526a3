import io

import numpy as np
import pytest
import soundfile
from PIL import Image

from descant.media import decode, id3, m4a

RATE = 48_000


def file(audio, rate, kind="WAV"):
    out = io.BytesIO()
    soundfile.write(out, audio, rate, format=kind)
    return out.getvalue()


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
def test_other_rates_are_resampled_in_pitch_and_length(rate):
    wave = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(rate) / rate)
    again = decode.decode(file(wave, rate))
    assert again.shape == (RATE, 2)
    assert np.abs(np.fft.rfft(again[:, 0])).argmax() == 1000
    assert np.abs(again[RATE // 4 : -RATE // 4]).max() == pytest.approx(0.5, abs=0.005)


def test_mono_is_doubled_at_its_level():
    wave = np.linspace(-0.5, 0.5, 960)
    mono = decode.decode(file(wave, RATE))
    assert np.array_equal(mono[:, 0], mono[:, 1])
    assert np.abs(mono[:, 0] - wave).max() < 1e-4


def test_the_centre_of_surround_is_heard_on_both_sides():
    wave = 0.2 * np.sin(2 * np.pi * 500 * np.arange(RATE) / RATE)
    silent = wave * 0
    centre = decode.decode(file(np.stack([silent, silent, wave, silent, silent, silent], axis=1), RATE))
    assert np.array_equal(centre[:, 0], centre[:, 1])
    assert np.abs(centre).max() > 0.08


def test_the_sound_of_a_video_is_taken():
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    tone = np.stack([wave, wave], axis=1).astype(np.float32)
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), (20, 40, 60)).save(picture, "JPEG")
    again = decode.decode(m4a.encode(tone, tags=id3.Tags(cover=picture.getvalue())))
    assert np.abs(np.fft.rfft(again[:RATE, 0])).argmax() == 440


def test_a_playlist_cannot_make_it_read_other_files(tmp_path):
    secret = tmp_path / "secret.wav"
    secret.write_bytes(file(np.full(RATE, 0.25), RATE))
    for text in (f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n", f"ffconcat version 1.0\nfile '{secret}'\n"):
        with pytest.raises(decode.UnreadableAudioError):
            decode.decode(text.encode())


def test_what_holds_no_numbers_is_refused():
    out = io.BytesIO()
    soundfile.write(out, np.full((RATE, 2), np.nan, np.float32), RATE, format="WAV", subtype="FLOAT")
    with pytest.raises(decode.UnreadableAudioError, match="not finite"):
        decode.decode(out.getvalue())


def test_a_torn_file_gives_what_is_left_of_it():
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE)
    whole = file(np.stack([wave, wave], axis=1), RATE, "FLAC")
    again = decode.decode(whole[: len(whole) * 2 // 3])
    assert RATE // 2 < len(again) < 2 * RATE


@pytest.mark.parametrize("kind", ["OGG", "FLAC", "AIFF", "MP3", "CAF", "W64", "AU"])
def test_common_formats_are_read(kind):
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    again = decode.decode(file(np.stack([wave, wave], axis=1), RATE, kind))
    assert np.abs(np.fft.rfft(again[:RATE, 0])).argmax() == pytest.approx(440, abs=1)


def test_what_is_no_audio_is_refused():
    with pytest.raises(decode.UnreadableAudioError, match="not audio"):
        decode.decode(b"<html>not found</html>")
    with pytest.raises(decode.UnreadableAudioError, match="no samples"):
        decode.decode(file(np.zeros((0, 2)), RATE))


def test_what_is_too_long_is_refused_before_it_is_read():
    with pytest.raises(decode.UnreadableAudioError, match="at most 1 s"):
        decode.decode(file(np.zeros(2 * RATE), RATE), max_seconds=1.0)
