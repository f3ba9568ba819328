"""The risks of a therapy: each with its statements, and what prevents, treats and watches for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from stemgraph.graph.association_query import AssociationQuery
from stemgraph.graph.inherited_associations import InheritedAssociations
from stemgraph.graph.model import Association, Entity, EntityReference, Record
from stemgraph.graph.risk.measure import CONTEXTS, Measure, TherapyNames, watched_by
from stemgraph.graph.risk.row import RiskRow
from stemgraph.graph.subclass_walk import SubclassWalk

if TYPE_CHECKING:
    from stemgraph.graph.knowledge_graph import KnowledgeGraph

RISK_PREDICATES: Final = ("has_adverse_event", "increases_risk_of")
TREATING: Final = (
    "treats",
    "applied_to_treat",
    "studied_to_treat",
    "in_clinical_trials_for",
    "recommended_for",
)

STANDINGS: Final = (
    "stated",
    "inherited",
    "conflicting",
    "none observed",
    "stated as negative",
    "stated of a kind",
    "not stated",
)
"""How a risk stands with a therapy.

``stated`` of it; ``inherited`` from a class it belongs to; ``conflicting``: stated and denied, where the
qualifiers of the rows may tell them apart; ``none observed``: looked for and seen in nobody (0 of n);
``stated as negative``; ``stated of a kind``: only of kinds of the therapy; ``not stated``, which is not a no.
"""

_MOST_RELATIVES: Final = 300
"""Kinds of a therapy, or of one thing above it, whose names are looked for in the words of a measure."""


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk of a therapy; no two of its rows are merged, so each keeps its context and date."""

    risk: EntityReference
    rows: tuple[RiskRow, ...]
    prevented_by: tuple[Measure, ...] = ()
    treated_by: tuple[Measure, ...] = ()
    monitored_by: tuple[Measure, ...] = ()

    @property
    def standing(self) -> str:
        """One of ``STANDINGS``."""
        return standing_of(self.rows)

    @property
    def boxed_warning(self) -> str | None:
        """``direct``, ``by class`` or ``of a kind``, where a row carries a boxed warning; else None."""
        found = {row.boxed_warning for row in self.rows}
        return next((each for each in ("direct", "by class", "of a kind") if each in found), None)

    def to_record(self) -> Record:
        """The JSON shape: standing, rows, and the measures."""
        return {
            "risk": self.risk.to_record(),
            "standing": self.standing,
            "boxed_warning": self.boxed_warning,
            "rows": [row.to_record() for row in self.rows],
            **measures_record(self),
        }


@dataclass(frozen=True, slots=True)
class Risks:
    """What is stated of the risks of a therapy, those with a boxed warning first."""

    therapy: EntityReference
    closure: bool
    items: tuple[Risk, ...]
    monitoring: tuple[Association, ...]
    """Everything that the therapy is monitored by, whichever risk it watches for."""
    complete: bool = True
    """Whether closure had the time to find all that is inherited."""

    def of(self, risk: str) -> Risk | None:
        """The risk of this CURIE; None where it is not stated."""
        return next((each for each in self.items if each.risk.id == risk), None)

    def to_record(self) -> Record:
        """The JSON shape ``{therapies, closure, complete, items, monitoring}``."""
        return {
            "therapies": [self.therapy.to_record()],
            "closure": self.closure,
            "complete": self.complete,
            "items": [each.to_record() for each in self.items],
            "monitoring": [{"inherited": None, **each.to_record()} for each in self.monitoring],
        }

    def _repr_html_(self) -> str:
        rows = "".join(_html_row(each) for each in self.items)
        head = "".join(f"<th>{each}</th>" for each in ("risk", "standing", "boxed warning", "what is stated"))
        caption = f"<caption>Risks of {escape(self.therapy.label)}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def standing_of(rows: Sequence[RiskRow]) -> str:
    """How the statements make a risk stand; retracted ones and those of mere kinds come last."""
    held = [row for row in rows if not row.retracted]
    own = [row for row in held if row.held_by != "kind"]
    if not own:
        return "stated of a kind" if held else "not stated"
    stated = [row for row in own if not row.negated]
    if not stated:
        return "stated as negative"
    if len(stated) < len(own):
        return "conflicting"
    if all(row.none_observed for row in stated):
        return "none observed"
    return "stated" if any(row.held_by == "itself" for row in stated) else "inherited"


def measures_record(risk: Risk) -> Record:
    """What is done about a risk, as records."""
    return {
        "prevented_by": [each.to_record() for each in risk.prevented_by],
        "treated_by": [each.to_record() for each in risk.treated_by],
        "monitored_by": [each.to_record() for each in risk.monitored_by],
    }


class RiskReader:
    """Reads the risks of one therapy out of a graph."""

    def __init__(self, graph: KnowledgeGraph, therapy: Entity, *, closure: bool) -> None:
        self._graph = graph
        self._closure = closure
        self._complete = True
        self.therapy = therapy
        self._names = TherapyNames(*_relatives(graph, therapy))

    def risks(self, wanted: Iterable[EntityReference] = ()) -> Risks:
        """All its risks; with ``wanted``, only those, also where nothing is stated of them."""
        rows: dict[str, list[RiskRow]] = {}
        found: dict[str, EntityReference] = {}
        only = {each.id: each for each in wanted}
        for association in self._associations(RISK_PREDICATES, subject=self.therapy.id):
            if not only or association.object.id in only:
                found.setdefault(association.object.id, association.object)
                rows.setdefault(association.object.id, []).append(RiskRow(association))
        monitoring = self._associations(("monitored_by",), subject=self.therapy.id)
        items = [self._risk(risk, rows.get(curie, []), monitoring) for curie, risk in (found | only).items()]
        return Risks(
            self.therapy.reference,
            self._closure,
            tuple(sorted(items, key=_order)),
            tuple(monitoring),
            self._complete,
        )

    def _risk(self, risk: EntityReference, rows: list[RiskRow], monitoring: Iterable[Association]) -> Risk:
        if standing_of(rows) in {"stated as negative", "not stated"}:
            return Risk(risk, tuple(rows))
        preventing = self._associations(("prevents",), object=risk.id)
        treating = self._associations(TREATING, object=risk.id)
        return Risk(
            risk,
            tuple(rows),
            self._measures(preventing),
            self._measures(treating),
            self._watching(risk, monitoring),
        )

    def _measures(self, associations: Iterable[Association]) -> tuple[Measure, ...]:
        """By what they are stated for, otherwise in reading order."""
        found = [Measure(each, self._names.context_of(each)) for each in associations]
        return tuple(sorted(found, key=lambda each: CONTEXTS.index(each.context)))

    def _watching(self, risk: EntityReference, monitoring: Iterable[Association]) -> tuple[Measure, ...]:
        """What the therapy is monitored by and points to this risk, in words or by what it diagnoses."""
        entity = self._graph.entity(risk.id)
        diagnosing = {each.subject.id for each in self._associations(("diagnoses",), object=risk.id)}
        found: list[Measure] = []
        for each in monitoring:
            link = "the test diagnoses it" if each.object.id in diagnosing else watched_by(entity, each)
            if link is not None:
                found.append(Measure(each, self._names.context_of(each), link))
        return tuple(found)

    def _associations(
        self,
        predicates: Iterable[str],
        *,
        subject: str | None = None,
        object: str | None = None,  # noqa: A002  # the word of RDF
    ) -> list[Association]:
        known = tuple(name for name in predicates if name in self._graph.records.names["predicate"])
        if not known:
            return []
        query = AssociationQuery(
            subject=subject, object=object, predicate=known, closure=self._closure, limit=None
        )
        page = self._graph.associations(query)
        if isinstance(page, InheritedAssociations) and not page.complete:
            self._complete = False
        return list(page)


def _relatives(graph: KnowledgeGraph, therapy: Entity) -> tuple[list[Entity], list[Entity]]:
    """A therapy with what is above and below it; and the other kinds of what is closely above it."""
    walk = SubclassWalk(graph.records, {})
    above = walk.above(therapy.id)
    own = {therapy.id, *above, *walk.below(therapy.id, most=_MOST_RELATIVES)}
    others: set[str] = set()
    for each in above:
        others |= walk.below(each, most=_MOST_RELATIVES, steps=1).keys()
    listed = (sorted(own), sorted(others - own))
    own_entities, other_entities = ([graph.entity(each) for each in curies] for curies in listed)
    return own_entities, other_entities


def _order(risk: Risk) -> tuple[bool, int, str, str]:
    return (
        risk.boxed_warning is None,
        STANDINGS.index(risk.standing),
        risk.risk.label.casefold(),
        risk.risk.id,
    )


def _html_row(risk: Risk) -> str:
    told = "; ".join(
        f"{row.association.subject.label}: {'not ' * row.negated}{row.frequency or row.association.status}"
        for row in risk.rows
    )
    cells = (risk.risk.label, risk.standing, risk.boxed_warning or "not stated", told)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
