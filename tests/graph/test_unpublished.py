"""Edits that no release holds, and publishing them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.releases import publish, small_quads

from stemgraph.graph import DataDirectory
from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.journal import NAME, Journal, JournalEntry
from stemgraph.graph.quad_diff import QuadDiff, lines_of
from stemgraph.graph.state_digest import digest_of_release, digest_of_store
from stemgraph.graph.unpublished import UnpublishedEdits, publish_edits


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    """A data directory with one release, and a number in a form that Oxigraph rewrites."""
    odd = ox.parse('<https://e.org/a> <https://e.org/b> "2.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
                   ox.RdfFormat.N_QUADS)  # fmt: skip
    publish(tmp_path / "data", [*small_quads(), *odd])
    return DataDirectory(tmp_path / "data")


def edit(data: DataDirectory, sequence: int, diff: QuadDiff) -> None:
    Journal(data.path / NAME).append([JournalEntry(sequence, "", "", "diff", None, diff, "")])


def lines(data: DataDirectory) -> set[str]:
    return set(lines_of(ox.Store.read_only(str(data.current().store))))


def test_the_digest_of_a_release_is_that_of_its_store(data: DataDirectory) -> None:
    release = data.current()
    assert digest_of_release(release.export) == digest_of_store(ox.Store.read_only(str(release.store)))


def test_a_digest_counts_each_statement_once_whatever_its_form(tmp_path: Path) -> None:
    forms = """
        <https://e.org/a> <https://e.org/b> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .
        <https://e.org/a> <https://e.org/b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
        <https://e.org/a> <https://e.org/b> "1"^^<http://www.w3.org/2001/XMLSchema#int> .
        <https://e.org/a> <https://e.org/b> "a \\"b\\" \\u0001 é"@en-GB .
        <https://e.org/a> <https://e.org/b> _:c <https://e.org/g> .
        _:c <https://e.org/b> "2024-12-31"^^<http://www.w3.org/2001/XMLSchema#date> .
    """
    publish(tmp_path / "data", list(ox.parse(forms, ox.RdfFormat.N_QUADS)))
    release = DataDirectory(tmp_path / "data").current()
    assert digest_of_release(release.export) == digest_of_store(ox.Store.read_only(str(release.store)))


def test_edits_become_the_next_release(data: DataDirectory) -> None:
    before = lines(data)
    odd = '<https://e.org/a> <https://e.org/b> "2.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    new = '<https://e.org/a> <https://e.org/b> "new" .'
    other = '<https://e.org/c> <https://e.org/b> "other" .'
    edit(data, 1, QuadDiff(frozenset({new, other})))
    edit(data, 2, QuadDiff(removed=frozenset({odd, other})))
    found = UnpublishedEdits.of(data)
    assert (found.count, found.last) == (2, 2)
    published = publish_edits(data)
    assert (published.release.number, published.release.sequence) == (2, 2)
    assert lines(data) == (before - {odd}) | {new}
    assert UnpublishedEdits.of(data).count == 0
    with pytest.raises(BadRequestError, match="nothing has been edited since release 2"):
        publish_edits(data)


def test_discarding_edits_holds_where_the_content_is_that_of_an_earlier_release(data: DataDirectory) -> None:
    edit(data, 1, QuadDiff(frozenset({'<https://e.org/a> <https://e.org/b> "new" .'})))
    identifier = data.current().release.id
    data.make_current(identifier, sequence=1)
    assert data.current().release.id == identifier
    assert UnpublishedEdits.of(data).count == 0
