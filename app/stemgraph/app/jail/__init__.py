"""The jail: what strangers send runs in processes that can do nothing else and can be killed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemgraph.app.jail.jail import Jail
    from stemgraph.app.jail.limits import JailLimits
    from stemgraph.app.jail.question import QueryRequest, UnparsedQueryError

_HOMES = {
    "Jail": "jail",
    "JailLimits": "limits",
    "QueryRequest": "question",
    "UnparsedQueryError": "question",
}
"""Modules that are imported when a name of theirs is first used: a worker needs none of them."""


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = ["Jail", "JailLimits", "QueryRequest", "UnparsedQueryError"]
