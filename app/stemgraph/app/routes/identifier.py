"""The address of a thing itself: it leads to the page or the data about it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from pydantic import Field

from stemgraph.app.negotiation import HTML, JSON_AND_RDF
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import EntityId, Parameters


class IdentifierPath(Parameters):
    """The thing that is named."""

    curie: Annotated[EntityId, Field(description="CURIE of an entity, association or regulatory action.")]


@get(
    "/id/{curie:path}",
    tag="entities",
    parameters=IdentifierPath,
    offers=(*JSON_AND_RDF, HTML),
    entities=("curie",),
    kept=False,
    redirects=True,
)
def resolve_identifier(call: Call[IdentifierPath]) -> Answer:
    """Where a thing is described: 303 to its page where HTML is preferred, else to its data.

    Ask there with the same Accept header.
    """
    curie = call.parameters.curie
    if curie.startswith("sga:"):
        found, place = call.graph.association(curie).id, "api/v1/association/"
    else:
        found = call.graph.entity(curie).id
        place = "entity/" if call.media_type == HTML else "api/v1/entity/"
    home = call.way_home("/id/" + call.path_values["curie"])
    address = call.pinned(f"{home}{place}{quote(found, safe=':')}")
    return Answer(b"", status=303, headers=((b"location", address.encode()),))
