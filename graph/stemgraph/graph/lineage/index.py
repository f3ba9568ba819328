"""Every single step of differentiation that a release states: which cell another comes from, and by what.

A cell comes from what it *develops from*. Where nothing of the sort is stated of it, the steps lead over what
it *is a kind of* to the nearest more general cell of which it is stated, and go on from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from stemgraph.graph.model import EntityReference

if TYPE_CHECKING:
    from stemgraph.graph.records import MappedRecords

DEVELOPS_FROM: Final = "develops_from"
SUBCLASS_OF: Final = "subclass_of"
HEMATOPOIETIC_STEM_CELL: Final = "CL:0000037"
"""The cell at which a lineage begins: no step leads from it to anything earlier."""

_ESTABLISHED: Final = "established"
_CELL_TYPE: Final = "cell_type"


class Step(NamedTuple):
    """One step back: rows of the later and of the earlier cell, and of the association that states it."""

    later: int
    earlier: int
    association: int
    relation: str


@dataclass(frozen=True, eq=False)
class LineageIndex:
    """The steps between the cells of a release, by either cell; entity rows stand for the cells."""

    records: MappedRecords
    before: Mapping[int, Sequence[Step]]
    """By later cell: the steps back from it."""
    after: Mapping[int, Sequence[Step]]
    """By earlier cell: the steps back to it."""
    versions: Mapping[str, str]
    """The version of each source."""

    @classmethod
    def of(cls, records: MappedRecords, versions: Mapping[str, str]) -> LineageIndex:
        """Find the steps of a release; negated and hedged statements are none."""
        developing = _stated(records, DEVELOPS_FROM)
        kinds = _stated(records, SUBCLASS_OF)
        root = records.entity_row(HEMATOPOIETIC_STEM_CELL)
        before: dict[int, list[Step]] = {}
        for cell in {*developing, *kinds}:
            if cell == root:
                continue
            steps = developing.get(cell) or _way_to_development(cell, kinds, developing, root)
            if steps:
                before[cell] = steps
        if root is not None:
            from_root = _all_after(root, _reversed(before))
            before = {cell: _preferred(steps, from_root) for cell, steps in before.items()}
        return cls(records, before, _reversed(before), versions)

    def reference(self, row: int) -> EntityReference:
        """How the cell in a row is named."""
        return self.records.entity_at(row).reference


def _reversed(before: Mapping[int, Sequence[Step]]) -> dict[int, list[Step]]:
    after: defaultdict[int, list[Step]] = defaultdict(list)
    for cell in sorted(before):
        for step in before[cell]:
            after[step.earlier].append(step)
    return dict(after)


def _all_after(root: int, after: Mapping[int, Sequence[Step]]) -> set[int]:
    """The cells whose steps lead back to a cell, and this itself."""
    found, waiting = {root}, [root]
    while waiting:
        fresh = {step.later for step in after.get(waiting.pop(), ())} - found
        found |= fresh
        waiting.extend(fresh)
    return found


def _preferred(steps: list[Step], from_root: set[int]) -> list[Step]:
    """Of several more general cells, those of the blood's lineage: others say less of where it is from."""
    kinds = [step for step in steps if step.relation == SUBCLASS_OF and step.earlier in from_root]
    return kinds or steps


def _stated(records: MappedRecords, relation: str) -> dict[int, list[Step]]:
    """By subject: the established statements of a relation between cells."""
    names = records.names
    if relation not in names["predicate"] or _ESTABLISHED not in names["status"]:
        return {}
    import numpy as np  # noqa: PLC0415  # 0.1 s that other questions need not pay

    cells = (records.column("category").array & (1 << names["category"].index(_CELL_TYPE))) != 0
    subjects, objects = records.subjects, records.objects
    kept = (
        (records.predicates == names["predicate"].index(relation))
        & (records.column("status").array == names["status"].index(_ESTABLISHED))
        & ~records.negated.astype(np.bool_)
        & (subjects != objects)
        & cells[subjects]
        & cells[objects]
    )
    found: defaultdict[int, dict[int, Step]] = defaultdict(dict)
    for row in map(int, np.flatnonzero(kept)):
        later, earlier = int(subjects[row]), int(objects[row])
        found[later].setdefault(earlier, Step(later, earlier, row, relation))
    return {later: list(steps.values()) for later, steps in found.items()}


def _way_to_development(
    cell: int, kinds: Mapping[int, list[Step]], developing: Mapping[int, list[Step]], root: int | None
) -> list[Step]:
    """The first steps over *is a kind of* towards the nearest cells that develop from something."""
    first_steps: dict[int, set[int]] = {cell: set()}
    level, seen = [cell], {cell}
    while level:
        following: dict[int, set[int]] = defaultdict(set)
        for each in level:
            for step in kinds.get(each, ()):
                if step.earlier not in seen:
                    following[step.earlier] |= first_steps[each] or {step.earlier}
        found = [each for each in following if each in developing or each == root]
        if found:
            wanted = {first for each in found for first in following[each]}
            return [step for step in kinds[cell] if step.earlier in wanted]
        seen |= following.keys()
        first_steps, level = dict(following), list(following)
    return []
