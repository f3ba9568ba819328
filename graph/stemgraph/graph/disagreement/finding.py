"""Finding conflicts: each denial of a release with what is stated of the same, or of kinds of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Final

import numpy as np

from stemgraph.graph.disagreement.conflict import (
    DIRECT,
    DIVIDED,
    ELSEWHERE,
    KINDS,
    NEAR,
    QUALIFIED,
    Conflict,
    Supporting,
)
from stemgraph.graph.disagreement.separation import Separation
from stemgraph.graph.inheritance import InheritanceStep
from stemgraph.ontology.closure_rules import closure_rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemgraph.graph.closure_index import ClosureIndex, Reach
    from stemgraph.graph.model import Association

FARTHEST: Final = 4
"""Steps of the hierarchy between two claims that still count as near, both ends together."""

MOST_SUPPORTING: Final = 20
"""Statements shown beside a denial, the nearest."""

NEGATIVE_STATUSES: Final = ("negative_result", "not_recommended", "not_indicated", "not_approved")
"""Statuses by which a statement that is not negated speaks against an effect all the same."""

_KIND_OF: Final = ("subclass_of",)


@dataclass(frozen=True, slots=True)
class _Around:
    """How far each entity is from one, above or below it; -1 where it is neither."""

    up: Reach
    down: Reach
    distance: NDArray[np.int32]

    @classmethod
    def of(cls, index: ClosureIndex, entity: int) -> _Around:
        up = index.reach(entity, _KIND_OF, down=False, groupings=True)
        down = index.reach(entity, _KIND_OF, down=True, groupings=True)
        return cls(up, down, np.where(up.distance >= 0, up.distance, down.distance))

    def path(self, index: ClosureIndex, entity: int) -> tuple[InheritanceStep, ...]:
        """The steps between the one and the other, from the particular to the general."""
        if self.up.distance[entity] >= 0:
            return index.path(self.up, entity, down=False)
        return index.path(self.down, entity, down=True)


class ConflictSearch:
    """Works out the conflicts of a release, claim by claim; ``complete`` says whether time sufficed."""

    def __init__(self, index: ClosureIndex, *, deadline: float = float("inf")) -> None:
        self._index = index
        self._records = index.records
        self._deadline = deadline
        self.complete = True
        records = self._records
        ladder = set(closure_rules().strengths)
        names = records.predicate_names
        first = self._ladder = next((code for code, name in enumerate(names) if name in ladder), -1)
        # One family for the treats ladder, and each other predicate by itself.
        self._family = np.array(
            [first if name in ladder else code for code, name in enumerate(names)], dtype=np.int32
        )[records.predicates]
        negated = records.negated.astype(np.bool_)
        refuted = records.column("refuted").array.astype(np.bool_)
        statuses = [code for code, name in enumerate(records.names["status"]) if name in NEGATIVE_STATUSES]
        negative = np.isin(records.column("status").array, statuses) & (self._family == first)
        self._opposing = negated | negative
        self._divided = refuted & ~self._opposing
        self._stated = ~self._opposing

    def conflicts(self) -> list[Conflict]:
        """Every conflict, the sharpest first."""
        claims: defaultdict[tuple[int, int, int], list[int]] = defaultdict(list)
        records = self._records
        for row in map(int, np.flatnonzero(self._opposing | self._divided)):
            claims[int(records.subjects[row]), int(self._family[row]), int(records.objects[row])].append(row)
        found: list[Conflict] = []
        for (subject, family, object_), rows in claims.items():
            if perf_counter() > self._deadline:
                self.complete = False
                break
            conflict = self._conflict(subject, family, object_, rows)
            if conflict is not None:
                found.append(conflict)
        return sorted(found, key=_sharpest_first)

    def _conflict(self, subject: int, family: int, object_: int, rows: Sequence[int]) -> Conflict | None:
        records = self._records
        opposing = [records.association_at(row) for row in rows if self._opposing[row]]
        divided = [records.association_at(row) for row in rows if self._divided[row]]
        supporting = list(self._supporting(subject, family, object_, opposing)) if opposing else []
        kinds = {each.kind for each in supporting} | ({DIVIDED} if divided else set[str]())
        if not kinds:
            return None
        supporting.sort(key=lambda each: (_rank(each.kind), len(each.path), each.association.id))
        if kinds != {ELSEWHERE}:
            supporting = [each for each in supporting if each.kind != ELSEWHERE]
        stated = [*opposing, *divided, *(each.association for each in supporting)]
        names = [*self._records.predicate_names]
        return Conflict(
            subject=self._index.reference(subject),
            predicates=tuple(sorted({each.predicate for each in stated}, key=names.index)),
            object=self._index.reference(object_),
            kind=min(kinds, key=_rank),
            opposing=tuple(opposing),
            supporting=tuple(supporting[:MOST_SUPPORTING]),
            divided=tuple(divided),
        )

    def _supporting(
        self, subject: int, family: int, object_: int, opposing: Sequence[Association]
    ) -> Iterator[Supporting]:
        """What is stated of the claim, of claims near it, and of the subject with other objects."""
        records = self._records
        rows = np.flatnonzero(self._stated & (self._family == family))
        around_subject, around_object = _Around.of(self._index, subject), _Around.of(self._index, object_)
        to_subject = around_subject.distance[records.subjects[rows]]
        to_object = around_object.distance[records.objects[rows]]
        near = (to_subject >= 0) & (to_object >= 0) & (to_subject + to_object <= FARTHEST)
        elsewhere = (records.subjects[rows] == subject) & ~near & (family == self._ladder)
        order = np.argsort(np.where(near, to_subject + to_object, FARTHEST + 1), kind="stable")
        chosen = [int(place) for place in order if near[place] or elsewhere[place]]
        for place in chosen[: 2 * MOST_SUPPORTING]:
            row = int(rows[place])
            association = records.association_at(row)
            against, separation = _least_separated(association, opposing)
            if not near[place]:
                yield Supporting(association, ELSEWHERE, against, separation)
                continue
            path = around_subject.path(self._index, int(records.subjects[row]))
            path += around_object.path(self._index, int(records.objects[row]))
            kind = NEAR if path else QUALIFIED if separation.differences else DIRECT
            yield Supporting(association, kind, against, separation, path)


def _least_separated(association: Association, opposing: Sequence[Association]) -> tuple[str, Separation]:
    compared = [(each.id, Separation.of(association, each)) for each in opposing]
    return min(compared, key=lambda one: (len(one[1].differences), len(one[1].one_sided), one[0]))


def _rank(kind: str) -> int:
    return list(KINDS).index(kind)


def _sharpest_first(conflict: Conflict) -> tuple[int, str, str]:
    return _rank(conflict.kind), conflict.subject.label.casefold(), conflict.object.label.casefold()
