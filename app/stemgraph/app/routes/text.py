"""What a text names and claims."""

from __future__ import annotations

import time
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


GRACE: Final = 10.0
"""Seconds beyond the budget after which a reading is ended: opening a release takes some of them."""
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


@post("/api/v1/annotate", tag="texts", takes=TextToAnnotate, returns=AnnotationsAnswer, problems=(504,))
async def annotate_text(call: Call[Parameters]) -> Answer:
    """The entities that a text names: where, which, and what else the same words may mean.

    The longest name from the left is taken; a category keeps whole names only. Acronyms must be written in
    capitals, and those that the text itself explains in brackets mean what it says.
    """
    asked = parse_body(TextToAnnotate, call.body)
    return await _read(call, "annotate", asked.text, asked.budget_ms, categories=asked.categories)


@post("/api/v1/check", tag="texts", takes=TextToCheck, returns=CheckAnswer, problems=(504,))
async def check_text(call: Call[Parameters]) -> Answer:
    """Each claim of a text held against the graph, with the associations and the evidence that decide.

    A claim is supported; supported more weakly, where the text asserts more than the graph; contradicted;
    unknown, which is neither yes nor no; and a sentence without any is not a claim. Claims are read by rules:
    what they miss is not judged.
    """
    asked = parse_body(TextToCheck, call.body)
    return await _read(call, "check", asked.text, asked.budget_ms, without=asked.without)


async def _read(call: Call[Parameters], tool: str, text: str, budget_ms: int, **more: list[str]) -> Answer:
    """What a tool of the jail makes of a text, within a time that begins now."""
    # What is left of the budget goes into writing an answer of many megabytes.
    until = time.monotonic() + budget_ms / 1000 * READING_SHARE
    _, found = await call.service.instance.jail.run(
        tool,
        {"graph": call.service.edition, "text": text, "until": until, **more},
        body=call.service.pickled_graph,
        client=call.client,
        seconds=budget_ms / 1000 + GRACE,
        store=call.graph.edition.store,
    )
    return Answer(enveloped(call.service, found))
