"""What holds a statement up on its way to another entity: a denial in between, or another's cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from stemgraph.graph.closure_index import ClosureIndex, Reach
from stemgraph.graph.model import Record
from stemgraph.ontology.closure_rules import DONOR_TYPE, NEGATED, ClosureRule, ClosureRules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemgraph.graph.records import MappedRecords

_KIND_OF: Final = ("subclass_of",)


@dataclass(frozen=True, slots=True)
class Move:
    """A rule at work on one end of the query: what it leads to from the entity asked for."""

    number: int
    rule: ClosureRule
    asked: int
    """Row of the entity asked for."""
    reach: Reach
    reached: NDArray[np.bool_]
    """By entity row: whether this move, and not a preferred one, leads there."""
    down: bool
    """Whether it walks from the general to the particular."""
    grouped: bool
    """Whether its ways use the project's groupings."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A statement that is not inherited, and why."""

    row: int
    rule: str
    block: str
    """``negated`` or ``donor_type``."""
    by: int | None = None
    """Row of the denial, where it is one."""

    def to_record(self, records: MappedRecords, explanations: dict[str, str]) -> Record:
        """The JSON shape ``{association, rule, block, explanation, by}``."""
        return {
            "association": records.association_id(self.row),
            "rule": self.rule,
            "block": self.block,
            "explanation": explanations[self.block],
            "by": None if self.by is None else records.association_id(self.by),
        }


class ClosureBlocks:
    """Holds candidate rows against the blocks that a rule names."""

    def __init__(self, index: ClosureIndex, rules: ClosureRules) -> None:
        self._index = index
        self._records = index.records
        self._rules = rules
        self._donor_types: dict[int, set[str]] = {}

    def held_up(self, rows: NDArray[np.int64], move: Move) -> list[Blocked]:
        """Which of the rows may not be moved so."""
        found: list[Blocked] = []
        if NEGATED in move.rule.blocked_by:
            found += self._denied(rows, move.rule, move.asked, move.reach, groupings=move.grouped)
        if DONOR_TYPE in move.rule.blocked_by:
            found += self._of_another_donor(rows, move.rule, move.asked)
        return found

    def holds_up(self, row: int, rule: ClosureRule, asked: int) -> bool:
        """Whether one row may not be moved by a rule to the entity asked for."""
        rows = np.array([row], dtype=np.int64)
        if DONOR_TYPE in rule.blocked_by and self._of_another_donor(rows, rule, asked):
            return True
        predicates = self._records.predicates
        if NEGATED not in rule.blocked_by or not any(
            predicates[denial] == predicates[row] for denial in self._denials
        ):
            return False
        reach = self._index.reach(asked, rule.along, down=False)
        return bool(self._denied(rows, rule, asked, reach, groupings=False))

    def _denied(
        self, rows: NDArray[np.int64], rule: ClosureRule, asked: int, reach: Reach, *, groupings: bool
    ) -> list[Blocked]:
        """Positive rows that are denied of the entity asked for, or of one between it and theirs."""
        records = self._records
        ends = records.subjects, records.objects
        moved, other = ends if rule.moves == "subject" else ends[::-1]
        predicates = records.predicates
        found: list[Blocked] = []
        for denial in self._denials:
            between = int(moved[denial])
            if between != asked and not reach.reached[between]:
                continue
            same = rows[(predicates[rows] == predicates[denial]) & ~records.negated[rows]]
            if not len(same):
                continue
            above = self._index.reach(between, rule.along, down=False, groupings=groupings)
            covered = self._index.reach(int(other[denial]), _KIND_OF, down=True)
            hit = above.reached[moved[same]] & (covered.distance[other[same]] >= 0)
            found += [Blocked(int(row), rule.name, NEGATED, int(denial)) for row in same[hit]]
        return found

    @cached_property
    def _denials(self) -> list[int]:
        denials: list[int] = np.flatnonzero(self._records.negated & self._index.standing).tolist()
        return denials

    def _of_another_donor(self, rows: NDArray[np.int64], rule: ClosureRule, asked: int) -> list[Blocked]:
        """Rows that hold for another donor type than that of the intervention asked for."""
        names = self._records.names["donor_type"]
        own = self._donor_types.get(asked)
        if own is None:
            own = self._donor_types[asked] = self._donor_types_of(asked)
        if not own:
            return []
        own_bits = sum(1 << names.index(name) for name in own if name in names)
        said = self._records.column("donor_type").array[rows]
        foreign = (said != 0) & ((said & own_bits) == 0)
        objects = self._records.objects[rows]
        for donor_type, outcomes in self._rules.donor_types.outcomes.items():
            if donor_type not in own:
                foreign |= self._kinds_of(outcomes)[objects]
        return [Blocked(int(row), rule.name, DONOR_TYPE) for row in rows[foreign]]

    def _donor_types_of(self, entity: int) -> set[str]:
        """The donor types of an intervention and of what it is a kind of, listed or told by statements."""
        above = self._index.reach(entity, _KIND_OF, down=False)
        lineage = above.distance >= 0
        types = {
            donor_type
            for donor_type, curies in self._rules.donor_types.entities.items()
            if any(lineage[row] for row in self._rows(curies))
        }
        records = self._records
        names = records.names["donor_type"]
        codes = [records.predicate_names.index(name) for name in self._rules.donor_types.told_by]
        telling = lineage[records.subjects] & np.isin(records.predicates, codes) & ~records.negated
        for bits in np.unique(records.column("donor_type").array[telling]).tolist():
            types |= {name for place, name in enumerate(names) if bits >> place & 1}
        return types

    def _kinds_of(self, curies: tuple[str, ...]) -> NDArray[np.bool_]:
        """By entity row: whether it is one of these or a kind of one."""
        kinds = np.zeros(self._records.entity_count, dtype=np.bool_)
        for row in self._rows(curies):
            kinds |= self._index.reach(row, _KIND_OF, down=True).distance >= 0
        return kinds

    def _rows(self, curies: tuple[str, ...]) -> list[int]:
        rows = (self._records.entity_row(curie) for curie in curies)
        return [row for row in rows if row is not None]
