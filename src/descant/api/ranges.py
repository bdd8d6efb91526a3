"""Conditional and partial requests (RFC 9110 §13–14): what part of a file a request wants, if any.

One range is served; a request for several gets the whole file, which the standard allows and players do not send.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

PLACE = "[0-9]{1,18}"
"""Pattern of a place in a file; longer numbers, which no file reaches, make a range that is ignored."""

_RANGE = re.compile(rf"bytes\s*=\s*({PLACE}|)\s*-\s*({PLACE}|)", re.IGNORECASE)


class UnsatisfiableRangeError(Exception):
    """The range asked for begins behind the file's last byte."""


@dataclass(frozen=True)
class Span:
    """Bytes ``start`` (inclusive) to ``stop`` (exclusive) of a file."""

    start: int
    stop: int


def http_date(moment: datetime) -> str:
    """Return an aware time as HTTP headers write it."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def unchanged(headers: Mapping[str, str], etag: str, modified: datetime) -> bool:
    """Whether the client already holds this very file (then answer 304).

    If-None-Match compares weakly and, when sent, alone decides (RFC 9110 §13.1.3).
    """
    tags = headers.get("if-none-match")
    if tags is not None:
        held = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in held or etag in held
    since = _moment(headers.get("if-modified-since", ""))
    return since is not None and modified.replace(microsecond=0) <= since


def wanted(headers: Mapping[str, str], size: int, etag: str, modified: datetime) -> Span | None:
    """Return the part of a file of ``size`` bytes that the request asks for, or None for all of it.

    Raises
    ------
    UnsatisfiableRangeError : when the part begins behind the last byte.
    """
    match = _RANGE.fullmatch(headers.get("range", "").strip())
    if match is None or not _still_holds(headers.get("if-range"), etag, modified):
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None  # invalid, and so ignored (RFC 9110 §14.1.1)
    if start >= size or start >= stop:
        raise UnsatisfiableRangeError
    return Span(start, stop)


def _still_holds(condition: str | None, etag: str, modified: datetime) -> bool:
    """Whether an If-Range condition, if any, still names the file as it is."""
    if condition is None or condition.strip() == etag:
        return True
    return _moment(condition) == modified.astimezone(UTC).replace(microsecond=0)


def _moment(text: str) -> datetime | None:
    """Return the time an HTTP date names, or None when it names none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
