"""Small graphs made of statements written in words, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.formats.rdf_shape import association_quads, entity_quads
from stemgraph.graph.model import Association, Entity, EntityReference, Evidence
from stemgraph.ontology import vocabulary
from stemgraph.ontology.identity import association_id


def evidence(name: str, *, reference: str | None = None, **fields: Any) -> Evidence:
    """A piece of evidence; lists of other evidence are given as tuples of CURIEs."""
    plain: dict[str, Any] = {"stance": "supports", "source_tier": 1, "retrieved": "2026-11-22"}
    return Evidence(
        id=f"sge:{name}",
        reference=reference or f"https://example.org/{name}",
        summary=f"What {name} says.",
        **(plain | fields),
    )


def stated(
    words: str,
    *pieces: Evidence,
    status: str = "established",
    source: str = "curated",
    qualifiers: Mapping[str, Any] | None = None,
) -> Association:
    """An association from words such as ``hsct treats ms``, or ``hsct !treats ms`` for a negated one."""
    subject, verb, target = words.split()
    predicate, negated = verb.removeprefix("!"), verb.startswith("!")
    known = vocabulary.predicates()[predicate]
    ends = [
        EntityReference(name if ":" in name else f"STEMGRAPH:{name}", name.replace("-", " "))
        for name in (subject, target)
    ]
    return Association(
        id=association_id(ends[0].id, predicate, ends[1].id, negated=negated, qualifiers=qualifiers or {}),
        subject=ends[0],
        predicate=predicate,
        object=ends[1],
        negated=negated,
        qualifiers=qualifiers or {},
        status=status,
        evidence=pieces or (evidence(f"{subject}-{target}"),),
        biolink_predicate=known.biolink_predicate,
        source=source,
    )


def graph_stating(
    directory: Path,
    *associations: Association,
    category: str = "disease",
    categories: Mapping[str, str] | None = None,
) -> KnowledgeGraph:
    """A graph of these associations; entities are of one category unless ``categories`` says otherwise."""
    ends = {end.id: end for each in associations for end in (each.subject, each.object)}
    quads: list[ox.Quad] = []
    for each in associations:
        quads.extend(association_quads(each))
    for curie, end in ends.items():
        name = curie.partition(":")[2]
        own = (categories or {}).get(name, category)
        quads.extend(entity_quads(Entity(curie, end.label, (own,), source="curated")))
    return graph_of_quads(directory, quads)


def graph_of_quads(directory: Path, quads: Iterable[ox.Quad]) -> KnowledgeGraph:
    """A graph of these quads."""
    file = directory / "stated.nq"
    file.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    return KnowledgeGraph.memory(file)
