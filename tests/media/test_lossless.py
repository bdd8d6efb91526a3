import io

import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC
from mutagen.wave import WAVE

from descant.media import decode, flac, wav
from descant.media.id3 import Tags

RATE = 48_000


@pytest.mark.parametrize("encode", [wav.encode, flac.encode])
def test_24_bits_keep_every_sample_within_one_step(audio, encode):
    again = decode.decode(encode(audio))
    assert again.shape == audio.shape
    assert np.abs(again - audio).max() <= 2**-23


@pytest.mark.parametrize("encode", [wav.encode, flac.encode])
def test_files_say_what_they_are(audio, encode):
    for bits in (16, 24):
        info = soundfile.info(io.BytesIO(encode(audio, bits)))
        assert (info.samplerate, info.channels, info.frames, info.subtype) == (RATE, 2, len(audio), f"PCM_{bits}")


def test_dither_keeps_a_tone_smaller_than_one_step():
    time = np.arange(2 * RATE) / RATE
    faint = (0.4 / 32768 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    again = decode.decode(wav.encode(np.stack([faint, faint], axis=1), 16))[:, 0]
    spectrum = np.abs(np.fft.rfft(again))
    assert spectrum.argmax() == 2000


def test_dither_leaves_silence_silent_and_is_always_the_same(audio):
    assert not decode.decode(wav.encode(np.zeros((RATE, 2), np.float32), 16)).any()
    assert wav.encode(audio, 16) == wav.encode(audio, 16)


def test_a_window_of_a_flac_is_that_window(audio):
    data = flac.encode(audio)
    assert np.array_equal(flac.decode(data, 1000, 5000), flac.decode(data)[1000:5000])
    assert np.array_equal(flac.decode(data, len(audio) - 10), flac.decode(data)[-10:])


def test_too_loud_samples_clip_instead_of_wrapping():
    loud = np.full((100, 2), 1.5, np.float32)
    for bits in (16, 24):
        assert decode.decode(wav.encode(loud, bits)).min() > 0.99


@pytest.mark.parametrize("broken", [np.zeros((10, 1)), np.zeros(10), np.full((10, 2), np.nan)])
def test_what_is_not_stereo_audio_is_refused(broken):
    with pytest.raises(ValueError, match="audio"):
        wav.encode(broken)


TOLD = Tags(
    title="Wasser & Licht",
    genre="pop",
    lyrics="[Verse]\nPaper boats",
    bpm=96,
    key="F# minor",
    cover=b"\xff\xd8\xff picture",
    words=(("Paper", 1.0), ("boats", 61.5)),
)


def test_a_flac_tells_title_lyrics_words_and_cover(audio):
    data = flac.encode(audio, tags=TOLD)
    found = FLAC(io.BytesIO(data))
    assert found["title"] == ["Wasser & Licht"]
    assert found["lyrics"] == ["[Verse]\nPaper boats"]
    assert found["syncedlyrics"] == ["[00:01.00]Paper\n[01:01.50]boats"]
    assert (found["bpm"], found["key"]) == (["96"], ["F#m"])
    assert [(picture.data, picture.type) for picture in found.pictures] == [(TOLD.cover, 3)]
    assert np.array_equal(flac.decode(data), flac.decode(flac.encode(audio)))


def test_a_wav_tells_title_lyrics_words_and_cover(audio):
    data = wav.encode(audio, tags=TOLD)
    found = WAVE(io.BytesIO(data))
    assert str(found.tags["TIT2"]) == "Wasser & Licht"
    assert found.tags.getall("USLT")[0].text == "[Verse]\nPaper boats"
    assert found.tags.getall("SYLT")[0].text == [("Paper", 1000), ("boats", 61500)]
    assert found.tags.getall("APIC")[0].data == TOLD.cover
    assert soundfile.SoundFile(io.BytesIO(data)).title == "Wasser & Licht"
    assert np.array_equal(wav.decode(data), wav.decode(wav.encode(audio)))
    assert int.from_bytes(data[4:8], "little") == len(data) - 8


def test_other_depths_are_refused(audio):
    with pytest.raises(ValueError, match="16 or 24"):
        flac.encode(audio, 20)
    with pytest.raises(ValueError, match="16 or 24"):
        wav.encode(audio, 8)


def test_what_is_not_flac_is_refused(audio):
    with pytest.raises(ValueError, match="FLAC"):
        flac.decode(wav.encode(audio))
    with pytest.raises(ValueError, match="FLAC"):
        flac.decode(b"nothing")
