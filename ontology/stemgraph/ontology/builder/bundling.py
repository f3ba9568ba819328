"""From the content to the bundle: ``graph.nq.gz`` and ``release.json``, the same bytes each time."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stemgraph.ontology.backbone import Backbone, bundled_backbone
from stemgraph.ontology.builder.actions import flat_association, merged_actions, state_action
from stemgraph.ontology.builder.associations import AssociationStatements, axiom_id, merged
from stemgraph.ontology.builder.descriptions import state_sources, state_vocabulary
from stemgraph.ontology.builder.entities import state_entities
from stemgraph.ontology.builder.evidence import EvidenceStatements
from stemgraph.ontology.builder.statements import Statements, iri
from stemgraph.ontology.bundle import GRAPH_NAME, RELEASE_NAME
from stemgraph.ontology.curation import content_directory, read_curation
from stemgraph.ontology.curation.catalogue import Catalogue
from stemgraph.ontology.curation.evidence_relations import EvidenceRelations, owned_evidence
from stemgraph.ontology.sources import ReleaseName, Source, read_release_name, read_sources

Progress = Callable[[str, float], None]
"""Called with what is being done and the share done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class BundleSummary:
    """What was built."""

    directory: Path
    digest: str
    """SHA-256 of the uncompressed N-Quads."""
    counts: Mapping[str, int]
    size: int
    """Bytes of the two files."""


def build_bundle(
    directory: Path,
    *,
    content: Path | None = None,
    backbone: Backbone | None = None,
    progress: Progress | None = None,
) -> BundleSummary:
    """Build the bundle from the content of this package, or of another directory of the same layout.

    Args:
        directory: Where ``graph.nq.gz`` and ``release.json`` go; made if absent.
        content: Directory with ``curated``, ``entities``, ``sources.yaml`` and ``release.yaml``.
        backbone: The ontology terms; ours if not given.
        progress: Told about each step.

    Raises:
        ContentError: Something in the content is wrong.
    """
    tell = progress or _silently
    base = content_directory() if content is None else content
    sources, name = read_sources(base), read_release_name(base)
    tell("Reading the backbone", 0.0)
    known = bundled_backbone() if backbone is None else backbone
    tell("Reviewing the curated content", 0.2)
    curation = read_curation(base, known)
    catalogue = Catalogue.of(curation, known)
    statements = Statements()
    tell("Stating entities", 0.3)
    state_sources(statements, sources.values())
    state_vocabulary(statements)
    state_entities(statements, catalogue, known)
    tell("Stating associations", 0.5)
    merged_rows, actions = merged(curation.associations), merged_actions(curation.actions)
    flat = [flat_association(action, catalogue) for action in actions]
    owned = list(owned_evidence(curation.entities, merged_rows, actions, flat))
    evidence = EvidenceStatements(statements, EvidenceRelations(owned))
    associations = AssociationStatements(statements, sources, evidence)
    for entity in curation.entities:
        evidence.state(entity.id, entity.source, entity.evidence)
    axioms = {axiom_id(axiom): axiom for axiom in known.all_axioms()}
    for association in merged_rows:
        associations.state(association, axiom=axioms.pop(association.id, None))
    for action, association in zip(actions, flat, strict=True):
        state_action(action, statements, evidence, catalogue)
        associations.state(association, action=action.id)
    for identifier, axiom in axioms.items():
        associations.state_axiom(identifier, axiom)
    tell("Sorting and writing", 0.8)
    counts = {
        "entities": len(catalogue) + len(actions),
        "associations": associations.count,
        "negated": associations.negated,
        "evidence": len(evidence),
        "regulatory_actions": len(actions),
    }
    summary = _write(directory, statements.lines(), name, sources, counts)
    tell("Done", 1.0)
    return summary


def _silently(_step: str, _share: float) -> None:
    """Tell nobody."""


def _write(
    directory: Path,
    lines: Sequence[str],
    name: ReleaseName,
    sources: Mapping[str, Source],
    counts: Mapping[str, int],
) -> BundleSummary:
    text = "".join(lines).encode()
    digest = hashlib.sha256(text).hexdigest()
    quads = Counter(line[line.rindex(" <", 0, -3) + 1 : -3] for line in lines if line.endswith("> .\n"))
    all_counts = {**counts, "quads": len(lines)}
    release = {
        "number": name.number,
        "digest": digest,
        "date": name.date,
        "counts": all_counts,
        "sources": [
            {
                "name": source.name,
                "title": source.title,
                "version": source.version,
                "license": source.license,
                "license_url": source.license_url,
                "attribution": source.attribution,
                "snapshot_date": source.snapshot_date,
                "source_url": source.source_url,
                "quads": quads[iri(f"sgg:{source.name}")],
            }
            for source in sources.values()
        ],
    }
    directory.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(text, compresslevel=9, mtime=0)
    described = (json.dumps(release, indent=2, ensure_ascii=False) + "\n").encode()
    directory.joinpath(GRAPH_NAME).write_bytes(packed)
    directory.joinpath(RELEASE_NAME).write_bytes(described)
    return BundleSummary(directory, digest, all_counts, len(packed) + len(described))
