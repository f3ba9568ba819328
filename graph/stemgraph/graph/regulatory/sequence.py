"""What the status may be on a day, when the order and the days of the actions are only partly known.

Actions are replayed one after the other, in every order and with every choice of those that may lie on either
side of the day. One outcome is an answer; several are honest doubt. The rules of the replay:

* approval: authorised. Conditional and accelerated approval: conditional, unless already authorised.
* restriction: restricted, unless withdrawn. Withdrawal: withdrawn.
* refusal and complete response letter: refused, unless an authorisation is in force, which they do not end.
* the end of ``valid_until``: not stated, if that authorisation is still the one in force.
* what is only known to be no later than a day was seen to be so on that day, so it comes after all that came
  before it; a restriction or withdrawal of that kind presupposes an authorisation.

What lies after the day is never looked at, so a later action changes no earlier answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

IN_FORCE: Final = frozenset({"authorised", "conditional", "restricted"})
"""Statuses under which a product may be marketed."""

NOT_STATED: Final = "not stated"

_RANK: Final = {"lapse": 0, "refusal": 1, "complete_response_letter": 1, "restriction": 3, "withdrawal": 4}
"""Order of what happened on one and the same day; authorisations come between refusals and restrictions."""

_MOST_STATES: Final = 5_000
"""Partial replays after which every order is taken for possible."""

_MOST_CHOICES: Final = 6
"""Actions on either side of a day of which every selection is replayed."""


class State(NamedTuple):
    """Where the replay stands: the status, and the actions that made it so."""

    status: str = NOT_STATED
    basis: tuple[str, ...] = ()
    proper: bool = True
    """Whether restrictions and withdrawals found an authorisation to act on."""


@dataclass(frozen=True, slots=True)
class Step:
    """An action in a replay; ``earliest`` None: only known to be no later; ``optional``: may not apply."""

    action: str
    type: str
    earliest: date | None
    latest: date | None
    optional: bool = False

    def certain(self, day: date) -> bool:
        """Whether it had happened by this day."""
        return self.latest is not None and self.latest <= day and not self.optional

    def possible(self, day: date) -> bool:
        """Whether it may have happened by this day."""
        return self.earliest is None or self.earliest <= day


def possible_states(steps: Sequence[Step], day: date) -> frozenset[State]:
    """Every state that the actions allow on a day."""
    certain = [step for step in steps if step.certain(day)]
    either = [step for step in steps if not step.certain(day) and step.possible(day)]
    floating = [step for step in either if step.earliest is None]
    dated = [step for step in either if step.earliest is not None]
    if len(dated) > _MOST_CHOICES:
        return frozenset(_with_floating(_in_any_order([*certain, *dated]), floating))
    found: set[State] = set()
    for mask in range(1 << len(dated)):
        chosen = [step for bit, step in enumerate(dated) if mask >> bit & 1]
        found |= _replayed([*certain, *chosen], day)
    return frozenset(_with_floating(found, floating))


def apply(state: State, step: Step) -> State:
    """The state after an action; an action of another type changes nothing."""
    status, basis, proper = state
    running = status in IN_FORCE
    kept = basis if running else ()
    after = state
    match step.type:
        case "approval":
            after = State("authorised", (step.action,), proper)
        case "conditional_approval" | "accelerated_approval" if status != "authorised":
            after = State("conditional", (step.action,), proper)
        case "restriction" if status != "withdrawn":
            after = State("restricted", (*kept, step.action), proper and running)
        case "withdrawal":
            after = State("withdrawn", (*kept, step.action), proper and running)
        case "refusal" | "complete_response_letter" if not running:
            after = State("refused", (step.action,), proper)
        case "lapse" if running and step.action in basis:
            after = State(NOT_STATED, basis, proper)
        case _:
            pass
    return after


def _replayed(steps: list[Step], day: date) -> set[State]:
    """The outcomes of every possible order; those that make sense alone, where there are any."""
    todo = {(frozenset(range(len(steps))), State())}
    seen = set(todo)
    ends: set[State] = set()
    spans = [_span(step, day) for step in steps]
    while todo:
        left, state = todo.pop()
        if not left:
            ends.add(state)
            continue
        if len(seen) > _MOST_STATES:
            return _in_any_order(steps)
        for number in _next(left, spans, steps):
            after = (left - {number}, apply(state, steps[number]))
            if after not in seen:
                seen.add(after)
                todo.add(after)
    proper = {state for state in ends if state.proper}
    return proper or ends


def _span(step: Step, day: date) -> tuple[date, date]:
    """The days between which a step lies in a replay; what was seen on a day is replayed on that day."""
    latest = day if step.latest is None else min(step.latest, day)
    return (latest if step.earliest is None else step.earliest), latest


def _next(left: Iterable[int], spans: list[tuple[date, date]], steps: list[Step]) -> list[int]:
    """The steps that no other one must precede."""
    numbers = list(left)
    first_end = min(spans[number][1] for number in numbers)
    free = [number for number in numbers if spans[number][0] <= first_end]
    # What a regulator did on one day is read in a fixed order.
    same_day = [number for number in free if spans[number] == (first_end, first_end)]
    first = min(
        same_day, key=lambda number: (_RANK.get(steps[number].type, 2), steps[number].action), default=None
    )
    return [number for number in free if number == first or number not in same_day]


def _with_floating(states: set[State], floating: Sequence[Step]) -> set[State]:
    """The states, and those after steps that may have come at any time since."""
    found = set(states)
    todo = list(states)
    while todo:
        state = todo.pop()
        for step in floating:
            if step.type in {"restriction", "withdrawal"} and state.status not in IN_FORCE:
                continue
            after = apply(state, step)
            if after not in found and step.action not in state.basis:
                found.add(after)
                todo.append(after)
    return found


def _in_any_order(steps: list[Step]) -> set[State]:
    """Every state that any of the steps leads to: more than there can be, never fewer."""
    found = {State()}
    for _ in steps:
        grown = found | {apply(State(state.status), step) for state in found for step in steps}
        if grown == found:
            break
        found = grown
    return found
