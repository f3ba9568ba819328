"""Who asks: what shares and budgets are counted by."""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import Final

from starlette.types import Scope

UNKNOWN: Final = "unknown"
_IPV6_HOST_BITS: Final = 64


def client_of(scope: Scope) -> str:
    """The id of the key of a request, or else its address; of IPv6 the network, within which a host is free.

    The address is that of the connection, unless a trusted proxy's word for it was taken before.
    """
    principal = scope.get("stemgraph.principal")
    if principal is not None and principal.id != "anonymous":
        return f"key {principal.id}"
    client = scope.get("client")
    if not client:
        return UNKNOWN
    address: str = client[0]
    if ":" not in address:
        return address
    try:
        network = int(IPv6Address(address.partition("%")[0])) >> _IPV6_HOST_BITS << _IPV6_HOST_BITS
    except ValueError:
        return address
    return f"{IPv6Address(network)}/64"
