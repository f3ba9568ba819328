"""How two entities are connected: ranked paths, each step an association with its direction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from time import perf_counter
from typing import Any, Final, Literal

import numpy as np

from stemgraph.graph.errors import BadRequestError, UnknownIdentifierError
from stemgraph.graph.model import Association, EntityReference, Evidence, Record
from stemgraph.graph.neighborhood import BACKBONE_SOURCES, source_mask
from stemgraph.graph.path_pattern import StepFilter, free_filter, parse_via
from stemgraph.graph.path_score import PathCosts, score_of
from stemgraph.graph.path_search import PathSearch
from stemgraph.graph.support import SCALE
from stemgraph.graph.view import GraphView
from stemgraph.ontology.standing import CURRENT, RETRACTED, SUPERSEDED, WEAKENED

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

DOUBTFUL_STATUSES: Final = frozenset(
    {
        *("withdrawn", "refused", "superseded", "guideline_superseded", "historical", "disputed"),
        *("negative_result", "not_recommended", "not_indicated", "not_approved", "not_observed"),
        "evidence_retracted",
    }
)
"""Statuses that a reader of a path must be told of."""

_CAUTIONS: Final = {
    WEAKENED: "part of its evidence was retracted or superseded",
    SUPERSEDED: "its evidence was superseded",
    RETRACTED: "its evidence was retracted",
}

AssociationAt = Callable[[int], Association]
"""Gives the association in a row of the records."""


@dataclass(frozen=True, slots=True)
class StepEvidence:
    """A reference for a step, and whether it still stands."""

    id: str
    reference: str
    stance: str
    source_tier: int
    study_design: str | None
    retracted: bool
    superseded: bool

    @classmethod
    def of(cls, evidence: Evidence) -> StepEvidence:
        """What a step tells of a piece of evidence."""
        return cls(
            evidence.id,
            evidence.reference,
            evidence.stance,
            evidence.source_tier,
            evidence.study_design,
            evidence.retracted,
            bool(evidence.superseded_by),
        )

    def to_record(self) -> Record:
        """The JSON shape: one key for each field."""
        return {name: getattr(self, name) for name in self.__slots__}


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
    support: float
    """How well it is supported, above 0 and at most 1."""
    qualifiers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    evidence: tuple[StepEvidence, ...] = ()
    evidence_standing: str = CURRENT
    also: tuple[str, ...] = ()
    """Ids of the other associations between the same two entities, either way round."""

    def to_record(self) -> Record:
        """The JSON shape: one key for each field."""
        record: Record = {name: getattr(self, name) for name in self.__slots__}
        return record | {
            "subject": self.subject.to_record(),
            "object": self.object.to_record(),
            "qualifiers": dict(self.qualifiers),
            "evidence": [each.to_record() for each in self.evidence],
            "also": list(self.also),
        }

    @property
    def caution(self) -> str | None:
        """What its reader must not overlook, in words; None where there is nothing."""
        if self.evidence_standing != CURRENT:
            return _CAUTIONS[self.evidence_standing]
        return f"its status is {self.status.replace('_', ' ')}" if self.status in DOUBTFUL_STATUSES else None


@dataclass(frozen=True, slots=True)
class Path:
    """A path without repeated entities; a greater score ranks higher."""

    steps: tuple[PathStep, ...]
    sentence: str
    cost: float
    """The score as a sum: its negative logarithm to the base 2; a faultless step costs 1."""

    @property
    def score(self) -> float:
        """What it is ranked by, above 0 and at most 1: claims, evidence and specific entities on the way."""
        return score_of(self.cost)

    @property
    def end(self) -> EntityReference:
        """The entity at which it ends."""
        last = self.steps[-1]
        return last.object if last.direction == "forward" else last.subject

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to heed of its steps, such as that the evidence of one has been retracted."""
        told = ((number, step.caution) for number, step in enumerate(self.steps, start=1))
        return tuple(f"step {number}: {caution}" for number, caution in told if caution is not None)

    def to_record(self) -> Record:
        """The JSON shape ``{steps, sentence, hops, score, cost, end, cautions}``."""
        return {
            "steps": [each.to_record() for each in self.steps],
            "sentence": self.sentence,
            "hops": len(self.steps),
            "score": float(f"{self.score:.4g}"),
            "cost": round(self.cost, 3),
            "end": self.end.to_record(),
            "cautions": list(self.cautions),
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
    target: str | None,
    *,
    max_hops: int = 4,
    k: int = 3,
    budget_ms: int = 500,
    predicates: Collection[str] | None = None,
    direction: str = "any",
    via: Sequence[str] = (),
    association_at: AssociationAt | None = None,
) -> Paths:
    """The ``k`` best paths of at most ``max_hops`` edges; or those along the steps of ``via``, one for each.

    Args:
        view: The arrays.
        source: CURIE of the entity where paths begin.
        target: CURIE of the entity where they end; None for any: the best path to each end of ``via``, or
            without that to each entity at one step.
        max_hops: Most steps.
        k: Most paths.
        budget_ms: Time after which what has been found is given.
        predicates: Only along these.
        direction: ``any``, or only ``forward`` from subject to object, or only ``backward``.
        via: The predicates of the steps in order, each as ``treats``, ``^treats`` or ``treats|prevents``.
        association_at: Gives the association of an edge, for qualifiers and evidence.

    Raises:
        UnknownIdentifierError: One of the two is not in the release.
        UnknownPredicateError: A predicate is not in the vocabulary.
        BadRequestError: A number is out of range, or parameters do not go together.
    """
    begun = perf_counter()
    _check_numbers(max_hops=max_hops, k=k, budget_ms=budget_ms)
    _check_via(predicates, direction, via)
    start = _node(view, source)
    goals = np.zeros(view.node_count, dtype=np.bool_)
    goals[slice(None) if target is None else _node(view, target)] = True
    if target is not None and goals[start]:
        return Paths((), complete=True, reason="source and target are the same entity")
    goals[start] = False
    steps = 1 if target is None else max_hops
    filters = parse_via(view, via) or (free_filter(view, predicates, direction),) * steps
    search = PathSearch(
        view, start, goals, filters=filters, exact=bool(via), deadline=begun + budget_ms / 1000
    )
    told = _Teller(view, filters, association_at)
    items = tuple(told.path(nodes, cost) for cost, nodes in search.best(k))
    if not search.complete:
        return Paths(items, complete=False, reason=f"the time budget of {budget_ms} ms ended the search")
    return Paths(items, complete=True, reason=None if len(items) == k else _shortage(items, steps, via))


def _check_numbers(*, max_hops: int, k: int, budget_ms: int) -> None:
    for name, value, most in (
        ("max_hops", max_hops, MAXIMUM_HOPS),
        ("k", k, MAXIMUM_PATHS),
        ("budget_ms", budget_ms, MAXIMUM_BUDGET_MS),
    ):
        if not 1 <= value <= most:
            raise BadRequestError(f"must be from 1 to {most}, not {value}", place=name)


def _check_via(predicates: Collection[str] | None, direction: str, via: Sequence[str]) -> None:
    if via and (predicates is not None or direction != "any"):
        raise BadRequestError(
            "it names the predicate and direction of each step already",
            place="via",
            mend="leave out predicates and direction",
        )
    if len(via) > MAXIMUM_HOPS:
        raise BadRequestError(f"must have at most {MAXIMUM_HOPS} steps, not {len(via)}", place="via")


def _shortage(items: Sequence[Path], steps: int, via: Sequence[str]) -> str:
    if via:
        return "no other path goes so" if items else f"no path goes {', '.join(via)}"
    most = f"{steps} step" + ("s" if steps > 1 else "")
    return f"no other path has at most {most}" if items else f"no path of at most {most} connects them"


def _node(view: GraphView, identifier: str) -> int:
    node = view.node(identifier)
    if node is None:
        raise UnknownIdentifierError(identifier)
    return node


class _Teller:
    """Turns the nodes of a path into steps that name their associations and evidence."""

    def __init__(
        self, view: GraphView, filters: Sequence[StepFilter], association_at: AssociationAt | None
    ) -> None:
        self._view = view
        self._filters = filters
        self._association_at = association_at
        self._costs = PathCosts(view)
        self._backbone = source_mask(view, BACKBONE_SOURCES)

    def path(self, nodes: Sequence[int], cost: float) -> Path:
        """The path over these nodes."""
        steps = tuple(
            self._step(here, there, step_filter)
            for (here, there), step_filter in zip(pairwise(nodes), self._filters, strict=False)
        )
        return Path(steps, "; ".join(map(_clause, steps)) + ".", cost)

    def _step(self, here: int, there: int, step_filter: StepFilter) -> PathStep:
        """Of parallel edges the cheapest speaks, of equals a curated one; the rest are named beside it."""
        view = self._view
        walked = view.steps(np.array([here], dtype=np.int32))
        between = (walked.neighbors == there) & step_filter.walked(view, walked)
        edges, forward = walked.edges[between], walked.forward[between]
        costs = self._costs.of_edges(edges)
        order = np.lexsort((edges, ~forward, self._backbone[view.edge_source[edges]], costs))
        first, *others = map(int, edges[order])
        edge = view.edge(first)
        association = self._association_at and self._association_at(int(view.edge_association[first]))
        return PathStep(
            association=edge.id,
            subject=view.reference(int(view.edge_subject[first])),
            predicate=edge.predicate,
            biolink_predicate=edge.biolink_predicate,
            object=view.reference(int(view.edge_object[first])),
            direction="forward" if forward[order[0]] else "backward",
            status=edge.status,
            source=edge.source,
            support=int(view.edge_support[first]) / SCALE,
            qualifiers=association.qualifiers if association else {},
            evidence=tuple(map(StepEvidence.of, association.evidence)) if association else (),
            evidence_standing=association.evidence_standing if association else CURRENT,
            also=tuple(view.association_ids[each] for each in dict.fromkeys(others)),
        )


def _clause(step: PathStep) -> str:
    verb = PHRASES.get(step.predicate, step.predicate.replace("_", " "))
    caution = f" ({step.caution})" if step.caution else ""
    return f"{step.subject.label} {verb} {step.object.label}{caution}"
