"""What is used for a disease."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.filters import GROUPINGS
from stemgraph.app.inference_responses import TherapiesAnswer
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import EntityId, Flag, JurisdictionName, Paging, Word
from stemgraph.ontology.closure_rules import closure_rules


class TherapyParameters(Paging):
    """The disease, and how much must be claimed."""

    disease: Annotated[
        EntityId,
        Field(description="The disease; its kinds and parents answer for it.", examples=["MONDO:0005301"]),
    ]
    min_strength: Annotated[
        Annotated[str, Word("predicate of the treats ladder", lambda: closure_rules().strengths)] | None,
        Field(description="Only what claims as much as this predicate, or more.", examples=["treats"]),
    ] = None
    jurisdiction: Annotated[
        JurisdictionName | None, Field(description="Only with this jurisdiction among the qualifiers.")
    ] = None
    groupings: Annotated[Flag, GROUPINGS] = False


@get(
    "/api/v1/therapies",
    tag="therapies",
    parameters=TherapyParameters,
    returns=TherapiesAnswer,
    entities=("disease",),
    slow=True,
)
def list_therapies(call: Call[TherapyParameters]) -> Answer:
    """The therapies of a disease, the strongest first, with what is stated of each.

    The treats ladder, from the strongest: treats, recommended_for, applied_to_treat, and, equally,
    in_clinical_trials_for and studied_to_treat. Statements whose qualifiers differ are never merged; what is
    stated of a kind or a parent of the disease says so in `inherited`; negated statements have no strength.
    """
    asked = call.parameters
    found = call.graph.therapies_for(
        asked.disease,
        min_strength=asked.min_strength,
        jurisdiction=asked.jurisdiction,
        groupings=asked.groupings,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    body = enveloped(call.service, found.to_record())
    return Answer(body, next_cursor=found.next_cursor, lasting=found.complete)
