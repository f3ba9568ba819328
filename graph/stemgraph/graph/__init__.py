"""The stemgraph library: ``KnowledgeGraph`` and the values it answers with."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from stemgraph.graph.errors import (
    AmbiguousNameError,
    BadRequestError,
    ContentError,
    CursorError,
    DataDirectoryError,
    FormatError,
    MalformedIdentifierError,
    NameLookupError,
    QueryError,
    QueryForbiddenError,
    QueryTimeoutError,
    StemgraphError,
    UnknownCategoryError,
    UnknownFormatError,
    UnknownIdentifierError,
    UnknownNameError,
    UnknownPredicateError,
    UnknownReleaseError,
)
from stemgraph.graph.model import Association, Entity, EntityReference, Evidence, Mapped, Record

if TYPE_CHECKING:
    from stemgraph.graph.annotation import Annotation, Annotations
    from stemgraph.graph.asking import YesNoAnswer
    from stemgraph.graph.association_query import AssociationQuery
    from stemgraph.graph.associations import Associations
    from stemgraph.graph.claims import Check, Claim, Judged
    from stemgraph.graph.compilation import add_release, compile_release
    from stemgraph.graph.disagreement.conflict import Conflict, Conflicts
    from stemgraph.graph.hierarchy import Hierarchy, HierarchyStep
    from stemgraph.graph.inheritance import Inheritance, InheritanceStep
    from stemgraph.graph.inherited_associations import InheritedAssociations
    from stemgraph.graph.knowledge_graph import KnowledgeGraph
    from stemgraph.graph.lineage.lineage import Lineage, LineageStep
    from stemgraph.graph.neighborhood import Neighborhood, NeighborhoodNode
    from stemgraph.graph.paths import Path, Paths, PathStep
    from stemgraph.graph.publication import Publication, publish_release
    from stemgraph.graph.query_answer import QueryAnswer
    from stemgraph.graph.regulatory.action import RegulatoryAction
    from stemgraph.graph.regulatory.listing import ActionQuery, Actions
    from stemgraph.graph.regulatory.status import JurisdictionStatus, ProductStatus
    from stemgraph.graph.regulatory.timeline import Timeline
    from stemgraph.graph.release import DataDirectory, Release, ReleaseDirectory
    from stemgraph.graph.release_diff import RecordChange, ReleaseDiff
    from stemgraph.graph.risk.comparison import RiskComparison
    from stemgraph.graph.risk.risks import Risk, Risks
    from stemgraph.graph.search import SearchAnswer, SearchHit
    from stemgraph.graph.snapshot import Snapshot, apply_diff
    from stemgraph.graph.source import write_source
    from stemgraph.graph.store import OxigraphStore, Store
    from stemgraph.graph.therapies import Therapies, TherapyAnswer, TherapyGroup

_HOMES = {
    "ActionQuery": "regulatory.listing",
    "Actions": "regulatory.listing",
    "Annotation": "annotation",
    "Annotations": "annotation",
    "AssociationQuery": "association_query",
    "Associations": "associations",
    "Check": "claims",
    "Claim": "claims",
    "Conflict": "disagreement.conflict",
    "Conflicts": "disagreement.conflict",
    "DataDirectory": "release",
    "Hierarchy": "hierarchy",
    "HierarchyStep": "hierarchy",
    "Inheritance": "inheritance",
    "InheritanceStep": "inheritance",
    "InheritedAssociations": "inherited_associations",
    "JurisdictionStatus": "regulatory.status",
    "Judged": "claims",
    "KnowledgeGraph": "knowledge_graph",
    "Lineage": "lineage.lineage",
    "LineageStep": "lineage.lineage",
    "Neighborhood": "neighborhood",
    "NeighborhoodNode": "neighborhood",
    "OxigraphStore": "store",
    "Path": "paths",
    "PathStep": "paths",
    "Paths": "paths",
    "ProductStatus": "regulatory.status",
    "Publication": "publication",
    "QueryAnswer": "query_answer",
    "RecordChange": "release_diff",
    "RegulatoryAction": "regulatory.action",
    "Release": "release",
    "ReleaseDiff": "release_diff",
    "ReleaseDirectory": "release",
    "Risk": "risk.risks",
    "RiskComparison": "risk.comparison",
    "Risks": "risk.risks",
    "SearchAnswer": "search",
    "SearchHit": "search",
    "Snapshot": "snapshot",
    "Store": "store",
    "Therapies": "therapies",
    "TherapyAnswer": "therapies",
    "TherapyGroup": "therapies",
    "Timeline": "regulatory.timeline",
    "YesNoAnswer": "asking",
    "add_release": "compilation",
    "apply_diff": "snapshot",
    "compile_release": "compilation",
    "publish_release": "publication",
    "write_source": "source",
}
"""Modules that are imported when a name of theirs is first used, so that importing the library is quick."""


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = [
    "ActionQuery",
    "Actions",
    "AmbiguousNameError",
    "Annotation",
    "Annotations",
    "Association",
    "AssociationQuery",
    "Associations",
    "BadRequestError",
    "Check",
    "Claim",
    "Conflict",
    "Conflicts",
    "ContentError",
    "CursorError",
    "DataDirectory",
    "DataDirectoryError",
    "Entity",
    "EntityReference",
    "Evidence",
    "FormatError",
    "Hierarchy",
    "HierarchyStep",
    "Inheritance",
    "InheritanceStep",
    "InheritedAssociations",
    "Judged",
    "JurisdictionStatus",
    "KnowledgeGraph",
    "Lineage",
    "LineageStep",
    "MalformedIdentifierError",
    "Mapped",
    "NameLookupError",
    "Neighborhood",
    "NeighborhoodNode",
    "OxigraphStore",
    "Path",
    "PathStep",
    "Paths",
    "ProductStatus",
    "Publication",
    "QueryAnswer",
    "QueryError",
    "QueryForbiddenError",
    "QueryTimeoutError",
    "Record",
    "RecordChange",
    "RegulatoryAction",
    "Release",
    "ReleaseDiff",
    "ReleaseDirectory",
    "Risk",
    "RiskComparison",
    "Risks",
    "SearchAnswer",
    "SearchHit",
    "Snapshot",
    "StemgraphError",
    "Store",
    "Therapies",
    "TherapyAnswer",
    "TherapyGroup",
    "Timeline",
    "UnknownCategoryError",
    "UnknownFormatError",
    "UnknownIdentifierError",
    "UnknownNameError",
    "UnknownPredicateError",
    "UnknownReleaseError",
    "YesNoAnswer",
    "add_release",
    "apply_diff",
    "compile_release",
    "publish_release",
    "write_source",
]
