"""A line of authorisation: one jurisdiction and one disease (or the product as a whole), and its actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Final

from stemgraph.graph.model import EntityReference, Record
from stemgraph.graph.regulatory.action import RegulatoryAction
from stemgraph.graph.regulatory.coverage import Coverage
from stemgraph.graph.regulatory.period import Period
from stemgraph.graph.regulatory.sequence import IN_FORCE, NOT_STATED, State, Step, possible_states

STATUSES: Final = (
    "authorised",
    "conditional",
    "restricted",
    "withdrawn",
    "refused",
    NOT_STATED,
    "undetermined",
)
"""The answers, the strongest first: of several lines of a product, the first of these speaks for it."""


@dataclass(frozen=True, slots=True)
class Concern:
    """An action of a line, and how it stands to the line's disease."""

    action: RegulatoryAction
    coverage: Coverage

    @property
    def counts(self) -> bool:
        """Whether it takes part in deciding the status."""
        if self.action.retracted or self.coverage.relation == "other":
            return False
        return self.coverage.relation != "words" or self.action.type in {"restriction", "withdrawal"}


@dataclass(frozen=True, slots=True)
class Line:
    """What may be the status of a product for one disease, or as a whole, in one jurisdiction."""

    disease: EntityReference | None
    concerns: tuple[Concern, ...]
    states: frozenset[State]

    @property
    def possible(self) -> tuple[str, ...]:
        """The statuses that the actions allow, the strongest first."""
        return in_order({state.status for state in self.states})

    @property
    def basis(self) -> frozenset[str]:
        """The actions on which any of these rests."""
        return frozenset(action for state in self.states for action in state.basis)

    def to_record(self) -> Record:
        """The JSON shape ``{disease, status, possible, in_force, decided_by}``."""
        named = self.disease
        return {
            "disease": None if named is None else {"id": named.id, "label": named.label},
            "status": settled(self.possible),
            "possible": list(self.possible),
            "in_force": in_force(self.possible),
            "decided_by": [each.action.id for each in self.concerns if each.action.id in self.basis],
        }


def line_of(disease: EntityReference | None, concerns: Iterable[Concern], as_of: Period) -> Line:
    """The line of these actions on a date; of a partial date, on any of its days."""
    kept = tuple(concerns)
    steps = [step for each in kept if each.counts for step in steps_of(each)]
    states: set[State] = set()
    for day in days_that_matter(steps, as_of):
        states |= possible_states(steps, day)
    return Line(disease, kept, frozenset(states))


def steps_of(concern: Concern) -> list[Step]:
    """The steps of an action: itself, and the end of what it granted for a time."""
    action, occurred = concern.action, concern.action.occurred
    optional = concern.coverage.relation == "words"
    steps = [Step(action.id, action.type, occurred.earliest, occurred.latest, optional)]
    until = action.lapse
    if until is not None and until.earliest is not None and until.latest is not None:
        day = timedelta(days=1)
        steps.append(Step(action.id, "lapse", until.earliest + day, until.latest + day))
    return steps


def days_that_matter(steps: Sequence[Step], as_of: Period) -> list[date]:
    """The first day of a period, and every later one of it on which something may begin or be over."""
    first, last = as_of.earliest or date.min, as_of.latest or date.max
    ends = {day for step in steps for day in (step.earliest, step.latest) if day is not None}
    return sorted({first} | {day for day in ends if first < day <= last})


def together(lines: Iterable[Line]) -> tuple[str, ...]:
    """What the statuses of several lines make for the product: in each case the strongest of them."""
    parts = [set(line.possible) for line in lines]
    if not parts:
        return (NOT_STATED,)
    joined = reduce(lambda one, other: {in_order({a, b})[0] for a in one for b in other}, parts)
    return in_order(joined)


def settled(possible: Sequence[str]) -> str:
    """The one status that is possible, or ``undetermined``."""
    return possible[0] if len(possible) == 1 else "undetermined"


def in_force(possible: Sequence[str]) -> bool | None:
    """Whether the product may be marketed: None where that is open or nothing is stated."""
    if all(status in IN_FORCE for status in possible):
        return True
    return None if set(possible) & (IN_FORCE | {NOT_STATED}) else False


def in_order(statuses: Iterable[str]) -> tuple[str, ...]:
    """Statuses, the strongest first."""
    return tuple(sorted(statuses, key=STATUSES.index))
