"""The catalogue: every identifier that the release holds, what it is called and of what kind it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from stemgraph.ontology.backbone import Backbone
from stemgraph.ontology.curation.records import CuratedEntity, Curation
from stemgraph.ontology.tables import Term
from stemgraph.ontology.vocabulary import qualifiers

DEFAULT_CATEGORIES: Final[Mapping[str, str]] = {
    "CHEBI": "drug",
    "CL": "cell_type",
    "CLINICALTRIALS": "clinical_trial",
    "GO": "biological_process",
    "HGNC": "gene",
    "HP": "risk_or_adverse_outcome",
    "MAXO": "therapy",
    "MONDO": "disease",
    "PMID": "publication",
    "UBERON": "anatomical_structure",
    "UNII": "drug",
}
DIAGNOSTIC_PROCEDURE: Final = "MAXO:0000003"
OUTCOME_PREDICATES: Final = frozenset({"has_adverse_event", "increases_risk_of", "prevents"})
"""What makes a disease that is their object a risk or adverse outcome as well."""

_NOT_NAMED_GRAPHS: Final = frozenset({"hp"})
"""Tables whose terms go to the curated graph: of HPO we state only what the content cites."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One identifier of the release."""

    id: str
    label: str
    categories: tuple[str, ...]
    home: str
    """The named graph that describes it."""
    term: Term | None = None
    declared: CuratedEntity | None = None

    def is_called(self, name: str) -> bool:
        """Whether this is its label or one of its synonyms, letter case aside."""
        names = [self.label]
        if self.term is not None:
            names += [self.term.label, *self.term.synonyms]
        if self.declared is not None:
            names += [self.declared.label, *self.declared.synonyms]
        return name.casefold() in {each.casefold() for each in names}


class Catalogue(dict[str, Entry]):
    """The entries by CURIE."""

    @classmethod
    def of(cls, curation: Curation, backbone: Backbone) -> Catalogue:
        """The catalogue of the backbone and the curated content.

        An identifier of a registry that we have no table of (a trial, a substance) needs no entry of its
        own in the entity files: it is called what the content that cites it says.
        """
        declared = {each.id: each for each in curation.entities}
        outcomes = {each.object for each in curation.associations if each.predicate in OUTCOME_PREDICATES}
        diagnostics = _descendants(DIAGNOSTIC_PROCEDURE, backbone.terms["maxo"])
        catalogue = cls()
        for source, terms in backbone.terms.items():
            home = "curated" if source in _NOT_NAMED_GRAPHS else source
            for term in terms:
                category = "technique" if term.id in diagnostics else DEFAULT_CATEGORIES[term.prefix]
                added = declared.get(term.id)
                named = set(added.categories) if added is not None else {category}
                if term.prefix == "MONDO" and term.id in outcomes:
                    named.add("risk_or_adverse_outcome")
                label = term.label or f"obsolete {term.id}"
                catalogue[term.id] = Entry(term.id, label, tuple(sorted(named)), home, term, added)
        for each in curation.entities:
            if each.id not in catalogue:
                kinds = tuple(sorted(set(each.categories)))
                catalogue[each.id] = Entry(each.id, each.label, kinds, each.source, declared=each)
        for identifier, label in sorted(_citations(curation)):
            prefix, _, local = identifier.partition(":")
            if (
                identifier not in catalogue
                and prefix in DEFAULT_CATEGORIES
                and prefix not in backbone.tables.prefixes
            ):
                kinds = (DEFAULT_CATEGORIES[prefix],)
                name = label or (identifier if prefix == "PMID" else local)
                catalogue[identifier] = Entry(identifier, name, kinds, "curated")
        return catalogue


def entities_in_qualifiers(values: Mapping[str, object]) -> Iterator[str]:
    """The CURIEs in those qualifiers that hold entities."""
    known = qualifiers()
    for name, value in values.items():
        if known[name].kind == "entity":
            for each in value if isinstance(value, list) else (value,):  # pyright: ignore[reportUnknownVariableType]  # a decoded JSON list
                yield str(each)  # pyright: ignore[reportUnknownArgumentType]  # as above


def _citations(curation: Curation) -> Iterator[tuple[str, str]]:
    for each in curation.associations:
        yield each.subject, each.subject_label
        yield each.object, each.object_label
        yield from ((identifier, "") for identifier in entities_in_qualifiers(each.qualifiers))
    for action in curation.actions:
        yield action.product, action.product_label
        yield action.agency, action.agency_label


def _descendants(root: str, terms: Iterable[Term]) -> set[str]:
    children: dict[str, list[str]] = {}
    for term in terms:
        for parent in term.parents:
            children.setdefault(parent, []).append(term.id)
    found: set[str] = set()
    waiting = [root]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(children.get(each, ()))
    return found
