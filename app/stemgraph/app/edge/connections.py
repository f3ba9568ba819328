"""The connections of one server process: how many there may be, and which of them have had their time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

from stemgraph.app.edge.limits import EdgeLimits
from stemgraph.app.edge.refusal import CROWDED

if TYPE_CHECKING:
    from stemgraph.app.edge.protocol import EdgeProtocol

SWEEP_SECONDS: Final = 0.25
"""How often deadlines are looked at: a pass over all connections is cheaper than a timer for each request."""


class Connections:
    """All connections of a process; each is a protocol that tells its address and its phase."""

    def __init__(self, limits: EdgeLimits) -> None:
        self.limits = limits
        self.refused: Counter[str] = Counter()
        """How many requests and connections were refused, by the name of the problem."""
        self._open: set[EdgeProtocol] = set()
        self._by_client: Counter[str] = Counter()
        self._proxies = [ip_network(each, strict=False) for each in limits.proxies]
        self._sweeping: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: EdgeProtocol) -> bool:
        """Take a new connection, in place of the one that does least where there are too many.

        False where all others are being answered: the new one is to be refused.
        """
        self._open.add(connection)
        self._by_client[connection.address] += 1
        if self._sweeping is None:
            self._sweep_later(connection.loop)
        if self._has_too_many(connection.address):
            return self._displace(lambda each: each.address == connection.address, connection)
        if len(self._open) > self.limits.connections:
            return self._displace(lambda _: True, connection)
        return True

    def remove(self, connection: EdgeProtocol) -> None:
        """A connection has ended."""
        if connection in self._open:
            self._open.discard(connection)
            self._by_client[connection.address] -= 1
            if not self._by_client[connection.address]:
                del self._by_client[connection.address]

    def _has_too_many(self, address: str) -> bool:
        if self._by_client[address] <= self.limits.connections_per_client or not address:
            return False
        return not any(ip_address(address) in network for network in self._proxies)

    def _displace(self, among: Callable[[EdgeProtocol], bool], newcomer: EdgeProtocol) -> bool:
        """End the connection that waits or sends the longest; idle ones go first."""
        others = [
            each for each in self._open if each.may_be_displaced and each is not newcomer and among(each)
        ]
        if not others:
            return False
        min(others, key=lambda each: each.rank).displace(CROWDED)
        return True

    def _sweep_later(self, loop: asyncio.AbstractEventLoop) -> None:
        self._sweeping = loop.call_later(SWEEP_SECONDS, self._sweep, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for each in tuple(self._open):
            each.look_at_the_clock(now, SWEEP_SECONDS)
        self._sweeping = None
        if self._open:
            self._sweep_later(loop)
