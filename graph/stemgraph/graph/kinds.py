"""What is stated of the kinds of an entity, found by walking down the hierarchy.

What leads to no statement is not walked: of a disease with ten thousand kinds, those with a therapy are a
few. No numpy is needed, for a page of one entity's associations must not wait for its import.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

from stemgraph.graph.inheritance import Inheritance, InheritanceStep
from stemgraph.ontology.closure_rules import closure_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemgraph.graph.columns import Grouping
    from stemgraph.graph.model import Association
    from stemgraph.graph.records import MappedRecords
    from stemgraph.ontology.closure_rules import ClosureRule

MOST_STATEMENTS: Final = 2_000
"""Statements that are found of one entity's kinds, those of the nearest kinds first."""

_ESTABLISHED: Final = "established"
"""The status of a step that may be walked, as in closure."""
_ENTITIES_REMEMBERED: Final = 512
_STEPS_REMEMBERED: Final = 4_096
_LINES_REMEMBERED: Final = 1_024

Way = tuple[int, ...]
"""The association rows of the steps from a kind up to the entity."""


@dataclass(frozen=True, slots=True, eq=False)
class KindRule:
    """A rule by which what is stated of a kind answers for the general, on the columns of a release."""

    rule: ClosureRule
    predicates: frozenset[int]
    asked: int
    """Bits of the categories that the entity asked for may have; 0 for any."""
    by_moved: Grouping
    """Association rows by the end that is moved."""
    moved: Sequence[int]
    """Entity row of that end, by association row."""
    other: Sequence[int]
    """Entity row of the other end."""


class KindStatement(NamedTuple):
    """A statement about a kind of an entity: the association's row, the rule, and the way up."""

    row: int
    rule: KindRule
    way: Way


class KindStatements(NamedTuple):
    """What is stated of the kinds of an entity, the strongest on the treats ladder and the nearest first."""

    found: tuple[KindStatement, ...]
    complete: bool
    """Whether there is no more."""


class Kinds:
    """Finds what is stated of the kinds of entities, by the rules of closure that look from the general down.

    Rules that follow from the relation itself are left out: that a kind has kinds says nothing new.

    Args:
        records: The release.
        versions: The version of each source.
    """

    def __init__(self, records: MappedRecords, versions: Mapping[str, str]) -> None:
        self._records = records
        self._versions = versions
        self._predicates = records.column("predicate").values
        self._of = lru_cache(maxsize=_ENTITIES_REMEMBERED)(self._find)
        self._step = lru_cache(maxsize=_STEPS_REMEMBERED)(self._read_step)
        self._line = lru_cache(maxsize=_LINES_REMEMBERED)(self._write_line)

    def __reduce__(self) -> tuple[type[Kinds], tuple[MappedRecords, Mapping[str, str]]]:
        """Another process finds them anew."""
        return Kinds, (self._records, self._versions)

    def of(self, entity: int) -> KindStatements:
        """What is stated of the kinds of the entity in a row, each statement once by its shortest way."""
        return self._of(entity)

    def association(self, statement: KindStatement, entity: int) -> Association:
        """The association of a statement, with how it answers for the entity."""
        association = self._records.association_at(statement.row)
        rule = statement.rule.rule
        hedge = association.qualifiers.get("hedge")
        inherited = Inheritance(
            rule=rule.name,
            explanation=rule.explanation,
            entity=self._records.entity_at(entity).reference,
            end=rule.moves,
            path=tuple(map(self._step, statement.way)),
            hedge=None if hedge is None else str(hedge),
        )
        return replace(association, inherited=inherited)

    def line(self, statement: KindStatement, entity: int) -> bytes:
        """The same as the JSON record."""
        return self._line(statement, entity)

    def _write_line(self, statement: KindStatement, entity: int) -> bytes:
        return orjson.dumps(self.association(statement, entity).to_record())

    @cached_property
    def _strength(self) -> list[int]:
        """The strength on the treats ladder of each predicate."""
        strengths = closure_rules().strengths
        return [strengths.get(name, 0) for name in self._records.predicate_names]

    @cached_property
    def _hierarchies(self) -> tuple[Hierarchy, ...]:
        """The hierarchies that rules go along, each with its rules."""
        rules: dict[tuple[str, ...], list[KindRule]] = {}
        for rule in closure_rules().rules:
            if rule.direction == "upward" and not rule.transitive:
                rules.setdefault(rule.along, []).append(self._on_columns(rule))
        return tuple(Hierarchy(self._records, along, each) for along, each in rules.items())

    def _on_columns(self, rule: ClosureRule) -> KindRule:
        records = self._records
        known, categories = records.predicate_names, records.names["category"]
        is_subject = rule.moves == "subject"
        return KindRule(
            rule,
            frozenset(known.index(each) for each in rule.predicates if each in known),
            sum(1 << categories.index(each) for each in rule.asked if each in categories),
            records.by_subject if is_subject else records.by_object,
            records.column("subject" if is_subject else "object").values,
            records.column("object" if is_subject else "subject").values,
        )

    def _find(self, entity: int) -> KindStatements:
        category = self._records.column("category").values[entity]
        found: dict[int, KindStatement] = {}
        for hierarchy in self._hierarchies:
            applying = [each for each in hierarchy.rules if not each.asked or each.asked & category]
            for kind, way in hierarchy.kinds_of(entity) if applying else ():
                for statement in self._stated_of(kind, way, applying, entity):
                    known = found.get(statement.row)
                    if known is None or len(way) < len(known.way):
                        found[statement.row] = statement
                if len(found) > MOST_STATEMENTS:
                    return self._ranked(list(found.values())[:MOST_STATEMENTS], complete=False)
        return self._ranked(found.values(), complete=True)

    def _stated_of(self, kind: int, way: Way, rules: list[KindRule], entity: int) -> Iterator[KindStatement]:
        for rule in rules:
            for row in rule.by_moved[kind]:
                if self._predicates[row] in rule.predicates and rule.other[row] != entity:
                    yield KindStatement(row, rule, way)

    def _ranked(self, found: Iterable[KindStatement], *, complete: bool) -> KindStatements:
        strength, predicates = self._strength, self._predicates
        ranked = sorted(found, key=lambda each: (-strength[predicates[each.row]], len(each.way), each.row))
        return KindStatements(tuple(ranked), complete)

    def _read_step(self, row: int) -> InheritanceStep:
        association = self._records.association_at(row)
        return InheritanceStep(
            subject=association.subject,
            relation=association.predicate,
            object=association.object,
            association=association.id,
            ontology=association.source,
            version=self._versions.get(association.source),
        )


class Hierarchy:
    """The steps along some relations, and which of them lead to statements that rules move."""

    def __init__(self, records: MappedRecords, along: tuple[str, ...], rules: list[KindRule]) -> None:
        self._records = records
        self.rules = rules
        known, statuses = records.predicate_names, records.names["status"]
        self._ranks = {known.index(each): rank for rank, each in enumerate(along) if each in known}
        self._established = statuses.index(_ESTABLISHED) if _ESTABLISHED in statuses else -1

    def kinds_of(self, entity: int) -> Iterator[tuple[int, Way]]:
        """The kinds of an entity of which something is stated, the nearest first, each with its way."""
        ways: dict[int, Way] = {entity: ()}
        frontier = [entity]
        while frontier:
            reached: list[int] = []
            for upper in frontier:
                for row, lower in self._steps(upper, down=True):
                    if self._leading[lower] and lower not in ways:
                        ways[lower] = (row, *ways[upper])
                        reached.append(lower)
                        if self._stated[lower]:
                            yield lower, ways[lower]
            frontier = reached

    @cached_property
    def _stated(self) -> bytearray:
        """By entity row: whether something is stated of it that a rule moves."""
        rules_of: dict[int, list[KindRule]] = {}
        for rule in self.rules:
            for predicate in rule.predicates:
                rules_of.setdefault(predicate, []).append(rule)
        stated = bytearray(self._records.entity_count)
        for row, predicate in enumerate(self._records.column("predicate").values):
            for rule in rules_of.get(predicate, ()):
                stated[rule.moved[row]] = 1
        return stated

    @cached_property
    def _leading(self) -> bytearray:
        """By entity row: whether something is stated of it or of what is below it."""
        leading = bytearray(self._stated)
        frontier = [entity for entity, is_stated in enumerate(leading) if is_stated]
        while frontier:
            reached: list[int] = []
            for lower in frontier:
                for _, upper in self._steps(lower, down=False):
                    if not leading[upper]:
                        leading[upper] = 1
                        reached.append(upper)
            frontier = reached
        return leading

    def _steps(self, entity: int, *, down: bool) -> list[tuple[int, int]]:
        """The steps from an entity down to its kinds or up from it: association row and the other entity."""
        records, ranks, established = self._records, self._ranks, self._established
        rows = records.by_object[entity] if down else records.by_subject[entity]
        others = records.column("subject" if down else "object").values
        predicates = records.column("predicate").values
        negated, statuses = records.column("negated").values, records.column("status").values
        found = [
            (ranks[predicates[row]], row, others[row])
            for row in rows
            if predicates[row] in ranks and not negated[row] and statuses[row] == established
        ]
        # Where two steps lead to the same, that of the first relation is preferred.
        return [(row, other) for _, row, other in sorted(found)]
