"""What needs no shape: identifiers, plain triples, and the lean associations of imported ontologies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from stemgraph.ontology.identifiers import BASE, compress, expand
from stemgraph.ontology.identity import association_id
from stemgraph.ontology.validation.parts import (
    HAS_EVIDENCE,
    LABEL,
    OBJECT,
    PREDICATE,
    SHARED,
    STUDY_DESIGN,
    SUBJECT,
    TYPE,
    GraphParts,
    value,
)
from stemgraph.ontology.validation.report import Violation
from stemgraph.ontology.vocabulary import Qualifier, category_by_iri, predicate_by_iri, qualifiers

NEGATED: Final = expand("sgv:negated")


def inconsistencies(parts: GraphParts) -> Iterator[Violation]:
    """Every violation that plain comparison finds."""
    for quad in parts.blank:
        yield Violation(
            "NoBlankNodes",
            value(quad.subject),
            compress(quad.predicate.value),
            value(quad.object),
            "a statement has a blank node, which has no identity in another copy of the graph",
            "mint an IRI for it",
        )
    for node in (*parts.associations, *parts.axioms):
        yield from _identifier(parts, node)
    for node in parts.axioms:
        yield from _axiom(parts, node)
    yield from _plain_triples(parts)


def _identifier(parts: GraphParts, node: str) -> Iterator[Violation]:
    """An association's id is the digest of what it states."""
    ends = [parts.values(node, end) for end in (SUBJECT, PREDICATE, OBJECT)]
    if any(len(end) != 1 for end in ends):
        return  # reported by AssociationSubject and its like, or AxiomComplete
    subject, predicate, object_ = (end[0] for end in ends)
    known = predicate_by_iri(predicate)
    if known is None:
        return  # reported by PredicateKnown
    expected = association_id(
        compress(subject),
        known.name,
        compress(object_),
        negated="true" in parts.values(node, NEGATED),
        qualifiers=_qualifiers(parts, node),
    )
    if compress(node) != expected:
        yield Violation(
            "IdentifierMatches",
            compress(node),
            None,
            expected,
            "the association's id is not the digest of what it states",
            f"name it {expected}, or undo the change of its ends, predicate, negation or qualifiers",
        )


def _qualifiers(parts: GraphParts, node: str) -> dict[str, object]:
    """The qualifiers of an association in the shape that its id is made from."""
    values: defaultdict[str, list[Any]] = defaultdict(list)
    for quad in parts.statements[node]:
        qualifier = _qualifiers_by_iri().get(quad.predicate.value)
        if qualifier is not None:
            values[qualifier.name].append(_qualifier_value(qualifier, quad.object))
    found: dict[str, object] = {
        name: each[0] if len(each) == 1 else sorted(each) for name, each in values.items()
    }
    counts = {end: parts.values(node, f"{BASE}vocab/frequency_{end}") for end in ("numerator", "denominator")}
    if all(counts.values()):
        found["frequency"] = {end: int(count[0]) for end, count in counts.items()}
    return found


@cache
def _qualifiers_by_iri() -> dict[str, Qualifier]:
    return {each.iri: each for each in qualifiers().values()}


def _qualifier_value(qualifier: Qualifier, term: object) -> str | bool | int:
    if isinstance(term, NamedNode):
        return compress(term.value)
    text = value(term)
    match qualifier.kind:
        case "boolean":
            return text == "true"
        case "integer":
            return int(text)
        case _:
            return text


def _axiom(parts: GraphParts, node: str) -> Iterator[Violation]:
    """A lean association states four things, and its named graph states the rest."""
    focus = compress(node)
    for end in (SUBJECT, PREDICATE, OBJECT):
        if len(parts.values(node, end)) != 1:
            yield Violation(
                "AxiomComplete",
                focus,
                compress(end),
                None,
                f"a lean association has exactly one {compress(end)}",
                "state it once",
            )
            return
    evidence = parts.values(node, HAS_EVIDENCE)
    if not evidence:
        yield Violation(
            "AxiomComplete",
            focus,
            compress(HAS_EVIDENCE),
            None,
            "nothing is stated without evidence",
            "link the evidence that all axioms of the ontology's release share",
        )
        return
    yield from _axiom_allowed(parts, node, evidence)
    yield from _axiom_ends(parts, node)


def _axiom_allowed(parts: GraphParts, node: str, evidence: list[str]) -> Iterator[Violation]:
    stated = [
        {quad.predicate.value for quad in parts.statements.get(graph, ())} for graph in parts.graphs(node)
    ]
    from_axioms = all("ontology_axiom" in parts.values(each, STUDY_DESIGN) for each in evidence)
    if not (from_axioms and all(stated_once >= SHARED for stated_once in stated)):
        yield Violation(
            "AxiomAllowed",
            compress(node),
            None,
            None,
            "it leaves out status, source and negation, and is no axiom of an imported ontology",
            "state them, or once for all on the named graph, with evidence of design ontology_axiom",
        )


def _axiom_ends(parts: GraphParts, node: str) -> Iterator[Violation]:
    """The ends are entities of the right categories, and the plain triple is there."""
    (subject,), (iri,), (object_,) = (parts.values(node, end) for end in (SUBJECT, PREDICATE, OBJECT))
    predicate = predicate_by_iri(iri)
    if predicate is None:
        yield Violation(
            "PredicateKnown",
            compress(node),
            compress(PREDICATE),
            compress(iri),
            f"{compress(iri)} is not a predicate of the vocabulary",
            "use one of the 39 predicates",
        )
        return
    for end, path, allowed in ((subject, SUBJECT, predicate.domain), (object_, OBJECT, predicate.range)):
        categories = {known.name for each in parts.values(end, TYPE) if (known := category_by_iri(each))}
        fits = bool(categories & allowed) if allowed else bool(categories)
        if not fits or not parts.values(end, LABEL):
            yield Violation(
                "AxiomEnds",
                compress(node),
                compress(path),
                compress(end),
                f"{compress(end)} is no entity with a label and a category that {predicate.name} joins",
                "give it both, or leave the axiom out",
            )
    if object_ not in parts.values(subject, iri):
        yield Violation(
            "StatedMaterialised",
            compress(node),
            compress(OBJECT),
            compress(object_),
            f"the association has no plain triple to {compress(object_)}",
            "add the plain triple subject, predicate, object to the same named graph",
        )


def _plain_triples(parts: GraphParts) -> Iterator[Violation]:
    """A plain triple with a predicate of the vocabulary has an association.

    Where that association is negated, NegatedNotMaterialised names it.
    """
    associated: set[tuple[str, ...]] = set()
    for node in (*parts.associations, *parts.axioms):
        associated.update(product(*(parts.values(node, end) for end in (SUBJECT, PREDICATE, OBJECT))))
    vocabulary = BASE + "vocab/"
    for subject, quads in parts.statements.items():
        if subject.startswith(vocabulary):
            continue  # the schema's own classes and properties
        for quad in quads:
            if isinstance(quad.object, Literal) or predicate_by_iri(quad.predicate.value) is None:
                continue
            found = value(quad.object)
            if (subject, quad.predicate.value, found) not in associated:
                yield Violation(
                    "PlainTripleStated",
                    compress(subject),
                    compress(quad.predicate.value),
                    compress(found),
                    f"the plain triple to {compress(found)} is stated by no association",
                    "add the association with its evidence, or remove the triple",
                )
