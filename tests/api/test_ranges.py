"""Which bytes of a file a request wants, by RFC 9110."""

from datetime import UTC, datetime, timedelta

import pytest

from descant.api import ranges

MODIFIED = datetime(2026, 11, 22, 12, 0, 0, 345_000, tzinfo=UTC)
ETAG = '"abc"'


def want(size: int = 1000, **headers: str) -> tuple[int, int] | None:
    span = ranges.wanted({name.replace("_", "-"): value for name, value in headers.items()}, size, ETAG, MODIFIED)
    return None if span is None else (span.start, span.stop)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-99", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=100-", (100, 1000)),
        ("bytes=-100", (900, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("bytes=900-5000", (900, 1000)),
        ("BYTES=1-2", (1, 3)),
        ("bytes = 1 - 2", (1, 3)),
    ],
)
def test_a_range_is_read_as_the_standard_says(header, span):
    assert want(range=header) == span


@pytest.mark.parametrize("header", ["", "bytes=", "bytes=-", "bytes=5-2", "items=0-1", "bytes=a-b", "bytes=0-1,5-6"])
def test_what_is_no_single_range_means_the_whole_file(header):
    assert want(range=header) is None


@pytest.mark.parametrize("header", ["bytes={}-", "bytes=0-{}", "bytes=-{}", "bytes={}-{}"])
def test_a_range_of_places_no_file_has_is_ignored(header):
    assert want(range=header.replace("{}", "9" * 5000)) is None
    assert want(range="bytes=0-" + "9" * 18) == (0, 1000)


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_a_range_behind_the_end_cannot_be_satisfied(header):
    with pytest.raises(ranges.UnsatisfiableRangeError):
        want(range=header)


def test_an_empty_file_has_no_ranges():
    with pytest.raises(ranges.UnsatisfiableRangeError):
        want(size=0, range="bytes=0-")


@pytest.mark.parametrize(
    ("condition", "span"),
    [
        (ETAG, (0, 10)),
        ('"other"', None),
        (f"W/{ETAG}", None),
        (ranges.http_date(MODIFIED), (0, 10)),
        (ranges.http_date(MODIFIED - timedelta(seconds=1)), None),
    ],
)
def test_if_range_serves_the_part_only_of_the_same_file(condition, span):
    assert want(range="bytes=0-9", if_range=condition) == span


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        ({}, False),
        ({"if-none-match": ETAG}, True),
        ({"if-none-match": f'"x", W/{ETAG}'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"x"'}, False),
        ({"if-modified-since": ranges.http_date(MODIFIED)}, True),
        ({"if-modified-since": ranges.http_date(MODIFIED - timedelta(seconds=1))}, False),
        ({"if-modified-since": "yesterday"}, False),
        ({"if-none-match": '"x"', "if-modified-since": ranges.http_date(MODIFIED)}, False),
    ],
)
def test_a_client_that_holds_the_file_is_told_so(headers, same):
    assert ranges.unchanged(headers, ETAG, MODIFIED) is same
