import pytest

from descant.service.credits.prices import PRICES, price, refund


@pytest.mark.parametrize(
    ("operation", "credits"),
    [
        ("sonic.create_music", 15),
        ("sonic.concat_music", 2),
        ("sonic.stems_full", 75),
        ("sonic.upload", 2),
        ("producer.create", 12),
        ("nuro.create", 10),
        ("riffusion.create", 12),
        ("studio.create", 15),
    ],
)
def test_operations_cost_what_the_contract_says(operation: str, credits: int) -> None:
    assert price(operation) == credits


def test_no_price_is_negative() -> None:
    assert all(credits >= 0 for credits in PRICES.values())


@pytest.mark.parametrize(("failed", "back"), [(0, 0), (1, 7), (2, 15)])
def test_the_failed_share_is_given_back_rounded_down(failed: int, back: int) -> None:
    assert refund(15, clips=2, failed=failed) == back
