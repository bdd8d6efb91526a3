import numpy as np
import pytest

from descant.perform.instruments.bank import open_bank
from descant.perform.instruments.sf2 import CorruptSoundBankError, MissingSoundBankError


def test_a_sample_is_read_as_it_was_written(studio):
    frames = studio.sine(440, 0.1)
    bank = studio.simple(frames)
    assert np.abs(bank.pcm(0) - np.floor(frames * 32767)).max() <= 1
    assert bank.pcm(0).dtype == np.int16
    assert bank.presets == {(0, 0): "p0"}


def test_24_bit_samples_keep_what_16_bits_lose(studio):
    frames = studio.sine(440, 0.1, level=1e-4)
    bank = studio.bank([studio.Sample(frames)], [studio.Program([studio.Settings([(53, 0)])])], wide=True)
    error = bank.pcm(0) - frames * 32767 / 32768
    assert np.abs(error).max() < 2**-22


def test_compressed_samples_are_decoded_once(studio):
    frames = studio.sine(440, 0.5)
    bank = studio.bank([studio.Sample(frames)], [studio.Program([studio.Settings([(53, 0)])])], vorbis=True)
    heard = bank.pcm(0)
    assert heard is bank.pcm(0)
    assert heard.size == frames.size
    assert np.abs(heard - frames)[1000:-1000].max() < 0.02


def test_a_missing_bank_says_what_mends_it(tmp_path):
    with pytest.raises(MissingSoundBankError, match=r"musescore-general-soundfont.*DESCANT_SOUNDFONT"):
        open_bank(tmp_path / "none.sf2")


@pytest.mark.parametrize("content", [b"", b"RIFF", b"ID3 something else entirely"])
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / "bank.sf2"
    path.write_bytes(content)
    with pytest.raises(CorruptSoundBankError, match=r"bank\.sf2 is not a usable SoundFont bank"):
        open_bank(path)


def test_a_bank_cut_short_is_refused(studio):
    path = studio.simple(studio.sine(440, 0.1)).path
    cut = path.with_name("cut.sf2")
    cut.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(CorruptSoundBankError, match="cut short"):
        open_bank(cut)


def test_a_sample_outside_the_pool_is_refused(studio):
    path = studio.simple(studio.sine(440, 0.1)).path
    data = bytearray(path.read_bytes())
    header = data.rindex(b"s0\0\0")
    data[header + 24 : header + 28] = (10**8).to_bytes(4, "little")
    broken = path.with_name("broken.sf2")
    broken.write_bytes(data)
    with pytest.raises(CorruptSoundBankError, match="outside its sample data"):
        open_bank(broken).zones(0, 0)


def test_a_changed_file_is_opened_anew(studio):
    bank = studio.simple(studio.sine(440, 0.1))
    assert open_bank(bank.path) is bank
    bank.path.write_bytes(studio.simple(studio.sine(440, 0.2)).path.read_bytes())
    assert open_bank(bank.path) is not bank
