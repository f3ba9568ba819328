"""Graphs that stand aside: stated, counted, and in no record."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.graph.editing import edit, quads
from tests.releases import SCLEROSIS, publish, small_quads

from stemgraph.graph import DataDirectory, KnowledgeGraph, publish_release, write_source
from stemgraph.graph.aside import Aside
from stemgraph.graph.edition_compilation import compile_edition

NOTES = "https://example.org/notes"
SAID = quads(
    f"""<{NOTES}> {{
        MONDO:0005301 rdfs:label "another name" ; skos:altLabel "One more name" ; a sgv:Drug .
        <https://example.org/visit> rdfs:label "a visit" .
        sga:noted a sgv:Association ; rdf:subject MONDO:0005301 ; rdf:predicate rdfs:subClassOf ;
            rdf:object MONDO:0005301 ; sgv:has_evidence sge:mondo-release .
    }}"""
)


def assert_same_records(found: KnowledgeGraph, wanted: KnowledgeGraph) -> None:
    """Nothing that records say differs; the quads are counted."""
    one, other = found.records, wanted.records
    assert [*map(one.entity_bytes_at, range(one.entity_count))] == [
        *map(other.entity_bytes_at, range(other.entity_count))
    ]
    assert [*map(one.association_bytes, range(one.association_count))] == [
        *map(other.association_bytes, range(other.association_count))
    ]
    assert found.statistics()["totals"]["quads"] == wanted.statistics()["totals"]["quads"] + len(SAID)


def test_an_edit_in_a_graph_of_others_changes_no_record(small_graph: KnowledgeGraph, tmp_path: Path) -> None:
    after = edit(small_graph, tmp_path, added=SAID)

    assert_same_records(after, small_graph)
    assert not after.search("another name").items
    again = edit(after, tmp_path, removed=SAID)
    assert again.statistics() == small_graph.statistics()


def test_so_it_is_where_the_edition_is_compiled_whole(small_graph: KnowledgeGraph, tmp_path: Path) -> None:
    after = edit(small_graph, tmp_path, added=SAID)

    directory = compile_edition(after.edition, tmp_path / "release", aside=after.aside)

    assert directory.release.aside == (NOTES,)
    with KnowledgeGraph(directory) as compiled:
        assert_same_records(compiled, small_graph)
        assert SAID[1].graph_name.value in compiled.store.graphs()


def test_a_release_keeps_a_graph_aside_until_it_is_loaded(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "data")
    publish(data.path, small_quads())
    write_source([*small_quads(), *SAID], tmp_path / "source", aside=[NOTES])
    with KnowledgeGraph.open(data.path) as before:
        publish_release(tmp_path / "source", data)
        with KnowledgeGraph.open(data.path) as after:
            assert_same_records(after, before)
            more = edit(after, tmp_path, added=quads(f'<{NOTES}> {{ {SCLEROSIS} skos:altLabel "third" }}'))
            assert more.entity(SCLEROSIS) == before.entity(SCLEROSIS)


def test_a_graph_of_others_that_was_loaded_is_read_in_editions_too(tmp_path: Path) -> None:
    loaded = quads(f'<{NOTES}> {{ {SCLEROSIS} skos:altLabel "One more name" }}')
    publish(tmp_path / "data", [*small_quads(), *loaded])
    with KnowledgeGraph.open(tmp_path / "data") as before:
        assert "One more name" in before.entity(SCLEROSIS).synonyms
        added = quads(f'<{NOTES}> {{ {SCLEROSIS} skos:altLabel "third" }}')
        after = edit(before, tmp_path, added=added)
        assert {"One more name", "third"} <= set(after.entity(SCLEROSIS).synonyms)


@pytest.mark.parametrize(
    ("graph", "stands_aside"),
    [
        ("<https://w3id.org/stemgraph/graph/new>", False),
        ("", False),
        ("DEFAULT", False),
        ("<https://example.org/loaded>", False),
        ("<https://example.org/unheard>", True),
        ("<https://example.org/known>", True),
    ],
)
def test_what_stands_aside_while_a_release_is_edited(graph: str, *, stands_aside: bool) -> None:
    known, loaded = "https://example.org/known", "https://example.org/loaded"
    assert (graph in Aside([known], loaded=[known, loaded, "mondo"])) is stands_aside
