"""Finding entities by name."""

from __future__ import annotations

from typing import Annotated, Final

import orjson
from pydantic import Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import WHOLE, CategoryName, Paging, Parameters, Text
from stemgraph.app.responses import AutocompleteAnswer, SearchAnswer
from stemgraph.graph.cursor import decode_cursor, encode_cursor

FARTHEST: Final = 10_000
"""Hits beyond this rank are not listed: no reader gets there, and reaching them costs the most."""


class SearchParameters(Paging):
    """What is searched for."""

    q: Annotated[
        Text,
        Field(
            description="Words of a label or synonym; one typo is forgiven.", examples=["multiple sclerosis"]
        ),
    ]
    category: Annotated[CategoryName | None, Field(description="Only entities of this category.")] = None
    limit: Annotated[int, Field(ge=1, le=200, description="Most items of a page."), WHOLE] = 20


class AutocompleteParameters(Parameters):
    """What has been typed so far."""

    q: Annotated[Text, Field(description="The beginning of a label or synonym.", examples=["multiple sc"])]
    category: Annotated[CategoryName | None, Field(description="Only entities of this category.")] = None
    limit: Annotated[int, Field(ge=1, le=50, description="Most items."), WHOLE] = 10


@get("/api/v1/search", tag="search", parameters=SearchParameters, returns=SearchAnswer, slow=True)
def search_entities(call: Call[SearchParameters]) -> Answer:
    """Entities by name, best first, with the number of hits in each category."""
    asked = call.parameters
    key = repr((asked.q, asked.category))
    offset = decode_cursor(asked.cursor, key, call.service.edition_id) if asked.cursor else 0
    found = call.graph.search(asked.q, category=asked.category, limit=asked.limit, offset=offset)
    end = offset + len(found.items)
    more = len(found.items) > 0 and end < min(found.total, FARTHEST)
    cursor = encode_cursor(key, call.service.edition_id, end) if more else None
    return Answer(
        enveloped(call.service, found.to_record(), next_cursor=orjson.dumps(cursor)), next_cursor=cursor
    )


@get(
    "/api/v1/autocomplete",
    tag="search",
    parameters=AutocompleteParameters,
    returns=AutocompleteAnswer,
    slow=True,
)
def autocomplete_entities(call: Call[AutocompleteParameters]) -> Answer:
    """Entities whose names continue what has been typed, best first."""
    asked = call.parameters
    hits = call.graph.autocomplete(asked.q, category=asked.category, limit=asked.limit)
    record = {"items": [hit.to_record() for hit in hits], "total": len(hits), "next_cursor": None}
    return Answer(enveloped(call.service, record))
