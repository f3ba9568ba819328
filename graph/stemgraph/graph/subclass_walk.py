"""What an entity is a kind of, and what is a kind of it, walked on the integer columns of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from stemgraph.graph.inheritance import InheritanceStep

if TYPE_CHECKING:
    from stemgraph.graph.columns import Grouping
    from stemgraph.graph.records import MappedRecords


class SubclassWalk:
    """Walks along ``subclass_of``, negated statements left out; ``versions`` are those of the sources."""

    def __init__(self, records: MappedRecords, versions: Mapping[str, str]) -> None:
        self._records = records
        self._versions = versions
        names = records.names["predicate"]
        self._relation = names.index("subclass_of") if "subclass_of" in names else -1

    def above(self, curie: str) -> dict[str, int]:
        """The CURIEs above an entity, each with the association row of the last step, the nearest first."""
        return self._reached(curie, self._records.by_subject, self._records.column("object").values)

    def below(self, curie: str, *, most: int, steps: int | None = None) -> dict[str, int]:
        """The CURIEs below an entity, the nearest first: at most so many, and at most so many steps away."""
        records = self._records
        return self._reached(curie, records.by_object, records.column("subject").values, most, steps)

    def path(self, above: Mapping[str, int], lower: str, upper: str) -> tuple[InheritanceStep, ...]:
        """The steps from an entity to one that ``above`` found over it."""
        steps: list[InheritanceStep] = []
        current = upper
        while current != lower:
            association = self._records.association_at(above[current])
            steps.append(
                InheritanceStep(
                    subject=association.subject,
                    relation=association.predicate,
                    object=association.object,
                    association=association.id,
                    ontology=association.source,
                    version=self._versions.get(association.source),
                )
            )
            current = association.subject.id
        return tuple(reversed(steps))

    def _reached(
        self,
        curie: str,
        by_end: Grouping,
        other_end: Sequence[int],
        most: int | None = None,
        steps: int | None = None,
    ) -> dict[str, int]:
        records = self._records
        predicates, negated = records.column("predicate").values, records.column("negated").values
        start = records.entity_row(curie)
        found: dict[int, int] = {}
        frontier = [] if start is None else [start]
        distance = 0
        while frontier and (steps is None or distance < steps):
            distance += 1
            reached: list[int] = []
            for entity in frontier:
                for row in by_end[entity]:
                    other = other_end[row]
                    if predicates[row] != self._relation or negated[row] or other in found or other == start:
                        continue
                    if most is not None and len(found) >= most:
                        return self._named(found)
                    found[other] = row
                    reached.append(other)
            frontier = reached
        return self._named(found)

    def _named(self, found: Mapping[int, int]) -> dict[str, int]:
        return {self._records.entity_id(entity): row for entity, row in found.items()}
