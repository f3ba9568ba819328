"""What the Cell Ontology editors' file says: definitions, develops_from and part_of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import pyhornedowl
from pyhornedowl.model import (
    AnnotatedComponent,
    AnnotationAssertion,
    Class,
    DatatypeLiteral,
    EquivalentClasses,
    LanguageLiteral,
    ObjectIntersectionOf,
    ObjectProperty,
    ObjectSomeValuesFrom,
    SimpleLiteral,
    SubClassOf,
)

from stemgraph.ontology.compressed import open_text
from stemgraph.ontology.identifiers import PREFIXES, compress

RELATIONS: Final[Mapping[str, str]] = {
    PREFIXES["RO"] + "0002202": "develops_from",
    PREFIXES["BFO"] + "0000050": "part_of",
}
_DEFINITION: Final = PREFIXES["IAO"] + "0000115"


@dataclass(frozen=True)
class CellOntology:
    """Definitions by CURIE, and (subject, predicate, object) of the relations above."""

    definitions: Mapping[str, str]
    relations: frozenset[tuple[str, str, str]]


def read_cell_ontology(path: Path) -> CellOntology:
    """Read an OWL functional syntax file.

    A relation counts whether it is a subclass axiom or a condition inside a definition (an equivalent
    class that is an intersection): both say that every such cell has it.
    """
    with open_text(path) as stream:
        ontology = pyhornedowl.open_ontology_from_string(stream.read(), serialization="ofn")
    definitions: dict[str, str] = {}
    relations: set[tuple[str, str, str]] = set()
    # The stubs of py-horned-owl leave the type of an axiom unsaid.
    axioms = cast(list[AnnotatedComponent], ontology.get_axioms())  # pyright: ignore[reportUnknownMemberType]
    for component in (axiom.component for axiom in axioms):
        if isinstance(component, AnnotationAssertion):
            literal = component.ann.av
            if str(component.ann.ap.first) == _DEFINITION and isinstance(
                literal, SimpleLiteral | LanguageLiteral | DatatypeLiteral
            ):
                definitions[compress(str(component.subject))] = literal.literal
        elif isinstance(component, SubClassOf):
            relations.update(_relations(component.sub, component.sup))
        elif isinstance(component, EquivalentClasses):
            named = [each for each in component.first if isinstance(each, Class)]
            for expression in component.first:
                for each in named:
                    relations.update(_relations(each, expression))
    return CellOntology(definitions, frozenset(relations))


def _relations(subject: object, expression: object) -> Iterator[tuple[str, str, str]]:
    if not isinstance(subject, Class):
        return
    if isinstance(expression, ObjectIntersectionOf):
        for part in expression.first:
            yield from _relations(subject, part)
    elif (
        isinstance(expression, ObjectSomeValuesFrom)
        and isinstance(expression.ope, ObjectProperty)
        and isinstance(expression.bce, Class)
    ):
        predicate = RELATIONS.get(str(expression.ope.first))
        if predicate is not None:
            yield compress(str(subject.first)), predicate, compress(str(expression.bce.first))
