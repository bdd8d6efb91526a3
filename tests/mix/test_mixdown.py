import msgspec
import numpy as np
import pytest

from descant.media import decode, mp3
from descant.mix import loudness, mastering, profile
from descant.mix.filters import Filter, low_pass
from descant.mix.mixdown import growing, mix
from descant.song.score import Role

RATE = 48_000


@pytest.fixture(scope="module", params=["pop", "ballad", "rock", "edm", "jazz", "metal", "synthwave", "classical"])
def mixed(request, score, perform, length):
    return request.param, mix(score, request.param, perform, length)


def rms(audio):
    return 10 * np.log10(np.mean(audio.astype(float) ** 2) + 1e-30)


def test_the_master_is_as_loud_as_its_profile_says(mixed):
    name, mixdown = mixed
    wanted = profile.load(name).bus.loudness
    assert loudness.integrated(mixdown.master) == pytest.approx(wanted, abs=mastering.CLOSE)
    assert mixdown.loudness == pytest.approx(loudness.integrated(mixdown.master), abs=0.01)


def test_the_true_peak_stays_under_the_ceiling(mixed):
    name, mixdown = mixed
    assert loudness.true_peak(mixdown.master) <= profile.load(name).bus.ceiling + 0.05
    assert mixdown.true_peak == pytest.approx(loudness.true_peak(mixdown.master), abs=0.01)


def test_the_true_peak_stays_under_one_decibel_after_mp3(mixed):
    assert loudness.true_peak(decode.decode(mp3.encode(mixed[1].master))) <= -1.0


def test_the_stems_sum_to_the_master(mixed):
    _, mixdown = mixed
    total = sum(stem.astype(float) for stem in mixdown.stems.values())
    assert rms(mixdown.master - total) - rms(mixdown.master) < -90


def test_every_role_that_plays_has_a_stem_and_no_other(mixed, score):
    playing = {part.role for part in (*score.parts, *score.vocals)}
    assert set(mixed[1].stems) == playing
    assert all(np.abs(stem).max() > 1e-3 for stem in mixed[1].stems.values())


def test_lows_are_mono_and_the_whole_is_wide_but_folds_down(mixed):
    master = mixed[1].master
    lows = Filter([low_pass(60.0)] * 3).process(master.copy())
    assert rms(lows[:, 0] - lows[:, 1]) - rms(lows[:, 0] + lows[:, 1]) < -20
    assert 0.2 < np.corrcoef(master.T)[0, 1] < 0.97
    assert rms(master) - rms(master.mean(axis=1)) < 3.0


def test_it_neither_clips_nor_leans_nor_stops_short(mixed):
    master = mixed[1].master
    assert np.abs(master).max() < 1.0
    assert abs(master.mean()) < 1e-3
    assert np.abs(master[-64:]).max() < 10 ** (-72 / 20)


def test_two_takes_of_a_guitar_stand_left_and_right(score, perform, length):
    parts = tuple(part for part in score.parts if part.role is Role.GUITAR)
    silent_right = mix(
        msgspec.structs.replace(score, parts=parts, vocals=()),
        "rock",
        lambda part, *window: perform(part, *window) * np.float32(part.name.endswith("left")),
        length,
    )
    left, right = (silent_right.master.astype(float) ** 2).sum(axis=0)
    assert 10 * np.log10(left / right) > 10


def test_the_same_song_is_mixed_to_the_same_samples(score, perform, length):
    first, again = (mix(score, "pop", perform, length) for _ in range(2))
    assert np.array_equal(first.master, again.master)
    assert all(np.array_equal(first.stems[role], again.stems[role]) for role in first.stems)


@pytest.mark.parametrize("name", ["pop", "rock", "edm"])
def test_a_song_mixed_in_stretches_is_the_song_mixed_at_once_to_the_sample(name, score, perform, length):
    takes = {}

    def uneven(before):
        return {0: 1, 1: 3, 3: 2, 2: 7}.get(before, 5)

    for plan in (lambda _: 1000, lambda _: 1, uneven, growing):
        made = mix(score, name, perform, length, plan=plan)
        takes[plan] = made
    first, *others = takes.values()
    for other in others:
        assert np.array_equal(first.master, other.master)
        assert all(np.array_equal(first.stems[role], other.stems[role]) for role in first.stems)
        assert first.recall == other.recall


def test_what_is_heard_while_it_is_mixed_is_the_master(score, perform, length):
    heard = []
    made = mix(score, "jazz", perform, length, hear=lambda audio: heard.append(audio.copy()))
    assert len(heard) > 1
    assert made.corrected == 0.0
    assert np.array_equal(np.concatenate(heard), made.master)


def test_the_beginning_is_heard_before_the_rest_is_played(score, perform, length):
    ends, first = [], []

    def listening(part, start, stop):
        ends.append((part.name, start, stop))
        return perform(part, start, stop)

    mix(score, "pop", listening, length, hear=lambda audio: first.append((len(audio), len(ends))))
    samples, calls = first[0]
    assert samples >= RATE
    assert max(stop - start for _, start, stop in ends[:calls]) < 6 * RATE


def test_a_master_that_missed_its_loudness_is_brought_to_it(score, perform, length):
    def swelling(part, start, stop):
        gains = np.where(np.arange(start, stop) < 14 * RATE, 1.0, 12.0)[:, None]
        return (perform(part, start, stop) * gains).astype(np.float32)

    made = mix(score, "pop", swelling, length)
    bus = profile.load("pop").bus
    assert loudness.integrated(made.master) == pytest.approx(bus.loudness, abs=0.3)
    assert loudness.true_peak(made.master) <= bus.ceiling + 0.05


def test_the_lead_ducks_the_pad_where_it_sings(score, perform, length):
    parts = tuple(part for part in score.parts if part.role is not Role.SYNTH)
    pad = tuple(part for part in score.parts if part.role is Role.SYNTH)
    only = msgspec.structs.replace(score, parts=pad + parts[:1])
    sung, alone = (mix(msgspec.structs.replace(only, vocals=v), "pop", perform, length) for v in (score.vocals, ()))

    def shape(mixdown):
        pads = mixdown.stems[Role.SYNTH].astype(float)
        drums = mixdown.stems[Role.DRUMS].astype(float)
        hop = RATE // 2
        count = 14 * RATE // hop
        power = [(x[: count * hop] ** 2).sum(axis=1).reshape(count, hop).mean(axis=1) for x in (pads, drums)]
        return 10 * np.log10(power[0] / power[1])  # the bus gain is common to both and falls out

    change = shape(sung) - shape(alone)
    singing = np.array([(k * 0.5 - 0.4) * 2 % 8 < 5.5 for k in range(len(change))])
    assert change[singing].mean() < change[~singing].mean() - 0.4


def test_stems_live_where_they_are_allocated(score, perform, length, tmp_path):
    made = []

    def allocate(shape):
        made.append(np.memmap(tmp_path / f"{len(made)}", np.float32, "w+", shape=shape))
        return made[-1]

    mixdown = mix(score, "pop", perform, length, allocate=allocate)
    assert len(made) == len(mixdown.stems)
    assert np.array_equal(made[0], mixdown.stems[Role.DRUMS])


def test_progress_rises_to_one(score, perform, length):
    heard = []
    mix(score, "pop", perform, length, progress=lambda share, _: heard.append(share))
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_silence_stays_silence(score, length):
    mixdown = mix(score, "pop", lambda _, start, stop: np.zeros((stop - start, 2), np.float32), length)
    assert np.abs(mixdown.master).max() < 1e-12
    assert mixdown.loudness == loudness.SILENCE


def test_a_part_of_another_length_is_refused(score, length):
    with pytest.raises(ValueError, match="came as"):
        mix(score, "pop", lambda *_: np.zeros((length - 1, 2), np.float32), length)
