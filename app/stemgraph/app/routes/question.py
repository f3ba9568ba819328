"""Yes-or-no questions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.filters import GROUPINGS
from stemgraph.app.inference_responses import YesNoAnswer
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import WHOLE, EntityId, Flag, Parameters, PredicateName


class QuestionParameters(Parameters):
    """Whether a subject stands in a relation to an object."""

    subject: Annotated[EntityId, Field(description="The subject.", examples=["STEMGRAPH:autologous-hsct"])]
    predicate: Annotated[PredicateName, Field(description="The relation.", examples=["has_adverse_event"])]
    object: Annotated[EntityId, Field(description="The object.", examples=["MONDO:0013730"])]
    groupings: Annotated[Flag, GROUPINGS] = False
    limit: Annotated[int, Field(ge=1, le=200, description="Most associations that are shown."), WHOLE] = 50


@get(
    "/api/v1/ask",
    tag="associations",
    parameters=QuestionParameters,
    returns=YesNoAnswer,
    entities=("subject", "object"),
    slow=True,
)
def ask_question(call: Call[QuestionParameters]) -> Answer:
    """Whether something is stated, stated as negative, inherited, conflicting or not stated, with the rows.

    `not stated` is not a no: nothing in the release says either. What follows by a rule of closure is
    `inherited`, with the rule and the path; `blocked` tells what a rule held up, and why.
    """
    asked = call.parameters
    found = call.graph.ask(
        asked.subject, asked.predicate, asked.object, groupings=asked.groupings, limit=asked.limit
    )
    return Answer(enveloped(call.service, found.to_record()), lasting=found.associations.complete)
