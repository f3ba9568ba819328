"""By which names the service is to be called: what a page elsewhere makes of another name is not for it.

A page whose name is made to point at this machine (DNS rebinding) reaches the service as its own origin, but
under that name. Addresses cannot be rebound: who calls by an address has our page, or none.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

ANY: Final = "*"
LOCAL_NAME: Final = "localhost"
_REMEMBERED: Final = 256


class Hosts:
    """The names and addresses that a Host header may give; its port does not matter.

    Args:
        names: Names beside those of this machine; ``*`` takes any.
        bound: The address or name that the service listens on.
    """

    def __init__(self, names: Iterable[str], bound: str) -> None:
        self.names = frozenset(name.lower().rstrip(".") for name in names)
        """The names that were set."""
        self._bound = _address(bound)
        everywhere = self._bound is not None and self._bound.is_unspecified
        self._any_address = everywhere
        self._names = self.names | {LOCAL_NAME, bound.lower()}
        if everywhere:
            self._names |= {socket.gethostname().lower()}
        self._known: set[bytes] = set()

    def allow(self, header: bytes) -> bool:
        """Whether a Host header names this service."""
        if header in self._known:
            return True
        if ANY not in self.names and not self._allows(host_name(header.decode("latin-1"))):
            return False
        if len(self._known) < _REMEMBERED:
            self._known.add(header)
        return True

    def _allows(self, name: str) -> bool:
        address = _address(name)
        if address is None:
            return name.rstrip(".") in self._names
        return address.is_loopback or self._any_address or address == self._bound or name in self._names


def host_name(authority: str) -> str:
    """The name or address of a Host header or an origin, in lower case, without port and brackets."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0].lower()
    return authority.partition(":")[0].lower()


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
