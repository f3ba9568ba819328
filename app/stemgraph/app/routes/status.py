"""Whether a product may be marketed, at a date and a place."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import EntityId, JurisdictionName, Parameters
from stemgraph.app.regulatory_responses import StatusAnswer

PARTIAL_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"


class ProductParameters(Parameters):
    """The product, and the disease that it is for."""

    product: Annotated[
        EntityId, Field(description="A biologic product, drug or therapy.", examples=["UNII:31W7R94KYT"])
    ]
    disease: Annotated[
        EntityId | None, Field(description="Only for this disease; its kinds answer for it, and are named.")
    ] = None


class StatusParameters(ProductParameters):
    """Where and when."""

    jurisdiction: Annotated[
        JurisdictionName | None, Field(description="Only there; else wherever an action is recorded.")
    ] = None
    as_of: Annotated[
        str | None,
        Field(
            pattern=PARTIAL_DATE,
            description="A date, which may be partial; else that of the release.",
            examples=["2019-06-01"],
        ),
    ] = None


@get(
    "/api/v1/status",
    tag="regulation",
    parameters=StatusParameters,
    returns=StatusAnswer,
    entities=("product", "disease"),
    slow=True,
)
def get_status(call: Call[StatusParameters]) -> Answer:
    """Whether a product is authorised at a date, in a jurisdiction, for a disease, and what decides it.

    The status is authorised, conditional, restricted, withdrawn, refused, not stated, or undetermined: where
    the dates of the actions are partial and allow several. An action without an indication applies to the
    product as a whole. `not stated` never means that there was no decision.
    """
    asked = call.parameters
    found = call.graph.status(
        asked.product, disease=asked.disease, jurisdiction=asked.jurisdiction, as_of=asked.as_of
    )
    return Answer(enveloped(call.service, found.to_record()))
