"""Regulatory actions: approvals, refusals, restrictions, withdrawals."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import (
    WHOLE,
    CategoryName,
    EntityId,
    JurisdictionName,
    Paging,
    Word,
)
from stemgraph.app.regulatory_responses import ActionsAnswer
from stemgraph.graph.regulatory.listing import GROUPINGS, ActionQuery
from stemgraph.ontology import vocabulary

ActionType = Annotated[str, Word("type of action", lambda: vocabulary.enumeration("action_type"))]
GroupingName = Annotated[str, Word("thing to group by", lambda: GROUPINGS)]


class ActionParameters(Paging):
    """Filters, and what is counted."""

    product: Annotated[EntityId | None, Field(description="Only on this product.")] = None
    agency: Annotated[
        EntityId | None, Field(description="Only by this agency.", examples=["STEMGRAPH:fda"])
    ] = None
    jurisdiction: Annotated[JurisdictionName | None, Field(description="Only there.")] = None
    type: Annotated[ActionType | None, Field(description="Only of this type.")] = None
    year: Annotated[
        int | None,
        Field(ge=1900, le=2200, description="Only in this year; what may have been in another is left out."),
        WHOLE,
    ] = None
    category: Annotated[CategoryName | None, Field(description="Only on products of this category.")] = None
    kind: Annotated[
        EntityId | None,
        Field(
            description="Only on products of this class, or that target, correct, use or derive from this.",
            examples=["HGNC:1633"],
        ),
    ] = None
    disease: Annotated[EntityId | None, Field(description="Only for this disease or a kind of it.")] = None
    by: Annotated[
        tuple[GroupingName, ...],
        Field(max_length=4, description="Count by this, over all pages; may be repeated."),
    ] = ()


@get(
    "/api/v1/actions",
    tag="regulation",
    parameters=ActionParameters,
    returns=ActionsAnswer,
    entities=("product", "agency", "kind", "disease"),
    slow=True,
)
def list_actions(call: Call[ActionParameters]) -> Answer:
    """Regulatory actions by product, agency, jurisdiction, type, year and kind of product, with counts.

    In the order of their dates. `by=year&by=product_class` counts them and the products they are about.
    """
    page = call.graph.actions(ActionQuery(**dict(call.parameters)))
    return Answer(enveloped(call.service, page.to_record()), next_cursor=page.next_cursor)
