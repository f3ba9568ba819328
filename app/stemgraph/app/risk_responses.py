"""The JSON answers about risks as pydantic models; see ``responses``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, RootModel

from stemgraph.app.inheritance_responses import Inheritance
from stemgraph.app.responses import Association, Body, EntityReference, Meta

Standing = Literal[
    "stated",
    "inherited",
    "conflicting",
    "none observed",
    "stated as negative",
    "stated of a kind",
    "not stated",
]
BoxedWarning = Literal["direct", "by class", "of a kind"]


class FoundAssociation(Association):
    """An association, and how it answers for what was asked."""

    inherited: Inheritance | None = Field(description="Null where it is stated of what was asked itself.")


class Interval(Body):
    """The Wilson score interval, in percent."""

    low: float
    high: float
    level: float
    method: str


class Proportion(Body):
    """How often it was seen."""

    numerator: int
    denominator: int
    percent: float
    interval: Interval


class RiskRow(Body):
    """One statement about a risk; null is what it does not state."""

    held_by: Literal["itself", "class", "kind"] = Field(
        description="Whether it is stated of the therapy, of a class it belongs to, or of a kind of it."
    )
    negated: bool
    frequency: Proportion | None
    boxed_warning: BoxedWarning | None
    severity: Any
    onset: Any
    population: Any
    rank: Any
    as_of: Any
    date: Any
    jurisdiction: Any
    retracted: bool
    association: FoundAssociation


class Measure(Body):
    """What prevents, treats or watches for a risk."""

    context: Literal["this therapy", "any", "a disease", "another therapy"] = Field(
        description="What it is stated for: this therapy, any, patients with a disease, or another therapy."
    )
    link: str | None = Field(description="What connects it with the risk, where it does not name it.")
    association: FoundAssociation


class Measures(Body):
    """A risk's statements, and what is done about it."""

    standing: Standing = Field(description="`not stated` is not a no; `none observed` is a zero of n.")
    boxed_warning: BoxedWarning | None
    rows: list[RiskRow] = Field(description="Never merged: each keeps its context and date.")
    prevented_by: list[Measure]
    treated_by: list[Measure]
    monitored_by: list[Measure]


class Risk(Measures):
    """A risk of a therapy."""

    risk: EntityReference


class RiskCell(Measures):
    """A risk of one of several therapies."""

    therapy: str = Field(description="CURIE of the therapy.")


class ComparedRisk(Body):
    """A risk, with a cell for each therapy in the order asked."""

    risk: EntityReference
    cells: list[RiskCell]


class RisksOfOne(Body):
    """The risks of one therapy."""

    therapies: list[EntityReference] = Field(min_length=1, max_length=1)
    closure: bool
    complete: bool = Field(description="Whether there was time to find all that is inherited.")
    items: list[Risk]
    monitoring: list[FoundAssociation] = Field(description="All that the therapy is monitored by.")
    meta: Meta


class RisksOfSeveral(Body):
    """The risks of several therapies side by side."""

    therapies: list[EntityReference] = Field(min_length=2)
    closure: bool
    complete: bool = Field(description="Whether there was time to find all that is inherited.")
    items: list[ComparedRisk]
    monitoring: list[FoundAssociation]
    meta: Meta


class RisksAnswer(RootModel[RisksOfOne | RisksOfSeveral]):
    """The risks of one therapy, or of several side by side."""
