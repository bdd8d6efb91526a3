import numpy as np
import pytest

from descant.mix import filters

RATE = 48_000


def level(audio):
    return 10 * np.log10(np.mean(audio[RATE // 2 :].astype(float) ** 2) * 2 / audio.shape[1] * audio.shape[1])


@pytest.mark.parametrize(
    ("section", "frequency", "decibels"),
    [
        (filters.high_pass(200.0), 200.0, -3.01),
        (filters.high_pass(200.0), 50.0, -24.1),
        (filters.low_pass(2000.0), 2000.0, -3.01),
        (filters.peak(1000.0, 6.0, 1.0), 1000.0, 6.0),
        (filters.peak(1000.0, -9.0, 2.0), 1000.0, -9.0),
        (filters.low_shelf(300.0, 5.0), 20.0, 5.0),
        (filters.low_shelf(300.0, 5.0), 300.0, 2.5),
        (filters.high_shelf(5000.0, -4.0), 22000.0, -4.0),
        (filters.band_pass(700.0, 2.0), 700.0, 0.0),
    ],
)
def test_a_filter_changes_a_sine_by_its_designed_level(section, frequency, decibels, sine):
    assert filters.response([section], [frequency])[0] == pytest.approx(decibels, abs=0.15)
    filtered = filters.Filter([section]).process(sine(frequency, 2.0, -12.0))
    assert level(filtered) == pytest.approx(decibels - 12.0, abs=0.15)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_filtering_in_blocks_gives_the_samples_of_filtering_whole(noise, channels, count):
    sections = [filters.high_pass(80.0), filters.peak(900.0, 4.0), filters.high_shelf(6000.0, 3.0)][:count]
    source = np.ascontiguousarray(noise[:, :channels])
    whole = filters.Filter(sections, channels).process(source.copy())
    equalizer, parts = filters.Filter(sections, channels), source.copy()
    for start in range(0, len(parts), 1600):
        equalizer.process(parts[start : start + 1600])
    assert np.array_equal(whole, parts)


def test_no_sections_leave_the_signal_alone(noise):
    assert np.array_equal(filters.Filter([]).process(noise.copy()), noise)


def test_a_corner_beyond_nyquist_is_refused():
    with pytest.raises(ValueError, match="outside"):
        filters.low_pass(24_000.0)
