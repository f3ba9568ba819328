"""An edit of associations in the making: each step on the state that those before it leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import orjson
import pyoxigraph as ox

from stemgraph.app.curation.reading import curated_association, refusal, unknown_evidence
from stemgraph.app.curation.standing import settled
from stemgraph.app.curation.state import ASSOCIATION, RDF_TYPE, State, effective, node
from stemgraph.app.curation.statements import EDITED, association_quads, source_quads, stated_quads
from stemgraph.app.curation.versions import require_version, version_of
from stemgraph.app.errors import ConflictError
from stemgraph.graph.errors import UnknownIdentifierError
from stemgraph.graph.gathering import graph_name
from stemgraph.graph.quad_diff import QuadDiff, lines_of
from stemgraph.ontology.identifiers import compress

if TYPE_CHECKING:
    from stemgraph.app.curation.body import AssociationBody
    from stemgraph.app.writer.proposal import Head
    from stemgraph.graph import KnowledgeGraph

EDITABLE: Final = ("curated", "article", EDITED)
"""Graphs whose associations can be revised and retired here; others are made from ontologies and actions."""

_FIRST_RELEASE: Final = node("sgv:first_release")
_REGULATORY_ACTION: Final = node("sgv:regulatory_action")
_STATUS: Final = node("sgv:status")

Step = dict[str, Any]


class Editing:
    """What is being changed.

    Args:
        head: What it is based on.
        time: Date and time of the edit.
    """

    def __init__(self, head: Head, time: str) -> None:
        self._head = head
        self._date = time[:10]
        self._before = State(head.store)
        self._state = self._before
        self._seen: set[str] = set()
        self.steps: list[Step] = []

    def create(self, body: AssociationBody) -> None:
        """State a new association.

        Raises:
            ContentRefusedError: It breaks rules.
            ConflictError: It is stated already.
        """
        read = curated_association(body, self._head.graph, source=EDITED)
        self._see(read.id)
        self._refuse_stated(read.id)
        if found := unknown_evidence(read, self._state):
            raise refusal(found)
        new = association_quads(read, first_release=self._next_release, date=self._date)
        self._apply(added=[*new, *self._source()])
        self.steps.append({"action": "create", "id": read.id, "retired": None})

    def revise(self, identifier: str, body: AssociationBody, if_match: str | None, place: str) -> None:
        """State an association otherwise; where that makes it another one, retire it and state that.

        Raises:
            UnknownIdentifierError: There is none of this id.
            PreconditionRequiredError: If-Match is missing.
            PreconditionFailedError: It names another version.
            ContentRefusedError: It breaks rules, or is not curated here.
            ConflictError: What it becomes is stated already.
        """
        graph = self._editable(identifier, if_match, place)
        subject = node(identifier)
        old = list(stated_quads(self._state, subject))
        read = curated_association(body, self._head.graph, source=graph)
        first_release = self._first_release(subject)
        if read.id != identifier:
            self._see(read.id)
            self._refuse_stated(read.id)
            read = curated_association(body, self._head.graph, source=EDITED)
            first_release = self._next_release
        self._apply(removed=old)
        if found := unknown_evidence(read, self._state):
            raise refusal(found)
        new = association_quads(read, first_release=first_release, date=self._date)
        self._apply(added=[*new, *(self._source() if read.source == EDITED else ())])
        retired = None if read.id == identifier else identifier
        self.steps.append({"action": "revise", "id": read.id, "retired": retired})

    def retire(self, identifier: str, if_match: str | None, place: str) -> None:
        """Take an association out of the graph; raises as ``revise``."""
        self._editable(identifier, if_match, place)
        self._apply(removed=stated_quads(self._state, node(identifier)))
        self.steps.append({"action": "retire", "id": identifier, "retired": identifier})

    def difference(self) -> QuadDiff:
        """All that has changed, with what it leaves of evidence elsewhere."""
        state = self._state
        return state.then(settled(self._before, state)).diff

    def _apply(self, *, added: Iterable[ox.Quad] = (), removed: Iterable[ox.Quad] = ()) -> None:
        self._state = self._state.then(QuadDiff(lines_of(added), lines_of(removed)))

    @property
    def _next_release(self) -> int:
        return self._head.graph.release.number + 1

    def _source(self) -> Iterator[ox.Quad]:
        """The description of the graph of edits, unless it is there."""
        if not any(self._state.quads(node(f"sgg:{EDITED}"))):
            yield from source_quads(self._date)

    def _see(self, identifier: str) -> None:
        if identifier in self._seen:
            raise ConflictError(
                f"{identifier} is named twice in one edit", place="id", mend="say once what becomes of it"
            )
        self._seen.add(identifier)

    def _refuse_stated(self, identifier: str) -> None:
        if any(self._state.quads(node(identifier))):
            raise ConflictError(
                f"{identifier} states this already",
                place=identifier,
                mend=f"read it, and add to its evidence with PUT /api/v1/association/{identifier}",
            )

    def _editable(self, identifier: str, if_match: str | None, place: str) -> str:
        """The name of the graph of an association that may be changed, in the version that If-Match names."""
        self._see(identifier)
        subject = node(identifier)
        typed = next(iter(self._state.quads(subject, RDF_TYPE, ASSOCIATION)), None)
        if typed is None:
            raise UnknownIdentifierError(identifier)
        require_version(if_match, version_of(self._head.graph.association_bytes(identifier)), place=place)
        name = graph_name(str(typed.graph_name))
        flat = any(self._state.quads(subject, _REGULATORY_ACTION))
        if name not in EDITABLE or flat or not any(self._state.quads(subject, _STATUS)):
            raise refusal([_not_curated(identifier, name, flat=flat)])
        return name

    def _first_release(self, subject: ox.NamedNode) -> int:
        found = next((quad.object for quad in self._state.quads(subject, _FIRST_RELEASE)), None)
        return int(found.value) if isinstance(found, ox.Literal) else 1


def _not_curated(identifier: str, name: str, *, flat: bool) -> dict[str, object]:
    if flat:
        message = "it follows from a regulatory action"
        mend = "change the action in the curated files, and publish a release"
    else:
        message = f"it is of the graph '{name}', which is made from its source"
        mend = "publish a release with a newer version of that, or state your own association beside it"
    return {
        "rule": "SourceEditable",
        "focus": identifier,
        "path": None,
        "value": name,
        "message": message,
        "mend": mend,
    }


def told(graph: KnowledgeGraph, steps: list[Step], diff: QuadDiff) -> bytes:
    """What an edit came to, as JSON: each step with the association as it now is, and the difference."""
    items = [{**each, "association": _record(graph, each["id"])} for each in steps]
    return orjson.dumps({"items": items, "added": sorted(diff.added), "removed": sorted(diff.removed)})


def _record(graph: KnowledgeGraph, identifier: str) -> orjson.Fragment | None:
    try:
        return orjson.Fragment(graph.association_bytes(identifier))
    except UnknownIdentifierError:
        return None


def undone(state: State, diff: QuadDiff) -> QuadDiff | None:
    """The inverse of an edit, or None where what it did is no longer as it left it."""
    inverse = diff.inverse()
    return inverse if effective(state.store, inverse) == inverse else None


def subjects_of(diff: QuadDiff) -> frozenset[str]:
    """CURIEs of the associations, evidence and actions that a difference touches."""
    found = (compress(each) for each in diff.subjects)
    return frozenset(each for each in found if each.startswith(("sga:", "sge:", "sgr:")))
