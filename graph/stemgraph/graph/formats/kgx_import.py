"""From KGX nodes and edges to quads in our shape, so that a KGX file can be loaded as any other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import pyoxigraph as ox

from stemgraph.graph.errors import FormatError, MalformedIdentifierError
from stemgraph.graph.formats.kgx_records import original_predicate, qualifier_values
from stemgraph.graph.formats.kgx_source import KgxTable
from stemgraph.graph.formats.rdf_shape import association_quads, entity_quads
from stemgraph.graph.gathering import DEFAULT_CATEGORIES
from stemgraph.graph.model import Association, Entity, EntityReference, Evidence, Mapped, Record
from stemgraph.ontology import vocabulary
from stemgraph.ontology.identifiers import curie_of, normalise
from stemgraph.ontology.identity import association_id, evidence_id
from stemgraph.ontology.standing import CURRENT

DEFAULT_GRAPH: Final = "kgx"
"""Named graph of what does not say where it comes from."""

_TIER: Final = 3
"""Tier of a reference that a KGX file only names."""

_MOST_LISTED: Final = 20


def kgx_quads(tables: tuple[KgxTable, KgxTable]) -> Iterator[ox.Quad]:
    """The quads of a KGX graph: all of it is checked before the first comes.

    Raises:
        FormatError: A line lacks what KGX requires, names what is not there, or has a category or predicate
            that our vocabulary does not have; then all of those are listed.
    """
    nodes, edges = tables
    known = _check_nodes(nodes)
    _check_edges(edges, known)
    return _quads(nodes, edges)


def _quads(nodes: KgxTable, edges: KgxTable) -> Iterator[ox.Quad]:
    for table, state in ((nodes, _node_quads), (edges, _edge_quads)):
        for line, record in table.records():
            try:
                yield from state(record, table.place(line))
            except (ValueError, TypeError, KeyError) as error:
                # What a value must look like is known to what reads it: a number, an IRI, an evidence record.
                raise FormatError(
                    f"has a value that cannot be read: {error}", place=table.place(line)
                ) from error


def _node_quads(record: Record, _place: str) -> Iterator[ox.Quad]:
    return entity_quads(_entity(record))


def _edge_quads(record: Record, place: str) -> Iterator[ox.Quad]:
    return association_quads(_association(record, place))


def _check_nodes(table: KgxTable) -> set[str]:
    known: set[str] = set()
    unmapped: Counter[str] = Counter()
    for line, record in table.records():
        _require(record, ("id", "category"), table.place(line))
        identifier = _curie(record["id"], table.place(line))
        known.add(identifier)
        if not _categories(record):
            unmapped[" ".join(record["category"])] += 1
    _refuse_unmapped(unmapped, "categories", table)
    return known


def _check_edges(table: KgxTable, nodes: set[str]) -> None:
    unmapped: Counter[str] = Counter()
    for line, record in table.records():
        place = table.place(line)
        _require(record, ("subject", "predicate", "object"), place)
        for end in ("subject", "object"):
            if _curie(record[end], place) not in nodes:
                raise FormatError(f"the {end} '{record[end]}' is not among the nodes", place=place)
        if _predicate(record) is None:
            unmapped[record["predicate"]] += 1
    _refuse_unmapped(unmapped, "predicates", table)


def _refuse_unmapped(unmapped: Counter[str], what: str, table: KgxTable) -> None:
    if unmapped:
        listed = ", ".join(f"{name} ({count})" for name, count in unmapped.most_common(_MOST_LISTED))
        more = f" and {len(unmapped) - _MOST_LISTED} more" if len(unmapped) > _MOST_LISTED else ""
        raise FormatError(
            f"{what} that our vocabulary does not have: {listed}{more}",
            place=str(table.path),
            mend="map them to the vocabulary listed by `GET /api/v1/schema`; "
            "`stemgraph_category` and `original_predicate` are read first",
        )


def _require(record: Record, names: tuple[str, ...], place: str) -> None:
    for name in names:
        if not record.get(name):
            raise FormatError(f"has no {name}", place=place, mend=f"KGX requires {', '.join(names)}")


def _curie(identifier: str, place: str) -> str:
    try:
        return curie_of(normalise(identifier))
    except MalformedIdentifierError as error:
        raise FormatError(error.message, place=place, mend=error.mend) from error


@cache
def _category_by_class() -> dict[str, str]:
    """Our category by the Biolink class that is closest to it; of several, the one that says least."""
    by_class = {each.biolink_classes[0]: each.name for each in vocabulary.categories().values()}
    by_class |= {"biolink:Drug": "drug", "biolink:Publication": "publication"}
    del by_class["biolink:NamedThing"]
    return by_class


def _categories(record: Record) -> tuple[str, ...]:
    """Our categories of a node: as it says itself, else those of its Biolink classes, else of its prefix."""
    known = vocabulary.categories()
    said = tuple(name for name in record.get("stemgraph_category", ()) if name in known)
    if said:
        return said
    classes = dict.fromkeys(record["category"])
    if "biolink:Disease" in classes:
        # KGX may list the ancestors of a class too, and one of them is a category of ours.
        classes.pop("biolink:DiseaseOrPhenotypicFeature", None)
    found = _category_by_class()
    if set(classes) == {"biolink:NamedThing"}:
        default = DEFAULT_CATEGORIES.get(normalise(record["id"]).partition(":")[0])
        return (default,) if default else ()
    return tuple(found[each] for each in classes if each in found)


@cache
def _predicates_by_name() -> dict[str, str]:
    """Our predicates by their own CURIE, and by a Biolink predicate that means exactly the same."""
    names: dict[str, str] = {}
    for predicate in vocabulary.predicates().values():
        names[original_predicate(predicate.name)] = predicate.name
        if predicate.biolink_mapping == "exact":
            names[predicate.biolink_predicate] = predicate.name
    return names


def _predicate(record: Record) -> str | None:
    names = _predicates_by_name()
    return names.get(record.get("original_predicate", "")) or names.get(record["predicate"])


def _entity(record: Record) -> Entity:
    identifier = curie_of(normalise(record["id"]))
    exact = tuple(map(normalise, record.get("same_as", ())))
    mappings = [Mapped("exact", each) for each in exact]
    mappings += [Mapped("related", normalise(each)) for each in record.get("xref", ()) if each not in exact]
    return Entity(
        id=identifier,
        label=record.get("name", identifier),
        categories=_categories(record),
        description=record.get("description"),
        synonyms=tuple(record.get("synonym", ())),
        equivalent_ids=exact,
        mappings=tuple(mappings),
        deprecated=_is_true(record.get("deprecated")),
        source=_graph(record),
        attributes=_attributes(record.get("attributes", {})),
    )


def _attributes(stated: str | Record) -> Record:
    attributes: Record = json.loads(stated) if isinstance(stated, str) else stated
    return attributes


def _association(record: Record, place: str) -> Association:
    subject, target = (curie_of(normalise(record[end])) for end in ("subject", "object"))
    predicate = _predicate(record)
    if predicate is None:
        raise FormatError(f"has the predicate '{record['predicate']}', unknown to us", place=place)
    negated = _is_true(record.get("negated"))
    qualifiers = _qualifiers(record.get("qualifiers", ()), place)
    identifier = association_id(subject, predicate, target, negated=negated, qualifiers=qualifiers)
    source: str = record.get("primary_knowledge_source", "infores:unknown")
    return Association(
        id=identifier,
        subject=EntityReference(subject, subject),
        predicate=predicate,
        object=EntityReference(target, target),
        negated=negated,
        qualifiers=qualifiers,
        status=record.get("status", "reported"),
        evidence=_evidence(identifier, record, source),
        knowledge_level=record.get("knowledge_level", "not_provided"),
        agent_type=record.get("agent_type", "not_provided"),
        primary_knowledge_source=source,
        source=_graph(record),
        regulatory_action=record.get("regulatory_action"),
        stated_status=record.get("stated_status"),
        evidence_standing=record.get("evidence_standing", CURRENT),
    )


def _qualifiers(items: list[str], place: str) -> Record:
    """Qualifiers of ours, ``name=value``; those of other vocabularies are refused rather than lost."""
    known = vocabulary.qualifiers()
    qualifiers: Record = {}
    for item in items:
        name, cells = qualifier_values(item)
        if name not in known:
            raise FormatError(f"has the qualifier '{item}', unknown to us", place=place)
        values = [_qualifier_value(known[name].kind, cell) for cell in cells]
        qualifiers[name] = values[0] if len(values) == 1 else values
    return qualifiers


def _qualifier_value(kind: str, cell: str) -> Any:  # noqa: ANN401  # any JSON value
    if kind == "frequency":
        numerator, _, denominator = cell.partition("/")
        return {"numerator": int(numerator), "denominator": int(denominator)}
    if kind == "boolean":
        return cell == "true"
    return int(cell) if kind == "integer" else cell


def _evidence(association: str, record: Record, source: str) -> tuple[Evidence, ...]:
    if "evidence" in record:
        return tuple(map(Evidence.from_record, record["evidence"]))
    stances = [(each, "supports") for each in record.get("publications", ())]
    stances += [(each, "refutes") for each in record.get("refuting_publications", ())]
    return tuple(
        _named_evidence(association, normalise(reference), stance)
        for reference, stance in stances or [(source, "supports")]
    )


def _named_evidence(association: str, reference: str, stance: str) -> Evidence:
    return Evidence(
        id=evidence_id(association, {"reference": reference, "stance": stance}),
        reference=reference,
        stance=stance,
        summary=f"Named as a reference that {stance} the statement, in a KGX file.",
        source_tier=_TIER,
        retrieved=datetime.now(UTC).date().isoformat(),
    )


def _graph(record: Record) -> str:
    stated = record.get("named_graph")
    if stated is None:
        providers = record.get("provided_by", ())
        stated = providers[0].removeprefix("infores:") if len(providers) == 1 else DEFAULT_GRAPH
    return stated if stated.replace("-", "").replace("_", "").isalnum() else DEFAULT_GRAPH


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")
