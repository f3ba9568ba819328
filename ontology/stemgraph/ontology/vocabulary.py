"""The vocabulary at run time: categories, predicates, qualifiers and enumerations, without LinkML.

Read from ``generated/vocabulary.json``, which ``stemgraph.ontology.generate`` writes from the LinkML schema.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, cast

from stemgraph.ontology.errors import ContentError


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of thing that the graph holds, such as ``cell_type``."""

    name: str
    iri: str
    label: str
    definition: str
    biolink_classes: tuple[str, ...]
    """The Biolink classes, as CURIEs, that every member belongs to; the closest first."""
    id_prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A relation that an association may state, such as ``treats``."""

    name: str
    iri: str
    label: str
    definition: str
    biolink_predicate: str
    """The predicate, as a CURIE, under which Biolink exports state it."""
    biolink_mapping: str
    """How Biolink's predicate relates to ours, as in SKOS: ``broad`` means that Biolink's is broader."""
    ontology_property: str | None
    """The CURIE of the RO, BFO, NCIT or RDFS term that it stands for, exactly or more broadly."""
    domain: frozenset[str]
    """Names of the categories of its subject; empty means any."""
    range: frozenset[str]
    """Names of the categories of its object; empty means any."""
    inverse: str | None
    """Its name when read from the object; a predicate of its own only for ``causes`` and ``caused_by``."""
    symmetric: bool
    transitive: bool
    key_qualifiers: tuple[str, ...]
    """The qualifiers that a reader should be shown first."""
    parent: str | None = None
    """The predicate above it, such as ``treats_or_applied_or_studied_to_treat`` in the treats ladder."""


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What narrows an association, such as ``donor_type``.

    ``kind`` is one of text, enumeration, partial_date, frequency, integer, boolean, entity, identifier.
    """

    name: str
    iri: str
    definition: str
    kind: str
    values: tuple[str, ...]
    """The values allowed where ``kind`` is enumeration, else empty."""
    enumeration: str | None = None
    """The name of the enumeration where ``kind`` is enumeration."""


@cache
def document() -> Mapping[str, Any]:
    """The decoded ``vocabulary.json``; its values are typed by the functions below."""
    text = files("stemgraph.ontology").joinpath("generated", "vocabulary.json").read_text(encoding="utf-8")
    return MappingProxyType(json.loads(text))


@cache
def categories() -> Mapping[str, Category]:
    """The eighteen categories by name."""
    return MappingProxyType(
        {name: Category(name, **_tuples(row)) for name, row in document()["categories"].items()}
    )


@cache
def predicates() -> Mapping[str, Predicate]:
    """The thirty-nine predicates by name."""
    rows: Mapping[str, dict[str, Any]] = document()["predicates"]
    ends = ("domain", "range")
    return MappingProxyType(
        {
            name: Predicate(name, **_tuples(row | {end: frozenset(row[end]) for end in ends}))
            for name, row in rows.items()
        }
    )


@cache
def qualifiers() -> Mapping[str, Qualifier]:
    """The qualifiers by name."""
    return MappingProxyType(
        {name: Qualifier(name, **_tuples(row)) for name, row in document()["qualifiers"].items()}
    )


def enumeration(name: str) -> Mapping[str, str]:
    """The values of an enumeration, such as ``status`` or ``stance``, each with its definition.

    Raises:
        ContentError: There is no enumeration of this name.
    """
    return MappingProxyType(_enumeration(name)["values"])


def enumeration_terms(name: str) -> Mapping[str, str]:
    """The ontology term, as a CURIE, under which each value of an enumeration falls, where it has one.

    Raises:
        ContentError: There is no enumeration of this name.
    """
    return MappingProxyType(_enumeration(name)["terms"])


def enumerations() -> tuple[str, ...]:
    """The names of all enumerations, sorted."""
    return tuple(sorted(document()["enumerations"]))


def category_by_iri(iri: str) -> Category | None:
    """The category that this IRI names, if one does."""
    return _categories_by_iri().get(iri)


def predicate_by_iri(iri: str) -> Predicate | None:
    """The predicate that this IRI names, if one does."""
    return _predicates_by_iri().get(iri)


def _enumeration(name: str) -> dict[str, dict[str, str]]:
    known: Mapping[str, dict[str, dict[str, str]]] = document()["enumerations"]
    if name not in known:
        raise ContentError(f"'{name}' is not an enumeration", mend=f"use one of {', '.join(sorted(known))}")
    return known[name]


@cache
def _categories_by_iri() -> Mapping[str, Category]:
    return {each.iri: each for each in categories().values()}


@cache
def _predicates_by_iri() -> Mapping[str, Predicate]:
    return {each.iri: each for each in predicates().values()}


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(cast("list[str]", value)) if isinstance(value, list) else value
        for key, value in row.items()
    }
