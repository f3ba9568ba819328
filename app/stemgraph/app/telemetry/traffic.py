"""Counts of requests by route, method and status, with how long they took."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the buckets, in seconds; beyond the last there is one more."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are counted by their name; any other is counted as ``other``."""

Labels = tuple[str, str, str]
"""Route, method and status."""


class Durations:
    """How many took how long."""

    __slots__ = ("buckets", "seconds")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


class Traffic:
    """The requests of one process; for its event loop."""

    def __init__(self) -> None:
        self.durations: dict[tuple[str, str, int], Durations] = {}
        self.running = 0
        """Requests that are being answered."""
        self.hits = 0
        """Requests that were answered from what is kept."""
        self.slow = 0
        """Requests that took longer than the threshold of the slow log."""
        self.bytes = 0
        """Bytes of the bodies of answers."""

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request that has been answered."""
        key = (route, method, status)
        durations = self.durations.get(key)
        if durations is None:
            if method not in METHODS:
                key = (route, "other", status)
            durations = self.durations.setdefault(key, Durations())
        durations.add(seconds)
