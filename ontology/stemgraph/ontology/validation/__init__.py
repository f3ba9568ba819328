"""Hold a graph against the schema, the shapes and its own identifiers."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad

from stemgraph.ontology.validation.consistency import inconsistencies
from stemgraph.ontology.validation.parts import GraphParts
from stemgraph.ontology.validation.report import ValidationReport, Violation
from stemgraph.ontology.validation.shacl import shape_violations

__all__ = ["ValidationReport", "Violation", "validate_graph"]


def validate_graph(dataset: Iterable[Quad]) -> ValidationReport:
    """Hold a graph against the generated SHACL, the overlay and plain checks.

    The curated statements go through SHACL; the lean axioms of imported ontologies, a hundred times as many,
    through plain comparison, which takes seconds where SHACL would take an hour.

    Args:
        dataset: Quads: a ``pyoxigraph.Store`` or ``Dataset``, or what ``pyoxigraph.parse`` yields.

    Raises:
        StemgraphError: pyshacl, which the extra ``validate`` brings, is not installed.
    """
    parts = GraphParts.from_quads(dataset)
    violations = {*inconsistencies(parts), *shape_violations(parts.under_shapes())}
    return ValidationReport(
        violations=tuple(
            sorted(violations, key=lambda each: (each.rule, each.focus, each.path or "", each.value or ""))
        ),
        associations=len(parts.associations),
        axioms=len(parts.axioms),
    )
