"""Where an entity stands: what it is a kind of, a part of or develops from, and what is so of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from stemgraph.graph.model import EntityReference, Record

if TYPE_CHECKING:
    from stemgraph.graph.columns import Grouping
    from stemgraph.graph.records import MappedRecords

RELATIONS: Final = ("subclass_of", "part_of", "develops_from")
"""The relations that lead from an entity to what is above or before it."""

_MOST_STEPS: Final = 5_000
"""Descendants listed of a very general term, such as *disease*; the nearest are kept."""


@dataclass(frozen=True, slots=True)
class HierarchyStep:
    """An entity above or below: by which relation it is reached at the end of ``distance`` steps.

    ``association`` is the last step's, the one that the entity itself stands in.
    """

    entity: EntityReference
    relation: str
    association: str
    distance: int

    def to_record(self) -> Record:
        """The JSON shape ``{entity, relation, association, distance}``."""
        return {
            "entity": self.entity.to_record(),
            "relation": self.relation,
            "association": self.association,
            "distance": self.distance,
        }


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """An entity's parents and children at one step; ancestors and descendants at any, parents included.

    ``complete`` is False where descendants were too many to list.
    """

    entity: EntityReference
    parents: tuple[HierarchyStep, ...]
    children: tuple[HierarchyStep, ...]
    ancestors: tuple[HierarchyStep, ...]
    descendants: tuple[HierarchyStep, ...]
    complete: bool = True

    def to_record(self) -> Record:
        """The JSON shape: each list as records."""
        return {
            "entity": self.entity.to_record(),
            "parents": [step.to_record() for step in self.parents],
            "children": [step.to_record() for step in self.children],
            "ancestors": [step.to_record() for step in self.ancestors],
            "descendants": [step.to_record() for step in self.descendants],
            "complete": self.complete,
        }

    def _repr_html_(self) -> str:
        from stemgraph.graph.notebook import hierarchy_html  # noqa: PLC0415  # for notebooks alone

        return hierarchy_html(self)


def hierarchy_of(records: MappedRecords, entity: int) -> Hierarchy:
    """The hierarchy around the entity in a row."""
    walk = _Walk(records)
    above, all_above = walk.steps(entity, records.by_subject, records.column("object").values)
    below, all_below = walk.steps(entity, records.by_object, records.column("subject").values)
    return Hierarchy(
        entity=walk.reference(entity),
        parents=walk.direct(entity, records.by_subject, records.column("object").values),
        children=walk.direct(entity, records.by_object, records.column("subject").values),
        ancestors=above,
        descendants=below,
        complete=all_above and all_below,
    )


class _Walk:
    """Steps along the relations of the hierarchy, negated associations left out."""

    def __init__(self, records: MappedRecords) -> None:
        self._records = records
        names = records.names["predicate"]
        self._relations = {names.index(name): name for name in RELATIONS if name in names}
        self._predicates = records.column("predicate").values
        self._negated = records.column("negated").values

    def reference(self, entity: int) -> EntityReference:
        """How the entity in a row is named."""
        return EntityReference.from_record(orjson.loads(self._records.entity_bytes_at(entity)))

    def direct(self, entity: int, by_end: Grouping, other_end: Sequence[int]) -> tuple[HierarchyStep, ...]:
        """One step away, every relation of an entity listed."""
        steps = (
            self._step(other_end[row], row, 1)
            for row in self._rows(by_end[entity])
            if other_end[row] != entity
        )
        unique = {(step.entity.id, step.relation): step for step in steps}
        return tuple(sorted(unique.values(), key=_reading_order))

    def steps(
        self, entity: int, by_end: Grouping, other_end: Sequence[int]
    ) -> tuple[tuple[HierarchyStep, ...], bool]:
        """Every entity that can be reached, once, at its shortest distance; and whether these are all."""
        reached: dict[int, tuple[int, int]] = {}
        waiting = deque([(entity, 0)])
        while waiting and len(reached) < _MOST_STEPS:
            current, distance = waiting.popleft()
            for row in self._rows(by_end[current]):
                other = other_end[row]
                if other != entity and other not in reached:
                    reached[other] = (row, distance + 1)
                    waiting.append((other, distance + 1))
        found = [self._step(other, row, distance) for other, (row, distance) in reached.items()]
        return tuple(sorted(found, key=_reading_order)), not waiting

    def _rows(self, rows: Sequence[int]) -> list[int]:
        kept = [row for row in rows if self._predicates[row] in self._relations and not self._negated[row]]
        return sorted(kept, key=lambda row: (RELATIONS.index(self._relations[self._predicates[row]]), row))

    def _step(self, entity: int, row: int, distance: int) -> HierarchyStep:
        return HierarchyStep(
            entity=self.reference(entity),
            relation=self._relations[self._predicates[row]],
            association=self._records.association_id(row),
            distance=distance,
        )


def _reading_order(step: HierarchyStep) -> tuple[int, int, str, str]:
    return step.distance, RELATIONS.index(step.relation), step.entity.label.casefold(), step.entity.id
