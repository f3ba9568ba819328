"""What stands above and below an entity."""

from __future__ import annotations

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.responses import HierarchyAnswer
from stemgraph.app.routes.entity import EntityPath


@get(
    "/api/v1/entity/{id:path}/hierarchy",
    tag="entities",
    parameters=EntityPath,
    returns=HierarchyAnswer,
    entities=("id",),
    slow=True,
)
def get_hierarchy(call: Call[EntityPath]) -> Answer:
    """Parents, children, ancestors and descendants of an entity, each with the relation that leads to it."""
    return Answer(enveloped(call.service, call.graph.hierarchy(call.parameters.id).to_record()))
