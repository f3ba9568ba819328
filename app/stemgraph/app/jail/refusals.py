"""Exceptions of stemgraph's tree on their way from a worker to who asked it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from stemgraph.app import errors as app_errors
from stemgraph.app.jail.frames import Message
from stemgraph.graph import errors as graph_errors
from stemgraph.graph.errors import StemgraphError


def told(error: StemgraphError) -> Message:
    """An exception as a message."""
    return {"outcome": "refused", "error": type(error).__name__, "state": vars(error)}


def refusal(message: Mapping[str, Any]) -> StemgraphError:
    """The exception of a message."""
    kind = _tree().get(str(message.get("error")), StemgraphError)
    state: dict[str, Any] = message.get("state") or {
        "message": "the worker failed",
        "place": None,
        "mend": None,
    }
    error = kind.__new__(kind)
    error.args = (state.get("message"),)
    vars(error).update({name: _frozen(value) for name, value in state.items()})
    return error


@cache
def _tree() -> Mapping[str, type[StemgraphError]]:
    return {
        name: kind
        for module in (graph_errors, app_errors)
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, StemgraphError)
    }


def _frozen(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value
