"""The questions that closure answers, as methods of the knowledge graph."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from stemgraph.graph.errors import UnknownPredicateError
from stemgraph.graph.model import Entity
from stemgraph.ontology.identifiers import PREFIXES, normalise

if TYPE_CHECKING:
    from stemgraph.graph.asking import YesNoAnswer
    from stemgraph.graph.association_query import AssociationQuery
    from stemgraph.graph.closure_index import ClosureIndex
    from stemgraph.graph.inherited_associations import InheritedAssociations
    from stemgraph.graph.kinds import Kinds
    from stemgraph.graph.knowledge_graph import KnowledgeGraph
    from stemgraph.graph.therapies import Therapies

# Imports inside methods: see knowledge_graph.
# ruff: noqa: PLC0415


class InferenceQuestions:
    """What a knowledge graph answers with the help of the rules of closure."""

    def therapies_for(
        self,
        disease: str,
        *,
        min_strength: str | None = None,
        jurisdiction: str | None = None,
        groupings: bool = False,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Therapies:
        """What is, or is stated not to be, for a disease, with what is stated of its kinds and its parents.

        Args:
            disease: A CURIE or a name.
            min_strength: A predicate of the treats ladder: only what claims as much or more.
            jurisdiction: Only what is stated for it.
            groupings: Whether the project's own groupings of diseases count.
            limit: Most therapies of a page; all without.
            cursor: The ``next_cursor`` of the page before.

        Raises:
            UnknownIdentifierError: The disease is not in this release.
            UnknownNameError: Nothing is called so.
            AmbiguousNameError: Several diseases are.
            BadRequestError: ``min_strength`` or ``jurisdiction`` is outside its vocabulary.
            CursorError: The cursor is garbled or belongs to another query or release.
        """
        from stemgraph.graph.therapies import group_therapies, therapies_query

        graph = cast("KnowledgeGraph", self)
        asked = named_entity(graph, disease, category="disease")
        query = therapies_query(
            asked.id, min_strength=min_strength, jurisdiction=jurisdiction, groupings=groupings
        )
        found = cast("InheritedAssociations", graph.associations(query))
        return group_therapies(asked.reference, found, graph.edition.digest, limit=limit, cursor=cursor)

    def ask(
        self,
        subject: str,
        predicate: str,
        object: str,  # noqa: A002  # the word of RDF
        *,
        groupings: bool = False,
        limit: int | None = 50,
    ) -> YesNoAnswer:
        """Whether a subject stands in a relation to an object, in five words; see ``asking.ANSWERS``.

        Args:
            subject: A CURIE or a name.
            predicate: The relation.
            object: A CURIE or a name.
            groupings: Whether the project's own groupings of diseases count.
            limit: Most associations that are shown; they are counted all the same.

        Raises:
            UnknownIdentifierError: An end is not in this release.
            UnknownNameError: Nothing is called so.
            AmbiguousNameError: Several entities are.
            UnknownPredicateError: Not one of the predicates.
        """
        from stemgraph.graph.asking import YesNoAnswer, judge

        graph = cast("KnowledgeGraph", self)
        ends = [named_entity(graph, each) for each in (subject, object)]
        if not predicate:
            raise UnknownPredicateError("it is empty", place="predicate", mend="name one, such as treats")
        found = cast(
            "InheritedAssociations",
            graph.associations(
                subject=ends[0].id,
                predicate=predicate,
                object=ends[1].id,
                closure=True,
                groupings=groupings,
                limit=limit,
            ),
        )
        answer, negated = judge(found.closure)
        return YesNoAnswer(ends[0].reference, predicate, ends[1].reference, answer, negated, found)

    @cached_property
    def closure_index(self) -> ClosureIndex:
        """The hierarchy of the release, arranged for the walks of closure."""
        from stemgraph.graph.closure_index import ClosureIndex

        return ClosureIndex(cast("KnowledgeGraph", self).records, self._versions)

    @cached_property
    def kinds(self) -> Kinds:
        """What is stated of the kinds of entities."""
        from stemgraph.graph.kinds import Kinds

        return Kinds(cast("KnowledgeGraph", self).records, self._versions)

    @property
    def _versions(self) -> dict[str, str]:
        """The version of each source."""
        release = cast("KnowledgeGraph", self).release
        return {str(each["name"]): str(each.get("version", "")) for each in release.sources}

    def _inherited_associations(self, query: AssociationQuery) -> InheritedAssociations:
        """A page of what is stated and inherited of a checked query."""
        from stemgraph.graph.closure import close
        from stemgraph.graph.inherited_associations import InheritedAssociations

        digest = cast("KnowledgeGraph", self).edition.digest
        return InheritedAssociations(close(self.closure_index, query), query, digest)


def named_entity(graph: KnowledgeGraph, named: str, *, category: str | None = None) -> Entity:
    """The entity of a CURIE or IRI, or else the one of this name.

    Raises:
        UnknownIdentifierError: It is written as a CURIE, and is not in this release.
        UnknownNameError: Nothing is called so.
        AmbiguousNameError: Several entities are.
    """
    curie = normalise(named.strip())
    if curie.partition(":")[0] in PREFIXES:
        return graph.entity(curie)
    return graph.find(named, category=category)
