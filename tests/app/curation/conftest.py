"""Curated rows of the content as bodies, and the graph that they are in."""

from __future__ import annotations

from typing import Any

import pytest

from stemgraph.app.curation.state import State
from stemgraph.graph import KnowledgeGraph
from stemgraph.ontology.builder.associations import merged
from stemgraph.ontology.curation import CuratedAssociation, Curation, read_curation
from stemgraph.ontology.curation.evidence_relations import RELATIONS, EvidenceRelations, owned_evidence


@pytest.fixture(scope="session")
def content() -> Curation:
    return read_curation()


@pytest.fixture(scope="session")
def rows(content: Curation) -> list[CuratedAssociation]:
    """The statements of curators, each once; those that an ontology makes too stand in its graph."""
    return [each for each in merged(content.associations) if each.source in ("curated", "article")]


@pytest.fixture(scope="session")
def relations(content: Curation, rows: list[CuratedAssociation]) -> EvidenceRelations:
    return EvidenceRelations(owned_evidence(content.entities, merged(content.associations), content.actions))


@pytest.fixture
def state(bundled: KnowledgeGraph) -> State:
    return State(bundled.store.oxigraph)


def body_of(row: CuratedAssociation, relations: EvidenceRelations) -> dict[str, Any]:
    """What a client would send for a curated row; the rows that it names as the evidence they became."""
    evidence: list[dict[str, Any]] = []
    for each in row.evidence:
        fields = {name: getattr(each, name) for name in each.__slots__ if name not in ("place", "origin")}
        fields |= {name: list(relations.named("", fields[name])) for name in RELATIONS}
        evidence.append({name: value for name, value in fields.items() if value not in (None, [], False)})
    return {
        "subject": row.subject,
        "subject_label": row.subject_label,
        "predicate": row.predicate,
        "object": row.object,
        "object_label": row.object_label,
        "negated": row.negated,
        "qualifiers": dict(row.qualifiers),
        "status": row.status,
        "evidence": evidence,
    }
