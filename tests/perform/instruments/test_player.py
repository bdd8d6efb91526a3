from itertools import pairwise

import numpy as np
import pytest

from descant.perform.instruments import player
from descant.perform.instruments.presets import Layer, UnknownInstrumentError, Variation
from descant.perform.instruments.voice import Touch
from descant.perform.instruments.zones import Generator
from descant.song.score import Pedal, Swell

RATE = 48_000
SEED = 7


def play(bank, part_and_score, start=0, stop=2 * RATE):
    return player.render(*part_and_score, bank, SEED, start, stop)


def pitch(signal):
    """Return the frequency of a steady tone, by parabolic interpolation of its windowed spectrum."""
    power = np.log(np.abs(np.fft.rfft(signal * np.kaiser(signal.size, 14.0))) + 1e-12)
    peak = int(power.argmax())
    left, middle, right = power[peak - 1 : peak + 2]
    return (peak + (left - right) / (2 * (left - 2 * middle + right))) * RATE / signal.size


def looped_sine(studio, *generators, hertz=480.0):
    """Return a bank of a sine whose loop is a whole number of its periods."""
    period = round(RATE / hertz)
    return studio.simple(studio.sine(hertz, 0.2), *generators, loop=(period * 20, period * 60))


@pytest.mark.parametrize(
    ("key", "tune", "expected"), [(60, 0, 480.0), (67, 0, 480 * 2 ** (7 / 12)), (48, 30, 240 * 2 ** (30 / 1200))]
)
def test_a_note_sounds_at_its_pitch_to_a_hundredth_of_a_cent(studio, key, tune, expected):
    bank = looped_sine(studio, (Generator.FINE_TUNE, tune))
    heard = pitch(play(bank, studio.score((0.0, 2.0, key, 100)))[4800 : 4800 + 65536, 0])
    assert abs(1200 * np.log2(heard / expected)) < 0.05


def test_a_loop_is_continuous(studio):
    """A sine looped at whole periods stays a sine: nothing else above −80 dB."""
    tone = play(looped_sine(studio), studio.score((0.0, 2.0, 64, 100)))[9600:57600, 0]
    power = np.abs(np.fft.rfft(tone * np.kaiser(tone.size, 14.0))) ** 2
    peak = int(power.argmax())
    beside = np.concatenate([power[: peak - 8], power[peak + 9 :]])
    assert 10 * np.log10(beside.max() / power[peak]) < -80


def test_a_loop_until_release_goes_on_to_the_samples_end(studio):
    frames = np.concatenate([studio.sine(480, 0.5), studio.sine(1200, 0.5)])
    zone = studio.Settings([(Generator.SAMPLE_MODE, 3), (Generator.VOLUME_RELEASE, 3000), (Generator.SAMPLE, 0)])
    bank = studio.bank([studio.Sample(frames, loop=(1000, 21000))], [studio.Program([zone])])
    heard = play(bank, studio.score((0.0, 1.0, 60, 100)))
    assert pitch(heard[24000:40000, 0]) == pytest.approx(480, abs=1)
    assert pitch(heard[62000:70000, 0]) == pytest.approx(1200, abs=5)


def test_a_mono_sample_stands_in_the_middle_and_pan_keeps_its_power(studio):
    middle = play(looped_sine(studio), studio.score((0.0, 1.0, 60, 100)))
    right = play(looped_sine(studio, (Generator.PAN, 500)), studio.score((0.0, 1.0, 60, 100)))
    assert np.array_equal(middle[:, 0], middle[:, 1])
    assert not right[:, 0].any()
    assert (right**2).sum() == pytest.approx((middle**2).sum(), rel=1e-4)


def test_louder_and_brighter_with_velocity(studio, decibels):
    noise = np.random.default_rng(1).normal(0, 0.1, RATE)
    bank = studio.simple(noise)
    studio.preset(touch=Touch(cutoff=12000.0, velocity_to_filter=3000.0))
    heard = [play(bank, studio.score((0.0, 0.9, 60, velocity)))[:40000, 0] for velocity in (30, 60, 90, 127)]
    levels = [decibels(signal) for signal in heard]
    centres = [np.average(np.arange(20001), weights=np.abs(np.fft.rfft(signal)) ** 2) for signal in heard]
    assert levels == sorted(levels)
    assert centres == sorted(centres)
    assert centres[-1] > 1.5 * centres[0]


def test_a_velocity_curve_narrows_loudness(studio, decibels):
    bank = looped_sine(studio)

    def spread():
        loud, soft = (play(bank, studio.score((0.0, 1.0, 60, velocity)))[4800:40000] for velocity in (120, 40))
        return decibels(loud) - decibels(soft)

    whole = spread()
    studio.preset(touch=Touch(dynamics=0.5))
    assert whole == pytest.approx(40 * np.log10(120 / 40), abs=0.1)
    assert spread() == pytest.approx(whole / 2, abs=0.1)


def test_the_pedal_holds_notes_until_it_is_lifted(studio, decibels):
    bank = looped_sine(studio)
    dry = play(bank, studio.score((0.0, 0.3, 60, 100)))
    held = play(bank, studio.score((0.0, 0.3, 60, 100), pedals=(Pedal(0.1, 1.2),)))
    assert decibels(dry[24000:48000]) < -100
    assert decibels(held[24000:56000]) > -20
    assert decibels(held[60000:]) < -100


def test_a_key_struck_again_ends_its_older_note(studio, decibels):
    bank = looped_sine(studio)
    pedals = (Pedal(0.0, 1.9),)
    once = play(bank, studio.score((0.0, 0.2, 60, 100), pedals=pedals))
    twice = play(bank, studio.score((0.0, 0.2, 60, 100), (1.0, 0.2, 60, 1), pedals=pedals))
    assert np.array_equal(once[:48000], twice[:48000])
    assert decibels(twice[52800:90000]) < decibels(once[52800:90000]) - 40


def test_a_swell_is_a_gain_in_decibels(studio, decibels):
    bank = looped_sine(studio)
    flat = play(bank, studio.score((0.0, 2.0, 60, 100)))
    swelled = play(bank, studio.score((0.0, 2.0, 60, 100), swells=(Swell(0.5, -20.0), Swell(1.5, 0.0))))
    for second, gain in ((0.2, -20.0), (1.0, -10.0), (1.8, 0.0)):
        here = slice(int(second * RATE) - 240, int(second * RATE) + 240)
        assert decibels(swelled[here]) - decibels(flat[here]) == pytest.approx(gain, abs=0.2)


def kit(studio):
    """Return a bank with an open (46) and a closed hi-hat (42) of one exclusive class, and a drum (38)."""
    noise = np.random.default_rng(2).normal(0, 0.1, RATE)
    hats = [
        studio.Settings(
            [(Generator.KEY_RANGE, key | key << 8), (Generator.EXCLUSIVE_CLASS, 1), (Generator.SAMPLE, sample)]
        )
        for key, sample in ((46, 0), (42, 1))
    ]
    drum = studio.Settings([(Generator.KEY_RANGE, 38 | 38 << 8), (Generator.SAMPLE, 0)])
    samples = [studio.Sample(noise, key=46), studio.Sample(noise[:2400], key=42)]
    return studio.bank(samples, [studio.Program([*hats, drum], bank=128)])


KIT = {"kit": True, "layers": (Layer(bank=128, program=0),)}


def test_a_closed_hat_chokes_the_open_one_and_nothing_else(studio, decibels):
    studio.preset(**KIT)
    bank = kit(studio)
    ringing = play(bank, studio.score((0.0, 0.1, 46, 100)))
    choked = play(bank, studio.score((0.0, 0.1, 46, 100), (0.25, 0.1, 42, 100)))
    drum = play(bank, studio.score((0.0, 0.1, 38, 100), (0.25, 0.1, 42, 100)))
    assert np.array_equal(choked[:12000], ringing[:12000])
    assert decibels(ringing[24000:40000]) > -40
    assert decibels(choked[24000:40000]) < -100
    assert decibels(drum[24000:40000]) > -40


def test_repeated_strokes_differ_and_repeat_exactly(studio):
    studio.preset(**KIT, variation=Variation(cents=10.0, level=1.5, offset=1.0))
    bank = kit(studio)
    notes = [(i * 0.25, 0.1, 42, 100) for i in range(8)]
    heard = play(bank, studio.score(*notes))
    hits = [heard[i * 12000 : i * 12000 + 2400] for i in range(8)]
    assert all(not np.allclose(one, other, atol=1e-4) for i, one in enumerate(hits) for other in hits[:i])
    assert np.array_equal(heard, play(bank, studio.score(*notes)))
    loudest, softest = max(hit.std() for hit in hits), min(hit.std() for hit in hits)
    assert 20 * np.log10(loudest / softest) < 3.5


def busy(studio):
    """Return a bank in which everything moves, and a part that uses all of the player."""
    generators = [
        (54, 1),
        (7, 60),
        (11, 1200),
        (8, 8000),
        (5, 20),
        (13, 15),
        (26, -3000),
        (28, -1000),
        (29, 500),
        (38, 800),
    ]
    frames = studio.sine(480, 0.2) + studio.sine(1440, 0.2, 0.2)
    zones = [studio.Settings([*generators, (17, pan), (53, sample)]) for pan, sample in ((-500, 0), (500, 1))]
    samples = [studio.Sample(frames * gain, loop=(2000, 6000)) for gain in (1.0, 0.8)]
    bank = studio.bank(samples, [studio.Program(zones)])
    studio.preset(
        variation=Variation(cents=5.0, level=1.0, offset=0.5), touch=Touch(vibrato=15.0, velocity_to_filter=2000.0)
    )
    notes = [(i * 0.17, 0.21, 55 + (i * 5) % 13, 60 + (i * 7) % 60) for i in range(14)]
    extra = {"pedals": (Pedal(0.3, 1.1),), "swells": (Swell(0.0, -12.0), Swell(1.3, 0.0), Swell(2.5, -6.0))}
    return bank, notes, extra


@pytest.mark.parametrize("cuts", [(0, 1, 47, 48, 12_345, 99_999, 144_000), (0, 71_993, 72_001, 144_000)])
def test_windows_joined_are_the_whole_to_the_sample(studio, cuts):
    bank, notes, extra = busy(studio)
    made = studio.score(*notes, **extra)
    whole = play(bank, made, 0, 144_000)
    joined = np.concatenate([play(bank, made, *cut) for cut in pairwise(cuts)])
    assert whole.any()
    assert np.array_equal(joined, whole)


def test_a_note_added_later_leaves_earlier_samples_alone(studio):
    bank, notes, extra = busy(studio)
    before = play(bank, studio.score(*notes, **extra), 0, 96_000)
    after = play(bank, studio.score(*notes, (2.0, 0.5, 71, 90), **extra), 0, 96_000)
    assert np.array_equal(before, after)


def test_a_window_before_the_song_or_of_no_length_is_silent(studio):
    bank = looped_sine(studio)
    assert not play(bank, studio.score((0.5, 1.0, 60, 100)), -4800, 0).any()
    assert play(bank, studio.score((0.5, 1.0, 60, 100)), 100, 100).shape == (0, 2)


def test_lead_in_and_shift_place_a_note_to_the_sample(studio):
    bank = studio.simple(np.ones(4800) * 0.5)
    part, score = studio.score((1.0, 0.5, 60, 127, 0.0021))
    score = score.__class__(**{name: getattr(score, name) for name in score.__struct_fields__} | {"lead_in": 0.25})
    heard = player.render(part, score, bank, SEED, 0, 2 * RATE)
    assert np.flatnonzero(heard[:, 0])[0] == round((0.25 + 1.0 + 0.0021) * RATE) + 1  # the attack begins at nought


def test_notes_out_of_range_move_by_octaves(studio):
    bank = looped_sine(studio)
    studio.preset(low=55, high=72)
    assert np.array_equal(play(bank, studio.score((0.0, 1.0, 36, 100))), play(bank, studio.score((0.0, 1.0, 60, 100))))


def test_layers_sound_together_on_their_own_keys(studio, decibels):
    bank = looped_sine(studio)
    studio.preset(layers=(Layer(program=0, pan=-1.0), Layer(program=0, pan=1.0, transpose=12, omit=(62,))))
    both, alone = (play(bank, studio.score((0.0, 1.5, key, 100)))[4800:70336] for key in (60, 62))
    assert pitch(both[:, 1]) == pytest.approx(2 * pitch(both[:, 0]), rel=1e-4)
    assert not alone[:, 1].any()


def test_a_bank_without_the_program_plays_the_general_midi_one_or_says_so(studio):
    bank = looped_sine(studio)
    studio.preset(layers=(Layer(bank=8, program=0),))
    assert play(bank, studio.score((0.0, 1.0, 60, 100))).any()
    studio.preset(layers=(Layer(program=5),))
    with pytest.raises(UnknownInstrumentError, match=r"has no preset 0:5.*DESCANT_SOUNDFONT"):
        play(bank, studio.score((0.0, 1.0, 60, 100)))


def test_an_unknown_instrument_names_those_there_are(studio):
    with pytest.raises(UnknownInstrumentError, match=r"'theremin'.*grand_piano"):
        play(looped_sine(studio), studio.score((0.0, 1.0, 60, 100), instrument="theremin"))
