"""How often an account may send create requests: a token bucket an account, in this process's memory.

The contract knows 429 but no headers (contract/README.md §7); ``Retry-After`` is ours. Polls are never limited: real
clients poll every 3–5 seconds, and a poll is cheap.
"""

import time
from collections.abc import Callable
from math import ceil
from threading import Lock

from fastapi import Request

from descant.api.errors import ApiError

KEPT = 10_000
"""Buckets kept in memory before full ones, which say nothing, are let go."""


ROUNDING = 1e-9
"""A client that waited exactly as long as it was told must not miss its token by a rounding error."""


class Rates:
    """Buckets that hold ``per_minute`` tokens each and refill at that pace; 0 means no limit.

    Parameters
    ----------
    per_minute : requests an account may send a minute, all at once or spread.
    clock : seconds that only rise.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def take(self, account_id: str) -> float:
        """Take one token; return 0, or the seconds until there will be one."""
        if not self._per_minute:
            return 0.0
        pace = self._per_minute / 60
        with self._lock:
            now = self._clock()
            tokens, then = self._buckets.get(account_id, (float(self._per_minute), now))
            tokens = min(self._per_minute, tokens + (now - then) * pace)
            if tokens < 1 - ROUNDING:
                return (1 - tokens) / pace
            self._buckets[account_id] = (tokens - 1, now)
            self._forget_full(now, pace)
        return 0.0

    def _forget_full(self, now: float, pace: float) -> None:
        if len(self._buckets) > KEPT:
            full = self._per_minute
            kept = {key: (n, t) for key, (n, t) in self._buckets.items() if n + (now - t) * pace < full}
            self._buckets = kept


def check_rate(request: Request) -> ApiError | None:
    """Count a create request; return a refusal when it comes too soon after the others of its account.

    The refusal is a 429 with Retry-After in whole seconds.
    """
    rates: Rates = request.app.state.rates
    wait = rates.take(request.state.account.id)
    if wait <= 0:
        return None
    seconds = ceil(wait)
    text = f"Too many create requests; try again in {seconds} second{'s' if seconds > 1 else ''}."
    return ApiError(429, text, {"Retry-After": str(seconds)})


async def limit_creates(request: Request) -> None:
    """Raise the refusal of :func:`check_rate`, if there is one."""
    refused = check_rate(request)
    if refused is not None:
        raise refused
