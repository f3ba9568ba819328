"""How much an association carries for a claim, and whether it speaks of the same place and direction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from stemgraph.graph.model import Association, Record
from stemgraph.ontology import text_patterns
from stemgraph.ontology.closure_rules import closure_rules

if TYPE_CHECKING:
    from stemgraph.graph.claims.claim import Claim
    from stemgraph.graph.inheritance import Inheritance

SCOPES: Final = (
    "condition",
    "context",
    "disease_context",
    "disease_form",
    "disease_status",
    "donor_type",
    "intensity",
    "jurisdiction",
    "line",
    "manifestation",
    "population",
    "restriction",
    "severity",
    "timing",
    "trial",
)
"""Qualifiers that limit for whom, where or when an association holds."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """An association held against a claim, and the level it carries."""

    association: Association
    level: str

    @property
    def limits(self) -> dict[str, Any]:
        """For whom, where and when it holds."""
        qualifiers = self.association.qualifiers
        return {name: qualifiers[name] for name in SCOPES if name in qualifiers}

    def to_record(self) -> Record:
        """The JSON shape: the association's id, its level, its limits, and how it is inherited if it is."""
        inherited = self.association.inherited
        return {
            "association": self.association.id,
            "strength": self.level,
            "limits": self.limits,
            "inherited": None if inherited is None else inherited.to_record(),
        }


def weigh(association: Association, *, past: bool = False) -> Weighed:
    """The level that an association carries: the least of what its predicate, status and hedge allow.

    Args:
        association: What is stated.
        past: Whether a claim about the past is held against it, to which it matters not what ended since.
    """
    strengths = text_patterns.strengths()
    levels = [strengths.predicates.get(association.predicate, strengths.levels[-1])]
    if association.predicate not in strengths.actions and not (
        past and association.status in strengths.ended
    ):
        levels.append(strengths.statuses[association.status])
    hedges = association.qualifiers.get("hedge")
    for hedge in values_of(hedges):
        levels.append(strengths.hedges[hedge])
    levels.extend(_inherited_levels(association.inherited))
    return Weighed(association, min(levels, key=strengths.rank))


def values_of(qualifier: Any) -> list[Any]:  # noqa: ANN401  # a qualifier's value is any JSON
    """The values of a qualifier that holds one, several or none."""
    if qualifier is None:
        return []
    if isinstance(qualifier, list):
        return qualifier  # pyright: ignore[reportUnknownVariableType]  # of a list of JSON nothing is known
    return [qualifier]


def is_of_kinds(association: Association) -> bool:
    """Whether it is stated of a kind of what was asked for alone, so that it may not hold for the rest."""
    return any(
        closure_rules().rule(each.rule).direction == "upward"
        and not closure_rules().rule(each.rule).transitive
        for each in _inheritances(association.inherited)
    )


def speaks_of(claim: Claim, association: Association) -> bool:
    """Whether an association speaks of the place, the year and the direction that the claim names."""
    qualifiers = association.qualifiers
    places = values_of(qualifiers.get("jurisdiction"))
    if claim.jurisdictions and places and not set(places) & set(claim.jurisdictions):
        return False
    directions = values_of(qualifiers.get("direction"))
    # What is not said to go down is said to be there, or to go up.
    return ("decreased" in directions) == (claim.direction == "decreased")


def years_of(association: Association) -> set[int]:
    """The years in which it happened, where it is dated."""
    return {int(str(date)[:4]) for date in values_of(association.qualifiers.get("date"))}


def date_of(association: Association) -> str:
    """When it happened or was seen to be so; empty where that is not stated."""
    qualifiers = association.qualifiers
    dates = [*values_of(qualifiers.get("date")), *values_of(qualifiers.get("as_of"))]
    return max(map(str, dates), default="")


def _inherited_levels(inherited: Inheritance | None) -> Iterable[str]:
    strengths = text_patterns.strengths()
    for each in _inheritances(inherited):
        rule = closure_rules().rule(each.rule)
        yield strengths.inherited_rules.get(
            rule.name, strengths.inherited["transitive" if rule.transitive else rule.direction]
        )


def _inheritances(inherited: Inheritance | None) -> Iterable[Inheritance]:
    while inherited is not None:
        yield inherited
        inherited = inherited.other_end
