"""How two entities are connected: ranked paths, each step an association with its direction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from stemgraph.graph.errors import BadRequestError, UnknownIdentifierError, UnknownPredicateError
from stemgraph.graph.model import EntityReference, Record
from stemgraph.graph.neighborhood import BACKBONE_SOURCES, source_mask
from stemgraph.graph.path_search import PathSearch
from stemgraph.graph.view import GraphView
from stemgraph.ontology import vocabulary

MAXIMUM_HOPS: Final = 8
MAXIMUM_PATHS: Final = 50
MAXIMUM_BUDGET_MS: Final = 60_000

PHRASES: Final = {
    "applied_to_treat": "is applied to treat",
    "studied_to_treat": "is studied to treat",
    "in_clinical_trials_for": "is in clinical trials for",
    "recommended_for": "is recommended for",
    "contraindicated_in": "is contraindicated in",
    "has_adverse_event": "has the adverse event",
    "increases_risk_of": "increases the risk of",
    "caused_by": "is caused by",
    "has_causal_gene": "has the causal gene",
    "uses_cell_type": "uses the cell type",
    "has_cell_source": "has the cell source",
    "derived_from": "is derived from",
    "produced_by": "is produced by",
    "subclass_of": "is a kind of",
    "part_of": "is part of",
    "corrects_gene": "corrects the gene",
    "actively_involved_in": "is actively involved in",
    "has_conditioning_agent": "has the conditioning agent",
    "preceded_by": "is preceded by",
    "monitored_by": "is monitored by",
    "uses_technique": "uses the technique",
    "tests_intervention": "tests the intervention",
    "approved_by": "is approved by",
    "refused_by": "is refused by",
    "restricted_by": "is restricted by",
    "withdrawn_by": "is withdrawn by",
    "regulated_by": "is regulated by",
}
"""Predicates as the verb of a sentence, where the name with spaces is not one."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """One edge of a path; ``forward`` where it is walked from its subject to its object."""

    association: str
    subject: EntityReference
    predicate: str
    biolink_predicate: str
    object: EntityReference
    direction: Literal["forward", "backward"]
    status: str
    source: str
    also: tuple[str, ...] = ()
    """Ids of the other associations between the same two entities, either way round."""

    def to_record(self) -> Record:
        """The JSON shape: one key for each field."""
        record: Record = {name: getattr(self, name) for name in self.__slots__}
        return record | {
            "subject": self.subject.to_record(),
            "object": self.object.to_record(),
            "also": list(self.also),
        }


@dataclass(frozen=True, slots=True)
class Path:
    """A path without repeated entities; a smaller cost ranks higher."""

    steps: tuple[PathStep, ...]
    sentence: str
    cost: float
    """Number of steps, plus a little for each entity on the way that is connected to very much."""

    def to_record(self) -> Record:
        """The JSON shape ``{steps, sentence, hops, cost}``."""
        return {
            "steps": [each.to_record() for each in self.steps],
            "sentence": self.sentence,
            "hops": len(self.steps),
            "cost": round(self.cost, 3),
        }


@dataclass(frozen=True, slots=True)
class Paths:
    """The best paths between two entities, and whether the search was finished."""

    items: tuple[Path, ...]
    complete: bool
    """Whether these are the best paths there are, and not only what the time budget allowed."""
    reason: str | None = None
    """Why there are fewer paths than were asked for."""

    def to_record(self) -> Record:
        """The JSON shape ``{items, complete, reason}``."""
        return {
            "items": [each.to_record() for each in self.items],
            "complete": self.complete,
            "reason": self.reason,
        }


def find_paths(
    view: GraphView,
    source: str,
    target: str,
    *,
    max_hops: int = 4,
    k: int = 3,
    budget_ms: int = 500,
    predicates: Collection[str] | None = None,
) -> Paths:
    """The ``k`` best paths of at most ``max_hops`` edges, each walked in either direction.

    Raises:
        UnknownIdentifierError: One of the two is not in the release.
        UnknownPredicateError: A predicate is not in the vocabulary.
        BadRequestError: A number is out of range.
    """
    begun = perf_counter()
    for name, value, most in (
        ("max_hops", max_hops, MAXIMUM_HOPS),
        ("k", k, MAXIMUM_PATHS),
        ("budget_ms", budget_ms, MAXIMUM_BUDGET_MS),
    ):
        if not 1 <= value <= most:
            raise BadRequestError(f"must be from 1 to {most}, not {value}", place=name)
    start, goal = _node(view, source), _node(view, target)
    if start == goal:
        return Paths((), complete=True, reason="source and target are the same entity")
    allowed = _allowed(view, predicates)
    search = PathSearch(
        view, start, goal, max_hops=max_hops, allowed=allowed, deadline=begun + budget_ms / 1000
    )
    found = search.best(k)
    backbone = source_mask(view, BACKBONE_SOURCES)
    items = tuple(_path(view, nodes, cost, allowed, backbone) for cost, nodes in found)
    if not search.complete:
        return Paths(items, complete=False, reason=f"the time budget of {budget_ms} ms ended the search")
    return Paths(items, complete=True, reason=None if len(items) == k else _shortage(len(items), max_hops))


def _shortage(found: int, max_hops: int) -> str:
    steps = f"{max_hops} step" + ("s" if max_hops > 1 else "")
    return f"no other path has at most {steps}" if found else f"no path of at most {steps} connects them"


def _node(view: GraphView, identifier: str) -> int:
    node = view.node(identifier)
    if node is None:
        raise UnknownIdentifierError(identifier)
    return node


def _allowed(view: GraphView, predicates: Collection[str] | None) -> NDArray[np.bool_] | None:
    """By predicate code: whether it may be walked; None where all may."""
    if predicates is None:
        return None
    unknown = sorted(set(predicates) - set(vocabulary.predicates()) - set(view.predicates))
    if unknown:
        raise UnknownPredicateError(
            f"'{unknown[0]}' is not a predicate", place="predicates", mend="see the schema for their names"
        )
    return np.array([name in predicates for name in view.predicates], dtype=np.bool_)


def _path(
    view: GraphView,
    nodes: Sequence[int],
    cost: float,
    allowed: NDArray[np.bool_] | None,
    backbone: NDArray[np.bool_],
) -> Path:
    """A path's steps: of parallel edges, a curated one speaks and the rest are named beside it."""
    steps: list[PathStep] = []
    for here, there in pairwise(nodes):
        walked = view.steps(np.array([here], dtype=np.int32))
        between = walked.neighbors == there
        if allowed is not None:
            between &= allowed[view.edge_predicate[walked.edges]]
        edges, forward = walked.edges[between], walked.forward[between]
        order = np.lexsort((edges, ~forward, backbone[view.edge_source[edges]]))
        steps.append(_step(view, edges[order].tolist(), forward=bool(forward[order[0]])))
    return Path(tuple(steps), "; ".join(map(_clause, steps)) + ".", cost)


def _step(view: GraphView, edges: Sequence[int], *, forward: bool) -> PathStep:
    edge = view.edge(edges[0])
    return PathStep(
        association=edge.id,
        subject=view.reference(int(view.edge_subject[edges[0]])),
        predicate=edge.predicate,
        biolink_predicate=edge.biolink_predicate,
        object=view.reference(int(view.edge_object[edges[0]])),
        direction="forward" if forward else "backward",
        status=edge.status,
        source=edge.source,
        also=tuple(view.association_ids[each] for each in dict.fromkeys(edges[1:])),
    )


def _clause(step: PathStep) -> str:
    verb = PHRASES.get(step.predicate, step.predicate.replace("_", " "))
    return f"{step.subject.label} {verb} {step.object.label}"
