"""Associations: of an entity, by filters, and one by id."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stemgraph.app.curation.versions import version_of
from stemgraph.app.envelope import enveloped
from stemgraph.app.filters import EndFilters, Inferring, StandingFilters
from stemgraph.app.inference_responses import ClosureAssociationsAnswer, EntityAssociationsAnswer
from stemgraph.app.negotiation import JSON, JSON_AND_RDF
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import AssociationId, Paging, Parameters
from stemgraph.app.rdf import describe_associations
from stemgraph.app.responses import AssociationAnswer
from stemgraph.app.routes.entity import EntityPath
from stemgraph.graph.associations import Associations


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
    returns=EntityAssociationsAnswer,
    offers=JSON_AND_RDF,
    entities=("id",),
)
def get_entity_associations(call: Call[EntityAssociations]) -> Answer:
    """What is stated about an entity, in both directions, with qualifiers and evidence.

    Negated statements are among them: `negated` tells them apart. The first page of JSON has `of_kinds`
    besides: what is stated of kinds of the entity, as what treats relapsing-remitting multiple sclerosis is
    where multiple sclerosis is asked for.
    """
    asked = call.parameters
    query = asked.query(entity=asked.id, limit=asked.limit, cursor=asked.cursor, inferring=asked)
    page = call.graph.associations(query)
    of_kinds = b"null"
    if call.media_type == JSON and asked.cursor is None and (kinds := page.of_kinds) is not None:
        of_kinds = kinds.to_json(more=call.again(closure="true", cursor=None) if kinds.has_more else None)
    return _answer(call, page, of_kinds=of_kinds)


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
    query = asked.query(
        entity=asked.entity,
        subject=asked.subject,
        object=asked.object,
        limit=asked.limit,
        cursor=asked.cursor,
        inferring=asked,
    )
    return _answer(call, call.graph.associations(query))


def _version(call: Call[AssociationPath]) -> str:
    return version_of(call.graph.association_bytes(call.parameters.id))


@get(
    "/api/v1/association/{id:path}",
    tag="associations",
    parameters=AssociationPath,
    returns=AssociationAnswer,
    offers=JSON_AND_RDF,
    problems=(404,),
    version=_version,
)
def get_association(call: Call[AssociationPath]) -> Answer:
    """One association with all its evidence.

    Its entity tag is what If-Match takes where the association is revised or retired.
    """
    identifier = call.parameters.id
    if call.media_type != JSON:
        found = [call.graph.association(identifier)]
        return Answer(describe_associations(found, call.media_type, call.graph.edition), call.media_type)
    return Answer(enveloped(call.service, call.graph.association_bytes(identifier)))


def _answer(
    call: Call[EntityAssociations] | Call[FilteredAssociations], page: Associations, **members: bytes
) -> Answer:
    if call.media_type == JSON:
        body = enveloped(call.service, page.bytes(), **members)
    else:
        body = describe_associations(page, call.media_type, call.graph.edition)
    return Answer(body, call.media_type, next_cursor=page.next_cursor, lasting=page.complete)
