"""The graph as memory-mapped arrays: what graph algorithms, pictures and path searches run on.

An *edge* is an association that is not negated. Edges are numbered by subject, object and association row, so
the edges that leave a node are one slice (compressed sparse rows); ``in_edges`` lists the same numbers by
object, subject and row. Nodes are numbered in the order of their sorted ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.model import EntityReference, Record
from stemgraph.graph.string_table import StringTable, load_mapped
from stemgraph.graph.view_columns import ViewColumns

if TYPE_CHECKING:
    from stemgraph.graph.records import MappedRecords

Numbers = NDArray[np.int32]
"""Numbers of nodes or edges."""
Offsets = NDArray[np.int64]
Codes = NDArray[np.uint16]

LAYOUT: Final = 2
"""Number of this arrangement of files; a view of another one is refused."""

_ARRAYS: Final = (
    "out_offsets",
    "in_offsets",
    "in_edges",
    "node_categories",
    "edge_subject",
    "edge_object",
    "edge_association",
    "edge_predicate",
    "edge_biolink_predicate",
    "edge_status",
    "edge_source",
    "edge_support",
)
_TABLES: Final = ("node_ids", "node_labels", "association_ids")


@dataclass(frozen=True, slots=True)
class Edge:
    """An association that is not negated, as an edge: its ids and standing, without evidence."""

    id: str
    subject: str
    predicate: str
    biolink_predicate: str
    object: str
    status: str
    source: str

    def to_record(self) -> Record:
        """The JSON shape: one key for each field."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Edges walked from several nodes at once, in either direction; the four arrays go together."""

    origins: Numbers
    neighbors: Numbers
    edges: Numbers
    forward: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class GraphView:
    """The arrays of one release and the names behind their integers."""

    node_ids: StringTable
    node_labels: StringTable
    association_ids: StringTable
    """By edge number."""
    out_offsets: Offsets
    in_offsets: Offsets
    in_edges: Numbers
    node_categories: Codes
    edge_subject: Numbers
    edge_object: Numbers
    edge_association: Numbers
    """Row of each edge's association in the records."""
    edge_predicate: Codes
    edge_biolink_predicate: Codes
    edge_status: Codes
    edge_source: Codes
    edge_support: Codes
    """How well each edge is supported, in thousandths."""
    categories: tuple[tuple[str, ...], ...]
    predicates: tuple[str, ...]
    biolink_predicates: tuple[str, ...]
    statuses: tuple[str, ...]
    sources: tuple[str, ...]

    @classmethod
    def from_columns(cls, columns: ViewColumns) -> GraphView:
        """Sort the associations that are not negated into edges, in both directions."""
        rows = np.flatnonzero(~columns.negated)
        rows = rows[np.lexsort((columns.objects[rows], columns.subjects[rows]))]
        subjects, objects = columns.subjects[rows], columns.objects[rows]
        nodes = len(columns.node_ids)
        return cls(
            node_ids=columns.node_ids,
            node_labels=columns.node_labels,
            association_ids=columns.association_ids.picked(rows),
            out_offsets=_offsets(subjects, nodes),
            in_offsets=_offsets(objects, nodes),
            in_edges=np.lexsort((subjects, objects)).astype(np.int32),
            node_categories=columns.node_categories.codes.astype(np.uint16),
            edge_subject=subjects.astype(np.int32),
            edge_object=objects.astype(np.int32),
            edge_association=rows.astype(np.int32),
            edge_predicate=columns.predicates.codes[rows].astype(np.uint16),
            edge_biolink_predicate=columns.biolink_predicates.codes[rows].astype(np.uint16),
            edge_status=columns.statuses.codes[rows].astype(np.uint16),
            edge_source=columns.sources.codes[rows].astype(np.uint16),
            edge_support=columns.support[rows].astype(np.uint16),
            categories=columns.node_categories.values,
            predicates=columns.predicates.values,
            biolink_predicates=columns.biolink_predicates.values,
            statuses=columns.statuses.values,
            sources=columns.sources.values,
        )

    @classmethod
    def open(cls, directory: Path) -> GraphView:
        """The view that ``write`` left in a directory, memory-mapped and shared between processes.

        Raises:
            DataDirectoryError: The directory holds no view, or one of another layout.
        """
        try:
            names = orjson.loads((directory / "names.json").read_bytes())
            if names.pop("layout") != LAYOUT:
                raise DataDirectoryError(
                    "the view has another layout", place=str(directory), mend="compile the release again"
                )
            # Any: the values of one mapping fill fields of several types.
            fields: dict[str, Any] = {name: load_mapped(directory / f"{name}.npy") for name in _ARRAYS}
            fields |= {name: StringTable.open(directory, name) for name in _TABLES}
        except (OSError, ValueError, KeyError) as error:
            raise DataDirectoryError(
                f"the view cannot be read: {error}", place=str(directory), mend="compile the release again"
            ) from error
        categories = tuple(tuple(each) for each in names.pop("categories"))
        fields |= {name: tuple(values) for name, values in names.items()}
        return cls(categories=categories, **fields)

    def write(self, directory: Path) -> None:
        """Write the arrays and names to a directory, which is made when missing."""
        directory.mkdir(parents=True, exist_ok=True)
        for name in _ARRAYS:
            np.save(directory / f"{name}.npy", getattr(self, name))
        for name in _TABLES:
            getattr(self, name).write(directory, name)
        names = {
            "layout": LAYOUT,
            "categories": self.categories,
            "predicates": self.predicates,
            "biolink_predicates": self.biolink_predicates,
            "statuses": self.statuses,
            "sources": self.sources,
        }
        (directory / "names.json").write_bytes(orjson.dumps(names))

    @property
    def node_count(self) -> int:
        """Number of nodes, those without an edge included."""
        return len(self.node_ids)

    @property
    def edge_count(self) -> int:
        """Number of edges: associations that are not negated."""
        return len(self.edge_object)

    def node(self, identifier: str) -> int | None:
        """The number of the node with this CURIE, or None."""
        return self.node_ids.find(identifier)

    def reference(self, node: int) -> EntityReference:
        """The id, label and categories of a node."""
        return EntityReference(
            self.node_ids[node], self.node_labels[node], self.categories[int(self.node_categories[node])]
        )

    def edge(self, edge: int) -> Edge:
        """The ids and standing of an edge."""
        return Edge(
            id=self.association_ids[edge],
            subject=self.node_ids[int(self.edge_subject[edge])],
            predicate=self.predicates[int(self.edge_predicate[edge])],
            biolink_predicate=self.biolink_predicates[int(self.edge_biolink_predicate[edge])],
            object=self.node_ids[int(self.edge_object[edge])],
            status=self.statuses[int(self.edge_status[edge])],
            source=self.sources[int(self.edge_source[edge])],
        )

    def out_edges(self, node: int) -> range:
        """Numbers of the edges that leave a node, by object and row."""
        return range(int(self.out_offsets[node]), int(self.out_offsets[node + 1]))

    def in_edge_slice(self, node: int) -> Numbers:
        """Numbers of the edges that reach a node, by subject and row."""
        return self.in_edges[self.in_offsets[node] : self.in_offsets[node + 1]]

    def degrees(self, nodes: Numbers) -> Offsets:
        """Number of edges at each of some nodes, both directions counted."""
        leaving = self.out_offsets[nodes + 1] - self.out_offsets[nodes]
        return leaving + self.in_offsets[nodes + 1] - self.in_offsets[nodes]

    def steps(self, nodes: Numbers) -> Steps:
        """Every edge at some nodes, walked away from them in either direction."""
        owners, leaving = _positions(self.out_offsets, nodes)
        owned, reaching = _positions(self.in_offsets, nodes)
        arriving = self.in_edges[reaching]
        return Steps(
            origins=np.concatenate((owners, owned)),
            neighbors=np.concatenate((self.edge_object[leaving], self.edge_subject[arriving])),
            edges=np.concatenate((leaving.astype(np.int32), arriving)),
            forward=np.arange(len(leaving) + len(arriving)) < len(leaving),
        )


def build_view(records: MappedRecords, directory: Path) -> GraphView:
    """Build the view of a release's records, write it to a directory and open it there."""
    GraphView.from_columns(ViewColumns.from_records(records)).write(directory)
    return GraphView.open(directory)


def _offsets(nodes: Numbers, count: int) -> Offsets:
    """Where the edges of each of ``count`` nodes begin, given each edge's node."""
    offsets = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(nodes, minlength=count), out=offsets[1:])
    return offsets


def _positions(offsets: Offsets, nodes: Numbers) -> tuple[Numbers, Offsets]:
    """The concatenated slices of some nodes: each position's node, and the position."""
    starts = offsets[nodes]
    lengths = offsets[nodes + 1] - starts
    before = np.cumsum(lengths) - lengths
    positions = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    return np.repeat(nodes, lengths), positions
