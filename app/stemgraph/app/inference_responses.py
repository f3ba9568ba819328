"""The JSON answers that closure gives, as pydantic models; see ``responses``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from stemgraph.app.inheritance_responses import Inheritance
from stemgraph.app.responses import Association, Body, EntityReference, Meta

Predicate = Literal[
    "treats", "recommended_for", "applied_to_treat", "in_clinical_trials_for", "studied_to_treat"
]


class ClosureAssociation(Association):
    """An association, and how it answers for what was asked."""

    inherited: Inheritance | None = Field(
        default=None, description="With closure: null where it is stated of what was asked itself."
    )


class ClosureAssociationsAnswer(Body):
    """A page of associations; with closure those that are inherited come after the direct ones."""

    items: list[ClosureAssociation]
    total: int = Field(description="Number of associations on all pages.")
    next_cursor: str | None = Field(description="Gives the next page; null on the last.")
    complete: bool = Field(default=True, description="With closure: whether the time budget sufficed.")
    reason: str | None = Field(default=None, description="With closure: why it may not be complete.")
    meta: Meta


class KindAssociations(Body):
    """What is stated of kinds of the entity, not of the entity itself: the strongest and nearest of it.

    Predicates of the treats ladder come first, the strongest before the weaker. Each holds for the kind that
    it is stated of, and may not hold for the others: `inherited` tells the way from that kind to the entity.
    """

    items: list[ClosureAssociation] = Field(description="At most 20, and at most `limit`.")
    total: int = Field(description="Number of all that pass the filters.")
    complete: bool = Field(
        description="Whether all was looked at: 2,000 statements of the nearest kinds are."
    )
    reason: str | None = Field(description="Why there may be more than `total`.")
    more: str | None = Field(
        description="Where there are others: the same request with `closure=true`, relative to this one. "
        "What is inherited from above is there too."
    )


class EntityAssociationsAnswer(ClosureAssociationsAnswer):
    """A page of what is stated of an entity, and beside the first one what is stated of its kinds."""

    of_kinds: KindAssociations | None = Field(
        description="null with closure, where it is among the items, and on later pages."
    )


class TherapyAnswer(Body):
    """One statement that a therapy is, or is not, for a disease."""

    predicate: Predicate
    negated: bool
    status: str
    evidence_standing: str = Field(description="current, weakened, superseded or retracted.")
    strength: int | None = Field(
        description="Place on the treats ladder, 1 to 4; null where negated or the evidence is retracted."
    )
    evidence_grade: str | None = Field(description="Strongest study design that supports it.")
    guideline_grades: dict[str, Any] = Field(description="Grades of a guideline, by donor or therapy.")
    line: Any
    population: Any
    donor_type: Any
    jurisdiction: Any
    guideline: Any
    year: str | None
    association: ClosureAssociation


class TherapyGroup(Body):
    """A therapy with its statements, none merged with another."""

    therapy: EntityReference
    strength: int | None = Field(description="The strongest of its answers; null where none has one.")
    answers: list[TherapyAnswer]


class TherapiesAnswer(Body):
    """The therapies of a disease, the strongest first."""

    disease: EntityReference
    items: list[TherapyGroup]
    total: int = Field(description="Number of therapies on all pages.")
    next_cursor: str | None = Field(description="Gives the next page; null on the last.")
    complete: bool = Field(description="Whether the time budget of the closure sufficed.")
    reason: str | None = Field(description="Why it may not be complete.")
    meta: Meta


class BlockedInheritance(Body):
    """What would have been inherited, and what holds it up."""

    association: str = Field(description="CURIE of the association that is not inherited.")
    rule: str = Field(description="The rule that would have let it be.")
    block: Literal["negated", "donor_type"]
    explanation: str
    by: str | None = Field(description="CURIE of the association that denies it.")


class YesNoAnswer(ClosureAssociationsAnswer):
    """The answer to a yes-or-no question in an open world."""

    answer: Literal["stated", "stated as negative", "inherited", "conflicting", "not stated"]
    negated: bool | None = Field(
        description="Whether the answer is that it does NOT hold; null if unsettled."
    )
    explanation: str = Field(description="What the answer means.")
    subject: EntityReference
    predicate: str
    object: EntityReference
    hedges: list[str] = Field(description="How cautiously the deciding associations are stated.")
    blocked: list[BlockedInheritance]
