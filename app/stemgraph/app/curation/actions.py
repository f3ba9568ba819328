"""The edits that the writer takes from curators: to associations, to whole graphs, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import pyoxigraph as ox

from stemgraph.app.curation.body import AssociationBody
from stemgraph.app.curation.checking import check_rules, prepare_rules
from stemgraph.app.curation.editing import Editing, told, undone
from stemgraph.app.curation.standing import settled
from stemgraph.app.curation.state import State, parsed
from stemgraph.app.curation.versions import require_version
from stemgraph.app.errors import BatchRefusedError, ConflictError, PreconditionFailedError
from stemgraph.app.problems import problem_of
from stemgraph.app.writer.actions import EVERYTHING, PREPARATIONS, VALIDATORS, action
from stemgraph.app.writer.proposal import Head, Payload, Proposal
from stemgraph.graph.errors import StemgraphError, UnknownIdentifierError
from stemgraph.graph.quad_diff import QuadDiff, lines_of

VALIDATORS.append(check_rules)
PREPARATIONS.append(prepare_rules)

_OPERATIONS: Final = ("create", "revise", "retire")


@action("create")
def create(head: Head, payload: Payload) -> Proposal:
    """State a new association: ``association`` is its body."""
    return _single(head, payload)


@action("revise")
def revise(head: Head, payload: Payload) -> Proposal:
    """State the association ``id`` as the body ``association`` says."""
    return _single(head, payload)


@action("retire")
def retire(head: Head, payload: Payload) -> Proposal:
    """Take the association ``id`` out of the graph."""
    return _single(head, payload)


@action("batch")
def batch(head: Head, payload: Payload) -> Proposal:
    """Do all of ``operations``, or none; each has ``action``, and ``id``, ``association``, ``if_match``."""
    editing = Editing(head, payload.time)
    errors: list[dict[str, Any]] = []
    for index, operation in enumerate(payload.body["operations"]):
        try:
            _step(editing, operation, place=f"operations[{index}].if_match")
        except StemgraphError as error:
            record = problem_of(error).to_record()
            errors.append({"index": index, **{key: record[key] for key in record if key != "instance"}})
    if errors:
        raise BatchRefusedError(errors, len(payload.body["operations"]))
    return _proposal(editing)


@action("undo")
def undo(head: Head, payload: Payload) -> Proposal:
    """Take back the edit ``sequence``, of lines ``added`` and ``removed``; ``until`` is the last one seen."""
    if payload.body["until"] < head.sequence:
        raise ConflictError("another edit was made meanwhile", place="sequence", mend="ask again")
    number: int = payload.body["sequence"]
    lines = (frozenset(payload.body[name]) for name in ("added", "removed"))
    before = State(head.store)
    inverse = undone(before, QuadDiff(*lines))
    if inverse is None:
        raise ConflictError(
            f"what edit {number} did has been changed since",
            place="sequence",
            mend="undo the later edits first, see GET /api/v1/audit",
        )
    after = before.then(inverse)
    diff = after.then(settled(before, after)).diff
    return Proposal(diff, frozenset({EVERYTHING}), partial(told, steps=[], diff=diff), undoes=number)


@action("update")
def update(head: Head, payload: Payload) -> Proposal:
    """Make the difference of a SPARQL Update, which was computed on the edit ``sequence``."""
    if payload.body["sequence"] != head.sequence:
        raise ConflictError(
            f"the update was computed on edit {payload.body['sequence']}, and the last is {head.sequence}",
            place="update",
            mend="send it again",
        )
    if payload.if_match is not None:
        payload.require(f'"{head.graph.edition.id}"')
    before = State(head.store)
    after = before.then(QuadDiff(frozenset(payload.body["added"]), frozenset(payload.body["removed"])))
    diff = after.then(settled(before, after)).diff
    return Proposal(diff, frozenset({EVERYTHING}), partial(told, steps=[], diff=diff))


@action("graph")
def graph(head: Head, payload: Payload) -> Proposal:
    """Replace, extend or delete the graph of an IRI, empty for the default one; ``lines`` are its quads.

    ``mode`` is ``replace``, ``merge`` or ``delete``. If-Match is needed where quads that are there may go.
    """
    name: str = payload.body["graph"]
    mode: str = payload.body["mode"]
    term = ox.NamedNode(name) if name else ox.DefaultGraph()
    before = State(head.store)
    there = any(before.quads(graph=term))
    if mode == "delete" and not there:
        raise UnknownIdentifierError(name or "the default graph")
    if payload.body.get("if_none_match") and there:
        raise PreconditionFailedError(
            "the graph is there already", place="If-None-Match", mend="leave the header out, send If-Match"
        )
    if (there and mode != "merge") or payload.if_match is not None:
        require_version(payload.if_match, head.graph.edition.id)
    given = lines_of(parsed(payload.body.get("lines", ())))
    # Reading a large graph holds every writer up: only what may go is read, and nothing of what is refused.
    removed = lines_of(before.quads(graph=term)) - given if mode != "merge" else frozenset[str]()
    after = before.then(QuadDiff(given, removed))
    diff = after.then(settled(before, after)).diff
    made = partial(_graph_told, created=bool(given) and not there, diff=diff)
    return Proposal(diff, frozenset({EVERYTHING}), made)


def _graph_told(_graph: object, *, created: bool, diff: QuadDiff) -> bytes:
    return b'{"created":%s,"added":%d,"removed":%d}' % (
        b"true" if created else b"false",
        len(diff.added),
        len(diff.removed),
    )


def _single(head: Head, payload: Payload) -> Proposal:
    editing = Editing(head, payload.time)
    step = {**payload.body, "action": payload.action, "if_match": payload.if_match}
    if payload.action == "create" and payload.if_match is not None:
        payload.require(f'"{head.graph.edition.id}"')
    _step(editing, step, place="If-Match")
    return _proposal(editing)


def _step(editing: Editing, operation: Mapping[str, Any], *, place: str) -> None:
    kind = operation["action"]
    assert kind in _OPERATIONS  # noqa: S101  # the routes send no other
    if kind == "retire":
        editing.retire(operation["id"], operation.get("if_match"), place)
        return
    body = AssociationBody.model_validate(operation["association"])
    if kind == "create":
        editing.create(body)
    else:
        editing.revise(operation["id"], body, operation.get("if_match"), place)


def _proposal(editing: Editing) -> Proposal:
    diff = editing.difference()
    answer: Callable[..., bytes] = partial(told, steps=editing.steps, diff=diff)
    return Proposal(diff, result=answer)
