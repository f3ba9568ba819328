"""Closure: the associations that answer for an entity although they were stated of another.

The rules are those of ``stemgraph.ontology.closure_rules``. A statement is found, not made: what is inherited
is the stated association itself, with the rule and the way that lead from it to what was asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Final

import numpy as np

from stemgraph.graph.association_filter import filter_mask
from stemgraph.graph.closure_blocks import Blocked, ClosureBlocks, Move
from stemgraph.graph.inheritance import Inheritance
from stemgraph.ontology.closure_rules import ClosureRule, ClosureRules, End, closure_rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemgraph.graph.association_query import AssociationQuery
    from stemgraph.graph.closure_index import ClosureIndex
    from stemgraph.graph.model import Association

BUDGET_MS: Final = 2_000
"""Milliseconds after which a closure gives what it has, and says that there may be more."""

_GROUPED: Final = 1_000
"""A way over a grouping counts as so much longer: one within the ontology is preferred."""
_UNFOUND: Final = np.iinfo(np.int32).max
_NOT_MOVED: Final = -1


@dataclass(frozen=True, slots=True)
class Closure:
    """The rows that were found, the direct ones first, and how each came to be."""

    index: ClosureIndex
    moves: tuple[Move, ...]
    rows: NDArray[np.int64]
    subject_moves: NDArray[np.int32]
    """For each row, which of the moves brought its subject; -1 for none."""
    object_moves: NDArray[np.int32]
    blocked: tuple[Blocked, ...]
    """What would have been inherited, had a rule not held it up."""
    complete: bool
    budget_ms: float

    @property
    def reason(self) -> str | None:
        """Why it may not be complete."""
        return None if self.complete else f"the time budget of {self.budget_ms:g} ms ended the closure"

    @property
    def standing(self) -> NDArray[np.bool_]:
        """For each row, whether some of the evidence that supports it has not been retracted."""
        return self.index.standing[self.rows]

    def is_inherited(self, position: int) -> bool:
        """Whether the row at a position is inherited, and not stated of what was asked."""
        return bool(self.subject_moves[position] >= 0 or self.object_moves[position] >= 0)

    def inheritance(self, position: int, association: Association) -> Inheritance | None:
        """How the association at a position is inherited; None where it is direct."""
        found: Inheritance | None = None
        row = int(self.rows[position])
        hedge = association.qualifiers.get("hedge")
        records = self.index.records
        for chosen, ends in (
            (self.object_moves, records.objects),
            (self.subject_moves, records.subjects),
        ):
            if chosen[position] == _NOT_MOVED:
                continue
            move = self.moves[int(chosen[position])]
            found = Inheritance(
                rule=move.rule.name,
                explanation=move.rule.explanation,
                entity=self.index.reference(move.asked),
                end=move.rule.moves,
                path=self.index.path(move.reach, int(ends[row]), down=move.down),
                hedge=None if hedge is None else str(hedge),
                other_end=found,
            )
        return found


def close(
    index: ClosureIndex,
    query: AssociationQuery,
    *,
    rules: ClosureRules | None = None,
    budget_ms: float = BUDGET_MS,
) -> Closure:
    """The associations that a checked query asks for, direct and inherited.

    Without an end to ask for, nothing is inherited: every association is stated of its own ends.
    """
    return _Search(index, query, rules or closure_rules(), budget_ms).closure()


class _Search:
    """One closure being worked out, on arrays over all association rows."""

    def __init__(
        self, index: ClosureIndex, query: AssociationQuery, rules: ClosureRules, budget_ms: float
    ) -> None:
        self._index = index
        self._records = index.records
        self._query = query
        self._rules = rules
        self._budget_ms = budget_ms
        self._deadline = perf_counter() + budget_ms / 1000
        self._blocks = ClosureBlocks(index, rules)
        self._moves: list[Move] = []
        count = self._records.association_count
        self._base = filter_mask(self._records, query)
        self._score = np.full(count, _UNFOUND, dtype=np.int32)
        self._chosen = {end: np.full(count, _NOT_MOVED, dtype=np.int32) for end in ("subject", "object")}
        self._blocked: list[Blocked] = []
        self._complete = True

    def closure(self) -> Closure:
        """Work it out."""
        query = self._query
        if query.entity is not None:
            entity = self._row(query.entity)
            self._pass(entity, None)
            self._pass(None, entity)
        else:
            ends = (None if each is None else self._row(each) for each in (query.subject, query.object))
            self._pass(*ends)
        rows = np.flatnonzero(self._score != _UNFOUND)
        inherited = self._score[rows] > 0
        rows = np.concatenate((rows[~inherited], rows[inherited]))
        missed = tuple(each for each in self._blocked if self._score[each.row] == _UNFOUND)
        return Closure(
            self._index,
            tuple(self._moves),
            rows,
            self._chosen["subject"][rows],
            self._chosen["object"][rows],
            tuple(dict.fromkeys(missed)),
            self._complete,
            self._budget_ms,
        )

    def _row(self, curie: str) -> int:
        row = self._records.entity_row(curie)
        assert row is not None  # noqa: S101  # a checked query: the knowledge graph has looked its ends up
        return row

    def _pass(self, subject: int | None, object_: int | None) -> None:
        """Find the rows with these ends, or with ends that a rule leads to; None is any end."""
        both = subject is not None and object_ is not None
        base = self._base & self._of_category(subject, object_)
        for from_subject in self._options("subject", subject):
            for from_object in self._options("object", object_):
                moved = [move for move in (from_subject, from_object) if move is not None]
                if both and len(moved) == 2 and any(move.rule.transitive for move in moved):
                    continue
                if perf_counter() > self._deadline:
                    self._complete = False
                    return
                mask = (
                    base
                    & self._at("subject", subject, from_subject)
                    & self._at("object", object_, from_object)
                )
                self._take(np.flatnonzero(mask), from_subject, from_object)

    def _options(self, end: End, asked: int | None) -> Sequence[Move | None]:
        """The ways to meet an end: as it is, and by each rule that moves it."""
        return [None] if asked is None else [None, *self._moves_of(end, asked)]

    def _moves_of(self, end: End, asked: int) -> list[Move]:
        kept: list[Move] = []
        for rule in self._rules.rules:
            if rule.moves == end and self._applies(rule, asked):
                kept.extend(self._moves_by(rule, asked))
        return kept

    def _moves_by(self, rule: ClosureRule, asked: int) -> Iterator[Move]:
        """A rule's moves: along the ontology, and then over our groupings to what that leaves out."""
        down = rule.direction == "upward"
        barred = self._barred(rule)
        if asked in barred and not down:
            return
        plain: NDArray[np.bool_] | None = None
        for groupings in (False, True) if rule.groupings and self._query.groupings else (False,):
            reach = self._index.reach(
                asked, rule.along, down=down, groupings=groupings, barred=barred, deadline=self._deadline
            )
            self._complete &= reach.complete
            reached = reach.reached if plain is None else reach.reached & ~plain
            plain = reach.reached
            if reached.any():
                move = Move(len(self._moves), rule, asked, reach, reached, down, groupings)
                self._moves.append(move)
                yield move

    def _applies(self, rule: ClosureRule, asked: int) -> bool:
        wanted = self._query.predicates
        if wanted and not set(wanted) & set(rule.predicates):
            return False
        names = self._records.names["category"]
        bits = sum(1 << names.index(name) for name in rule.asked)
        return not bits or bool(self._records.column("category")[asked] & bits)

    def _barred(self, rule: ClosureRule) -> set[int]:
        """What no way of a rule may touch: where it stops, and everything that this is a kind of."""
        barred: set[int] = set()
        for curie in rule.stops_at:
            row = self._records.entity_row(curie)
            if row is not None:
                above = self._index.reach(row, ("subclass_of",), down=False)
                barred |= {row, *np.flatnonzero(above.reached).tolist()}
        return barred

    def _at(self, end: End, asked: int | None, move: Move | None) -> NDArray[np.bool_]:
        """By association row: whether its end is the one asked for, or one that the move reaches."""
        ends = self._records.subjects if end == "subject" else self._records.objects
        if move is not None:
            return move.reached[ends] & self._of_predicates(move.rule)
        if asked is None:
            return np.ones(len(ends), dtype=np.bool_)
        found: NDArray[np.bool_] = ends == asked
        return found

    def _of_predicates(self, rule: ClosureRule) -> NDArray[np.bool_]:
        known = self._records.predicate_names
        codes = [known.index(name) for name in rule.predicates]
        return np.isin(self._records.predicates, codes)

    def _take(self, rows: NDArray[np.int64], from_subject: Move | None, from_object: Move | None) -> None:
        """Keep the rows that nothing holds up and that were not found by a shorter way."""
        score = np.zeros(len(rows), dtype=np.int32)
        for move in (from_subject, from_object):
            if move is not None and len(rows):
                held = self._blocks.held_up(rows, move)
                self._blocked.extend(held)
                free = ~np.isin(rows, [each.row for each in held])
                rows, score = rows[free], score[free]
                score += move.reach.distance[self._end_of(rows, move.rule.moves)] + _GROUPED * move.grouped
        better = score < self._score[rows]
        rows = rows[better]
        self._score[rows] = score[better]
        self._chosen["subject"][rows] = _NOT_MOVED if from_subject is None else from_subject.number
        self._chosen["object"][rows] = _NOT_MOVED if from_object is None else from_object.number

    def _end_of(self, rows: NDArray[np.int64], end: End) -> NDArray[np.int32]:
        return (self._records.subjects if end == "subject" else self._records.objects)[rows]

    def _of_category(self, subject: int | None, object_: int | None) -> NDArray[np.bool_]:
        """By association row: whether the end that was not asked for, or either, is of the category."""
        if self._query.category is None:
            return np.ones(self._records.association_count, dtype=np.bool_)
        subjects, objects = (
            self._has_category[self._records.subjects],
            self._has_category[self._records.objects],
        )
        if (subject is None) == (object_ is None):
            return subjects | objects
        return objects if subject is not None else subjects

    @cached_property
    def _has_category(self) -> NDArray[np.bool_]:
        bit = 1 << self._records.names["category"].index(str(self._query.category))
        has: NDArray[np.bool_] = (self._records.column("category").array & bit) != 0
        return has
