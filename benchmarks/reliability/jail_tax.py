"""What the jail costs: a query of 1 KB through it, beside the same in this process."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from benchmarks.figure import Figure
from benchmarks.reliability.service import filled_data
from stemgraph.app.jail import Jail, QueryRequest
from stemgraph.app.jail.guard import check
from stemgraph.graph import KnowledgeGraph
from stemgraph.ontology.identifiers import PREFIXES

_CORE: Final = """SELECT ?association ?predicate ?object ?label {
  ?association biolink:subject ?subject ; biolink:predicate ?predicate ; biolink:object ?object .
  VALUES ?subject { MONDO:0005301 MONDO:0005314 } OPTIONAL { ?object rdfs:label ?label }
} LIMIT 10
"""
QUERY: Final = _CORE + "#" + "-" * (1023 - len(_CORE))


def in_process(store: ox.Store) -> None:
    """The query as an embedding program asks it."""
    found = store.query(QUERY, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    found.serialize(format=ox.QueryResultsFormat.JSON)


async def measure(store: Path, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each round in the jail, in this process, and in the guard."""
    jailed: list[float] = []
    direct: list[float] = []
    guarded: list[float] = []
    opened = ox.Store.read_only(str(store))
    jail = Jail(stores=[store])
    await jail.start()
    question = QueryRequest(QUERY, "json")
    try:
        await jail.query(store, question, client="benchmark")
        for number in range(rounds):  # one after the other, so that noise hits them alike
            begun = time.perf_counter()
            await jail.query(store, question, client="benchmark")
            between = time.perf_counter()
            in_process(opened)
            then = time.perf_counter()
            check(f"{QUERY[:-12]}{number:012}", graphs=(), prefixes=PREFIXES)
            ended = time.perf_counter()
            jailed.append(1000 * (between - begun))
            direct.append(1000 * (then - between))
            guarded.append(1000 * (ended - then))
    finally:
        await jail.stop()
    return jailed, direct, guarded


def run(quick: bool) -> Iterator[Figure]:
    """The jail's tax on a query of 1 KB: p50 within it less p50 in this process."""
    import uvloop

    with (
        filled_data() as data,
        KnowledgeGraph.open(data) as graph,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        jailed, direct, guarded = runner.run(measure(graph.edition.store, 500 if quick else 5000))
    tax = statistics.median(jailed) - statistics.median(direct)
    yield Figure("bytes of the query", len(QUERY.encode()), "B")
    yield Figure("in this process, p50", statistics.median(direct), "ms")
    yield Figure("in the jail, p50", statistics.median(jailed), "ms")
    yield Figure("the jail's tax, p50", tax, "ms", at_most=None if quick else 0.5)
    # Where tests run beside each other, only the quickest rounds had a processor of their own.
    least = statistics.quantiles(jailed, n=20)[0] - statistics.quantiles(direct, n=20)[0]
    yield Figure("the jail's tax, quickest twentieth", least, "ms", at_most=2 if quick else 0.5)
    yield Figure("the guard, each query new, p50", statistics.median(guarded), "ms")
