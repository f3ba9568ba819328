"""How much one client may ask: a budget that refills steadily, as one number for each client.

It is the generic cell rate algorithm, which counts like a sliding window and remembers one moment per client.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from time import monotonic
from typing import Final

WINDOW: Final = 60.0
"""Seconds over which a budget is counted; all of it may be spent at once."""

MOST_CLIENTS: Final = 10_000


class Budget:
    """The budget of each client.

    Args:
        per_minute: What one client may spend in a minute.
        clock: Gives the time in seconds.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self._price = WINDOW / per_minute
        self._clock = clock
        self._spent_until: dict[str, float] = {}

    def spend(self, client: str, cost: float = 1.0) -> int:
        """Take from the budget of a client: 0 where it was enough, else the seconds to wait."""
        now = self._clock()
        until = max(self._spent_until.get(client, now), now) + cost * self._price
        if until - now > WINDOW:
            return ceil(until - now - WINDOW)
        if client not in self._spent_until and len(self._spent_until) >= MOST_CLIENTS:
            self._forget(now)
        self._spent_until[client] = until
        return 0

    def wait(self, client: str) -> int:
        """The seconds until a client may spend again; 0 where it may now."""
        now = self._clock()
        return max(0, ceil(self._spent_until.get(client, now) + self._price - now - WINDOW))

    def _forget(self, now: float) -> None:
        """Drop the clients whose budget is whole again, or where there are none, those who spent least."""
        kept = {client: until for client, until in self._spent_until.items() if until > now}
        if len(kept) >= MOST_CLIENTS:
            latest = sorted(kept.items(), key=lambda each: each[1])[MOST_CLIENTS // 2 :]
            kept = dict(latest)
        self._spent_until = kept
