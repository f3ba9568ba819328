"""The page of what the bundled release holds, from its statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from stemgraph.app.reference.markdown import code, page, table
from stemgraph.ontology import vocabulary

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph

Json = dict[str, Any]

INTRODUCTION: Final = """\
Written by `make generate` from the statistics of the release that ships with stemgraph. `GET /api/v1/stats`
gives those of the release that you serve, `kg.statistics()` those of any graph.

Most entities and associations are the backbone: the whole of CL, MONDO and MAxO. What the project states
itself, row by row and each with its evidence, are the sources `curated` and `article`."""


def contents_page(graph: KnowledgeGraph) -> str:
    """The page: totals, and counts by category, predicate, status, source and evidence."""
    statistics: Json = graph.statistics()
    associations: Json = statistics["associations"]
    evidence: Json = statistics["evidence"]
    return page(
        "What is inside",
        INTRODUCTION,
        f"Release {graph.release.number} of {graph.release.date}:",
        _totals(statistics["totals"]),
        "## Entities by category\n\nAn entity may be of more than one category.",
        _defined("Category", statistics["entities"]["by_category"], _category_definitions()),
        "## Associations by predicate\n\nNegated statements are counted with the others.",
        _defined("Predicate", associations["by_predicate"], _predicate_definitions()),
        "## Associations by status",
        _defined("Status", associations["by_status"], vocabulary.enumeration("status")),
        "## Sources",
        "Each source is a named graph with a licence of its own; see [LICENSE-DATA](../../LICENSE-DATA).",
        _sources(graph, statistics),
        "## Evidence\n\nAxioms of an ontology release share one piece of evidence for each predicate.",
        _defined("Stance", evidence["by_stance"], vocabulary.enumeration("stance")),
        _defined("Study design", evidence["by_study_design"], vocabulary.enumeration("study_design")),
    )


def _totals(totals: Mapping[str, int]) -> str:
    rows = [(name.replace("_", " "), _number(count)) for name, count in totals.items()]
    return table(("What", "Count"), rows)


def _sources(graph: KnowledgeGraph, statistics: Json) -> str:
    entities: Json = statistics["entities"]["by_source"]
    associations: Json = statistics["associations"]["by_source"]
    return table(
        ("Source", "What", "Version", "Licence", "Entities", "Associations", "Quads"),
        [
            (
                code(source["name"]),
                source["title"],
                str(source["version"]),
                f"[{source['license']}]({source['license_url']})",
                _number(entities.get(source["name"], 0)),
                _number(associations.get(source["name"], 0)),
                _number(source["quads"]),
            )
            for source in graph.release.sources
        ],
    )


def _defined(title: str, counts: Mapping[str, int], definitions: Mapping[str, str]) -> str:
    rows = [(code(name), _number(count), definitions.get(name, "")) for name, count in counts.items()]
    return table((title, "Count", "What"), rows)


def _category_definitions() -> dict[str, str]:
    return {name: category.definition for name, category in vocabulary.categories().items()}


def _predicate_definitions() -> dict[str, str]:
    return {name: predicate.definition for name, predicate in vocabulary.predicates().items()}


def _number(count: int) -> str:
    return f"{count:,}"
