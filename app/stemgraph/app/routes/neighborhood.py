"""What surrounds an entity, for a picture."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import MOST_ITEMS, WHOLE
from stemgraph.app.responses import NeighborhoodAnswer
from stemgraph.app.routes.entity import EntityPath


class NeighborhoodParameters(EntityPath):
    """How far and how much."""

    depth: Annotated[int, Field(ge=1, le=3, description="Steps from the entity."), WHOLE] = 1
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS, description="Most nodes."), WHOLE] = 100


@get(
    "/api/v1/entity/{id:path}/neighborhood",
    tag="entities",
    parameters=NeighborhoodParameters,
    returns=NeighborhoodAnswer,
    entities=("id",),
    slow=True,
)
def get_neighborhood(call: Call[NeighborhoodParameters]) -> Answer:
    """Nodes and edges around an entity, for a picture; `truncated` tells that there are more."""
    asked = call.parameters
    surroundings = call.graph.neighborhood(asked.id, depth=asked.depth, limit=asked.limit)
    return Answer(enveloped(call.service, surroundings.to_record()))
