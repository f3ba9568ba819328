"""Associations and their evidence as flat rows: what tables, data frames and CSV files show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from stemgraph.graph.model import Association, Evidence

Cell = str | int | bool | None

ASSOCIATION_COLUMNS: Final = (
    "id",
    "subject",
    "subject_label",
    "predicate",
    "biolink_predicate",
    "object",
    "object_label",
    "negated",
    "status",
    "stated_status",
    "evidence_standing",
    "references",
    "stances",
    "best_tier",
    "knowledge_level",
    "agent_type",
    "primary_knowledge_source",
    "source",
    "first_release",
    "regulatory_action",
)
"""The columns of every table of associations; the qualifiers follow by name."""

EVIDENCE_COLUMNS: Final = ("association", *Evidence.__slots__)
"""The columns of a table of evidence."""


def qualifier_names(associations: Iterable[Association]) -> list[str]:
    """Names of the qualifiers that occur, sorted."""
    return sorted({name for association in associations for name in association.qualifiers})


def association_row(association: Association, qualifiers: Iterable[str]) -> dict[str, Cell]:
    """One association as a row, with a cell for each of these qualifiers."""
    evidence = association.evidence
    row: dict[str, Cell] = {
        "id": association.id,
        "subject": association.subject.id,
        "subject_label": association.subject.label,
        "predicate": association.predicate,
        "biolink_predicate": association.biolink_predicate,
        "object": association.object.id,
        "object_label": association.object.label,
        "negated": association.negated,
        "status": association.status,
        "stated_status": association.stated_status,
        "evidence_standing": association.evidence_standing,
        "references": "|".join(dict.fromkeys(each.reference for each in evidence)),
        "stances": "|".join(dict.fromkeys(each.stance for each in evidence)),
        "best_tier": min((each.source_tier for each in evidence), default=None),
        "knowledge_level": association.knowledge_level,
        "agent_type": association.agent_type,
        "primary_knowledge_source": association.primary_knowledge_source,
        "source": association.source,
        "first_release": association.first_release,
        "regulatory_action": association.regulatory_action,
    }
    for name in qualifiers:
        row[name] = qualifier_cell(association.qualifiers.get(name))
    return row


def evidence_rows(association: Association) -> list[dict[str, Cell]]:
    """Each piece of evidence of an association as a row that begins with the association's id."""
    return [
        {"association": association.id, **{name: _cell(value) for name, value in each.to_record().items()}}
        for each in association.evidence
    ]


def _cell(value: object) -> Cell:
    """A field of evidence as one cell: a list of references is joined by ``|``."""
    if isinstance(value, list):
        return "|".join(cast("list[str]", value))
    return cast("Cell", value)


def qualifier_cell(value: object) -> str | None:
    """A qualifier's value as text: ``10/67``, a CURIE, or several joined by ``|``."""
    if value is None:
        return None
    return "|".join(map(_text, listed(value)))


def listed(value: object) -> list[Any]:
    """The JSON values of a qualifier or attribute that may hold one or several."""
    return list(cast("Iterable[Any]", value)) if isinstance(value, list) else [value]


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, object]", value)
        return str(fields["id"]) if "id" in fields else f"{fields['numerator']}/{fields['denominator']}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
