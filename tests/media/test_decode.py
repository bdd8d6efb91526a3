import io

import numpy as np
import pytest
import soundfile

from descant.media import decode

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


def test_mono_is_doubled_and_surround_gives_its_front():
    wave = np.linspace(-0.5, 0.5, 960)
    mono = decode.decode(file(wave, RATE))
    assert np.array_equal(mono[:, 0], mono[:, 1])
    surround = decode.decode(file(np.stack([wave, -wave, wave * 0, wave * 0], axis=1), RATE))
    assert np.allclose(surround[:, 0], -surround[:, 1], atol=1e-4)


@pytest.mark.parametrize("kind", ["OGG", "FLAC", "AIFF", "MP3"])
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
