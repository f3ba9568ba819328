"""What a text names and claims."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, post
from stemgraph.app.parameters import CategoryName, Parameters, SourceName
from stemgraph.app.request_body import parse_body
from stemgraph.app.text_responses import AnnotationsAnswer, CheckAnswer
from stemgraph.graph.text_questions import ANNOTATE_MS, CHECK_MS

LONGEST_TEXT = 1_000_000
LONGEST_WAIT = 30_000
"""Milliseconds that a request may take at most."""

_EXAMPLE = (
    "Autologous HSCT can be effective in multiple sclerosis. It does not cause graft-versus-host disease."
)


READING_SHARE: Final = 0.6
"""How much of a time budget reading may take; measured, a long check spends the rest on its answer."""


class TextToAnnotate(BaseModel):
    """A text whose entities are wanted."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": _EXAMPLE}]})

    text: Annotated[str, Field(max_length=LONGEST_TEXT, description="Running text, in English.")]
    categories: Annotated[
        list[CategoryName],
        Field(max_length=20, description="Only entities of these categories; none means all."),
    ] = []
    budget_ms: Annotated[
        int,
        Field(
            ge=1,
            le=LONGEST_WAIT,
            description="Milliseconds to read; `complete` tells whether they sufficed.",
        ),
    ] = ANNOTATE_MS


class TextToCheck(BaseModel):
    """A text whose claims are to be judged."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": _EXAMPLE}]})

    text: Annotated[str, Field(max_length=LONGEST_TEXT, description="Running text, in English.")]
    without: Annotated[
        list[SourceName],
        Field(max_length=20, description="Sources whose associations do not count, such as `article`."),
    ] = []
    budget_ms: Annotated[
        int,
        Field(
            ge=1,
            le=LONGEST_WAIT,
            description="Milliseconds to check; `complete` tells whether they sufficed.",
        ),
    ] = CHECK_MS


@post("/api/v1/annotate", tag="texts", takes=TextToAnnotate, returns=AnnotationsAnswer, slow=True)
def annotate_text(call: Call[Parameters]) -> Answer:
    """The entities that a text names: where, which, and what else the same words may mean.

    The longest name from the left is taken; a category keeps whole names only. Acronyms must be written in
    capitals, and those that the text itself explains in brackets mean what it says.
    """
    asked = parse_body(TextToAnnotate, call.body)
    found = call.graph.annotate(
        asked.text, category=asked.categories, budget_ms=_for_reading(asked.budget_ms)
    )
    return Answer(enveloped(call.service, found.to_record()))


@post("/api/v1/check", tag="texts", takes=TextToCheck, returns=CheckAnswer, slow=True)
def check_text(call: Call[Parameters]) -> Answer:
    """Each claim of a text held against the graph, with the associations and the evidence that decide.

    A claim is supported; supported more weakly, where the text asserts more than the graph; contradicted;
    unknown, which is neither yes nor no; and a sentence without any is not a claim. Claims are read by rules:
    what they miss is not judged.
    """
    asked = parse_body(TextToCheck, call.body)
    found = call.graph.check(asked.text, without=asked.without, budget_ms=_for_reading(asked.budget_ms))
    return Answer(enveloped(call.service, found.to_record()))


def _for_reading(budget_ms: int) -> int:
    """What is left for reading a text, when the rest goes into writing an answer of many megabytes."""
    return max(1, round(budget_ms * READING_SHARE))
