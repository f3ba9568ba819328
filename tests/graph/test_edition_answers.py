"""Every question put to an edition is answered as by its statements compiled."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pyoxigraph as ox
import pytest
from tests.graph.editing import edit, quads
from tests.graph.statements import graph_of_quads

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.formats.registry import EXPORT_FORMATS

FIXTURES = Path(__file__).parent / "fixtures"
NEW = quads((FIXTURES / "edits.trig").read_text())
RENAMED = quads('sgg:mondo { MONDO:0011382 rdfs:label "drepanocytosis" }')
OLD_NAME = quads('sgg:mondo { MONDO:0011382 rdfs:label "sickle cell disease" }')
TEXT = "Autologous HSCT treats multiple sclerosis. Casgevy does not treat drepanocytosis."


@pytest.fixture(scope="module")
def edition(
    small_graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeGraph]:
    """Four edits: statements come, an entity is renamed, associations and an entity go."""
    directory = tmp_path_factory.mktemp("editions")
    first = edit(small_graph, directory, added=NEW)
    second = edit(first, directory, added=RENAMED, removed=OLD_NAME)
    treated = [quad for quad in second.store.quads() if "3a6a9d175e36dc4bf8c4778c" in str(quad.subject)]
    third = edit(second, directory, removed=treated)
    gone = [quad for quad in third.store.quads() if "MONDO_0005852" in str(quad.subject)]
    with edit(third, directory, removed=gone) as graph:
        yield graph


@pytest.fixture(scope="module")
def whole(edition: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with graph_of_quads(tmp_path_factory.mktemp("whole"), edition.store.quads()) as graph:
        yield graph


QUESTIONS: dict[str, Callable[[KnowledgeGraph], Any]] = {
    "search": lambda graph: [
        graph.search(text).to_record()
        for text in ("sclerosis", "drepanocytosis", "sickle cell", "brand", "ms", "HSC", "cel")
    ],
    "search in a category": lambda graph: graph.search(
        "a", category="disease", limit=3, offset=2
    ).to_record(),
    "autocomplete": lambda graph: [
        [hit.to_record() for hit in graph.autocomplete(text)] for text in ("a ", "s", "drep", "multi")
    ],
    "find": lambda graph: [graph.find(name).to_record() for name in ("drepanocytosis", "BNT")],
    "statistics": lambda graph: orjson.dumps(graph.statistics()),
    "associations": lambda graph: [each.to_record() for each in graph.associations(limit=None)],
    "associations of an entity": lambda graph: [
        each.to_record() for each in graph.associations(entity="MONDO:0005301", closure=True, limit=None)
    ],
    "associations in a jurisdiction": lambda graph: [
        each.to_record() for each in graph.associations(jurisdiction="JP", limit=None)
    ],
    "counts": lambda graph: graph.counts("MONDO:0005301"),
    "hierarchy": lambda graph: graph.hierarchy("MONDO:0005301").to_record(),
    "neighborhood": lambda graph: graph.neighborhood("MONDO:0005301", depth=2).to_record(),
    "paths": lambda graph: graph.paths("STEMGRAPH:autologous-hsct", "MONDO:8888888").to_record()["items"],
    "networkx": lambda graph: sorted(graph.networkx.edges(keys=True, data=True), key=str),
    "networkx nodes": lambda graph: sorted(graph.networkx.nodes(data=True)),
    "therapies": lambda graph: graph.therapies_for("drepanocytosis").to_record()["items"],
    "risks": lambda graph: graph.risks("STEMGRAPH:autologous-hsct").to_record(),
    "status": lambda graph: graph.status("STEMGRAPH:casgevy").to_record(),
    "actions": lambda graph: graph.actions().to_record()["items"],
    "conflicts": lambda graph: graph.conflicts().to_record()["items"],
    "lineage": lambda graph: graph.lineage("CL:0000084").to_record(),
    "annotate": lambda graph: [each.to_record() for each in graph.annotate(TEXT, budget_ms=30_000).items],
    "check": lambda graph: [each.to_record() for each in graph.check(TEXT, budget_ms=30_000).items],
    "rdf": lambda graph: len(graph.rdf),
    "sparql": lambda graph: sorted(map(str, graph.sparql("SELECT * { ?s ?p ?o }"))),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_edition_answers_as_if_compiled(
    question: str, edition: KnowledgeGraph, whole: KnowledgeGraph
) -> None:
    ask = QUESTIONS[question]
    assert ask(edition) == ask(whole)


@pytest.mark.parametrize("format_name", EXPORT_FORMATS)
def test_an_edition_is_exported_as_if_compiled(
    format_name: str, edition: KnowledgeGraph, whole: KnowledgeGraph
) -> None:
    found, wanted = io.BytesIO(), io.BytesIO()
    edition.export(format_name, found)
    whole.export(format_name, wanted)
    assert found.getvalue() == wanted.getvalue()


def test_the_exported_lines_of_an_edition_are_canonical(edition: KnowledgeGraph) -> None:
    stream = io.BytesIO()
    edition.export("nquads", stream)
    lines = stream.getvalue().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    assert set(ox.parse(stream.getvalue(), ox.RdfFormat.N_QUADS)) == set(edition.store.quads())


def test_another_process_gets_the_same_edition(edition: KnowledgeGraph) -> None:
    with pickle.loads(pickle.dumps(edition)) as copy:  # noqa: S301  # our own
        assert copy.edition == edition.edition
        assert copy.entity("MONDO:0011382").label == "drepanocytosis"
        assert copy.statistics() == edition.statistics()


def test_an_edition_says_which_it_is(edition: KnowledgeGraph, small_graph: KnowledgeGraph) -> None:
    assert edition.edition.id == f"{small_graph.release.id}.4"
    assert edition.release == small_graph.release
    assert small_graph.edition.id == small_graph.release.id


def test_what_was_edited_since_the_release_is_its_difference(
    edition: KnowledgeGraph, small_graph: KnowledgeGraph
) -> None:
    diff = edition.diff(small_graph.release.id)
    found = {each.id: each.change for each in diff}
    assert found["MONDO:0011382"] == "changed"
    assert found["sga:3a6a9d175e36dc4bf8c4778c"] == found["MONDO:0005852"] == "removed"
    assert found["STEMGRAPH:brand-new"] == "added"
    assert diff.to_record()["to"]["id"] == edition.edition.id
    assert edition.diff(small_graph.release.id) is diff


def test_the_release_of_an_edition_answers_as_it_was_published(
    edition: KnowledgeGraph, small_graph: KnowledgeGraph
) -> None:
    with edition.at(small_graph.release.id) as published:
        assert published.edition == small_graph.edition
        assert published.entity("MONDO:0011382") == small_graph.entity("MONDO:0011382")
