"""SPARQL throughput beside ``oxigraph serve`` and rdflib-endpoint on the same quads."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from benchmarks.figure import Figure
from benchmarks.servers import Load, fetch, wrk
from benchmarks.sparql_mix import Question, engine_milliseconds, load_script, questions
from benchmarks.sparql_peers import peers

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
WORKERS = os.environ.get("BENCH_WORKERS", "2")
OF_RDFLIB_ENDPOINT, OF_OXIGRAPH, OF_OXIGRAPH_SHORT = 10.0, 1.0, 1 / 3
LONG_ENGINE_WORK = 1.0
"""Milliseconds from which the engine's work outweighs what is around it."""


def run() -> Iterator[Figure]:
    """Requests per second of each query of the mix, repeated and never asked before, as ratios to others."""
    from stemgraph.graph import KnowledgeGraph

    only = os.environ.get("BENCH_ONLY", "")
    with tempfile.TemporaryDirectory() as name, KnowledgeGraph.bundled() as graph:
        directory, store = Path(name), graph.store.oxigraph
        with peers(graph.directory.export, directory, ["--workers", WORKERS]) as endpoints:
            for question in questions(store):
                if only in question.name:
                    yield from compare(question, store, endpoints, directory)
            yield from beside_routes(endpoints["stemgraph"])


def compare(
    question: Question, store: ox.Store, endpoints: dict[str, str], directory: Path
) -> Iterator[Figure]:
    """Alternate the servers, so that the machine's moods fall on all of them, and compare round by round."""
    work = engine_milliseconds(store, question)
    yield Figure(f"{question.name}: the engine alone", work, "ms")
    for distinct in (False, True):
        loads: dict[str, list[Load]] = {each: [] for each in endpoints}
        for number in range(ROUNDS):
            for each, address in endpoints.items():
                script = load_script(question, directory, distinct=distinct, offset=number * 1_000_000)
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


BESIDE = {
    "class counts": (
        "/api/v1/stats",
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c",
    ),
    "label search": (
        "/api/v1/search?q=sclerosis",
        "SELECT ?s ?label { ?s rdfs:label ?label FILTER(CONTAINS(LCASE(?label), 'sclerosis')) } LIMIT 20",
    ),
    "whole graph": (
        "/api/v1/export",
        "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } } LIMIT 100000",
    ),
}
"""What a release keeps ready, and the same in SPARQL; of the whole graph as much as one answer may hold."""


def beside_routes(endpoint: str) -> Iterator[Figure]:
    """What statistics, label index and export file answer, beside their SPARQL form, both not kept."""
    import time

    home = endpoint.removesuffix("/sparql")
    for name, (path, query) in BESIDE.items():
        times: dict[str, list[float]] = {"route": [], "sparql": []}
        sizes: dict[str, int] = {}
        for number in range(5):
            varied = f"{path}{'&' if '?' in path else '?'}release=1" if number % 2 else path
            for kind, address in (
                ("route", home + varied),
                ("sparql", f"{endpoint}?query={quote(query + f' # {number}')}"),
            ):
                begun = time.perf_counter()
                sizes[kind] = len(fetch(address))
                times[kind].append((time.perf_counter() - begun) * 1000)
        # Whole graphs are compared by the byte, for one answer to a query holds a part only.
        per = {kind: statistics.median(times[kind][:2]) for kind in times}
        if name == "whole graph":
            per = {kind: per[kind] / sizes[kind] * 1e6 for kind in per}
        unit = "ms/MB" if name == "whole graph" else "ms"
        yield Figure(f"{name} by {path.partition('?')[0]}", per["route"], unit)
        yield Figure(f"{name} by /sparql", per["sparql"], unit)
        yield Figure(f"{name}: /sparql / route", per["sparql"] / per["route"], "", at_least=1)
