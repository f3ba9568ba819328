import json
import lzma
import time
from pathlib import Path

import numpy as np
import pytest

from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.model import Association, EntityReference
from stemgraph.graph.string_table import StringTable
from stemgraph.graph.view import GraphView
from stemgraph.graph.view_columns import Coded, ViewColumns

MS = EntityReference("MONDO:0005301", "multiple sclerosis", ("disease",))
SLE = EntityReference("MONDO:0007915", "systemic lupus erythematosus", ("disease",))
HSCT = EntityReference("STEMGRAPH:autologous-hsct", "autologous HSCT", ("therapy",))
GENE = EntityReference("HGNC:6010", "IL2RG", ("gene",))


def association(number: int, subject: EntityReference, predicate: str, target: EntityReference, **facts):
    return Association(
        id=f"sga:{number:024x}",
        subject=subject,
        predicate=predicate,
        object=target,
        negated=facts.pop("negated", False),
        qualifiers={},
        status=facts.pop("status", "reported"),
        evidence=(),
        biolink_predicate=f"biolink:{predicate}",
        **facts,
    )


ASSOCIATIONS = [
    association(1, HSCT, "treats", MS, status="guideline_supported"),
    association(2, HSCT, "studied_to_treat", SLE),
    association(3, HSCT, "studied_to_treat", MS),
    association(4, HSCT, "recommended_for", SLE, negated=True),
    association(5, MS, "subclass_of", SLE, source="mondo"),
]


@pytest.fixture
def view() -> GraphView:
    return GraphView.from_columns(ViewColumns.from_associations(ASSOCIATIONS, entities=[GENE]))


def test_an_edge_says_what_its_association_says(view):
    edges = {view.edge(number).id: view.edge(number) for number in range(view.edge_count)}
    treats = edges["sga:000000000000000000000001"]
    assert (treats.subject, treats.predicate, treats.object) == (HSCT.id, "treats", MS.id)
    assert (treats.status, treats.source) == ("guideline_supported", "curated")
    assert treats.biolink_predicate == "biolink:treats"


def test_a_negated_association_is_no_edge(view):
    assert view.edge_count == 4
    assert "sga:000000000000000000000004" not in list(view.association_ids)


def test_each_edge_knows_its_row_in_the_records(view):
    for number in range(view.edge_count):
        assert ASSOCIATIONS[view.edge_association[number]].id == view.association_ids[number]


def test_nodes_are_sorted_and_found_by_id(view):
    assert list(view.node_ids) == sorted(view.node_ids)
    assert view.reference(view.node(MS.id)) == MS
    assert view.node("MONDO:0000000") is None


def test_an_entity_without_an_edge_is_a_node(view):
    gene = view.node(GENE.id)
    assert len(view.out_edges(gene)) == 0
    assert len(view.in_edge_slice(gene)) == 0


def test_edges_are_found_from_both_ends(view):
    hsct, ms = view.node(HSCT.id), view.node(MS.id)
    assert [view.edge(each).object for each in view.out_edges(hsct)] == [MS.id, MS.id, SLE.id]
    assert [view.edge(each).subject for each in view.in_edge_slice(ms)] == [HSCT.id, HSCT.id]


def test_steps_walk_every_edge_of_several_nodes_in_both_directions(view):
    nodes = np.array([view.node(MS.id), view.node(SLE.id)], dtype=np.int32)
    steps = view.steps(nodes)
    walked = {
        (view.node_ids[a], view.node_ids[b], bool(forward))
        for a, b, forward in zip(steps.origins, steps.neighbors, steps.forward, strict=True)
    }
    assert walked == {
        (MS.id, SLE.id, True),
        (MS.id, HSCT.id, False),
        (SLE.id, HSCT.id, False),
        (SLE.id, MS.id, False),
    }
    assert view.degrees(nodes).tolist() == [3, 2]


def test_a_view_written_and_opened_is_the_same(view, tmp_path):
    view.write(tmp_path / "view")
    opened = GraphView.open(tmp_path / "view")
    assert list(opened.node_ids) == list(view.node_ids)
    assert [opened.edge(each) for each in range(4)] == [view.edge(each) for each in range(4)]
    assert opened.in_edges.tolist() == view.in_edges.tolist()
    assert not opened.edge_object.flags.owndata
    assert not opened.edge_object.flags.writeable


def test_an_empty_graph_has_a_view(tmp_path):
    GraphView.from_columns(ViewColumns.from_associations([])).write(tmp_path)
    opened = GraphView.open(tmp_path)
    assert (opened.node_count, opened.edge_count) == (0, 0)


def test_a_missing_view_is_refused_with_its_place(tmp_path):
    with pytest.raises(DataDirectoryError, match="compile the release again") as refusal:
        GraphView.open(tmp_path)
    assert refusal.value.place == str(tmp_path)


def test_a_view_of_another_layout_is_refused(view, tmp_path):
    view.write(tmp_path)
    names = json.loads((tmp_path / "names.json").read_text())
    (tmp_path / "names.json").write_text(json.dumps(names | {"layout": 99}))
    with pytest.raises(DataDirectoryError, match="another layout"):
        GraphView.open(tmp_path)


def test_a_truncated_array_is_refused(view, tmp_path):
    view.write(tmp_path)
    (tmp_path / "in_edges.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(DataDirectoryError, match="cannot be read"):
        GraphView.open(tmp_path)


def test_a_string_table_keeps_any_text():
    strings = ["", "β-thalassaemia", "日本", "plain", "\U0001f9ec"]
    table = StringTable.from_strings(sorted(strings))
    assert list(table) == sorted(strings)
    assert [table.find(each) for each in sorted(strings)] == [0, 1, 2, 3, 4]
    assert table.find("absent") is None
    assert table[1:3] == sorted(strings)[1:3]
    assert table[-1] == max(strings)
    for outside in (5, -6):
        with pytest.raises(IndexError):
            table[outside]


def test_the_view_of_a_release_says_what_its_records_say(small_graph):
    associations = {each.id: each for each in small_graph.records.associations() if not each.negated}
    view = small_graph.view
    assert set(view.association_ids) == set(associations)
    assert list(view.node_ids) == [each.id for each in small_graph.records.entities()]
    for number in range(view.edge_count):
        edge = view.edge(number)
        stated = associations[edge.id]
        assert small_graph.records.association_at(int(view.edge_association[number])) == stated
        assert (edge.subject, edge.predicate, edge.object) == (
            stated.subject.id,
            stated.predicate,
            stated.object.id,
        )
        assert edge.biolink_predicate == stated.biolink_predicate
        assert (edge.status, edge.source) == (stated.status, stated.source)
        assert view.reference(view.node(edge.subject)) == stated.subject


def read_benchmark(directory: Path, modulus: int) -> ViewColumns:
    """The KGX benchmark's edges whose number is divisible by the modulus, with every node."""
    with lzma.open(directory / "nodes.tsv.xz", "rt", encoding="utf-8") as lines:
        rows = sorted(line.rstrip("\n").split("\t") for line in list(lines)[1:])
    with lzma.open(directory / "edges.tsv.xz", "rt", encoding="utf-8") as lines:
        next(lines)
        edges = [
            cells
            for cells in (line.split("\t", 7) for line in lines)
            if int(cells[0].rpartition(":")[2].lstrip("e") or 0) % modulus == 0
        ]
    numbers = {row[0]: number for number, row in enumerate(rows)}
    constant = Coded(np.zeros(len(edges), dtype=np.int32), ("unknown",))
    return ViewColumns(
        node_ids=StringTable.from_strings([row[0] for row in rows]),
        node_labels=StringTable.from_strings([row[2] for row in rows]),
        node_categories=Coded.from_values((row[1],) for row in rows),
        association_ids=StringTable.from_strings([cells[0] for cells in edges]),
        subjects=np.array([numbers[cells[1]] for cells in edges], dtype=np.int32),
        objects=np.array([numbers[cells[3]] for cells in edges], dtype=np.int32),
        negated=np.zeros(len(edges), dtype=np.bool_),
        predicates=Coded.from_values(cells[2] for cells in edges),
        biolink_predicates=Coded.from_values(cells[2] for cells in edges),
        statuses=constant,
        sources=Coded.from_values(cells[5] for cells in edges),
        support=np.full(len(edges), 500, dtype=np.int32),
    )


@pytest.mark.large
def test_a_view_of_164_thousand_edges_is_built_quickly_and_opens_at_once(shared_data, tmp_path):
    columns = read_benchmark(shared_data / "kg_benchmark", 16)
    begun = time.perf_counter()
    GraphView.from_columns(columns).write(tmp_path)
    built = time.perf_counter()
    view = GraphView.open(tmp_path)
    opened = time.perf_counter()
    assert built - begun < 5
    assert opened - built < 0.5
    assert view.edge_count == len(columns.association_ids)
    rows = view.edge_association[view.in_edges]
    assert np.array_equal(np.sort(rows), np.arange(view.edge_count))
    assert np.all(np.diff(columns.objects[rows]) >= 0)
