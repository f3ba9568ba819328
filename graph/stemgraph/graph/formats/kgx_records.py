"""Entities and associations as KGX nodes and edges: Biolink names, as in the KGX format specification.

https://github.com/biolink/kgx/blob/master/docs/kgx_format.md. What Biolink has no slot for follows under our
own names: ``stemgraph_category``, ``attributes`` (an object, in TSV as JSON), ``refuting_publications``,
``status``, ``stated_status``, ``evidence_standing``, ``regulatory_action``, ``named_graph``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, unquote

from stemgraph.graph.formats.rows import listed, qualifier_cell
from stemgraph.graph.model import Association, Entity, Record
from stemgraph.ontology import vocabulary

NODE_COLUMNS: Final = (
    "id",
    "category",
    "name",
    "description",
    "synonym",
    "same_as",
    "xref",
    "deprecated",
    "provided_by",
    "stemgraph_category",
    "attributes",
)
EDGE_COLUMNS: Final = (
    "id",
    "category",
    "subject",
    "predicate",
    "object",
    "original_predicate",
    "negated",
    "qualifiers",
    "knowledge_level",
    "agent_type",
    "primary_knowledge_source",
    "publications",
    "has_evidence",
    "refuting_publications",
    "status",
    "stated_status",
    "evidence_standing",
    "regulatory_action",
    "named_graph",
)
_OUR_SOURCES: Final = frozenset({"curated", "article"})


def node_record(entity: Entity) -> Record:
    """An entity as a KGX node."""
    return {
        "id": entity.id,
        "category": biolink_classes(entity.categories),
        "name": entity.label,
        "description": entity.description,
        "synonym": list(entity.synonyms),
        "same_as": list(entity.equivalent_ids),
        "xref": [each.id for each in entity.mappings if each.relation != "exact"],
        "deprecated": entity.deprecated,
        "provided_by": [f"infores:{'stemgraph' if entity.source in _OUR_SOURCES else entity.source}"],
        "stemgraph_category": list(entity.categories),
        "attributes": dict(entity.attributes) or None,
    }


def edge_record(association: Association) -> Record:
    """An association as a KGX edge; only publications that do not speak against it are its publications."""
    kept = [each for each in association.evidence if not each.retracted]
    return {
        "id": association.id,
        "category": ["biolink:Association"],
        "subject": association.subject.id,
        "predicate": association.biolink_predicate,
        "object": association.object.id,
        "original_predicate": original_predicate(association.predicate),
        "negated": association.negated,
        "qualifiers": [qualifier_item(name, value) for name, value in association.qualifiers.items()],
        "knowledge_level": association.knowledge_level,
        "agent_type": association.agent_type,
        "primary_knowledge_source": association.primary_knowledge_source,
        "publications": _distinct(each.reference for each in kept if each.stance in {"supports", "partial"}),
        "has_evidence": _distinct(each.eco for each in kept if each.eco is not None),
        "refuting_publications": _distinct(each.reference for each in kept if each.stance == "refutes"),
        "status": association.status,
        "stated_status": association.stated_status,
        "evidence_standing": association.evidence_standing,
        "regulatory_action": association.regulatory_action,
        "named_graph": association.source,
    }


def biolink_classes(categories: Iterable[str]) -> list[str]:
    """The Biolink classes of our categories, the closest first, ending in ``biolink:NamedThing``."""
    known = vocabulary.categories()
    classes = [each for name in categories if name in known for each in known[name].biolink_classes]
    return _distinct([*classes, "biolink:NamedThing"])


def original_predicate(name: str) -> str:
    """Our predicate as a CURIE: ``sgv:treats``; ``rdfs:subClassOf`` for ``subclass_of``."""
    if name == "subclass_of":
        return "rdfs:subClassOf"
    return name if ":" in name else f"sgv:{name}"


def qualifier_item(name: str, value: object) -> str:
    """A qualifier as ``name=value``; what a list in a TSV file could not hold is percent-encoded."""
    safe = " !#$&'()*+/:;<=>?@[]^_`{}~\"\\"
    cells = [quote(qualifier_cell(each) or "", safe=safe) for each in listed(value)]
    return f"{name}={','.join(cells)}"


def qualifier_values(item: str) -> tuple[str, list[str]]:
    """The name and values of what ``qualifier_item`` wrote."""
    name, _, cells = item.partition("=")
    return name, [unquote(cell) for cell in cells.split(",")]


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
