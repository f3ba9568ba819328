"""Qualifiers, each value read as the kind that the vocabulary gives it."""

from __future__ import annotations

from stemgraph.ontology.curation.fields import (
    Fields,
    curie_of_located,
    integer_of,
    partial_date_of,
    text_of,
    value_of_enumeration,
)
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.located_yaml import Located
from stemgraph.ontology.vocabulary import Qualifier, qualifiers


def read_qualifiers(located: Located) -> dict[str, object]:
    """The qualifiers of a statement as JSON values, by name.

    Raises:
        ContentError: One is not in the vocabulary, or its value is not of its kind.
    """
    known = qualifiers()
    fields = Fields(located, known)
    return {name: _qualifier(known[name], fields[name]) for name in sorted(located.mapping)}


def _qualifier(qualifier: Qualifier, located: Located) -> object:
    if isinstance(located.value, tuple):
        if qualifier.kind == "frequency" or not located.value:
            raise ContentError(f"'{qualifier.name}' cannot be this list", place=located.place)
        values = sorted({_qualifier_value(qualifier, each) for each in located.value}, key=str)
        # RDF cannot tell a list of one from its member, and the digest must be the same for both.
        return values if len(values) > 1 else values[0]
    return _qualifier_value(qualifier, located)


def _qualifier_value(qualifier: Qualifier, located: Located) -> object:  # noqa: PLR0911 (one for each kind)
    match qualifier.kind:
        case "enumeration":
            return value_of_enumeration(located, qualifier.enumeration or qualifier.name)
        case "partial_date":
            return partial_date_of(located)
        case "entity":
            return curie_of_located(located)
        case "integer":
            return integer_of(located)
        case "boolean":
            if not isinstance(located.value, bool):
                raise ContentError(f"'{qualifier.name}' must be true or false", place=located.place)
            return located.value
        case "frequency":
            return _frequency(Fields(located, {"numerator", "denominator"}))
        case _:
            return text_of(located)


def _frequency(fields: Fields) -> dict[str, int]:
    numerator, denominator = integer_of(fields["numerator"]), integer_of(fields["denominator"])
    if not 0 <= numerator <= denominator or not denominator:
        raise ContentError(
            f"{numerator} of {denominator} is no frequency",
            place=fields.place,
            mend="numerator at most denominator",
        )
    return {"numerator": numerator, "denominator": denominator}
