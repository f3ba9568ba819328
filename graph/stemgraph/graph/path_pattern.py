"""Which steps a path may take: along which predicates, and in which direction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from stemgraph.graph.errors import BadRequestError, UnknownPredicateError
from stemgraph.graph.suggestions import did_you_mean
from stemgraph.graph.view import GraphView, Steps
from stemgraph.ontology import vocabulary

Direction = Literal["any", "forward", "backward"]
"""``forward`` from subject to object, ``backward`` from object to subject."""

DIRECTIONS: Final = get_args(Direction)
BACKWARD_MARK: Final = "^"
ALTERNATIVE: Final = "|"


@dataclass(frozen=True, slots=True, eq=False)
class StepFilter:
    """What one step may be: by predicate code, whether it may be walked forward, and backward."""

    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]

    def walked(self, view: GraphView, steps: Steps) -> NDArray[np.bool_]:
        """Which of the steps, walked as they are, may be taken."""
        codes = view.edge_predicate[steps.edges]
        allowed: NDArray[np.bool_] = np.where(steps.forward, self.forward[codes], self.backward[codes])
        return allowed

    def returned(self, view: GraphView, steps: Steps) -> NDArray[np.bool_]:
        """Which of the steps may be taken the other way, from the neighbour to the origin."""
        codes = view.edge_predicate[steps.edges]
        allowed: NDArray[np.bool_] = np.where(steps.forward, self.backward[codes], self.forward[codes])
        return allowed


def free_filter(view: GraphView, predicates: Collection[str] | None, direction: str) -> StepFilter:
    """Any of the predicates, all if None, in one direction or any.

    Raises:
        UnknownPredicateError: A predicate is not in the vocabulary.
        BadRequestError: It is no direction.
    """
    if direction not in DIRECTIONS:
        raise BadRequestError(
            f"'{direction}' is not a direction", place="direction", mend=did_you_mean(direction, DIRECTIONS)
        )
    names = set(view.predicates) if predicates is None else {_known(view, each) for each in predicates}
    allowed = _mask(view, names)
    nothing = np.zeros_like(allowed)
    return StepFilter(
        forward=nothing if direction == "backward" else allowed,
        backward=nothing if direction == "forward" else allowed,
    )


def parse_via(view: GraphView, via: Sequence[str]) -> tuple[StepFilter, ...]:
    """A filter for each step of a path whose predicates are given in order.

    A step is written as in a SPARQL property path: ``treats`` leads from subject to object, ``^treats`` from
    object to subject, and ``treats|applied_to_treat`` along either predicate.

    Raises:
        UnknownPredicateError: A predicate is not in the vocabulary.
        BadRequestError: A step is empty.
    """
    return tuple(_step_filter(view, each) for each in via)


def _step_filter(view: GraphView, text: str) -> StepFilter:
    ways: dict[bool, set[str]] = {True: set(), False: set()}
    for way in text.split(ALTERNATIVE):
        name = way.strip()
        if not name:
            raise BadRequestError(
                f"'{text}' is not a step", place="via", mend="write treats, ^treats or treats|prevents"
            )
        forward = not name.startswith(BACKWARD_MARK)
        ways[forward].add(_known(view, name.removeprefix(BACKWARD_MARK), place="via"))
    return StepFilter(_mask(view, ways[True]), _mask(view, ways[False]))


def _known(view: GraphView, name: str, *, place: str = "predicates") -> str:
    known = vocabulary.predicates()
    if name not in known and name not in view.predicates:
        raise UnknownPredicateError(
            f"'{name}' is not a predicate", place=place, mend=did_you_mean(name, list(known))
        )
    return name


def _mask(view: GraphView, names: Collection[str]) -> NDArray[np.bool_]:
    return np.array([name in names for name in view.predicates], dtype=np.bool_)
