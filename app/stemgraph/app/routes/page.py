"""A plain page about one entity, for people who follow its address in a browser."""

from __future__ import annotations

from html import escape
from typing import Any, Final, cast
from urllib.parse import quote

from stemgraph.app.negotiation import HTML
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.routes.documents import page_file
from stemgraph.app.routes.entity import EntityPath
from stemgraph.app.service import NOTICE
from stemgraph.graph.model import Association, Entity, EntityReference, Evidence
from stemgraph.graph.regulatory.timeline import Timeline

PAGE_POLICY: Final = b"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
MOST_SHOWN: Final = 200


@get(
    "/entity/{id:path}",
    tag="entities",
    parameters=EntityPath,
    offers=(HTML,),
    entities=("id",),
    slow=True,
    policy=PAGE_POLICY,
)
def show_entity(call: Call[EntityPath]) -> Answer:
    """A page about one entity: its names, what is stated about it, and the evidence."""
    entity = call.graph.entity(call.parameters.id)
    page = call.graph.associations(entity=entity.id, limit=MOST_SHOWN)
    home = call.way_home("/entity/" + call.path_values["id"])
    rows = "".join(_row(each, call, home) for each in page)
    shown = f"{len(page)} of {page.total}" if page.next_cursor else str(page.total)
    release = call.graph.release
    data = call.pinned(f"{home}api/v1/entity/{quote(entity.id, safe=':')}")
    text = (
        page_file("entity.html")
        .decode()
        .format(
            label=escape(entity.label),
            id=escape(entity.id),
            home=home,
            notice=escape(NOTICE),
            release=escape(f"{release.number} of {release.date} ({release.id})"),
            facts=_facts(entity),
            history=_history(call.graph.timeline(entity.id)),
            shown=shown,
            rows=rows,
            data=escape(data),
        )
    )
    return Answer(text.encode(), HTML)


def _history(timeline: Timeline) -> str:
    """The picture of what regulators decided; nothing where nothing is recorded."""
    if not timeline.lanes:
        return ""
    return f'<h2>Regulatory history</h2>\n<figure class="history">{timeline.to_svg()}</figure>\n'


def _facts(entity: Entity) -> str:
    mapped = ", ".join(f"{each.id} ({each.relation})" for each in entity.mappings)
    facts = {
        "Kind": ", ".join(each.replace("_", " ") for each in entity.categories),
        "Description": entity.description or "",
        "Also called": "; ".join(entity.synonyms),
        "Mapped to": mapped,
        "Withdrawn": f"replaced by {', '.join(entity.replaced_by) or 'nothing'}" if entity.deprecated else "",
        "Source": entity.source,
    }
    return "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items() if value)


def _row(association: Association, call: Call[EntityPath], home: str) -> str:
    predicate = escape(association.predicate.replace("_", " "))
    if association.negated:
        predicate = f'<strong class="negated">not</strong> {predicate}'
    qualifiers = "; ".join(
        f"{name.replace('_', ' ')}: {_said(value)}" for name, value in association.qualifiers.items()
    )
    evidence = "".join(
        f"<li>{_reference(each)} ({escape(each.stance)}) {escape(each.summary)}</li>"
        for each in association.evidence
    )
    cells = (
        _link(association.subject, call, home),
        predicate,
        _link(association.object, call, home),
        escape(qualifiers),
        escape(association.status.replace("_", " ")),
        f"<ul>{evidence}</ul>",
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"


def _link(entity: EntityReference, call: Call[EntityPath], home: str) -> str:
    """A link to the page of an entity in the same release."""
    address = call.pinned(f"{home}entity/{quote(entity.id, safe=':')}")
    return f'<a href="{escape(address)}">{escape(entity.label)}</a>'


def _reference(evidence: Evidence) -> str:
    address = evidence.url or evidence.reference
    if address.startswith(("http://", "https://")):
        return f'<a href="{escape(address)}" rel="noreferrer">{escape(evidence.reference)}</a>'
    return escape(address)


def _said(value: Any) -> str:  # noqa: ANN401  # a qualifier is any JSON
    """A qualifier's value in words."""
    match value:
        case {"numerator": int(part), "denominator": int(whole)}:
            return f"{part} of {whole}"
        case {"label": str(label)}:
            return label
        case list():
            return ", ".join(_said(each) for each in cast("list[Any]", value))  # type: ignore[redundant-cast]  # pyright wants it
        case _:
            return str(value)
