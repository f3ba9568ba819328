"""What every request passes before it is answered: its host, its origin, its rate, and the key it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stemgraph.app.access.authentication import Access, client_of
from stemgraph.app.access.hosts import Hosts
from stemgraph.app.access.origins import SAFE_METHODS, Origins
from stemgraph.app.access.rate import Budget
from stemgraph.app.errors import ForbiddenError, MisdirectedError, TooManyRequestsError

if TYPE_CHECKING:
    from starlette.types import Scope

    from stemgraph.app.settings import Settings

KEPT_COST: Final = 0.1
"""What an answer costs that is kept already, as part of one that is not."""

DEFAULT_PER_MINUTE: Final = 6000
PROBES: Final = frozenset({"/healthz", "/readyz"})
"""What load balancers ask, by whatever name they know us."""


class Gate:
    """The gate of one instance.

    Args:
        access: Who may do what.
        hosts: By which names the service is called.
        origins: From which pages it may be told to do something.
        per_minute: What one client may ask in a minute; None does not hold back this machine's own clients.
    """

    def __init__(self, access: Access, hosts: Hosts, origins: Origins, per_minute: int | None) -> None:
        self.access = access
        self.hosts = hosts
        self.origins = origins
        self._budget = Budget(DEFAULT_PER_MINUTE if per_minute is None else per_minute)
        self._spares_this_machine = per_minute is None

    @classmethod
    def from_settings(cls, access: Access, settings: Settings) -> Gate:
        """What the settings say."""
        hosts = Hosts(settings.hosts, settings.host)
        return cls(access, hosts, Origins(settings.origins, hosts), settings.requests_per_minute)

    def check(self, scope: Scope) -> bool:
        """Let a request pass; true where it shows a key, which is then to be looked at.

        Raises:
            MisdirectedError: Its Host is not ours.
            ForbiddenError: A page of another origin sends it.
            TooManyRequestsError: Its client asks too much.
        """
        host = origin = site = None
        shows_key = False
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name == b"authorization":
                shows_key = True
            elif name == b"origin":
                origin = value
            elif name == b"sec-fetch-site":
                site = value
        if host is not None and not self.hosts.allow(host) and scope["path"] not in PROBES:
            raise _misdirected(host)
        if scope["method"] not in SAFE_METHODS and not self.origins.allow(origin, site, host):
            raise _foreign(origin)
        self.charge(scope, KEPT_COST)
        return shows_key

    def charge(self, scope: Scope, cost: float) -> None:
        """Take from the budget of the client.

        Raises:
            TooManyRequestsError: It is spent.
        """
        client = client_of(scope)
        if self._spares_this_machine and client in ("127.0.0.1", "::1", ""):
            return
        wait = self._budget.spend(client, cost)
        if wait:
            raise TooManyRequestsError("this client has asked too much in one minute", retry_after=wait)


def _misdirected(host: bytes) -> MisdirectedError:
    name = host.decode("latin-1")[:100]
    return MisdirectedError(
        f"this service is not called '{name}'",
        place="Host",
        mend="call it by its address, or set STEMGRAPH_HOSTS to the names that it has",
    )


def _foreign(origin: bytes | None) -> ForbiddenError:
    whose = "of another site" if origin is None else f"of '{origin.decode('latin-1')[:100]}'"
    return ForbiddenError(
        f"pages {whose} may read, and nothing else",
        place="Sec-Fetch-Site" if origin is None else "Origin",
        mend="ask with GET, or set STEMGRAPH_ORIGINS to the origins that may do more",
    )
