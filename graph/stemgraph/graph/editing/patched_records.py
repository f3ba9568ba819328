"""The records of an edition: those of its release, with the rows that were edited in memory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from stemgraph.graph.columns import Column, Grouping
from stemgraph.graph.lines import PatchedLines
from stemgraph.graph.records import MappedRecords

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PatchedRecords(MappedRecords):
    """Records of which some are in memory, in the rows that a compiled release would give them.

    Args:
        entities: The entities' lines, sorted by CURIE.
        associations: The associations' lines, in reading order.
        columns: Every column, by its name.
        order: Association rows by CURIE.
        names: The names behind the integers.
    """

    def __init__(
        self,
        entities: PatchedLines,
        associations: PatchedLines,
        columns: Mapping[str, NDArray[Any]],
        order: NDArray[Any],
        names: dict[str, list[str]],
    ) -> None:
        self.entity_lines = self.patched_entities = entities
        self.association_lines = self.patched_associations = associations
        self._row_of = lru_cache(maxsize=8192)(self.entity_lines.row_of)
        self._arrays = dict(columns)
        self.association_order = Column.of(order)
        self._columns = {name: Column.of(column) for name, column in columns.items()}
        self.names = names

    def __reduce__(self) -> tuple[type[PatchedRecords], tuple[Any, ...]]:
        """Another process gets its own copy of what was edited, and maps the rest."""
        order = self.association_order.array
        return PatchedRecords, (
            self.patched_entities,
            self.patched_associations,
            self._arrays,
            order,
            self.names,
        )

    @cached_property
    def by_subject(self) -> Grouping:
        """Association rows of each entity row that is a subject."""
        return Grouping.of(self.subjects, self.entity_count)

    @cached_property
    def by_object(self) -> Grouping:
        """Association rows of each entity row that is an object."""
        return Grouping.of(self.objects, self.entity_count)
