"""What the statements of a release say, subject by subject: entities, associations, evidence, sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from stemgraph.graph.aside import Aside
from stemgraph.graph.model import Evidence, Record
from stemgraph.graph.nquads import Statement, blocks, datatype_of, statements, text_of, value_of
from stemgraph.ontology import vocabulary
from stemgraph.ontology.identifiers import PREFIXES, compress

_SGV: Final = PREFIXES["sgv"]
_GRAPH: Final = PREFIXES["sgg"]
_TYPE: Final = f"<{PREFIXES['rdf']}type>"
_SUBJECT: Final = f"<{PREFIXES['rdf']}subject>"
_PREDICATE: Final = f"<{PREFIXES['rdf']}predicate>"
_OBJECT: Final = f"<{PREFIXES['rdf']}object>"
_HAS_EVIDENCE: Final = f"<{_SGV}has_evidence>"
_ASSOCIATION: Final = f"<{_SGV}Association>"
_EVIDENCE: Final = f"<{_SGV}Evidence>"
_DATASET: Final = f"<{PREFIXES['void']}Dataset>"

_MAPPING_RELATIONS: Final = {
    f"<{PREFIXES['skos']}{relation}Match>": relation
    for relation in ("exact", "close", "broad", "narrow", "related")
}
_LABEL: Final = f"<{PREFIXES['rdfs']}label>"
_SYNONYM: Final = f"<{PREFIXES['skos']}altLabel>"
_DEFINITION: Final = f"<{PREFIXES['skos']}definition>"
_DEPRECATED: Final = f"<{PREFIXES['owl']}deprecated>"
_REPLACED_BY: Final = f"<{PREFIXES['IAO']}0100001>"

DESCRIBING: Final = frozenset({*_MAPPING_RELATIONS, _LABEL, _SYNONYM, _DEFINITION, _DEPRECATED, _REPLACED_BY})
"""Predicates of other vocabularies that make up the record of an entity, as written."""

_NO_ATTRIBUTES: Final = frozenset({_TYPE, _LABEL, f"<{PREFIXES['rdfs']}subClassOf>"})

_ASSOCIATIONS: Final = f"<{PREFIXES['sga']}"
_LEAN_LINES: Final = 5
_LEAN: Final = re.compile(
    rf"\S+ {_OBJECT} <(\S+)> (<\S+>) \.\n"
    rf"\S+ {_PREDICATE} (<\S+>) \2 \.\n"
    rf"\S+ {_SUBJECT} <(\S+)> \2 \.\n"
    rf"\S+ {_TYPE} {_ASSOCIATION} \2 \.\n"
    rf"\S+ {_HAS_EVIDENCE} <(\S+)> \2 \.\n"
)
"""The five lines of a backbone axiom: half of all lines, read at once."""

_STANDING: Final = frozenset(
    {
        *("negated", "status", "knowledge_level", "agent_type", "primary_knowledge_source"),
        *("first_release", "stated_status", "evidence_standing"),
    }
)
_BETWEEN_EVIDENCE: Final = ("supersedes", "retracts", "independent_of", "superseded_by", "retracted_by")
_EVIDENCE_FIELDS: Final = {"reference": "reference", "source_url": "url"} | {
    name: name
    for name in Evidence.__slots__
    if name
    not in {
        *("id", "reference", "url", "source_tier", "retrieved", "stance", "summary"),
        *_BETWEEN_EVIDENCE,
    }
}

DEFAULT_CATEGORIES: Final = {
    "MONDO": "disease",
    "CL": "cell_type",
    "HGNC": "gene",
    "UBERON": "anatomical_structure",
    "GO": "biological_process",
    "CHEBI": "drug",
    "UNII": "drug",
    "MAXO": "therapy",
    "HP": "risk_or_adverse_outcome",
    "CLINICALTRIALS": "clinical_trial",
    "PMID": "publication",
}
"""Category of an entity whose type is not stated, by its prefix."""


class AssociationDraft(NamedTuple):
    """An association before the labels of its ends are known."""

    id: str
    subject: str
    predicate: str
    object: str
    source: str
    evidence: tuple[str, ...]
    details: Record | None
    """Everything that a lean backbone axiom leaves to its source; None for those."""


class EntityDraft(NamedTuple):
    """An entity whose attributes still name their entities and evidence by CURIE alone."""

    record: Record
    attributes: Record


class Reference(NamedTuple):
    """A CURIE to be given its label when all labels are known."""

    curie: str


class Gathering:
    """Everything read from the statements of one release.

    Args:
        aside: The graphs of which statements are counted, and nothing else.
    """

    def __init__(self, aside: Aside | None = None) -> None:
        self._aside = aside or Aside()
        self.entities: dict[str, EntityDraft] = {}
        self.associations: list[AssociationDraft] = []
        self.evidence: dict[str, Record] = {}
        self.sources: dict[str, Record] = {}
        self.quads: Counter[str] = Counter()
        self._compress = cache(compress)

    @classmethod
    def from_text(cls, chunks: Iterable[str], *, place: str, aside: Aside | None = None) -> Gathering:
        """Gather from the text of a canonical N-Quads file, in chunks of any size.

        Raises:
            FormatError: A line is not a statement.
        """
        gathering = cls(aside)
        for block in blocks(chunks, place=place):
            if block.subject.startswith(_ASSOCIATIONS) and (lean := _LEAN.fullmatch(block.text)):
                gathering._add_lean(block.subject, lean)
            elif block.subject[0] == "<":
                gathering._add(block.subject, statements(block, place=place))
        return gathering

    def _add_lean(self, subject: str, lean: re.Match[str]) -> None:
        object_, graph, predicate, end, evidence = lean.groups()
        self.quads[graph] += _LEAN_LINES
        if graph in self._aside:
            return
        draft = AssociationDraft(
            f"sga:{subject[len(_ASSOCIATIONS) : -1]}",
            self._compress(end),
            predicate_name(predicate),
            self._compress(object_),
            graph_name(graph),
            (self._compress(evidence),),
            None,
        )
        self.associations.append(draft)

    def _add(self, subject: str, stated: list[Statement]) -> None:
        for each in stated:
            self.quads[each.graph] += 1
        statements = self._aside.without(stated)
        if not statements:
            return
        types = [term for predicate, term, _ in statements if predicate == _TYPE]
        curie = compress(subject[1:-1])
        if _ASSOCIATION in types:
            self._add_association(curie, statements)
        elif _EVIDENCE in types:
            self.evidence[curie] = _evidence(curie, statements)
        elif _DATASET in types:
            self.sources[text_of(subject).removeprefix(_GRAPH)] = _source(statements)
        else:
            self._add_entity(curie, types, statements)

    def _add_association(self, curie: str, statements: list[Statement]) -> None:
        subject = predicate = object_ = ""
        evidence: list[str] = []
        others: list[Statement] = []
        for statement in statements:
            name = statement.predicate
            if name == _SUBJECT:
                subject = compress(text_of(statement.object))
            elif name == _OBJECT:
                object_ = compress(text_of(statement.object))
            elif name == _PREDICATE:
                predicate = statement.object
            elif name == _HAS_EVIDENCE:
                evidence.append(compress(text_of(statement.object)))
            elif name != _TYPE:
                others.append(statement)
        if not (subject and predicate and object_):
            return
        source = graph_name(statements[0].graph)
        details = _details(others) if others else None
        draft = AssociationDraft(
            curie,
            subject,
            predicate_name(predicate),
            object_,
            source,
            tuple(dict.fromkeys(evidence)),
            details,
        )
        self.associations.append(draft)

    def _add_entity(self, curie: str, types: list[str], statements: list[Statement]) -> None:
        known = _categories()
        categories = [known[each] for each in types if each in known]
        labelled = [each for each in statements if each[0] == _LABEL]
        if not categories and (not labelled or graph_name(labelled[0].graph) == "schema"):
            return
        record = empty_record(curie, curie, graph_name((labelled or statements)[0].graph))
        if labelled:
            record["label"], *others = [text_of(each.object) for each in labelled]
            record["synonyms"] = others
        if categories:
            record["categories"] = sorted(set(categories))
        attributes = _describe(record, statements)
        record["equivalent_ids"] = [each["id"] for each in record["mappings"] if each["relation"] == "exact"]
        if record["synonyms"]:
            record["synonyms"] = sorted(set(record["synonyms"]) - {record["label"]}, key=_alphabetically)
        self.entities[curie] = EntityDraft(record, attributes)


def _alphabetically(name: str) -> tuple[str, str]:
    return name.casefold(), name


def empty_record(curie: str, label: str, source: str) -> Record:
    """The record of an entity of which nothing more is stated; its category follows its prefix."""
    category = DEFAULT_CATEGORIES.get(curie.partition(":")[0])
    return {
        "id": curie,
        "label": label,
        "categories": [category] if category else [],
        "description": None,
        "synonyms": [],
        "equivalent_ids": [],
        "mappings": [],
        "deprecated": False,
        "replaced_by": [],
        "source": source,
        "attributes": {},
    }


@cache
def graph_name(graph: str) -> str:
    """The name of a graph as written: ``mondo`` for ``<…/graph/mondo>``, ``default`` for the default one."""
    iri = graph[1:-1]
    if not iri:
        return "default"
    return iri.removeprefix(_GRAPH) if iri.startswith(_GRAPH) else compress(iri)


@cache
def predicate_name(term: str) -> str:
    """The name of a predicate as written; a CURIE where the vocabulary does not have it."""
    iri = term[1:-1]
    predicate = vocabulary.predicate_by_iri(iri)
    return predicate.name if predicate else compress(iri).removeprefix("sgv:")


@cache
def _categories() -> dict[str, str]:
    return {f"<{each.iri}>": each.name for each in vocabulary.categories().values()}


@cache
def _attribute_name(predicate: str) -> str | None:
    """The name of a slot of ours that is no predicate between entities."""
    iri = predicate[1:-1]
    if not iri.startswith(_SGV) or vocabulary.predicate_by_iri(iri):
        return None
    return iri.removeprefix(_SGV)


def _describe(record: Record, statements: Iterable[Statement]) -> Record:
    """Fill in an entity's record; what is stated with slots of its own category is given back."""
    attributes: Record = {}
    for predicate, term, _ in statements:
        if predicate == _SYNONYM:
            record["synonyms"].append(text_of(term))
        elif predicate == _DEFINITION:
            record["description"] = text_of(term)
        elif predicate in _MAPPING_RELATIONS:
            mapping = {"relation": _MAPPING_RELATIONS[predicate], "id": compress(term[1:-1]), "label": None}
            if mapping not in record["mappings"]:
                record["mappings"].append(mapping)
        elif predicate == _DEPRECATED:
            record["deprecated"] = value_of(term) is True
        elif predicate == _REPLACED_BY:
            record["replaced_by"].append(compress(term[1:-1]))
        elif predicate not in _NO_ATTRIBUTES:
            name = _attribute_name(predicate)
            if name is not None:
                _put(attributes, name, _value(term))
    return attributes


def _value(term: str) -> str | int | bool | Reference:
    return Reference(compress(term[1:-1])) if term[0] == "<" else value_of(term)


def _put(values: Record, name: str, value: object) -> None:
    """Add a value; a second one makes a list, in the order of the sorted lines.

    The same value again, stated in another graph, adds nothing.
    """
    if name not in values:
        values[name] = value
    elif isinstance(values[name], list):
        if value not in values[name]:
            values[name].append(value)
    elif values[name] != value:
        values[name] = [values[name], value]


def _details(statements: Iterable[Statement]) -> Record:
    """Standing and qualifiers of an association from its sgv: statements."""
    details: Record = {"qualifiers": {}}
    frequency: Record = {}
    for predicate, term, _ in statements:
        name = predicate[1:-1].removeprefix(_SGV)
        if name in _STANDING or name == "regulatory_action":
            details[name] = compress(term[1:-1]) if term[0] == "<" else value_of(term)
        elif name.startswith("frequency_"):
            frequency[name.removeprefix("frequency_")] = value_of(term)
        else:
            _put(details["qualifiers"], name, _qualifier_value(name, term))
    if frequency:
        details["qualifiers"]["frequency"] = {key: frequency.get(key) for key in ("numerator", "denominator")}
    details["qualifiers"] = dict(sorted(details["qualifiers"].items()))
    return details


def _qualifier_value(name: str, term: str) -> str | int | bool | Reference:
    qualifier = vocabulary.qualifiers().get(name)
    if term[0] == "<":
        curie = compress(term[1:-1])
        return curie if qualifier and qualifier.kind == "identifier" else Reference(curie)
    if datatype_of(term) and qualifier and qualifier.kind in {"text", "partial_date", "enumeration"}:
        return text_of(term)
    return value_of(term)


def _evidence(curie: str, statements: list[Statement]) -> Record:
    values: Record = {}
    others: Record = {}
    for predicate, term, _ in statements:
        name = predicate[1:-1].removeprefix(_SGV)
        if name in _BETWEEN_EVIDENCE:
            others[name] = tuple(sorted({*others.get(name, ()), compress(text_of(term))}))
            continue
        values[name] = compress(text_of(term)) if term[0] == "<" and name != "source_url" else value_of(term)
    if "source_url" in values:
        values["source_url"] = str(values["source_url"])
    evidence = Evidence(
        id=curie,
        reference=str(values.get("reference", "")),
        stance=str(values.get("stance", "supports")),
        summary=str(values.get("summary", "")),
        source_tier=int(values.get("source_tier", 0)),
        retrieved=str(values.get("retrieved", "")),
        **{
            field: values[name]
            for name, field in _EVIDENCE_FIELDS.items()
            if name in values and name != "reference"
        },
        **others,
    )
    return evidence.to_record()


def _source(statements: list[Statement]) -> Record:
    values: Record = {}
    for predicate, term, _ in statements:
        name = compress(predicate[1:-1]).partition(":")[2]
        if predicate != _TYPE:
            values[name] = compress(term[1:-1]) if name == "primary_knowledge_source" else value_of(term)
    return values
