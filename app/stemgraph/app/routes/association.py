"""Associations: of an entity, by filters, and one by id."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.filters import EndFilters, Inferring, StandingFilters
from stemgraph.app.inference_responses import ClosureAssociationsAnswer
from stemgraph.app.negotiation import JSON, JSON_AND_RDF
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import AssociationId, Paging, Parameters
from stemgraph.app.rdf import describe_associations
from stemgraph.app.responses import AssociationAnswer
from stemgraph.app.routes.entity import EntityPath
from stemgraph.graph.association_query import AssociationQuery


class EntityAssociations(StandingFilters, Inferring, Paging, EntityPath):
    """The associations of one entity."""


class FilteredAssociations(EndFilters, Inferring, Paging):
    """The associations that pass filters."""


class AssociationPath(Parameters):
    """The association that is asked for."""

    id: Annotated[AssociationId, Field(description="CURIE or IRI of an association.")]


@get(
    "/api/v1/entity/{id:path}/associations",
    tag="associations",
    parameters=EntityAssociations,
    returns=ClosureAssociationsAnswer,
    offers=JSON_AND_RDF,
    entities=("id",),
)
def get_entity_associations(call: Call[EntityAssociations]) -> Answer:
    """What is stated about an entity, in both directions, with qualifiers and evidence.

    Negated statements are among them: `negated` tells them apart.
    """
    asked = call.parameters
    query = asked.query(entity=asked.id, limit=asked.limit, cursor=asked.cursor, inferring=asked)
    return _page(call, query)


@get(
    "/api/v1/association",
    tag="associations",
    parameters=FilteredAssociations,
    returns=ClosureAssociationsAnswer,
    offers=JSON_AND_RDF,
    entities=("subject", "object", "entity"),
)
def list_associations(call: Call[FilteredAssociations]) -> Answer:
    """Associations by subject, predicate, object, category, status, source and negation."""
    asked = call.parameters
    return _page(
        call,
        asked.query(
            entity=asked.entity,
            subject=asked.subject,
            object=asked.object,
            limit=asked.limit,
            cursor=asked.cursor,
            inferring=asked,
        ),
    )


@get(
    "/api/v1/association/{id:path}",
    tag="associations",
    parameters=AssociationPath,
    returns=AssociationAnswer,
    offers=JSON_AND_RDF,
    problems=(404,),
)
def get_association(call: Call[AssociationPath]) -> Answer:
    """One association with all its evidence."""
    identifier = call.parameters.id
    if call.media_type != JSON:
        found = [call.graph.association(identifier)]
        return Answer(describe_associations(found, call.media_type, call.graph.edition), call.media_type)
    return Answer(enveloped(call.service, call.graph.association_bytes(identifier)))


def _page(call: Call[EntityAssociations] | Call[FilteredAssociations], query: AssociationQuery) -> Answer:
    page = call.graph.associations(query)
    if call.media_type == JSON:
        body = enveloped(call.service, page.bytes())
    else:
        body = describe_associations(page, call.media_type, call.graph.edition)
    return Answer(body, call.media_type, next_cursor=page.next_cursor, lasting=page.complete)
