"""The tools ``annotate`` and ``check``: what a text names and claims, found beside an index of all names.

The graph comes pickled from the web process, which is to be trusted; it opens the same files. It is kept,
with its index, until another is named.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Mapping
from typing import Any

import orjson

from stemgraph.graph import KnowledgeGraph


class OpenGraph:
    """The graph that was asked last."""

    def __init__(self) -> None:
        self._name = ""
        self._graph: KnowledgeGraph | None = None

    def named(self, name: str, pickled: bytes) -> KnowledgeGraph:
        """The graph of that name, opened if it is not the one that is open."""
        if self._graph is None or name != self._name:
            if self._graph is not None:
                self._graph.close()
            graph: KnowledgeGraph = pickle.loads(pickled)  # noqa: S301  # from the web process
            self._graph, self._name = graph, name
        return self._graph


_OPEN = OpenGraph()


def annotate(payload: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """The entities that a text names, as JSON.

    Args:
        payload: ``graph`` (its name), ``text``, ``categories``, and ``until``: the time of the monotonic
            clock by which it should be done.
        body: The graph, pickled.
    """
    graph = _OPEN.named(payload["graph"], body)
    budget = _milliseconds(payload["until"])
    found = graph.annotate(payload["text"], category=payload["categories"], budget_ms=budget)
    return {}, orjson.dumps(found.to_record(), option=orjson.OPT_NON_STR_KEYS)


def check(payload: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """The claims of a text, judged, as JSON; the payload has ``without`` in place of ``categories``."""
    graph = _OPEN.named(payload["graph"], body)
    budget = _milliseconds(payload["until"])
    found = graph.check(payload["text"], without=payload["without"], budget_ms=budget)
    return {}, orjson.dumps(found.to_record(), option=orjson.OPT_NON_STR_KEYS)


def ready(payload: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """Index the names of a graph, so that the first text need not wait for it."""
    return {"names": bool(_OPEN.named(payload["graph"], body).annotator)}, b""


def _milliseconds(until: float) -> int:
    return max(1, round((until - time.monotonic()) * 1000))
