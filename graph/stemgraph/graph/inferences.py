"""Every inheritance of a release, statement by statement: what an export of what is inferred writes.

``closure`` asks what answers for one entity; this asks for which entities each statement answers. Both find
the same. Rules that follow from a relation itself are left out: any reasoner has them, and they are most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stemgraph.graph.closure_blocks import ClosureBlocks
from stemgraph.graph.inheritance import Inheritance
from stemgraph.ontology.closure_rules import ClosureRule, ClosureRules, closure_rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemgraph.graph.closure_index import ClosureIndex, Reach
    from stemgraph.graph.model import Association


def every_inference(
    index: ClosureIndex, rows: Iterable[int] | None = None, *, rules: ClosureRules | None = None
) -> Iterator[Association]:
    """The positive associations that stand, as they are inherited: once for each entity that they reach.

    Args:
        index: The hierarchy of the release.
        rows: Only what is inherited of these association rows; all without.
        rules: Others than those that ship.
    """
    chosen = rules or closure_rules()
    inferences = _Inferences(index, chosen)
    applicable = [rule for rule in chosen.rules if not rule.transitive]
    for row in range(index.records.association_count) if rows is None else rows:
        yield from inferences.of(row, applicable)


class _Inferences:
    def __init__(self, index: ClosureIndex, rules: ClosureRules) -> None:
        self._index = index
        self._records = index.records
        self._blocks = ClosureBlocks(index, rules)
        self._categories = self._records.column("category").array

    def of(self, row: int, rules: list[ClosureRule]) -> Iterator[Association]:
        records = self._records
        predicate = records.predicate_names[int(records.predicates[row])]
        applicable = [rule for rule in rules if predicate in rule.predicates]
        if not applicable or records.negated[row] or not self._index.standing[row]:
            return
        association = records.association_at(row)
        hedge = association.qualifiers.get("hedge")
        direct = {int(records.subjects[row]), int(records.objects[row])}
        for rule in applicable:
            down = rule.direction == "downward"
            stated = int((records.subjects if rule.moves == "subject" else records.objects)[row])
            reach = self._index.reach(stated, rule.along, down=down)
            for entity in self._answered(row, rule, reach):
                if entity in direct:
                    continue
                inheritance = Inheritance(
                    rule=rule.name,
                    explanation=rule.explanation,
                    entity=self._index.reference(entity),
                    end=rule.moves,
                    path=self._index.path(reach, entity, down=down),
                    hedge=None if hedge is None else str(hedge),
                )
                yield replace(association, inherited=inheritance)

    def _answered(self, row: int, rule: ClosureRule, reach: Reach) -> list[int]:
        """The entities for which a rule lets a statement answer."""
        names = self._records.names["category"]
        bits = sum(1 << names.index(name) for name in rule.asked)
        found: NDArray[np.bool_] = reach.reached
        if bits:
            found = found & ((self._categories & bits) != 0)
        entities: list[int] = np.flatnonzero(found).tolist()
        if not rule.blocked_by:
            return entities
        return [entity for entity in entities if not self._blocks.holds_up(row, rule, entity)]
