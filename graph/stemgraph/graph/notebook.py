"""What a notebook shows of the graph's objects: small HTML tables, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Final

from stemgraph.graph.formats.rows import qualifier_cell
from stemgraph.graph.model import Evidence
from stemgraph.ontology.standing import CURRENT

if TYPE_CHECKING:
    from stemgraph.graph.hierarchy import Hierarchy, HierarchyStep
    from stemgraph.graph.model import Association, Entity, EntityReference

MOST_ROWS: Final = 50
"""Rows shown of a longer table."""

ASSOCIATION_HEADINGS: Final = ("subject", "predicate", "object", "qualifiers", "status", "evidence")


def entity_html(entity: Entity) -> str:
    """An entity as a table of what is known of it."""
    rows = [
        ("categories", ", ".join(entity.categories)),
        ("description", entity.description or ""),
        ("synonyms", ", ".join(entity.synonyms)),
        ("equivalent ids", ", ".join(entity.equivalent_ids)),
        ("replaced by", ", ".join(entity.replaced_by)),
        ("source", entity.source),
        *(
            (name.replace("_", " "), _value(value))
            for name, value in entity.attributes.items()
            if name != "evidence"
        ),
        *(
            ("evidence", _evidence(Evidence.from_record(each)))
            for each in entity.attributes.get("evidence", ())
        ),
    ]
    obsolete = " (obsolete)" if entity.deprecated else ""
    return _described(f"{entity.label}{obsolete}", entity.id, rows)


def association_html(association: Association) -> str:
    """An association as a table: the statement, its standing, and each piece of evidence."""
    rows = [
        ("subject", _named(association.subject)),
        ("predicate", _predicate(association)),
        ("object", _named(association.object)),
        ("negated", "yes: this is stated not to be so" if association.negated else "no"),
        ("status", _status(association)),
        *((name.replace("_", " "), _value(value)) for name, value in association.qualifiers.items()),
        *(("evidence", _evidence(each)) for each in association.evidence),
        ("source", f"{association.primary_knowledge_source} ({association.source})"),
    ]
    statement = f"{association.subject.label} {_predicate(association)} {association.object.label}"
    return _described(statement, association.id, rows)


def associations_html(associations: Iterable[Association], total: int | None = None) -> str:
    """Associations as a table, the first ``MOST_ROWS`` of them; ``total`` is how many there are in all."""
    shown = list(islice(associations, MOST_ROWS))
    rows = [
        (
            each.subject.label,
            _predicate(each),
            each.object.label,
            "; ".join(f"{name}: {_value(value)}" for name, value in each.qualifiers.items()),
            each.status,
            ", ".join(dict.fromkeys(evidence.reference for evidence in each.evidence)),
        )
        for each in shown
    ]
    counted = len(shown) if total is None else total
    return table_html(ASSOCIATION_HEADINGS, rows, caption=f"{len(shown)} of {counted} associations")


def answer_html(variables: Sequence[str], rows: Iterable[Sequence[str]], total: int) -> str:
    """The solutions of a query as a table, the first ``MOST_ROWS`` of them."""
    shown = list(islice(rows, MOST_ROWS))
    return table_html(variables, shown, caption=f"{len(shown)} of {total} rows")


def hierarchy_html(hierarchy: Hierarchy) -> str:
    """A hierarchy as a table of its ancestors, the farthest first, the entity, and its descendants."""
    above = sorted(hierarchy.ancestors, key=lambda step: -step.distance)
    rows = [_step("above", each) for each in above]
    rows.append(("", hierarchy.entity.label, hierarchy.entity.id, "", "0"))
    rows += [_step("below", each) for each in islice(hierarchy.descendants, MOST_ROWS)]
    caption = (
        f"{len(hierarchy.ancestors)} ancestors and {len(hierarchy.descendants)} descendants "
        f"of {hierarchy.entity.label}"
    )
    return table_html(("", "entity", "id", "relation", "steps"), rows, caption=caption)


def table_html(headings: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str) -> str:
    """An HTML table; every text in it is escaped."""
    head = "".join(f"<th>{escape(each)}</th>" for each in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _described(title: str, identifier: str, rows: Iterable[tuple[str, str]]) -> str:
    body = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows if value
    )
    return (
        f"<table><caption><b>{escape(title)}</b> {escape(identifier)}</caption><tbody>{body}</tbody></table>"
    )


def _predicate(association: Association) -> str:
    name = association.predicate.replace("_", " ")
    return f"NOT {name}" if association.negated else name


def _named(entity: EntityReference) -> str:
    return f"{entity.label} ({entity.id})"


def _status(association: Association) -> str:
    if association.stated_status is not None:
        return f"{association.status} (stated as {association.stated_status})"
    standing = association.evidence_standing
    return association.status if standing == CURRENT else f"{association.status} (evidence {standing})"


def _evidence(evidence: Evidence) -> str:
    fate = " (retracted)" if evidence.retracted else " (superseded)" if evidence.superseded_by else ""
    return f"{evidence.stance}: {evidence.reference}{fate}: {evidence.summary}"


def _value(value: object) -> str:
    return (qualifier_cell(value) or "").replace("|", ", ")


def _step(place: str, step: HierarchyStep) -> tuple[str, str, str, str, str]:
    return place, step.entity.label, step.entity.id, step.relation.replace("_", " "), str(step.distance)
