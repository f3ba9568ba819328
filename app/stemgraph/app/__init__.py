"""The stemgraph service: ``create_app`` for an app of its own, ``create_router`` for a place in another."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemgraph.app.application import create_app, create_router, install_problem_handlers
    from stemgraph.app.settings import Settings

_HOMES = {
    "Settings": "settings",
    "create_app": "application",
    "create_router": "application",
    "install_problem_handlers": "application",
}
"""Modules that are imported when a name of theirs is first used: most commands need no web framework."""


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = ["Settings", "create_app", "create_router", "install_problem_handlers"]
