"""``python -m benchmarks.edits``: how long the graph after an edit takes, on the bundle; what it costs."""

from __future__ import annotations

import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from benchmarks import noise
from benchmarks.figure import Figure
from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.ontology.identifiers import PREFIXES

ROUNDS = 15
MOST_MILLISECONDS = 40.0

ASSOCIATION = """
sgg:curated {
    sga:aaaaaaaaaaaaaaaaaaaaaaa1 a sgv:Association ; rdf:subject STEMGRAPH:autologous-hsct ;
        rdf:predicate sgv:treats ; rdf:object MONDO:0011382 ; sgv:negated false ; sgv:status "reported" ;
        sgv:jurisdiction "JP", "EU" ; sgv:donor_type "autologous" ; sgv:has_evidence sge:new-one .
    STEMGRAPH:autologous-hsct sgv:treats MONDO:0011382 .
    sge:new-one a sgv:Evidence ; sgv:reference <https://example.org/new-one> ; sgv:stance "supports" ;
        sgv:summary "It was so." ; sgv:source_tier 2 ; sgv:retrieved "2026-11-22" ; sgv:retracted false .
}"""
REPORTED = 'sgg:curated { sga:aaaaaaaaaaaaaaaaaaaaaaa1 sgv:status "reported" }'
APPROVED = 'sgg:curated { sga:aaaaaaaaaaaaaaaaaaaaaaa1 sgv:status "approved" }'
ENTITY = 'sgg:curated { STEMGRAPH:brand-new a sgv:Therapy ; rdfs:label "a brand new therapy" }'
NAME = 'sgg:mondo { MONDO:0005301 rdfs:label "multiple sclerosis" }'
OTHER_NAME = 'sgg:mondo { MONDO:0005301 rdfs:label "disseminated sclerosis" }'


def quads(text: str) -> list[ox.Quad]:
    """The quads of a piece of TriG with our prefixes."""
    header = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    return list(ox.parse(header + text, ox.RdfFormat.TRIG))


@contextmanager
def working_store(graph: KnowledgeGraph) -> Iterator[tuple[ox.Store, Path]]:
    """A store of one's own with the graph's quads, and a directory for its snapshots."""
    with tempfile.TemporaryDirectory(prefix="edits-") as directory:
        shutil.copytree(graph.edition.store, Path(directory) / "working")
        yield ox.Store(str(Path(directory) / "working")), Path(directory)


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of some work."""
    times: list[float] = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def run() -> Iterator[Figure]:
    """Edits of the bundle, each upon the one before."""
    graph = KnowledgeGraph.bundled()
    begun = time.perf_counter()
    graph.release_ledger  # noqa: B018  # found out once
    yield Figure("what the first edit of a release finds out", 1000 * (time.perf_counter() - begun), "ms")
    with working_store(graph) as (store, directory):
        edits: list[tuple[str, Iterable[ox.Quad], Iterable[ox.Quad], float | None]] = [
            ("one association with its evidence", quads(ASSOCIATION), [], MOST_MILLISECONDS),
            ("another status of it", quads(APPROVED), quads(REPORTED), MOST_MILLISECONDS),
            ("an entity more", quads(ENTITY), [], MOST_MILLISECONDS),
            ("another label of a disease with many statements", quads(OTHER_NAME), quads(NAME), None),
            ("the association gone", [], [*quads(ASSOCIATION), *quads(APPROVED)], MOST_MILLISECONDS),
        ]
        for number, (name, added, removed, most) in enumerate(edits, 1):
            gone = {quad for quad in removed if quad in store}
            for quad in gone:
                store.remove(quad)
            store.extend(added)
            snapshot = directory / str(number)
            store.backup(str(snapshot))
            diff = QuadDiff.of(added, gone)

            def edit(
                before: KnowledgeGraph = graph,
                diff: QuadDiff = diff,
                number: int = number,
                snapshot: Path = snapshot,
            ) -> KnowledgeGraph:
                return before.edited(diff, sequence=number, store=snapshot)

            yield Figure(f"graph after an edit: {name}", milliseconds(edit), "ms", at_most=most)
            graph = edit()
        yield from _read(graph)
        kept = [edit() for _ in range(2)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kept += [edit() for _ in range(10)]
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        yield Figure("memory of one edition more", grown / 10, "MiB", at_most=20.0)


def _read(graph: KnowledgeGraph) -> Iterator[Figure]:
    """What is made when it is first asked of an edition."""
    firsts: dict[str, Callable[[], object]] = {
        "an entity's associations": lambda: graph.associations(entity="MONDO:0005301"),
        "a search": lambda: graph.search("sclerosis"),
        "a picture": lambda: graph.neighborhood("MONDO:0005301"),
        "therapies": lambda: graph.therapies_for("MONDO:0005301"),
        "statistics": graph.statistics,
    }
    for name, ask in firsts.items():
        yield Figure(f"first of an edition: {name}", milliseconds(ask, rounds=1), "ms")


def main() -> int:
    """Print the figures; 1 when a target is missed."""
    noise.describe()
    missed = 0
    for figure in run():
        print(figure.line(), flush=True)
        missed += not figure.met
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
