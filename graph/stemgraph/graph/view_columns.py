"""What the array view is built from: nodes and associations as columns, each repeated value coded once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from stemgraph.graph.model import Association, EntityReference
from stemgraph.graph.string_table import StringTable
from stemgraph.graph.support import SCALE, support_of_association
from stemgraph.ontology import vocabulary

if TYPE_CHECKING:
    from stemgraph.graph.records import MappedRecords

RELATED_TO: Final = "biolink:related_to"
"""What Biolink says where our vocabulary does not have a predicate."""

Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Coded(Generic[Value]):
    """A column of few distinct values: a code for each row, and the value of each code."""

    codes: NDArray[np.int32]
    values: tuple[Value, ...]

    @classmethod
    def from_values(cls, column: Iterable[Value]) -> Self:
        """Code a column, numbering values by first appearance."""
        numbers: dict[Value, int] = {}
        codes = [numbers.setdefault(value, len(numbers)) for value in column]
        return cls(np.array(codes, dtype=np.int32), tuple(numbers))


@dataclass(frozen=True, slots=True, eq=False)
class ViewColumns:
    """Nodes by number (ids sorted) and associations by row; subjects and objects are node numbers."""

    node_ids: StringTable
    node_labels: StringTable
    node_categories: Coded[tuple[str, ...]]
    association_ids: StringTable
    subjects: NDArray[np.int32]
    objects: NDArray[np.int32]
    negated: NDArray[np.bool_]
    predicates: Coded[str]
    biolink_predicates: Coded[str]
    statuses: Coded[str]
    sources: Coded[str]
    support: NDArray[np.int32]
    """How well each association is supported, in thousandths."""

    @classmethod
    def from_records(cls, records: MappedRecords) -> ViewColumns:
        """The columns of a release's records; associations keep their rows and entities theirs."""
        entities = [(each.id, each.label, each.categories) for each in records.entities()]
        return cls.from_tables(
            records,
            node_ids=StringTable.from_strings([identifier for identifier, _, _ in entities]),
            node_labels=StringTable.from_strings([label for _, label, _ in entities]),
            node_categories=Coded[tuple[str, ...]].from_values(categories for _, _, categories in entities),
            association_ids=StringTable.from_strings(
                list(map(records.association_id, range(records.association_count)))
            ),
        )

    @classmethod
    def from_tables(
        cls,
        records: MappedRecords,
        *,
        node_ids: StringTable,
        node_labels: StringTable,
        node_categories: Coded[tuple[str, ...]],
        association_ids: StringTable,
    ) -> ViewColumns:
        """The columns of records of which the names are given, by row."""
        names = records.names
        known = vocabulary.predicates()
        biolink = [
            known[name].biolink_predicate if name in known else RELATED_TO for name in names["predicate"]
        ]
        return cls(
            node_ids=node_ids,
            node_labels=node_labels,
            node_categories=node_categories,
            association_ids=association_ids,
            subjects=records.subjects,
            objects=records.objects,
            negated=records.negated.astype(np.bool_),  # kept as one byte of 0 or 1
            predicates=Coded(records.predicates, tuple(names["predicate"])),
            biolink_predicates=Coded(records.predicates, tuple(biolink)),
            statuses=Coded(records.column("status").array, tuple(names["status"])),
            sources=Coded(records.column("source").array, tuple(names["source"])),
            support=records.column("support").array,
        )

    @classmethod
    def from_associations(
        cls, associations: Sequence[Association], *, entities: Iterable[EntityReference] = ()
    ) -> ViewColumns:
        """The columns of some associations: their ends are the nodes, and further entities may be."""
        references = {each.id: each for each in entities}
        for association in associations:
            references[association.subject.id] = association.subject
            references[association.object.id] = association.object
        nodes = [references[identifier] for identifier in sorted(references)]
        numbers = {each.id: number for number, each in enumerate(nodes)}
        return cls(
            node_ids=StringTable.from_strings([each.id for each in nodes]),
            node_labels=StringTable.from_strings([each.label for each in nodes]),
            node_categories=Coded[tuple[str, ...]].from_values(each.categories for each in nodes),
            association_ids=StringTable.from_strings([each.id for each in associations]),
            subjects=np.array([numbers[each.subject.id] for each in associations], dtype=np.int32),
            objects=np.array([numbers[each.object.id] for each in associations], dtype=np.int32),
            negated=np.array([each.negated for each in associations], dtype=np.bool_),
            predicates=Coded[str].from_values(each.predicate for each in associations),
            biolink_predicates=Coded[str].from_values(each.biolink_predicate for each in associations),
            statuses=Coded[str].from_values(each.status for each in associations),
            sources=Coded[str].from_values(each.source for each in associations),
            support=np.array(
                [max(1, round(SCALE * support_of_association(each))) for each in associations], dtype=np.int32
            ),
        )
