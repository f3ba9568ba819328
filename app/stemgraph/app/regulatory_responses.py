"""The JSON answers about regulation as pydantic models; see ``responses``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stemgraph.app.inheritance_responses import InheritanceStep
from stemgraph.app.responses import Body, EntityReference, Evidence, Meta

StatusName = Literal[
    "authorised", "conditional", "restricted", "withdrawn", "refused", "not stated", "undetermined"
]


class Named(Body):
    """An entity by CURIE and label."""

    id: str
    label: str


class Period(Body):
    """A partial date as the days between which it lies; an open end is null."""

    text: str | None = Field(description="The date as it is stated: 2022, 2022-09 or 2022-09-16.")
    earliest: str | None
    latest: str | None


class RegulatoryAction(Body):
    """What a regulator decided."""

    id: str = Field(description="CURIE of the action; of the association, where that alone tells of it.")
    label: str
    type: str = Field(description="approval, conditional_approval, restriction, withdrawal and so on.")
    product: Named
    agency: Named | None
    jurisdictions: list[str]
    indications: list[Named] = Field(description="Empty: it applies to the product as a whole.")
    occurred: Period = Field(description="Between which days it happened, as far as is known.")
    evidence: list[Evidence]
    status: str | None
    date: str | None = Field(description="The date as stated, which may be partial.")
    date_not_after: str | None
    valid_until: str | None
    indication_text: str | None
    population: str | None
    condition: str | None
    restriction: str | None
    reason: str | None
    associations: list[str] = Field(description="CURIEs of the associations that say the same.")
    recorded: bool = Field(description="false: only the status of an association tells of it.")


class Coverage(Body):
    """How an action's indication stands to the disease asked for."""

    relation: Literal["exact", "broader", "narrower", "product", "words", "other", "indications"]
    indication: Named | None
    path: list[InheritanceStep] = Field(description="From the narrower disease to the broader one.")


class DecidingAction(RegulatoryAction):
    """An action, and its part in a status."""

    role: Literal["decides", "either side", "earlier", "later", "words", "retracted", "other indication"]
    coverage: Coverage


class StatusLine(Body):
    """The status for one disease, or as a whole where that is null."""

    disease: Named | None
    status: StatusName
    possible: list[str]
    in_force: bool | None
    decided_by: list[str] = Field(description="CURIEs of the actions.")


class JurisdictionStatus(Body):
    """The status in one jurisdiction."""

    jurisdiction: str
    status: StatusName
    possible: list[str] = Field(description="Every status that the dates allow; one unless undetermined.")
    in_force: bool | None = Field(
        description="Whether it may be marketed; null where that is undetermined or not stated."
    )
    coverage: str | None = Field(description="How the deciding indication stands to the disease asked for.")
    reason: str = Field(description="One sentence that says what decides.")
    lines: list[StatusLine]
    actions: list[DecidingAction] = Field(description="Every action there, with its part in the answer.")


class StatusAnswer(Body):
    """Whether a product may be marketed, by jurisdiction."""

    product: EntityReference
    disease: EntityReference | None
    jurisdiction: str | None
    as_of: Period
    as_of_stated: bool = Field(description="false: the date is that of the release.")
    status: StatusName | None = Field(description="Null where jurisdictions differ.")
    reason: str
    items: list[JurisdictionStatus]
    meta: Meta


class Span(Body):
    """A time over which the status stayed the same."""

    first: str | None = Field(description="Null where it is open since when.")
    last: str
    status: StatusName
    possible: list[str]


class Lane(Body):
    """The history in one jurisdiction."""

    jurisdiction: str
    spans: list[Span]
    actions: list[RegulatoryAction]


class TimelineAnswer(Body):
    """The regulatory history of a product."""

    product: EntityReference
    disease: EntityReference | None
    until: str = Field(description="The date of the release.")
    lanes: list[Lane]
    meta: Meta


class ActionGroup(Body):
    """The number of actions that agree in what they are grouped by."""

    values: dict[str, str]
    actions: int
    products: int = Field(description="Number of different products among them.")


class ActionsAnswer(Body):
    """A page of regulatory actions."""

    items: list[RegulatoryAction]
    total: int
    next_cursor: str | None
    groups: list[ActionGroup] = Field(description="Counts over all pages, by what `by` names.")
    meta: Meta
