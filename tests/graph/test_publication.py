"""Publishing: numbers grow, first releases are carried forward, and what was published stays."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.releases import ADDED, AXIOM, TREATED, publish, second_quads, small_quads

from stemgraph.graph import DataDirectory, DataDirectoryError, KnowledgeGraph, publish_release, write_source


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of two releases."""
    directory = tmp_path_factory.mktemp("published") / "data"
    publish(directory, small_quads(), date="2026-11-01")
    publish(directory, second_quads(), date="2026-12-01")
    return directory


def test_numbers_grow_from_one_and_the_last_is_current(data: Path) -> None:
    with KnowledgeGraph.open(data) as graph:
        assert [each.number for each in graph.releases()] == [1, 2]
        assert graph.release.number == 2


def test_the_first_release_of_a_directory_is_its_source_as_it_is(tmp_path: Path) -> None:
    given = write_source(small_quads(), tmp_path / "source", date="2026-11-01")
    published = publish_release(tmp_path / "source", DataDirectory(tmp_path / "data"))
    assert (published.release.digest, published.previous, published.is_new) == (given.digest, None, True)


def test_an_association_keeps_the_release_in_which_it_first_stood(data: Path) -> None:
    with KnowledgeGraph.open(data) as graph:
        first = {each.id: each.first_release for each in graph.associations(limit=200).all()}
    assert first.pop(ADDED) == 2
    assert set(first.values()) == {1}


def test_one_that_comes_back_keeps_its_first_release(data: Path, tmp_path: Path) -> None:
    publish(tmp_path, small_quads())
    publish(tmp_path, second_quads())
    third = [*small_quads(), *second_quads()]
    assert publish(tmp_path, third).release.number == 3
    with KnowledgeGraph.open(tmp_path) as graph:
        assert graph.association(AXIOM).first_release == 1
        assert graph.association(ADDED).first_release == 2


def test_a_release_that_says_the_same_is_served_again_and_not_made(tmp_path: Path) -> None:
    first = publish(tmp_path, small_quads())
    second = publish(tmp_path, second_quads())
    assert not publish(tmp_path, second_quads()).is_new
    back = publish(tmp_path, small_quads())
    assert (back.is_new, back.release, back.previous) == (False, first.release, second.release)
    assert publish(tmp_path, second_quads()[:-1]).release.number == 3


def test_the_text_of_a_release_is_canonical_and_has_its_digest(data: Path) -> None:
    with KnowledgeGraph.open(data) as graph:
        text = gzip.decompress(graph.directory.export.read_bytes())
        assert [*text.splitlines(keepends=True)] == sorted(set(text.splitlines(keepends=True)))
        assert graph.release.counts["quads"] == text.count(b"\n")
        stored = {str(quad) for quad in graph.store.quads()}
    assert stored == {str(quad) for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS)}


def test_a_new_source_says_its_first_release_once(tmp_path: Path) -> None:
    described = [
        quad for quad in small_quads() if str(quad.subject) == "<https://w3id.org/stemgraph/graph/mondo>"
    ]
    slot = ox.NamedNode("https://w3id.org/stemgraph/vocab/first_release")
    said = ox.Quad(described[0].subject, slot, ox.Literal(1))
    without = [quad for quad in small_quads() if "graph/mondo>" not in str(quad)]
    publish(tmp_path, without)
    publish(tmp_path, [*small_quads(), said])
    with KnowledgeGraph.open(tmp_path) as graph:
        assert graph.association(AXIOM).first_release == 2
        assert [str(each.object) for each in graph.store.quads(said.subject, slot)] == [
            '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'
        ]
        assert (
            list(graph.store.quads(ox.NamedNode("https://w3id.org/stemgraph/association/" + AXIOM[4:]), slot))
            == []
        )
    assert not publish(tmp_path, [*small_quads(), said]).is_new


def test_an_earlier_release_answers_as_it_did(data: Path) -> None:
    with KnowledgeGraph.open(data) as graph, graph.at(1) as earlier:
        assert graph.association(TREATED).status == "standard_of_care"
        assert earlier.association(TREATED).status == "guideline_supported"
        assert earlier.association(AXIOM).first_release == 1
        with earlier.at(2) as again:
            assert again.release == graph.release


def test_a_source_with_another_digest_is_refused(tmp_path: Path) -> None:
    publish(tmp_path / "data", small_quads())
    write_source(second_quads(), tmp_path / "source")
    text = gzip.decompress((tmp_path / "source/graph.nq.gz").read_bytes())
    (tmp_path / "source/graph.nq.gz").write_bytes(gzip.compress(text[: text.index(b"\n") + 1]))
    with pytest.raises(DataDirectoryError, match="does not have the digest"):
        publish_release(tmp_path / "source", DataDirectory(tmp_path / "data"))
    with KnowledgeGraph.open(tmp_path / "data") as graph:
        assert len(graph.releases()) == 1


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    write_source(small_quads(), tmp_path / "source")
    with pytest.raises(DataDirectoryError, match="cannot be written"):
        publish_release(tmp_path / "source", DataDirectory(tmp_path / "file" / "data"))
