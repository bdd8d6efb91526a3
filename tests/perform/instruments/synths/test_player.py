import tomllib
from importlib.resources import files

import numpy as np
import pytest

from descant.perform.instruments import presets
from descant.perform.instruments.presets import Variation
from descant.perform.instruments.synths.patch import (
    Bend,
    Envelope,
    Filter,
    Journey,
    Lfo,
    Operator,
    Oscillator,
    Patch,
    String,
)

RATE = 48_000
SYNTHS = [name for name in presets.names() if presets.load(name).synth]
TONAL = [name for name in SYNTHS if name not in ("riser", "downlifter", "impact", "fm_bell")]
DARKENING = [name for name in SYNTHS if (shape := presets.load(name).synth.filter) and shape.velocity]
SINE = (Oscillator(wave="sine", free=False),)
STEADY = Envelope(attack=0.001, sustain=1.0, release=0.02)


def hertz(key):
    return 440.0 * 2 ** ((key - 69) / 12)


def notes(name):
    """Return a few notes in the range of a preset: a chord, repeats and overlaps."""
    middle = (presets.load(name).low + presets.load(name).high) // 2
    return [
        (0.0, 0.9, middle, 100),
        (0.1, 0.3, middle + 7, 60),
        (0.5, 0.25, middle, 120),
        (0.7, 0.4, middle - 5, 80),
        (1.013, 0.5, middle + 3, 90),
    ]


@pytest.mark.parametrize("name", SYNTHS)
def test_any_window_is_the_same_window_of_the_whole(name, synth):
    whole = synth.play(*notes(name), instrument=name)
    assert np.abs(whole).max() > 0.005
    for start, stop in ((0.0, 0.31), (0.31, 1.2345), (1.2345, 2.0)):
        window = synth.play(*notes(name), instrument=name, start=start, seconds=stop)
        assert np.array_equal(window, whole[round(start * RATE) : round(stop * RATE)])


@pytest.mark.parametrize("name", ["supersaw", "riser", "bass_808", "fm_piano", "string_pluck"])
def test_the_same_seed_gives_the_same_samples(name, synth):
    once, again = (synth.play(*notes(name), instrument=name) for _ in range(2))
    assert np.array_equal(once, again)


def test_another_note_changes_nothing_of_one_that_does_not_touch_it(synth):
    alone = synth.play((1.0, 0.5, 60, 100), instrument="supersaw")
    low = synth.play((0.0, 0.5, 48, 100), instrument="supersaw")
    both = synth.play((0.0, 0.5, 48, 100), (1.0, 0.5, 60, 100), instrument="supersaw")
    assert both == pytest.approx(alone + low, abs=1e-6)


@pytest.mark.parametrize("name", TONAL)
def test_a_preset_is_in_tune_over_its_range(name, synth, pitch):
    preset = presets.load(name)
    spread = preset.variation.cents + max([one.detune / 2 + one.wobble for one in preset.synth.oscillators] or [4.0])
    spread += sum(one.vibrato for one in preset.synth.lfos)
    for key in (max(preset.low, 48), (preset.low + preset.high) // 2, preset.high):
        heard = synth.play((0.0, 1.9, key, 110), instrument=name)
        assert abs(1200 * np.log2(pitch(heard[9600:75136, 0], hertz(key)) / hertz(key))) < spread + 1.0, f"key {key}"


@pytest.mark.parametrize("name", TONAL)
@pytest.mark.parametrize("place", [0.5, 1.0])
def test_a_preset_folds_nothing_back(name, place, synth, between_partials):
    """Without detuning and slow oscillators, nothing between the partials over −60 dB."""
    preset = presets.load(name)
    steady = {"voices": 1, "detune": 0.0, "wobble": 0.0, "tune": 0.0, "spread": 0.0}
    patch = preset.synth
    synth.patch(
        **{field: getattr(patch, field) for field in ("string", "filter", "bend", "drive", "mono")},
        oscillators=tuple(_changed(one, steady) for one in patch.oscillators),
        operators=tuple(_changed(one, {"tune": 0.0}) for one in patch.operators),
        amp=STEADY,
    )
    key = round(preset.low + place * (preset.high - preset.low))
    heard = synth.play((0.0, 2.9, key, 127), seconds=3.0)[48_000 : 48_000 + 65_536, 0]
    lowest = min([0.0] + [one.transpose for one in patch.oscillators])
    assert between_partials(heard, hertz(key + lowest)) < -60


def _changed(one, fields):
    known = {field: getattr(one, field) for field in one.__struct_fields__}
    return type(one)(**{**known, **{field: value for field, value in fields.items() if field in known}})


@pytest.mark.parametrize("ratio", [1.0, 3.0, 14.0])
@pytest.mark.parametrize("key", [60, 84, 103])
def test_modulation_is_held_where_it_would_fold_back(ratio, key, synth, between_partials):
    ringing = Envelope(attack=0.01, sustain=1.0)
    synth.patch(
        operators=(
            Operator(ratio=ratio, into=1, level=6.0, envelope=ringing, feedback=0.6),
            Operator(envelope=ringing),
        )
    )
    heard = synth.play((0.0, 1.9, key, 127))[9600:75136, 0]
    assert between_partials(heard, hertz(key)) < -60


def test_frequency_modulation_has_the_partials_of_bessels_functions(synth):
    """At index 2 the carrier is J0(2) loud, and its upper partials J1(2), J2(2)… (Chowning 1973)."""
    bessel = np.array([0.2239, 0.5767, 0.3528, 0.1289, 0.0340])
    ringing = Envelope(attack=0.001, sustain=1.0)
    synth.patch(operators=(Operator(ratio=4.0, into=1, level=2.0, envelope=ringing), Operator(envelope=ringing)))
    heard = synth.play((0.0, 1.9, 69, 127))[9600:75136, 0]
    power = np.abs(np.fft.rfft(heard * np.kaiser(heard.size, 20.0)))
    at = np.fft.rfftfreq(heard.size, 1 / RATE)
    up = np.array([power[np.abs(at - 440 * (1 + 4 * n)) < 20].max() for n in range(5)])
    assert up / up[0] == pytest.approx(bessel / bessel[0], rel=0.02)


def test_a_string_decays_in_its_time_and_its_treble_sooner(synth, decibels):
    synth.patch(string=String(decay=2.0, brightness=0.9), amp=Envelope(attack=0.001, release=1.0))
    heard = synth.play((0.0, 2.9, 60, 100), seconds=3.0)[:, 0]
    lowest = heard.astype(float) * np.exp(-2j * np.pi * hertz(60) * np.arange(heard.size) / RATE)
    early, late = (abs(lowest[round(t * RATE) : round((t + 0.1) * RATE)].mean()) for t in (0.3, 1.3))
    assert 20 * np.log10(early / late) == pytest.approx(30.0, abs=2.0)
    assert decibels(np.diff(heard[4800:9600])) - decibels(np.diff(heard[48_000:52_800])) > 33.0


def test_a_gliding_note_comes_from_the_one_it_overlaps(synth, pitch):
    synth.patch(oscillators=SINE, mono=True, glide=0.5, amp=STEADY)
    overlapped = synth.play((0.0, 0.6, 48, 100), (0.5, 1.4, 60, 100))[:, 0]
    assert pitch(overlapped[48_000:], hertz(60)) == pytest.approx(hertz(60), rel=1e-3)
    assert abs(pitch(overlapped[26_400:28_800], 160.0) - hertz(48 + 12 * (1 - 10 ** (-3 * 0.075 / 0.5)))) < 6
    apart = synth.play((0.0, 0.45, 48, 100), (0.5, 1.4, 60, 100))[:, 0]
    assert pitch(apart[26_400:31_200], hertz(60)) == pytest.approx(hertz(60), rel=0.005)


def test_a_mono_synth_ends_the_older_note(synth, decibels):
    synth.patch(oscillators=SINE, mono=True, amp=STEADY)
    alone = synth.play((0.5, 1.0, 60, 100))
    after = synth.play((0.0, 1.9, 48, 100), (0.5, 1.0, 60, 100))
    assert decibels(after[25_200:60_000] - alone[25_200:60_000]) < -100


@pytest.mark.parametrize("name", DARKENING)
def test_harder_is_brighter_where_the_filter_hears_velocity(name, synth, centroid):
    low = (presets.load(name).low + presets.load(name).high) // 2
    soft, hard = (synth.play((0.0, 0.8, low, velocity), instrument=name, seconds=1.0)[:, 0] for velocity in (30, 120))
    assert centroid(hard) > 1.03 * centroid(soft)


def test_the_filter_follows_its_envelope_and_the_key(synth, centroid):
    noise = (Oscillator(wave="noise"),)
    falling = Filter(cutoff=300.0, sweep=4800.0, envelope=Envelope(attack=0.0, decay=0.6, sustain=0.0))
    synth.patch(oscillators=noise, filter=falling, amp=STEADY)
    heard = synth.play((0.0, 1.5, 60, 127))[:, 0]
    assert centroid(heard[:2400]) > 5 * centroid(heard[40_000:50_000])
    synth.patch(oscillators=noise, filter=Filter(cutoff=1000.0, key=1.0), amp=STEADY)
    low, high = (centroid(synth.play((0.0, 1.5, key, 127))[:, 0]) for key in (60, 72))
    assert high / low == pytest.approx(2.0, rel=0.06)


def test_vibrato_tremolo_and_moving_width_are_as_deep_as_named(synth, pitch, decibels):
    synth.patch(oscillators=SINE, amp=STEADY, lfos=(Lfo(rate=0.5, vibrato=50.0),))
    heard = synth.play((0.0, 1.9, 60, 100))[:, 0]
    assert 1200 * np.log2(pitch(heard[21_000:27_000], hertz(60)) / hertz(60)) == pytest.approx(50.0, abs=3.0)
    synth.patch(oscillators=SINE, amp=STEADY, lfos=(Lfo(rate=1.0, tremolo=12.0),))
    heard = synth.play((0.0, 1.9, 60, 100))[:, 0]
    assert decibels(heard[11_000:13_000]) - decibels(heard[35_000:37_000]) == pytest.approx(12.0, abs=0.3)
    synth.patch(
        oscillators=(Oscillator(wave="pulse", free=False),), amp=STEADY, lfos=(Lfo(rate=0.5, width=0.25, delay=0.4),)
    )
    heard = synth.play((0.0, 1.9, 45, 100))[:, 0]
    assert (heard[4800:14_400] > 0).mean() == pytest.approx(0.5, abs=0.01)
    narrow = heard[42_000:44_400]
    assert 0.2 < (narrow > narrow.mean() / 2 + np.median(narrow) / 2).mean() < 0.8
    assert np.abs(np.mean(narrow > 0) - 0.5) > 0.15


def test_a_bend_arrives_at_the_note(synth, pitch):
    synth.patch(oscillators=SINE, amp=STEADY, bend=Bend(semitones=24.0, time=0.1))
    heard = synth.play((0.0, 1.9, 48, 100))[:, 0]
    assert np.flatnonzero((heard[:-1] < 0) & (heard[1:] >= 0))[0] < RATE / hertz(48) / 2
    assert pitch(heard[9600:], hertz(48)) == pytest.approx(hertz(48), rel=1e-3)


@pytest.mark.parametrize("held", [1.0, 3.0])
def test_a_riser_rises_and_a_fall_falls_for_as_long_as_the_note(held, synth, decibels, centroid):
    rising = synth.play((0.0, held, 60, 100), instrument="riser", seconds=held + 1)[:, 0]
    falling = synth.play((0.0, held, 60, 100), instrument="downlifter", seconds=held + 1)[:, 0]
    quarter = round(held * RATE / 4)
    first, last = slice(0, quarter), slice(3 * quarter, 4 * quarter)
    assert decibels(rising[last]) > decibels(rising[first]) + 12
    assert centroid(rising[last]) > 1.5 * centroid(rising[first])
    assert decibels(falling[last]) < decibels(falling[first]) - 12
    assert decibels(rising[4 * quarter + 9600 :]) < -90


def test_a_spread_choir_is_wide_and_one_voice_is_not(synth):
    synth.patch(oscillators=(Oscillator(voices=7, detune=30.0, spread=1.0),), amp=STEADY)
    wide = synth.play((0.0, 1.9, 60, 100))
    assert np.corrcoef(wide[:, 0], wide[:, 1])[0, 1] < 0.7
    assert np.sum(wide[:, 0] ** 2) == pytest.approx(np.sum(wide[:, 1] ** 2), rel=0.6)
    synth.patch(oscillators=(Oscillator(),), amp=STEADY)
    middle = synth.play((0.0, 1.9, 60, 100))
    assert np.array_equal(middle[:, 0], middle[:, 1])


def test_two_strokes_differ_by_no_more_than_the_variation_says(synth, decibels):
    synth.preset(synth=Patch(oscillators=SINE, amp=STEADY), variation=Variation(level=1.0))
    heard = synth.play(*((i * 0.2, 0.15, 60, 100) for i in range(9)))
    levels = [decibels(heard[round((i * 0.2 + 0.02) * RATE) :][:4800]) for i in range(9)]
    assert 0.2 < max(levels) - min(levels) <= 2.0


@pytest.mark.parametrize("name", SYNTHS)
def test_a_preset_starts_from_the_common_loudness(name, synth):
    """A long note or a run of short ones, K-weighted by the reference meter."""
    pyloudnorm = pytest.importorskip("pyloudnorm")
    middle = {"impact": 36}.get(name, 36 if "bass" in name else 60)
    chord = (middle, middle + 4, middle + 7) if presets.load(name).high > 90 and "lead" not in name else (middle,)
    beats = [(i * 0.5, 0.45, key, 100) for i in range(8) for key in chord]
    heard = synth.play(*beats, instrument=name, seconds=4.0)
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(heard.astype(np.float64))
    assert loudness == pytest.approx(presets.PRESET_LOUDNESS, abs=5.0)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, "oscillator"),
        ({"operators": (Operator(into=1),)}, "later one"),
        ({"operators": (Operator(into=1), Operator(into=0))}, "later one"),
    ],
)
def test_a_patch_that_cannot_sound_is_refused(fields, fault):
    with pytest.raises(ValueError, match=fault):
        Patch(**fields)


def test_every_preset_has_a_seat_in_the_band():
    table = tomllib.loads(files("descant.compose.band").joinpath("instruments.toml").read_text())
    for name in presets.names():
        assert name in table, name
        preset = presets.load(name)
        assert preset.kit or (preset.low <= table[name]["low"] and table[name]["high"] <= preset.high), name


def test_a_journey_moves_level_and_pitch_together(synth, pitch):
    synth.patch(oscillators=SINE, amp=STEADY, journey=Journey(pitch=(0.0, 12.0)))
    heard = synth.play((0.0, 1.0, 60, 100), seconds=1.0)[:, 0]
    assert pitch(heard[21_600:26_400], hertz(66)) == pytest.approx(hertz(66), rel=0.01)
