"""How two entities are connected."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.connection_responses import PathsAnswer
from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import WHOLE, EntityId, Parameters, PredicateName, Word

HopText = Annotated[str, Field(max_length=400, pattern=r"^\^?[a-z_]+(\|\^?[a-z_]+)*$")]


class PathParameters(Parameters):
    """The ends, and how hard to look."""

    source: Annotated[EntityId, Field(description="Where the path begins.", examples=["CL:0000037"])]
    target: Annotated[
        EntityId | None,
        Field(
            description="Where it ends. Without it, the best path to each end of `via` is given; without "
            "both, that to each entity at one step.",
            examples=["CL:0000084"],
        ),
    ] = None
    max_hops: Annotated[int, Field(ge=1, le=8, description="Most steps of a path."), WHOLE] = 4
    k: Annotated[int, Field(ge=1, le=50, description="Most paths."), WHOLE] = 3
    budget_ms: Annotated[
        int,
        Field(ge=1, le=5000, description="Milliseconds to look; `complete` tells whether they sufficed."),
        WHOLE,
    ] = 500
    predicate: Annotated[
        tuple[PredicateName, ...], Field(max_length=40, description="Only along these; may be repeated.")
    ] = ()
    direction: Annotated[
        str,
        Word("direction", lambda: ("any", "forward", "backward")),
        Field(description="`forward`: only from subject to object; `backward`: only from object to subject."),
    ] = "any"
    via: Annotated[
        tuple[HopText, ...],
        Field(
            max_length=8,
            description="The predicates of the steps, in order: repeated, one for each step. `treats` leads "
            "from subject to object, `^treats` back, and `treats|prevents` along either.",
        ),
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
    """The best paths between two entities, ranked, each step explained by its association and evidence.

    With `via` a question of several hops is asked: `source=STEMGRAPH:strimvelis&via=corrects_gene&
    via=^has_causal_gene&via=^treats` leads from a product over its gene and the diseases of that gene to what
    else treats them. Negated statements are no steps; retracted evidence lowers a path, which says so.
    """
    asked = call.parameters
    paths = call.graph.paths(
        asked.source,
        asked.target,
        max_hops=asked.max_hops,
        k=asked.k,
        budget_ms=asked.budget_ms,
        predicates=asked.predicate or None,
        direction=asked.direction,
        via=asked.via,
    )
    return Answer(enveloped(call.service, paths.to_record()), lasting=paths.complete)
