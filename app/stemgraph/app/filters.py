"""The filters by which associations are chosen, as parameters of several routes."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from stemgraph.app.parameters import (
    CategoryName,
    DonorTypeName,
    EntityId,
    Flag,
    JurisdictionName,
    Parameters,
    PredicateName,
    SourceName,
    StatusName,
)
from stemgraph.graph.association_query import AssociationQuery

GROUPINGS: Final = Field(
    description="Whether the project's own groupings of diseases, beside Mondo's, count as steps of closure."
)


class Inferring(Parameters):
    """Whether what is inherited is wanted too."""

    closure: Annotated[
        Flag,
        Field(
            description="Whether what is inherited by the rules of closure is wanted too: it follows what is "
            "stated, each with its rule and path in `inherited`."
        ),
    ] = False
    groupings: Annotated[Flag, GROUPINGS] = False


class StandingFilters(Parameters):
    """Filters by what an association says, whichever entities it is about."""

    predicate: Annotated[
        tuple[PredicateName, ...],
        Field(max_length=40, description="Only these predicates; may be repeated."),
    ] = ()
    category: Annotated[
        CategoryName | None, Field(description="Only where an entity (the other one) is of this category.")
    ] = None
    status: Annotated[StatusName | None, Field(description="Only of this status.")] = None
    source: Annotated[
        SourceName | None, Field(description="Only from this named graph.", examples=["curated"])
    ] = None
    negated: Annotated[
        Flag | None, Field(description="true: only negated statements; false: none of them.")
    ] = None
    jurisdiction: Annotated[
        JurisdictionName | None, Field(description="Only with this jurisdiction among the qualifiers.")
    ] = None
    donor_type: Annotated[
        DonorTypeName | None, Field(description="Only with this donor type among the qualifiers.")
    ] = None

    def query(
        self,
        *,
        entity: str | None = None,
        subject: str | None = None,
        object: str | None = None,  # noqa: A002  # the word of RDF
        limit: int | None,
        cursor: str | None = None,
        inferring: Inferring | None = None,
    ) -> AssociationQuery:
        """These filters as the library's query, about these entities."""
        return AssociationQuery(
            entity=entity,
            subject=subject,
            object=object,
            predicate=self.predicate or None,
            category=self.category,
            status=self.status,
            source=self.source,
            negated=self.negated,
            jurisdiction=self.jurisdiction,
            donor_type=self.donor_type,
            limit=limit,
            cursor=cursor,
            closure=inferring is not None and inferring.closure,
            groupings=inferring is not None and inferring.groupings,
        )


class EndFilters(StandingFilters):
    """Filters by subject, object or either, and by what is said."""

    subject: Annotated[EntityId | None, Field(description="Only about this subject.")] = None
    object: Annotated[EntityId | None, Field(description="Only about this object.")] = None
    entity: Annotated[EntityId | None, Field(description="Only with this entity at either end.")] = None
