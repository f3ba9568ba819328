"""SPARQL throughput beside ``oxigraph serve`` and rdflib-endpoint on the same quads."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from benchmarks.figure import Figure
from benchmarks.servers import Load, fetch, wrk
from benchmarks.sparql_mix import Question, engine_milliseconds, load_script, questions
from benchmarks.sparql_peers import Endpoint, peers

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
WORKERS = os.environ.get("BENCH_WORKERS", "1")
OF_RDFLIB_ENDPOINT, OF_OXIGRAPH, OF_OXIGRAPH_SHORT = 10.0, 1.0, 1 / 3
LONG_ENGINE_WORK = 1.0
"""Milliseconds from which the engine's work outweighs what is around it."""


def run() -> Iterator[Figure]:
    """Requests per second of each query of the mix, repeated and never asked before, as ratios to others."""
    from stemgraph.graph import KnowledgeGraph

    only = os.environ.get("BENCH_ONLY", "")
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        os.environ["XDG_CACHE_HOME"] = name  # a release that an earlier version compiled may be slower
        with (
            KnowledgeGraph.bundled() as graph,
            peers(graph.directory.export, directory, ["--workers", WORKERS]) as endpoints,
        ):
            store = graph.store.oxigraph
            for question in questions(store):
                if only in question.name:
                    yield from compare(question, store, endpoints, directory)
            yield from beside_routes(endpoints["stemgraph"].address)


def compare(
    question: Question, store: ox.Store, endpoints: dict[str, Endpoint], directory: Path
) -> Iterator[Figure]:
    """Alternate the servers, so that the machine's moods fall on all of them, and compare round by round."""
    work = engine_milliseconds(store, question)
    yield Figure(f"{question.name}: the engine alone", work, "ms")
    for distinct in (False, True):
        loads: dict[str, list[Load]] = {each: [] for each in endpoints}
        for number in range(ROUNDS):
            for each, endpoint in endpoints.items():
                script = load_script(question, directory, distinct=distinct, offset=number * 1_000_000)
                with endpoint.awake() as address:
                    loads[each].append(wrk(address, seconds=SECONDS, script=script))
        kind = "distinct" if distinct else "repeated"
        short = distinct and work < LONG_ENGINE_WORK
        for each, found in loads.items():
            rates = [load.requests_per_second for load in found]
            note = f"{min(rates):.0f} to {max(rates):.0f}/s, p99 {max(load.p99 for load in found):.1f} ms"
            yield Figure(f"{question.name}, {kind}: {each}", statistics.median(rates), "/s", note=note)
        failures = sum(load.failures for load in loads["stemgraph"])
        yield Figure(f"{question.name}, {kind}: failures", failures, "", at_most=0)
        for peer, target in (
            ("oxigraph", OF_OXIGRAPH_SHORT if short else OF_OXIGRAPH),
            ("rdflib-endpoint", OF_RDFLIB_ENDPOINT),
        ):
            ratios = [
                ours.requests_per_second / theirs.requests_per_second
                for ours, theirs in zip(loads["stemgraph"], loads[peer], strict=True)
            ]
            seen = f"{min(ratios):.2f} to {max(ratios):.2f}"
            yield Figure(
                f"{question.name}, {kind}: stemgraph / {peer}",
                statistics.median(ratios),
                "",
                at_least=target,
                note=seen,
            )


WORDS = ("leukemia", "anemia", "lymphoma", "arthritis", "diabetes")
BESIDE: dict[str, list[tuple[str, str]]] = {
    "class counts": [
        (f"/api/v1/stats{asked}", f"SELECT ?c (COUNT(DISTINCT ?s) AS ?n) {{ ?s a ?c }} GROUP BY ?c {comment}")
        for asked, comment in (("", "#1"), ("?release=1", "#2"))
    ],
    "label search": [
        (
            f"/api/v1/search?q={word}",
            f"SELECT ?s ?l {{ ?s rdfs:label ?l FILTER(CONTAINS(LCASE(?l), '{word}')) }} "
            "ORDER BY STRLEN(?l) LIMIT 20",
        )
        for word in WORDS
    ],
    "whole graph": [
        ("/api/v1/export", f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {limit}")
        for limit in (100_000, 100_001)
    ],
}
"""What a release keeps ready, and the same in SPARQL; of the whole graph as much as one answer may hold."""


def beside_routes(endpoint: str) -> Iterator[Figure]:
    """What statistics, label index and export file answer, beside their SPARQL form, both unasked before."""
    home = endpoint.removesuffix("/sparql")
    fetch(home + "/api/v1/search?q=sclerosis")  # opens the index
    for name, pairs in BESIDE.items():
        whole = name == "whole graph"  # compared by the byte, for one answer to a query holds a part only
        route = statistics.median(timed(home + path, by_size=whole) for path, _ in pairs)
        asked = statistics.median(
            timed(f"{endpoint}?query={quote(query)}", by_size=whole) for _, query in pairs
        )
        unit = "ms/MB" if whole else "ms"
        yield Figure(f"{name} by {pairs[0][0].partition('?')[0]}", route, unit)
        yield Figure(f"{name} by /sparql", asked, unit)
        # A text filter is answered from an index too, and without the ranking.
        yield Figure(
            f"{name}: /sparql / route", asked / route, "", at_least=None if name == "label search" else 1
        )


def timed(address: str, *, by_size: bool) -> float:
    """Milliseconds that an answer takes, or those of each megabyte."""
    begun = time.perf_counter()
    size = len(fetch(address))
    taken = (time.perf_counter() - begun) * 1000
    return taken / size * 1e6 if by_size else taken
