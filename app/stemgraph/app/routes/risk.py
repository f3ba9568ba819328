"""The risks of therapies, one or several side by side."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import EntityId, Flag, Parameters
from stemgraph.app.risk_responses import RisksAnswer


class RiskParameters(Parameters):
    """Whose risks, and which."""

    therapy: Annotated[
        tuple[EntityId, ...],
        Field(
            min_length=1,
            max_length=6,
            description="A therapy, product or drug; repeated, they are compared.",
            examples=["STEMGRAPH:skysona"],
        ),
    ]
    risk: Annotated[
        tuple[EntityId, ...],
        Field(max_length=20, description="Only this risk, also where it is not stated; may be repeated."),
    ] = ()
    closure: Annotated[
        Flag, Field(description="Whether what is stated of classes and kinds is shown, with the path.")
    ] = True


@get(
    "/api/v1/risks",
    tag="risks",
    parameters=RiskParameters,
    returns=RisksAnswer,
    slow=True,
    problems=(404,),
)
def list_risks(call: Call[RiskParameters]) -> Answer:
    """The risks of a therapy: how often, how badly, when, and what prevents, treats and watches for each.

    Boxed warnings are direct or inherited from a product class, with the path. Several therapies are put
    side by side: a cell keeps apart what is `not stated`, `stated as negative`, and a zero (`none observed`).
    """
    asked = call.parameters
    therapies = list(dict.fromkeys(asked.therapy))
    if len(therapies) > 1:
        found = call.graph.compare_risks(therapies, closure=asked.closure, risk=asked.risk)
        return Answer(enveloped(call.service, found.to_record()))
    risks = call.graph.risks(therapies[0], closure=asked.closure, risk=asked.risk)
    return Answer(enveloped(call.service, risks.to_record()))
