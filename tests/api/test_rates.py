"""The token buckets behind 429."""

import pytest

from descant.api.rates import KEPT, Rates


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_tokens_then_says_when_the_next_comes():
    clock = Clock()
    rates = Rates(6, clock)
    assert [rates.take("a") for _ in range(6)] == [0.0] * 6
    assert rates.take("a") == pytest.approx(10)
    clock.now = 4.0
    assert rates.take("a") == pytest.approx(6)
    clock.now = 10.0
    assert rates.take("a") == 0.0
    assert rates.take("a") == pytest.approx(10)


def test_accounts_do_not_take_from_one_another():
    rates = Rates(1, Clock())
    assert rates.take("a") == 0.0
    assert rates.take("b") == 0.0
    assert rates.take("a") > 0


def test_a_rest_never_fills_a_bucket_beyond_its_size():
    clock = Clock()
    rates = Rates(2, clock)
    rates.take("a")
    clock.now = 3600.0
    assert [rates.take("a") > 0 for _ in range(3)] == [False, False, True]


def test_no_limit_never_waits():
    rates = Rates(0, Clock())
    assert all(rates.take("a") == 0.0 for _ in range(1000))


def test_full_buckets_are_forgotten_and_spent_ones_are_not():
    clock = Clock()
    rates = Rates(1, clock)
    for number in range(KEPT):
        rates.take(str(number))
    clock.now = 60.0
    rates.take("late")
    assert len(rates._buckets) == 1
    assert rates.take("late") > 0
