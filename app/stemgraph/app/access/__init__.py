"""Who may do what: keys, tokens and their scopes; hosts, origins and rates."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemgraph.app.access.authentication import Access
    from stemgraph.app.access.permission import permit
    from stemgraph.app.access.principal import ANONYMOUS, PRINCIPAL, Principal
    from stemgraph.app.access.scopes import SCOPES, ScopeName, including

_HOMES = {
    "ANONYMOUS": "principal",
    "PRINCIPAL": "principal",
    "SCOPES": "scopes",
    "Access": "authentication",
    "Principal": "principal",
    "ScopeName": "scopes",
    "including": "scopes",
    "permit": "permission",
}
"""Modules that are imported when a name of theirs is first used: the commands need keys, but no pydantic."""


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = ["ANONYMOUS", "PRINCIPAL", "SCOPES", "Access", "Principal", "ScopeName", "including", "permit"]
