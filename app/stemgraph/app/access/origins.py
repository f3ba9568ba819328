"""From which pages the service may be told to do something, and what browsers are told of that."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from stemgraph.app.access.hosts import ANY, Hosts, host_name

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
GATE_STATUSES: Final = (401, 421, 429)
"""What any route may answer: a key that does not hold, a Host that is not ours, a budget that is spent."""

_OWN_SITES: Final = (b"same-origin", b"none")
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


class Origins:
    """The origins whose pages may send what is no mere reading.

    Args:
        origins: Such as ``https://kg.example.org``; ``*`` stands for all.
        hosts: By which names the service is called: its own pages come from there.
    """

    def __init__(self, origins: Collection[str], hosts: Hosts) -> None:
        self._listed = frozenset(each.lower().rstrip("/") for each in origins)
        self._hosts = hosts

    def allow(self, origin: bytes | None, site: bytes | None, host: bytes | None) -> bool:
        """Whether a request other than GET, HEAD and OPTIONS is to be answered.

        Args:
            origin: Its Origin header; programs that are no browser send none.
            site: Its Sec-Fetch-Site header, which counts where there is no origin.
            host: Its Host header.
        """
        if origin is None:
            return site is None or site.lower() in _OWN_SITES
        return self.is_listed(origin) or self._is_own(origin, host)

    def is_listed(self, origin: bytes) -> bool:
        """Whether an origin is one of those that were set."""
        return ANY in self._listed or origin.decode("latin-1").lower() in self._listed

    def _is_own(self, origin: bytes, host: bytes | None) -> bool:
        scheme, separator, authority = origin.decode("latin-1").lower().partition("://")
        if not separator or host is None:
            return False
        port = _DEFAULT_PORTS.get(scheme, "")
        same = authority.removesuffix(port) == host.decode("latin-1").lower().removesuffix(port)
        # A proxy may call us by another name than the browser called it: names that were set are ours too.
        return same or host_name(authority) in self._hosts.names
