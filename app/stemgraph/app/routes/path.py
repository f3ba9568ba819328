"""How two entities are connected."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import WHOLE, EntityId, Parameters, PredicateName
from stemgraph.app.responses import PathsAnswer


class PathParameters(Parameters):
    """The ends, and how hard to look."""

    source: Annotated[EntityId, Field(description="Where the path begins.", examples=["CL:0000037"])]
    target: Annotated[EntityId, Field(description="Where it ends.", examples=["CL:0000084"])]
    max_hops: Annotated[int, Field(ge=1, le=8, description="Most steps of a path."), WHOLE] = 4
    k: Annotated[int, Field(ge=1, le=20, description="Most paths."), WHOLE] = 3
    budget_ms: Annotated[
        int,
        Field(ge=1, le=5000, description="Milliseconds to look; `complete` tells whether they sufficed."),
        WHOLE,
    ] = 500
    predicate: Annotated[
        tuple[PredicateName, ...], Field(max_length=40, description="Only along these; may be repeated.")
    ] = ()


@get(
    "/api/v1/path",
    tag="associations",
    parameters=PathParameters,
    returns=PathsAnswer,
    entities=("source", "target"),
    slow=True,
)
def find_paths(call: Call[PathParameters]) -> Answer:
    """The shortest paths between two entities, ranked, each step explained by its association."""
    asked = call.parameters
    paths = call.graph.paths(
        asked.source,
        asked.target,
        max_hops=asked.max_hops,
        k=asked.k,
        budget_ms=asked.budget_ms,
        predicates=asked.predicate or None,
    )
    return Answer(enveloped(call.service, paths.to_record()), lasting=paths.complete)
