"""Holds what a write touches against the model's rules before it is journalled: asked by the writer process.

SHACL itself runs in a worker of the jail; this process only gathers what is touched, and waits.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson
import pyoxigraph as ox

from stemgraph.app.curation.reading import refusal
from stemgraph.app.curation.rules import Record, added
from stemgraph.app.curation.state import State, is_state, parsed
from stemgraph.app.curation.touched import around, associations_in, is_of_records
from stemgraph.app.errors import ContentRefusedError, ForbiddenError
from stemgraph.graph.errors import StemgraphError
from stemgraph.graph.quad_diff import QuadDiff, has_blank_node, lines_of
from stemgraph.ontology.identifiers import PREFIXES

if TYPE_CHECKING:
    from stemgraph.app.jail import Jail
    from stemgraph.app.writer.proposal import Head, Payload, Proposal

logger = logging.getLogger("stemgraph.writer")

SECONDS: Final = 30.0
VOCABULARY_GRAPH: Final = PREFIXES["sgg"] + "schema"


def check_rules(head: Head, payload: Payload, proposal: Proposal) -> None:
    """Refuse a change that leaves what it touches in breach of a rule that held before.

    Raises:
        ContentRefusedError: It does; ``violations`` tell each breach.
        UnavailableError: The rules cannot be run here.
    """
    diff = proposal.diff
    _refuse_unwritable(diff)
    if payload.action in ("update", "graph"):
        _refuse_nowhere(diff)
    after = around(State(head.store, diff), diff.subjects)
    if not after:
        return
    found = _violations(after)
    if not found:
        return
    # Only what the edit has brought about counts: looked for only now, since as a rule there is nothing.
    judged = diff.subjects | associations_in(after)
    found = added(found, _violations(around(State(head.store), judged)))
    if found:
        raise refusal([dict(each) for each in found])


def _refuse_unwritable(diff: QuadDiff) -> None:
    for quad in parsed([*diff.added, *diff.removed]):
        if has_blank_node(quad):
            raise ContentRefusedError(
                "a statement has a blank node, which has no identity in another copy of the graph",
                place=str(quad),
                mend="mint an IRI for it",
            )
        if is_state(quad.graph_name):
            raise ForbiddenError(f"{quad.graph_name} is the writer's own graph", mend="use another graph")
        if getattr(quad.graph_name, "value", "") == VOCABULARY_GRAPH:
            raise ForbiddenError(
                "the vocabulary is changed with the schema, in a release",
                place=VOCABULARY_GRAPH,
                mend="put statements into another graph",
            )


def _refuse_nowhere(diff: QuadDiff) -> None:
    """Refuse what records would be made of, where no graph says whose statement it is."""
    for quad in parsed(sorted(diff.added)):
        if isinstance(quad.graph_name, ox.DefaultGraph) and is_of_records(quad):
            raise ContentRefusedError(
                "the default graph holds what is said of graphs, and nothing of entities and associations",
                place=str(quad),
                mend="name a graph: one of your own, or one of ours if our records are to say it",
            )


def _violations(quads: frozenset[ox.Quad]) -> list[Record]:
    body = "\n".join(sorted(lines_of(quads))).encode()
    _, found = _jail().run("validate", {}, body)
    violations: list[Record] = orjson.loads(found)
    return violations


class JailThread:
    """A jail for a process whose work is not asynchronous: its loop runs in a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="jail", daemon=True).start()
        self._jail = asyncio.run_coroutine_threadsafe(self._make(), self._loop).result()

    async def _make(self) -> Jail:
        from stemgraph.app.jail import Jail  # noqa: PLC0415  # only where it runs

        return Jail()

    def run(self, tool: str, payload: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """What a tool answers; raises as ``Jail.run``."""
        work = self._jail.run(tool, payload, body=body, client="writer", seconds=SECONDS)
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def prepare_rules() -> None:
    """Start the worker that runs the rules: it reads the shapes, which takes it some seconds."""
    try:
        _jail().run("validate", {}, b"")
    except StemgraphError as error:  # the first write will say so
        logger.warning("the rules cannot be run: %s", error)


_MAKING: Final = threading.Lock()


def _jail() -> JailThread:
    with _MAKING:
        return _made()


@cache
def _made() -> JailThread:
    return JailThread()
