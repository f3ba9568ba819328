"""From a body to a curated association: read as the curated files are, its names held to the graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from stemgraph.app.curation.standing import EVIDENCE, REFERENCE
from stemgraph.app.curation.state import RDF_TYPE, State, node
from stemgraph.app.errors import ContentRefusedError
from stemgraph.graph.errors import ContentError, MalformedIdentifierError, UnknownIdentifierError
from stemgraph.ontology.curation import CuratedAssociation, CuratedEntity
from stemgraph.ontology.curation.catalogue import Catalogue, Entry, entities_in_qualifiers
from stemgraph.ontology.curation.evidence_relations import RELATIONS, curated_evidence_id
from stemgraph.ontology.curation.reading import read_association
from stemgraph.ontology.curation.review import ARTICLE, association_problems
from stemgraph.ontology.located_yaml import Located
from stemgraph.ontology.tables import Term

if TYPE_CHECKING:
    from stemgraph.app.curation.body import AssociationBody
    from stemgraph.graph import Entity, KnowledgeGraph

Violation = dict[str, object]
Violations = list[Violation]

FOUNDING_ARTICLE: Final = "STEMGRAPH:founding-article"
_NOT_OF_THE_STATEMENT: Final = frozenset({"reason", "if_match", "action", "id"})


def curated_association(body: AssociationBody, graph: KnowledgeGraph, *, source: str) -> CuratedAssociation:
    """The association that a body describes.

    Args:
        body: What was sent, its form checked already.
        graph: What its entities are looked up in.
        source: The named graph it goes to.

    Raises:
        ContentRefusedError: It breaks rules of curated content; ``violations`` are all of them.
    """
    try:
        read = _read(body, source)
    except ContentError as error:
        raise refusal([_violation("Form", error)]) from error
    catalogue, unknown = _catalogue(read, graph)
    problems = [_violation(name, error, read.id) for name, error in association_problems(read, catalogue)]
    found = [*unknown, *(each for each in problems if not _is_of(each, unknown))]
    if found:
        raise refusal(found)
    return read


def unknown_evidence(read: CuratedAssociation, state: State) -> Violations:
    """A violation for each name, in what evidence says of other evidence, that leads to none."""
    own = {curated_evidence_id(read.id, each) for each in read.evidence}
    references = {each.reference for each in read.evidence}
    found = Violations()
    for index, each in enumerate(read.evidence):
        for relation in RELATIONS:
            for name in getattr(each, relation):
                if name not in own and name not in references - {each.reference} and not _leads(name, state):
                    found.append(
                        {
                            "rule": "EvidenceNamed",
                            "focus": read.id,
                            "path": f"evidence[{index}].{relation}",
                            "value": name,
                            "message": f"no evidence is {name} or cites it",
                            "mend": "name evidence by its sge: CURIE, or by the reference that it has",
                        }
                    )
    return found


def _leads(name: str, state: State) -> bool:
    try:
        named = node(name)
    except MalformedIdentifierError:
        return False
    return any(state.quads(named, RDF_TYPE, EVIDENCE)) or any(state.quads(None, REFERENCE, named))


def refusal(violations: Violations) -> ContentRefusedError:
    """The error that tells violations; its message is the first of them."""
    first, *others = violations
    rest = f"; {len(others)} more" if others else ""
    place, mend = first["path"], first["mend"]
    return ContentRefusedError(
        f"{first['message']}{rest}",
        violations,
        place=None if place is None else str(place),
        mend=None if mend is None else str(mend),
    )


def _read(body: AssociationBody, source: str) -> CuratedAssociation:
    fields: dict[str, Any] = body.model_dump(exclude_none=True, exclude=set(_NOT_OF_THE_STATEMENT))
    # The readers of curated files want a label beside each identifier; here the graph may give it.
    fields = {"subject_label": body.subject, "object_label": body.object, **fields, "source": "curated"}
    quotes = [each.reference for each in body.evidence if each.quote is not None]
    topic = ARTICLE if quotes and set(quotes) == {FOUNDING_ARTICLE} else "edits"
    read = read_association(Located.of_json(fields), topic)
    return replace(read, source=source)


def _catalogue(read: CuratedAssociation, graph: KnowledgeGraph) -> tuple[Catalogue, Violations]:
    """What an association names, as the graph calls it, and a violation for what it does not hold."""
    catalogue, unknown = Catalogue(), Violations()
    for place, identifier in _named(read):
        if identifier in catalogue:
            continue
        try:
            catalogue[identifier] = _entry(graph.entity(identifier), identifier)
        except UnknownIdentifierError as error:
            unknown.append(
                {
                    "rule": "EntityKnown",
                    "focus": read.id,
                    "path": place,
                    "value": identifier,
                    "message": f"{identifier} is no entity of the graph",
                    "mend": error.mend,
                    "suggestions": list(error.suggestions),
                }
            )
    return catalogue, unknown


def _named(read: CuratedAssociation) -> Iterator[tuple[str, str]]:
    yield "subject", read.subject
    yield "object", read.object
    yield from (("qualifiers", each) for each in entities_in_qualifiers(read.qualifiers))
    for index, each in enumerate(read.evidence):
        if each.phenotype is not None:
            yield f"evidence[{index}].phenotype", each.phenotype
        if each.reference.startswith("STEMGRAPH:"):
            yield f"evidence[{index}].reference", each.reference


def _entry(entity: Entity, identifier: str) -> Entry:
    """An entity of the graph as the catalogue of curated content has it; its CURIE is one of its names."""
    declared = CuratedEntity("", entity.id, entity.label, entity.categories, (*entity.synonyms, identifier))
    prefix = entity.id.partition(":")[0]
    term = Term(entity.id, entity.label, deprecated=entity.deprecated, replaced_by=entity.replaced_by)
    return Entry(entity.id, entity.label, entity.categories, entity.source or prefix, term, declared)


def _violation(
    rule: str, error: ContentError | MalformedIdentifierError, focus: str | None = None
) -> Violation:
    return {
        "rule": rule,
        "focus": focus,
        "path": error.place or None,
        "value": None,
        "message": error.message,
        "mend": error.mend,
    }


def _is_of(violation: dict[str, object], unknown: Violations) -> bool:
    """Whether it only repeats that an identifier is not known."""
    return violation["rule"] == "EntityKnown" and any(
        str(violation["message"]).startswith(f"{each['value']} is not known") for each in unknown
    )
