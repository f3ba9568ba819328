"""What each client has had of the workers: who had least goes first, and who had too much is told to wait."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from stemgraph.app.errors import TooManyRequestsError

if TYPE_CHECKING:
    from stemgraph.app.jail.process import WorkerProcess

HALF_LIFE: Final = 20.0
"""Seconds after which half of what a client had is forgotten, where its turn is decided."""
REFILL: Final = 1.0
"""Seconds of long requests that a client may have again for each second that passes: one, without end."""
_MOST_ACCOUNTS: Final = 10_000
_UNKNOWN_PACE: Final = 1.0
"""Seconds that the queries of a client are taken to need as long as it has asked none."""
_WEIGHT_OF_LAST: Final = 0.25


class Account:
    """One client: what it asks now, and what it has had."""

    __slots__ = ("_at", "_budget", "_had", "_left", "active", "client", "pace", "worker")

    def __init__(self, client: str, budget: float, now: float) -> None:
        self.client = client
        self.active = 0
        """Requests that wait or run."""
        self.worker: WorkerProcess | None = None
        """The worker that answered its last query."""
        self.pace = _UNKNOWN_PACE
        """Seconds that its queries take a worker, the last ones more than those before."""
        self._budget = budget
        self._left = budget
        self._had = 0.0
        self._at = now

    def __enter__(self) -> Account:
        """One more request waits or runs."""
        self.active += 1
        return self

    def __exit__(self, *_: object) -> None:
        """It has ended."""
        self.active -= 1

    def note_pace(self, seconds: float) -> None:
        """A query of it took a worker some seconds."""
        self.pace += (seconds - self.pace) * _WEIGHT_OF_LAST

    def had(self, now: float) -> float:
        """Seconds of workers that it had, the older the less."""
        return self._had * math.pow(0.5, (now - self._at) / HALF_LIFE)

    def left(self, now: float) -> float:
        """Seconds of long requests that it may still have."""
        return min(self._budget, self._left + (now - self._at) * REFILL)

    def charge(self, seconds: float, now: float, *, long: bool = False) -> None:
        """It has had some seconds of a worker; those of a long request count against its budget."""
        self._had, self._left = self.had(now) + seconds, self.left(now)
        self._at = now
        if long:
            self._left -= seconds


class Accounts:
    """The accounts of all clients that asked lately.

    Args:
        requests: Requests of one client that may wait or run at once.
        seconds: Seconds of long requests that one client may have at a stretch.
        clock: Tells the time in seconds.
    """

    def __init__(self, requests: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._requests = requests
        self._seconds = seconds
        self._clock = clock
        self._accounts: OrderedDict[str, Account] = OrderedDict()

    def __len__(self) -> int:
        return len(self._accounts)

    def opened(self, client: str) -> Account:
        """The account of a client, to be entered while a request of it waits and runs.

        Raises:
            TooManyRequestsError: It asks too much at once, or has used its time.
        """
        now = self._clock()
        account = self._accounts.get(client)
        if account is None:
            self._forget(now)
            account = self._accounts[client] = Account(client, self._seconds, now)
        self._accounts.move_to_end(client)
        if account.active >= self._requests:
            raise TooManyRequestsError(
                f"{account.active} requests of yours are waiting or running, which is as many as may be",
                mend="wait for their answers before you ask more",
            )
        if (left := account.left(now)) <= 0:
            raise TooManyRequestsError(
                f"your long requests have used the {self._seconds:g} seconds that one client may have",
                retry_after=math.ceil((1 - left) / REFILL),
            )
        return account

    def _forget(self, now: float) -> None:
        """Make room: the longest unused goes first, but none that is in use or owes."""
        if len(self._accounts) < _MOST_ACCOUNTS:
            return
        for client, account in self._accounts.items():
            if not account.active and account.left(now) >= 0:
                del self._accounts[client]
                return
