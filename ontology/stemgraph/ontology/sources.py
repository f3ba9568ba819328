"""The named graphs of a release: where each comes from and under which licence it may be passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stemgraph.ontology.curation.fields import Fields, partial_date_of
from stemgraph.ontology.identity import evidence_id
from stemgraph.ontology.located_yaml import read_yaml

_FIELDS: Final = (
    "name",
    "title",
    "version",
    "license",
    "license_url",
    "attribution",
    "snapshot_date",
    "source_url",
    "knowledge_source",
    "knowledge_level",
    "agent_type",
    "status",
)


@dataclass(frozen=True, slots=True)
class AxiomEvidence:
    """The evidence that all axioms of one kind from one ontology release share."""

    id: str
    reference: str
    summary: str


@dataclass(frozen=True, slots=True)
class Source:
    """One named graph."""

    name: str
    title: str
    version: str
    license: str
    license_url: str
    attribution: str
    snapshot_date: str
    source_url: str
    knowledge_source: str
    """CURIE of the resource that made its statements, such as ``infores:mondo``."""
    knowledge_level: str
    agent_type: str
    status: str
    """The status of those statements that do not tell their own."""
    axioms: Mapping[str, AxiomEvidence] = field(default_factory=dict[str, AxiomEvidence])
    """By predicate."""


@dataclass(frozen=True, slots=True)
class ReleaseName:
    """Number and date of the release that the content makes."""

    number: int
    date: str


def read_sources(directory: Path) -> Mapping[str, Source]:
    """The sources by name, from ``sources.yaml`` of a content directory.

    Raises:
        ContentError: The file is missing or has a mistake.
    """
    document = Fields(read_yaml(directory / "sources.yaml", name="sources.yaml"), {"sources"})
    sources = (_source(Fields(each, (*_FIELDS, "axioms"))) for each in document["sources"].items)
    return {source.name: source for source in sources}


def read_release_name(directory: Path) -> ReleaseName:
    """Number and date of the release, from ``release.yaml`` of a content directory.

    Raises:
        ContentError: The file is missing or has a mistake.
    """
    fields = Fields(read_yaml(directory / "release.yaml", name="release.yaml"), {"number", "date"})
    return ReleaseName(fields.integer("number") or 1, partial_date_of(fields["date"]))


def _source(fields: Fields) -> Source:
    axioms: dict[str, AxiomEvidence] = {}
    name = fields.text("name")
    for located in fields["axioms"].items if "axioms" in fields else ():
        row = Fields(located, {"predicates", "reference", "summary"})
        reference, summary = row.reference("reference"), row.text("summary")
        identifier = evidence_id(f"sgg:{name}", {"reference": reference, "summary": summary})
        evidence = AxiomEvidence(identifier, reference, summary)
        axioms.update(dict.fromkeys(row.texts("predicates"), evidence))
    return Source(
        name=name,
        title=fields.text("title"),
        version=fields.text("version"),
        license=fields.text("license"),
        license_url=fields.reference("license_url"),
        attribution=fields.text("attribution"),
        snapshot_date=partial_date_of(fields["snapshot_date"]),
        source_url=fields.reference("source_url"),
        knowledge_source=fields.curie("knowledge_source"),
        knowledge_level=fields.value_of("knowledge_level", "knowledge_level"),
        agent_type=fields.value_of("agent_type", "agent_type"),
        status=fields.value_of("status", "status"),
        axioms=axioms,
    )
