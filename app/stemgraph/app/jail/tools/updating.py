"""The tool ``update_diff``: what a SPARQL Update comes to on a store that it does not change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from stemgraph.app.errors import UnavailableError
from stemgraph.app.jail.queries import OpenStore
from stemgraph.app.sparql.update import UpdateRun
from stemgraph.graph.errors import QueryError

_OPEN: Final = OpenStore()


def update_diff(payload: Mapping[str, Any], _body: bytes) -> tuple[dict[str, Any], bytes]:
    """The quads that operations of an update add and remove, as ``{added, removed}`` of N-Quads lines.

    Args:
        payload: ``store`` (a directory), ``update``, ``using`` and ``using_named`` (lists of IRIs), and
            ``first``: how many operations have been done in this store already; ``made``: IRIs of graphs
            that these made. The answer's ``next`` is how many have been done in all: as soon as one reads
            what one before it wrote, the others are left for a store in which that is done.

    Raises:
        QueryError: It does not parse, or cannot be done.
        QueryForbiddenError: It says LOAD, or would write a blank node.
        ResultTooLargeError: It changes too many quads.
    """
    try:
        store = _OPEN.at(payload["store"])
    except (OSError, RuntimeError, ValueError) as error:
        raise UnavailableError(
            f"the store cannot be opened: {error}", mend="send the update again"
        ) from error
    try:
        run = UpdateRun(
            store, payload["update"], first=payload["first"], made=payload["made"], most_quads=payload["most"]
        )
        run.go(tuple(payload["using"]), tuple(payload["using_named"]))
    except SyntaxError as error:
        raise QueryError(str(error)) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the update cannot be evaluated: {error}") from error
    diff = run.difference()
    body = orjson.dumps({"added": sorted(diff.added), "removed": sorted(diff.removed)})
    return {"next": run.next, "made": run.made, "operations": run.count}, body
