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

FIXTURES = Path(__file__).parent / "fixtures"
NEW = quads((FIXTURES / "edits.trig").read_text())


def compiled(statements: Iterable[ox.Quad], directory: Path) -> tuple[MappedRecords, Record]:
    """The records and statistics of these statements as a release has them."""
    text = "".join(sorted(f"{line_of(quad)}\n" for quad in statements))
    gathering = Gathering.from_text([text], place="test")
    writer = RecordWriter(gathering)
    write_records(writer, directory / "records")
    return MappedRecords(directory / "records"), count_release(gathering, writer)


def assert_as_compiled(found: MappedRecords, statistics: Record, statements: Iterable[ox.Quad]) -> None:
    """Every record, row, column, order and count is that of the same statements compiled."""
    with tempfile.TemporaryDirectory() as directory:
        wanted, counts = compiled(statements, Path(directory))
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
    assert_as_compiled(records, ledger.tally.to_record(), now)


def test_a_synonym_is_added(small_graph: KnowledgeGraph, tmp_path: Path) -> None:
    after = edit(small_graph, tmp_path, added=quads('sgg:mondo { MONDO:0005301 skos:altLabel "Charcot" }'))
    assert "Charcot" in after.entity("MONDO:0005301").synonyms
    assert "Charcot" not in small_graph.entity("MONDO:0005301").synonyms
    assert_as_compiled(after.records, after.statistics(), after.store.quads())
