"""How cells develop."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.connection_responses import LineageAnswer
from stemgraph.app.envelope import enveloped
from stemgraph.app.negotiation import JSON
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import WHOLE, EntityId, Parameters
from stemgraph.app.routes.timeline import SVG


class LineageParameters(Parameters):
    """One cell, or two."""

    cell: Annotated[
        EntityId | None, Field(description="The cell whose lineage is wanted.", examples=["CL:0000084"])
    ] = None
    from_: Annotated[
        EntityId | None, Field(alias="from", description="One of two cells, between which the way is wanted.")
    ] = None
    to: Annotated[EntityId | None, Field(description="The other; which is the earlier does not matter.")] = (
        None
    )
    limit: Annotated[int, Field(ge=1, le=2000, description="Most cells; the nearest are given."), WHOLE] = 200


@get(
    "/api/v1/lineage",
    tag="entities",
    parameters=LineageParameters,
    returns=LineageAnswer,
    offers=(JSON, SVG),
    entities=("cell", "from_", "to"),
    slow=True,
)
def get_lineage(call: Call[LineageParameters]) -> Answer:
    """The differentiation tree of a cell, or every way between two, with the relation at each step.

    It is followed back to the hematopoietic stem cell and no further; `truncated` tells that there is more.
    With `Accept: image/svg+xml` as a picture.
    """
    asked = call.parameters
    lineage = call.graph.lineage(asked.cell, start=asked.from_, end=asked.to, limit=asked.limit)
    if call.media_type == SVG:
        return Answer(lineage.to_svg().encode(), SVG)
    return Answer(enveloped(call.service, lineage.to_record()))
