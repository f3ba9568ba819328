"""An edition is as if its statements had been compiled."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import orjson
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.graph.editing import StoreInMemory, edit, quads

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.editing.ledger import Ledger
from stemgraph.graph.editing.patching import patch
from stemgraph.graph.gathering import Gathering
from stemgraph.graph.model import Record
from stemgraph.graph.quad_diff import QuadDiff, line_of
from stemgraph.graph.records import MappedRecords
from stemgraph.graph.statistics import count_release
from stemgraph.graph.writing import RecordWriter, write_records
from stemgraph.ontology.identifiers import expand

FIXTURES = Path(__file__).parent / "fixtures"
MULTIPLE_SCLEROSIS = ox.NamedNode(expand("MONDO:0005301"))
LABEL = ox.NamedNode(expand("rdfs:label"))
NEW = quads((FIXTURES / "edits.trig").read_text())


def compiled(lines: Iterable[str], directory: Path) -> tuple[MappedRecords, Record]:
    """The records and statistics of these canonical lines as a release has them."""
    gathering = Gathering.from_text(["".join(lines)], place="test")
    writer = RecordWriter(gathering)
    write_records(writer, directory / "records")
    return MappedRecords(directory / "records"), count_release(gathering, writer)


def canonical(statements: Iterable[ox.Quad]) -> list[str]:
    """Quads as the lines of a release's own file."""
    return sorted(f"{line_of(quad)}\n" for quad in statements)


def assert_as_compiled(found: MappedRecords, statistics: Record, lines: Iterable[str]) -> None:
    """Every record, row, column, order and count is that of the same lines compiled."""
    with tempfile.TemporaryDirectory() as directory:
        wanted, counts = compiled(lines, Path(directory))
        assert [*map(found.entity_bytes_at, range(found.entity_count))] == [
            *map(wanted.entity_bytes_at, range(wanted.entity_count))
        ]
        assert [*map(found.association_bytes, range(found.association_count))] == [
            *map(wanted.association_bytes, range(wanted.association_count))
        ]
        assert found.names == wanted.names
        names = {path.name.split(".")[0] for path in (Path(directory) / "records").glob("*.npy")}
        for name in names - {"entities", "associations", "by_subject", "by_object", "association_order"}:
            assert np.array_equal(found.column(name).array, wanted.column(name).array), name
        assert np.array_equal(found.association_order.array, wanted.association_order.array)
        for row in range(wanted.entity_count):
            assert list(found.by_subject[row]) == list(wanted.by_subject[row])
            assert list(found.by_object[row]) == list(wanted.by_object[row])
            assert found.entity_row(wanted.entity_id(row)) == row
        for row in range(wanted.association_count):
            assert found.association_row(wanted.association_id(row)) == row
        assert orjson.dumps(statistics) == orjson.dumps(counts)


@pytest.fixture(scope="module")
def small_ledger(small_graph: KnowledgeGraph) -> Ledger:
    return small_graph.release_ledger


@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_chain_of_edits_leaves_the_records_of_what_it_comes_to(
    data: st.DataObject, small_graph: KnowledgeGraph, small_ledger: Ledger
) -> None:
    records, ledger = small_graph.records, small_ledger
    now = set(small_graph.store.quads())
    every = sorted({*now, *NEW}, key=str)
    by_subject = sorted({str(quad.subject) for quad in every})
    for _ in range(data.draw(st.integers(1, 3), label="edits")):
        toggled = set(data.draw(st.lists(st.sampled_from(every), max_size=12), label="quads"))
        for subject in data.draw(st.lists(st.sampled_from(by_subject), max_size=4), label="subjects"):
            toggled |= {quad for quad in every if str(quad.subject) == subject}
        diff = QuadDiff.of(toggled - now, toggled & now)
        # A rehearsal has only the store before the edit.
        before = StoreInMemory(now) if data.draw(st.booleans(), label="rehearsed") else None
        now ^= toggled
        patched = patch(records, ledger, diff, before or StoreInMemory(now))
        records, ledger = patched.records, patched.ledger
    assert_as_compiled(records, ledger.tally.to_record(), canonical(now))


def test_a_synonym_is_added(small_graph: KnowledgeGraph, tmp_path: Path) -> None:
    after = edit(small_graph, tmp_path, added=quads('sgg:mondo { MONDO:0005301 skos:altLabel "Charcot" }'))
    assert "Charcot" in after.entity("MONDO:0005301").synonyms
    assert "Charcot" not in small_graph.entity("MONDO:0005301").synonyms
    assert_as_compiled(after.records, after.statistics(), canonical(after.store.quads()))


def test_real_edits_of_the_bundle_are_as_if_compiled(bundled: KnowledgeGraph) -> None:
    stated = bundled.records.association_at(0)
    evidence = expand(stated.evidence[0].id)
    leaf = next(iter(bundled.associations(subject="MONDO:0005301", predicate="subclass_of", limit=1)))
    gone = [ox.NamedNode(expand(each)) for each in (leaf.id, bundled.records.association_id(1))]
    added = [
        *NEW,
        *quads('sgg:mondo { MONDO:0005301 rdfs:label "disseminated sclerosis" }'),
        *quads(f"sgg:curated {{ sge:notice a sgv:Evidence ; sgv:retracts <{evidence}> }}"),
    ]
    removed = [
        *bundled.store.quads(MULTIPLE_SCLEROSIS, LABEL),
        *(quad for node in gone for quad in bundled.store.quads(node)),
    ]
    diff = QuadDiff.of(added, removed)
    with bundled.statements.open() as file:
        before = {line.decode() for line in file}
    lines = sorted((before - {f"{each}\n" for each in diff.removed}) | {f"{each}\n" for each in diff.added})
    # A rehearsal: the release's store has not the edit, and copying it takes longer than all of this.
    after = bundled.edited(diff, sequence=1, store=bundled.edition.store)
    with after.statements.open() as file:
        assert [line.decode() for line in file] == lines
    assert_as_compiled(after.records, after.statistics(), lines)
