"""The view of an edition, from that of its release: only what was edited is read again."""

from __future__ import annotations

import numpy as np
import orjson

from stemgraph.graph.editing.patched_records import PatchedRecords
from stemgraph.graph.string_table import StringTable
from stemgraph.graph.view import GraphView
from stemgraph.graph.view_columns import Coded, ViewColumns


def patched_view(view: GraphView, records: PatchedRecords) -> GraphView:
    """The view of these records, given that of the release that they come from."""
    nodes, own_nodes = records.patched_entities.origin, records.patched_entities.own
    entities = [orjson.loads(line) for line in own_nodes]
    categories = dict.fromkeys(view.categories)
    categories.update(dict.fromkeys(tuple(each["categories"]) for each in entities))
    code = {each: number for number, each in enumerate(categories)}
    own_codes = np.array([code[tuple(each["categories"])] for each in entities], np.int32)
    known = view.node_categories.astype(np.int32)
    codes = np.concatenate((known, own_codes))[np.where(nodes < 0, len(known) + ~nodes, nodes)]
    columns = ViewColumns.from_tables(
        records,
        node_ids=view.node_ids.picked(nodes, [each["id"] for each in entities]),
        node_labels=view.node_labels.picked(nodes, [each["label"] for each in entities]),
        node_categories=Coded(codes, tuple(categories)),
        association_ids=_association_ids(view, records),
    )
    return GraphView.from_columns(columns)


def _association_ids(view: GraphView, records: PatchedRecords) -> StringTable:
    """The id of each association by row; of negated ones of the release, which are no edges, nothing."""
    lines = records.patched_associations
    names = [*(orjson.loads(line)["id"] for line in lines.own), ""]
    edges = np.full(len(lines.base) + 1, -len(names), np.int32)
    edges[view.edge_association] = np.arange(view.edge_count)
    numbers = np.where(lines.origin < 0, lines.origin, edges[lines.origin])
    return view.association_ids.picked(numbers, names)
