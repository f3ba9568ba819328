"""What is stated and denied of the same."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.connection_responses import ConflictsAnswer
from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import EntityId, Paging, PredicateName, Word
from stemgraph.graph.disagreement.conflict import KINDS


class ConflictParameters(Paging):
    """Which conflicts."""

    entity: Annotated[
        EntityId | None,
        Field(
            description="Only with this entity in one of the statements; without it, all of the release.",
            examples=["MONDO:0005011"],
        ),
    ] = None
    predicate: Annotated[
        PredicateName | None, Field(description="Only with a statement of this predicate.")
    ] = None
    kind: Annotated[
        Annotated[str, Word("kind of conflict", lambda: KINDS)] | None,
        Field(
            description="direct: nothing separates the two; divided: one statement's own evidence disagrees; "
            "qualified: a qualifier separates them; near: one is about a kind of what the other is about; "
            "elsewhere: denied for one condition, stated for others."
        ),
    ] = None


@get(
    "/api/v1/conflicts",
    tag="associations",
    parameters=ConflictParameters,
    returns=ConflictsAnswer,
    entities=("entity",),
    slow=True,
)
def list_conflicts(call: Call[ConflictParameters]) -> Answer:
    """Claims with what is stated for and against them side by side, and the qualifiers that separate the two.

    Near conflicts are found through the hierarchy: a therapy that is denied for a kind of the disease for
    which it is stated.
    """
    asked = call.parameters
    found = call.graph.conflicts(
        asked.entity, asked.predicate, kind=asked.kind, limit=asked.limit, cursor=asked.cursor
    )
    body = enveloped(call.service, found.to_record())
    return Answer(body, next_cursor=found.next_cursor, lasting=found.complete)
