"""The curated content: reviewable YAML, read into frozen records, every mistake with file and line."""

from stemgraph.ontology.curation.reading import content_directory
from stemgraph.ontology.curation.records import (
    CuratedAction,
    CuratedAssociation,
    CuratedEntity,
    CuratedEvidence,
    CuratedMapping,
    Curation,
)
from stemgraph.ontology.curation.review import curation_problems, read_curation

__all__ = [
    "CuratedAction",
    "CuratedAssociation",
    "CuratedEntity",
    "CuratedEvidence",
    "CuratedMapping",
    "Curation",
    "content_directory",
    "curation_problems",
    "read_curation",
]
