"""Mutated queries and documents, and nesting a million deep: all answers are documented, nothing restarts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from benchmarks.reliability.hammer import BROKEN, Outcome, get, hammer, send
from benchmarks.reliability.languages import RDF, SPARQL
from benchmarks.reliability.mutation import Language
from benchmarks.reliability.service import Service, began, filled_data, serving

MUTANTS, QUICK_MUTANTS = 100_000, 250
DEPTH = 1_000_000
SETTINGS = {
    "client_seconds": 1_000_000,
    "client_requests": 10_000,
    "request_bytes": 64 * 1024 * 1024,
    "writes": "true",
    "updates": "true",
}
GRAPH = "https://w3id.org/stemgraph/graph/curated"
TYPES = (
    "application/sparql-results+json",
    "text/csv",
    "application/n-triples",
    "*/*",
    "text/html;q=0.1, */*;q=0.5",
)


def run(quick: bool) -> Iterator[Figure]:
    """Mutated and deeply nested queries and documents over HTTP: no answer that is not documented."""
    with filled_data() as data:
        key = _key(data)
        if quick:
            yield from _fuzzed(data, key, (SPARQL, *RDF), mutants=QUICK_MUTANTS, seconds=2, every=5)
            return
        # One mutated query of some hundreds runs without end; documents a million levels deep take long.
        yield from _fuzzed(data, key, (SPARQL,), mutants=MUTANTS, seconds=0.5, every=1)
        yield from _fuzzed(data, key, RDF, mutants=MUTANTS, seconds=10, every=1)


def _fuzzed(
    data: Path, key: str, languages: Sequence[Language], *, mutants: int, seconds: float, every: int
) -> Iterator[Figure]:
    """Mutants and nested documents of some languages, each within so many seconds, against one service."""
    with serving(data, settings={**SETTINGS, "sparql_seconds": seconds}) as service:
        started = began(service.process.pid)
        documented = service.request("GET", "/openapi.json").json()["paths"]
        for language, path, request in _doors(languages, documented, key):
            if path is None:
                yield Figure(f"{language.name}: no route takes it yet", 0, "inputs")
                continue
            allowed = _statuses(documented, path)
            outcome = hammer(service.port, map(request, map(language.mutant, range(mutants))))
            yield from _figures(f"{language.name}: mutants", outcome, allowed)
            nested = hammer(service.port, map(request, language.nested(DEPTH)[::every]), connections=2)
            yield from _figures(f"{language.name}: nested {DEPTH:,} deep", nested, allowed)
        yield from _unharmed(service, started)


def _key(data: Path) -> str:
    """A key that may update, made as the command makes it."""
    from stemgraph.app.access.key_file import KeyFile

    _, text = KeyFile.of_data(data).create("fuzz", frozenset({"update"}), None)
    return text


def _doors(
    languages: Sequence[Language], documented: dict[str, Any], key: str
) -> Iterator[tuple[Language, str | None, Callable[[bytes], bytes]]]:
    """Each language, the path that takes it, and how one of its documents becomes a request."""

    def query(text: bytes) -> bytes:
        accept = f"Accept: {TYPES[len(text) % len(TYPES)]}"
        if len(text) < 4000 and len(text) % 8 == 0:
            return get("/sparql", text, accept)
        return send("POST", "/sparql", SPARQL.media_type, text, accept)

    takes = "put" in documented.get("/graph-store", {})
    for language in languages:
        if language is SPARQL:
            yield language, "/sparql", query
            continue
        yield language, "/graph-store" if takes else None, _upload(language.media_type, key)


def _upload(media_type: str, key: str) -> Callable[[bytes], bytes]:
    """A document is parsed, and then nothing is written, for the graph is there already."""
    path = f"/graph-store?graph={GRAPH}"
    return lambda body: send(
        "PUT", path, media_type, body, f"Authorization: Bearer {key}", "If-None-Match: *"
    )


def _statuses(documented: dict[str, Any], path: str) -> set[int]:
    methods = documented[path].values()
    return {int(status) for method in methods for status in method["responses"] if status.isdigit()}


def _figures(name: str, outcome: Outcome, documented: set[int]) -> Iterator[Figure]:
    by_status = ", ".join(f"{count} of {status}" for status, count in sorted(outcome.statuses.items()))
    rate = outcome.count / outcome.seconds
    yield Figure(name, outcome.count, "inputs", note=f"{rate:.0f}/s; {by_status}")
    unknown = {status for status in outcome.statuses if status not in documented and status != BROKEN}
    count = sum(outcome.statuses[status] for status in unknown)
    shown = " ".join(repr(outcome.shown[status][:300]) for status in sorted(unknown))
    yield Figure(f"{name}: answers that are not documented", count, "", at_most=0, note=shown)
    broken = outcome.statuses[BROKEN]
    note = repr(outcome.shown[BROKEN][:300]) if broken else ""
    yield Figure(f"{name}: connections that broke off", broken, "", at_most=0, note=note)


def _unharmed(service: Service, started: str | None) -> Iterator[Figure]:
    same = started is not None and began(service.process.pid) == started
    yield Figure("web processes that restarted", int(not same), "", at_most=0)
    said = service.said()
    tracebacks = said.count("Traceback (most recent call last)")
    note = said[said.index("Traceback") :][:1500] if tracebacks else ""
    yield Figure("failures in the log", tracebacks, "", at_most=0, note=note)
    yield Figure("it answers", int(service.request("GET", "/readyz").status == 200), "", at_least=1)
