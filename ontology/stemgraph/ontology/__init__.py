"""What stemgraph knows: vocabulary, curated content, ontology backbone, and the bundle made of them.

Names are imported from their modules when first asked for, so that the library, which needs few of them,
starts quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from stemgraph.ontology.backbone import Backbone, bundled_backbone, read_backbone
    from stemgraph.ontology.builder import BundleSummary, build_bundle
    from stemgraph.ontology.bundle import bundle_directory, bundled_release
    from stemgraph.ontology.closure_rules import ClosureRule, ClosureRules, closure_rules
    from stemgraph.ontology.curation import Curation, curation_problems, read_curation
    from stemgraph.ontology.errors import ContentError, MalformedIdentifierError, StemgraphError
    from stemgraph.ontology.identifier_check import (
        IdentifierVerdict,
        VerdictKind,
        check_identifiers,
        identifier_tables,
    )
    from stemgraph.ontology.identifier_pairs import IdentifierPair, read_pairs
    from stemgraph.ontology.identifiers import PREFIXES, compress, converter, curie_of, expand, normalise
    from stemgraph.ontology.vocabulary import (
        Category,
        Predicate,
        Qualifier,
        categories,
        enumeration,
        predicates,
        qualifiers,
    )

__all__ = [
    "PREFIXES",
    "Backbone",
    "BundleSummary",
    "Category",
    "ClosureRule",
    "ClosureRules",
    "ContentError",
    "Curation",
    "IdentifierPair",
    "IdentifierVerdict",
    "MalformedIdentifierError",
    "Predicate",
    "Qualifier",
    "StemgraphError",
    "VerdictKind",
    "build_bundle",
    "bundle_directory",
    "bundled_backbone",
    "bundled_release",
    "categories",
    "check_identifiers",
    "closure_rules",
    "compress",
    "converter",
    "curation_problems",
    "curie_of",
    "enumeration",
    "expand",
    "identifier_tables",
    "normalise",
    "predicates",
    "qualifiers",
    "read_backbone",
    "read_curation",
    "read_pairs",
]

_NAMES_BY_MODULE: Final = {
    "backbone": ("Backbone", "bundled_backbone", "read_backbone"),
    "builder": ("BundleSummary", "build_bundle"),
    "bundle": ("bundle_directory", "bundled_release"),
    "closure_rules": ("ClosureRule", "ClosureRules", "closure_rules"),
    "curation": ("Curation", "curation_problems", "read_curation"),
    "errors": ("ContentError", "MalformedIdentifierError", "StemgraphError"),
    "identifier_check": ("IdentifierVerdict", "VerdictKind", "check_identifiers", "identifier_tables"),
    "identifier_pairs": ("IdentifierPair", "read_pairs"),
    "identifiers": ("PREFIXES", "compress", "converter", "curie_of", "expand", "normalise"),
    "vocabulary": (
        "Category",
        "Predicate",
        "Qualifier",
        "categories",
        "enumeration",
        "predicates",
        "qualifiers",
    ),
}
_MODULE_BY_NAME: Final = {name: module for module, names in _NAMES_BY_MODULE.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULE_BY_NAME:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_MODULE_BY_NAME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
