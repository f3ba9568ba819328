"""Entities, one and many."""

from __future__ import annotations

from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.negotiation import JSON, JSON_AND_RDF
from stemgraph.app.operation import Answer, Call, get, post
from stemgraph.app.parameters import MOST_ITEMS, EntityId, Parameters
from stemgraph.app.rdf import describe_entity
from stemgraph.app.request_body import parse_body
from stemgraph.app.responses import EntitiesAnswer, EntityAnswer
from stemgraph.ontology.identifiers import normalise


class EntityPath(Parameters):
    """The entity that is asked about."""

    id: Annotated[EntityId, Field(description="CURIE, or IRI of a known namespace (percent-encoded).")]


class EntityList(BaseModel):
    """Identifiers of the entities that are wanted."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"ids": ["MONDO:0005301", "CL:0000037"]}]}
    )

    ids: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=400)]],
        Field(
            max_length=MOST_ITEMS,
            description="CURIEs or IRIs; those that are unknown are listed in the answer.",
        ),
    ]


@get(
    "/api/v1/entity/{id:path}",
    tag="entities",
    parameters=EntityPath,
    returns=EntityAnswer,
    offers=JSON_AND_RDF,
    entities=("id",),
)
def get_entity(call: Call[EntityPath]) -> Answer:
    """One entity: label, categories, synonyms, equivalent ids, description, counts by predicate."""
    curie = call.parameters.id
    record = call.graph.entity_bytes(curie)
    if call.media_type != JSON:
        return Answer(describe_entity(call.graph, curie, call.media_type), call.media_type)
    counts = orjson.dumps(call.graph.counts(curie))
    return Answer(enveloped(call.service, record, counts=counts))


@post("/api/v1/entities", tag="entities", takes=EntityList, returns=EntitiesAnswer)
def list_entities(call: Call[Parameters]) -> Answer:
    """Many entities by id, in the order asked; what is unknown is listed, not an error.

    An id given twice is answered once.
    """
    found: dict[str, bytes] = {}
    unknown: dict[str, None] = {}
    # Looked up in the records themselves: suggestions for the unknown would cost the most, unread.
    records = call.graph.records
    for identifier in parse_body(EntityList, call.body).ids:
        curie = normalise(identifier)
        record = records.entity_bytes(curie)
        if record is None:
            unknown[identifier] = None
        else:
            found[curie] = record
    items = b"[" + b",".join(found.values()) + b"]"
    body = b'{"items":%s,"total":%d,"next_cursor":null,"unknown":%s}' % (
        items,
        len(found),
        orjson.dumps(list(unknown)),
    )
    return Answer(enveloped(call.service, body))
