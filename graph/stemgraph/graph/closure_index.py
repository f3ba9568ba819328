"""The hierarchy of a release as integer arrays, and how far one can get in it: what closure walks on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Final

import numpy as np

from stemgraph.graph.inheritance import GROUPED_UNDER, InheritanceStep
from stemgraph.graph.model import EntityReference
from stemgraph.ontology.standing import EVIDENCE_RETRACTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemgraph.graph.records import MappedRecords

GROUPINGS: Final = "groupings"
"""The named graph of the project's own groupings."""
_MOST_REFERENCES: Final = 20_000
"""Names of entities that are remembered: paths share most of their steps."""
_OWN_PREFIX: Final = "STEMGRAPH:"
_ESTABLISHED: Final = "established"
"""The status of a step that may be walked: a hedged or reported one may not."""
_GROUPING_STEP: Final = -1
"""Stands for the association of a step that is a grouping."""


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Steps sorted by the entity they start from: ``offsets[entity]`` to ``offsets[entity + 1]``."""

    offsets: NDArray[np.int64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    associations: NDArray[np.int32]
    """Association row of each step; -1 for a grouping."""
    ranks: NDArray[np.int32]
    """Which relation a step is, by its place among those that are walked."""

    @classmethod
    def of(
        cls,
        starts: NDArray[np.int32],
        ends: NDArray[np.int32],
        associations: NDArray[np.int32],
        ranks: NDArray[np.int32],
        count: int,
    ) -> Adjacency:
        """Sort steps between ``count`` entities."""
        order = np.lexsort((associations, ranks, starts))
        offsets = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(np.bincount(starts, minlength=count), out=offsets[1:])
        return cls(offsets, starts[order], ends[order], associations[order], ranks[order])

    def steps_from(self, entities: NDArray[np.int32]) -> NDArray[np.int64]:
        """The steps that start from any of these entities."""
        first, counts = self.offsets[entities], self.offsets[entities + 1] - self.offsets[entities]
        before = np.cumsum(counts) - counts
        return np.repeat(first - before, counts) + np.arange(counts.sum(), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be reached from an entity, each by a shortest way."""

    start: int
    adjacency: Adjacency
    distance: NDArray[np.int32]
    """Number of steps by entity row; 0 for the start itself, -1 for what is not reached."""
    came_by: NDArray[np.int64]
    """The last step of the way to each entity."""
    complete: bool = True
    """Whether the time sufficed."""

    @property
    def reached(self) -> NDArray[np.bool_]:
        """By entity row: whether it is reached, the start not counted."""
        return self.distance > 0

    def way_to(self, entity: int) -> list[int]:
        """The steps from the start to an entity that is reached."""
        steps: list[int] = []
        while entity != self.start:
            step = int(self.came_by[entity])
            steps.append(step)
            entity = int(self.adjacency.starts[step])
        return steps[::-1]


class ClosureIndex:
    """The steps of a release's hierarchy, arranged for walking as they are needed.

    Args:
        records: The release.
        versions: The version of each source.
    """

    def __init__(self, records: MappedRecords, versions: Mapping[str, str]) -> None:
        self.records = records
        self._versions = versions
        self._adjacencies: dict[tuple[tuple[str, ...], bool, bool], Adjacency] = {}
        self._references: dict[int, EntityReference] = {}

    def reach(
        self,
        start: int,
        along: tuple[str, ...],
        *,
        down: bool,
        groupings: bool = False,
        barred: Iterable[int] = (),
        deadline: float = float("inf"),
    ) -> Reach:
        """What is above an entity along these relations, or below it.

        Args:
            start: Row of the entity.
            along: Relations, of which the first are preferred where two ways are equally short.
            down: Whether to walk from the general to the particular.
            groupings: Whether the project's own groupings are steps too.
            barred: Rows of entities that no way may touch, except to start from.
            deadline: Moment of ``perf_counter`` at which to stop.
        """
        adjacency = self._adjacency(along, down=down, groupings=groupings)
        count = self.records.entity_count
        distance = np.full(count, -1, dtype=np.int32)
        came_by = np.full(count, -1, dtype=np.int64)
        cost = np.zeros(count, dtype=np.int32)
        open_ = np.ones(count, dtype=np.bool_)
        open_[list(barred)] = False
        open_[start] = False
        distance[start] = 0
        frontier = np.array([start], dtype=np.int32)
        level = 0
        while frontier.size:
            if perf_counter() > deadline:
                return Reach(start, adjacency, distance, came_by, complete=False)
            level += 1
            steps = adjacency.steps_from(frontier)
            steps = steps[open_[adjacency.ends[steps]]]
            costs = cost[adjacency.starts[steps]] + adjacency.ranks[steps]
            steps = steps[np.lexsort((steps, costs))]
            frontier, first = np.unique(adjacency.ends[steps], return_index=True)
            came_by[frontier] = steps[first]
            cost[frontier] = cost[adjacency.starts[steps[first]]] + adjacency.ranks[steps[first]]
            distance[frontier] = level
            open_[frontier] = False
        return Reach(start, adjacency, distance, came_by)

    def path(self, reach: Reach, entity: int, *, down: bool) -> tuple[InheritanceStep, ...]:
        """The way between the start of a reach and an entity, from the particular to the general."""
        adjacency, steps = reach.adjacency, reach.way_to(entity)
        if down:
            steps.reverse()
        walked: list[InheritanceStep] = []
        for step in steps:
            ends = int(adjacency.starts[step]), int(adjacency.ends[step])
            particular, general = reversed(ends) if down else ends
            walked.append(self._step(particular, int(adjacency.associations[step]), general))
        return tuple(walked)

    def reference(self, entity: int) -> EntityReference:
        """How the entity in a row is named."""
        reference = self._references.get(entity)
        if reference is None:
            if len(self._references) >= _MOST_REFERENCES:
                self._references.clear()
            reference = self._references[entity] = self.records.entity_at(entity).reference
        return reference

    @cached_property
    def grouping_steps(self) -> tuple[tuple[int, int], ...]:
        """Particular and general end of each step that the project's groupings add."""
        records, steps = self.records, dict[tuple[int, int], None]()
        for curie in records.ids_from(_OWN_PREFIX):
            entity = records.entity(curie)
            if entity is None or entity.source != GROUPINGS:
                continue
            own = records.entity_row(curie)
            for mapped in entity.mappings:
                other = records.entity_row(mapped.id)
                if own is not None and other is not None and mapped.relation in ("narrow", "broad"):
                    steps[(other, own) if mapped.relation == "narrow" else (own, other)] = None
        return tuple(steps)

    def _step(self, particular: int, association: int, general: int) -> InheritanceStep:
        records = self.records
        relation, identifier, source = GROUPED_UNDER, None, GROUPINGS
        if association != _GROUPING_STEP:
            relation = records.names["predicate"][records.column("predicate")[association]]
            identifier = records.association_id(association)
            source = records.names["source"][records.column("source")[association]]
        return InheritanceStep(
            self.reference(particular),
            relation,
            self.reference(general),
            identifier,
            source,
            self._versions.get(source),
        )

    def _adjacency(self, along: tuple[str, ...], *, down: bool, groupings: bool) -> Adjacency:
        key = along, down, groupings
        adjacency = self._adjacencies.get(key)
        if adjacency is None:
            adjacency = self._adjacencies[key] = self._arrange(along, down=down, groupings=groupings)
        return adjacency

    def _arrange(self, along: tuple[str, ...], *, down: bool, groupings: bool) -> Adjacency:
        records = self.records
        known = records.predicate_names
        rank_of = np.full(len(known), -1, dtype=np.int32)
        for rank, relation in enumerate(along):
            rank_of[known.index(relation)] = rank
        ranks = rank_of[records.predicates]
        kept = (ranks >= 0) & ~records.negated & self._established & (records.subjects != records.objects)
        rows = np.flatnonzero(kept).astype(np.int32)
        lower, upper, ranks = records.subjects[rows], records.objects[rows], ranks[rows]
        if groupings and self.grouping_steps:
            added = np.array(self.grouping_steps, dtype=np.int32)
            lower, upper = np.concatenate((lower, added[:, 0])), np.concatenate((upper, added[:, 1]))
            rows = np.concatenate((rows, np.full(len(added), _GROUPING_STEP, dtype=np.int32)))
            ranks = np.concatenate((ranks, np.full(len(added), len(along), dtype=np.int32)))
        starts, ends = (upper, lower) if down else (lower, upper)
        return Adjacency.of(starts, ends, rows, ranks, records.entity_count)

    @cached_property
    def standing(self) -> NDArray[np.bool_]:
        """By association row: whether some of the evidence that supports it has not been retracted."""
        return ~self._of_status(EVIDENCE_RETRACTED)

    @cached_property
    def _established(self) -> NDArray[np.bool_]:
        return self._of_status(_ESTABLISHED)

    def _of_status(self, status: str) -> NDArray[np.bool_]:
        names = self.records.names["status"]
        code = names.index(status) if status in names else -1
        of_status: NDArray[np.bool_] = self.records.column("status").array == code
        return of_status
