import msgspec
import numpy as np
import pytest

from descant.mix import ducking, finish, loudness, riding, sections
from descant.mix.drums import pieces
from descant.mix.levels import apply_curve, periods
from descant.mix.profile import Riding, Space
from descant.mix.recall import Notes
from descant.mix.reverb import Reverb, Room
from descant.song.lyrics import SectionKind
from descant.song.score import Fade, Phrase, Role, SungNote, VocalPart

RATE = 48_000


def test_a_kit_comes_apart_without_losing_a_note(score):
    kit = score.parts[0]
    apart = pieces(kit)
    assert [name for name, _ in apart] == ["kick", "snare", "hats", "cymbals"]
    assert sorted((n.start, n.pitch) for _, p in apart for n in p.notes) == [(n.start, n.pitch) for n in kit.notes]


def test_the_kick_ducks_at_its_hits_and_lets_go_between():
    kick = np.zeros((2 * RATE, 1), np.float32)
    kick[RATE : RATE + 4000, 0] = np.sin(np.arange(4000) / 140) * np.linspace(1, 0, 4000)
    activity = ducking.kick_activity(kick, ducking.usual_hit(kick))
    curve = ducking.Ducker(3.0, 0.003, 0.1).decibels(activity)
    assert curve[RATE // 16 - 2] == pytest.approx(0.0, abs=0.01)
    assert curve.min() == pytest.approx(-3.0, abs=0.6)
    assert curve[-1] == pytest.approx(0.0, abs=0.05)


def test_the_pocket_opens_only_around_its_band(sine):
    singing = np.ones(periods(RATE), np.float32)
    for frequency, expected in ((finish.POCKET, -3.0), (150.0, 0.0), (15_000.0, 0.0)):
        stem = sine(frequency, 1.0)
        finish.Finisher([finish.Pocket(singing, 3.0)]).finish(stem)
        assert 20 * np.log10(np.abs(stem[RATE // 2 :]).max()) == pytest.approx(expected, abs=0.25)


def test_the_rider_holds_the_voice_above_a_changing_band(score, noise):
    length = int(score.seconds(score.length) * RATE)
    band = np.resize(noise, (length, 2)) * np.where(np.arange(length) < length // 2, 0.5, 1.0)[:, None]
    voice = np.resize(noise[::-1], (length, 2)).astype(np.float32) * np.float32(0.1)
    power = riding.band_power(band.astype(np.float32))
    rider = riding.Rider(score, length, Riding(quiet=3.0, loud=3.0, reach=6.0), Notes())
    rider.hear(voice, band.astype(np.float32), 0)
    ride = rider.ride(0, len(power))[: periods(length)]
    apply_curve(voice, (10 ** (ride / 20)).astype(np.float32), 10 ** (ride[0] / 20))
    over = 10 * np.log10(riding.band_power(voice) / power)
    hops = len(over)
    assert over[hops // 8 : 3 * hops // 8].mean() == pytest.approx(3.0, abs=0.5)
    assert over[5 * hops // 8 : 7 * hops // 8].mean() == pytest.approx(3.0, abs=0.5)


def test_a_voice_that_never_sings_is_not_ridden(score):
    silent = np.zeros((2 * RATE, 2), np.float32)
    rider = riding.Rider(score, len(silent), Riding(), Notes())
    rider.hear(silent, silent + np.float32(0.1), 0)
    assert not rider.ride(0, 100).any()


def test_a_voice_heard_in_stretches_is_ridden_as_in_one(score, noise):
    length = 960 * 700
    band, voice = (np.resize(noise[::step], (length, 2)).astype(np.float32) for step in (1, -1))
    voice[: length // 3] = 0.0
    rides = []
    for hops in (700, 70):
        rider = riding.Rider(score, length, Riding(), Notes({"power": -20.0, "usual": -2.0}))
        for first in range(0, 700, hops):
            place = slice(first * 960, (first + hops) * 960)
            rider.hear(voice[place], band[place], first * 960)
        rides.append(np.concatenate([rider.ride(first, first + 35) for first in range(0, 700, 35)]))
    assert np.array_equal(*rides)


def test_a_section_too_quiet_for_its_energy_is_raised(score, noise):
    length = int(score.seconds(score.length) * RATE)
    mix = np.resize(noise, (length, 2)).astype(np.float32)
    mix[: length // 2] *= np.float32(0.1)
    powers = loudness.powers(mix)
    loudest = loudness.integrated(mix[length // 2 :])
    found = sections.Sections(score, length, 6.0, Notes({"loudest": loudest}))
    for span in found.spans:
        found.decide(span, span.measured(powers), 0.0)
    ride = found.curve(0, length // 960)
    assert ride[len(ride) // 4] == pytest.approx(6.0, abs=0.1)
    assert ride[3 * len(ride) // 4] == pytest.approx(0.0, abs=0.1)


def test_every_song_ends_in_silence_and_a_fade_ends_where_the_score_says(score):
    length = 20 * RATE
    plain = riding.fade(score, length, length)
    assert plain[-1] == 0.0
    assert plain[len(plain) // 2] == 1.0
    faded = riding.fade(msgspec.structs.replace(score, fade=Fade(8.0, 24.0)), length, length)
    at = [round(score.seconds(beat) * RATE / 16) for beat in (7.9, 16.0, 24.1)]
    assert [faded[i] for i in at] == pytest.approx([1.0, 0.5, 0.0], abs=0.02)


def test_a_loud_section_is_wider_and_sends_more_than_a_quiet_one(score):
    settings = Space(quiet=-4.0, loud=2.0, narrow=0.7, wide=1.2)
    sends, width = riding.space(score, int(score.seconds(score.length) * RATE), settings)
    at = [round(score.seconds(beat) * RATE / 16) for beat in (8.0, 24.0)]  # energies 0.4 and 0.9
    assert [20 * np.log10(sends[i]) for i in at] == pytest.approx([-1.6, 1.4], abs=0.1)
    assert [width[i] for i in at] == pytest.approx([0.9, 1.15], abs=0.01)


def test_only_a_last_word_before_a_rest_is_thrown_into_the_echo(score):
    lines = [(0.0, 2.0), (4.0, 5.0), (5.5, 7.0)]  # (start, end of the last word); the second runs into the third
    phrases = tuple(
        Phrase("la", (), (SungNote(start, 0.5, 69, 0, 0), SungNote(stop - 0.5, 0.5, 69, 1, 0)), 0)
        for start, stop in lines
    )
    part = VocalPart("lead", Role.LEAD_VOCAL, "clara", phrases)
    curve = 20 * np.log10(riding.throws(part, score, 10 * RATE, 10.0))
    at = [round(score.seconds(beat) * RATE / 16) for beat in (0.2, 1.8, 4.8, 6.8)]
    assert [curve[i] for i in at] == pytest.approx([0.0, 10.0, 0.0, 10.0], abs=0.5)


def test_a_build_sweeps_up_and_opens_at_the_drop(score, sine):
    build, drop = (
        msgspec.structs.replace(section, kind=kind)
        for section, kind in zip(score.sections, (SectionKind.BUILD, SectionKind.DROP), strict=True)
    )
    length = int(score.seconds(score.length) * RATE)
    corner = riding.sweep(msgspec.structs.replace(score, sections=(build, drop)), length, 800.0)
    start = round(score.seconds(drop.start) * RATE / 16)
    assert corner[start - 100] == pytest.approx(800.0, rel=0.05)
    assert corner[start + 1] == 0.0
    assert riding.sweep(score, length, 800.0) is None
    low = np.resize(sine(100.0, 1.0), (length, 2)).astype(np.float32)
    finish.Finisher([finish.Sweeping(corner)]).finish(low)
    assert np.abs(low[(start - 2000) * 16 : (start - 1000) * 16]).max() < 0.1
    assert np.abs(low[-RATE:]).max() == pytest.approx(1.0, abs=0.01)


def test_a_gated_room_shuts_after_its_time():
    send = np.zeros((2 * RATE, 1), np.float32)
    send[1000:1200] = 1.0
    stem, ones = np.zeros((2 * RATE, 2), np.float32), np.ones(periods(2 * RATE), np.float32)
    room = finish.Resounding(lambda: send, Reverb(Room(decay=2.0)), ones, lambda _: finish.Gate(0.25, 1.0))
    finish.Finisher([room], [lambda: send]).finish(stem)
    level = np.sqrt((stem.astype(float) ** 2).sum(axis=1).reshape(-1, 2400).mean(axis=1))  # 50 ms a value
    assert level[4] > 1e-3
    assert level[12:].max() < 1e-3 * level.max()
