"""Writes to associations: create, revise, retire, several at once, and back; and the audit of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import anyio.to_thread
import orjson
from pydantic import Field

from stemgraph.app.conditional import entity_tag, versioned_tag
from stemgraph.app.curation.audit import Audit, AuditQuery
from stemgraph.app.curation.body import BatchBody, CreateBody, Reason, ReviseBody
from stemgraph.app.curation.responses import AuditAnswer, EditAnswer
from stemgraph.app.curation.versions import version_of
from stemgraph.app.envelope import enveloped
from stemgraph.app.errors import ConflictError, ParameterError, PreconditionFailedError, UnavailableError
from stemgraph.app.negotiation import JSON
from stemgraph.app.operation import Answer, Call, get, write
from stemgraph.app.parameters import WHOLE, AssociationId, Flag, Paging, Parameters, Text
from stemgraph.app.request_body import parse_body

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stemgraph.app.writer import Committed

TRIES: Final = 3
"""How often an undo is tried that other edits overtook."""


class WriteParameters(Parameters):
    """What every write takes."""

    dry_run: Annotated[
        Flag, Field(description="Only tell what it would change, and whether it keeps the rules.")
    ] = False


class AssociationWrite(WriteParameters):
    """A write to one association."""

    id: Annotated[AssociationId, Field(description="CURIE or IRI of an association.")]


class Retirement(AssociationWrite):
    """A write without a body says in the query why."""

    reason: Reason


class Undoing(WriteParameters):
    """Which edit is taken back, and why."""

    sequence: Annotated[int, Field(ge=1, description="Number of the edit.", examples=[17]), WHOLE]
    reason: Reason


class AuditParameters(Paging):
    """Which edits are listed."""

    association: Annotated[
        AssociationId | None, Field(description="CURIE or IRI of an association that they touched.")
    ] = None
    key: Annotated[Text | None, Field(description="Id of the key with which they were done.")] = None
    action: Annotated[Text | None, Field(description="create, revise, retire, batch, undo, update …")] = None


@write(
    "POST",
    "/api/v1/association",
    tag="curation",
    parameters=WriteParameters,
    takes=CreateBody,
    returns=EditAnswer,
    statuses=(201, 200),
    conditions=("If-None-Match",),
)
async def create_association(call: Call[WriteParameters]) -> Answer:
    """State a new association with its evidence.

    Its id is a digest of what it states, so nothing is ever overwritten: what is stated already is refused
    with 409, whether or not `If-None-Match: *` asks for that. `If-Match`, where it is sent, names the edition
    that it may be based on.
    """
    body = parse_body(CreateBody, call.body)
    _check_if_none_match(call)
    payload = {"association": _association(body)}
    return await _edit(call, "create", payload, body.reason, status=201)


@write(
    "PUT",
    "/api/v1/association/{id:path}",
    tag="curation",
    parameters=AssociationWrite,
    takes=ReviseBody,
    returns=EditAnswer,
    conditions=("If-Match",),
)
async def revise_association(call: Call[AssociationWrite]) -> Answer:
    """Replace evidence, status or qualifiers of an association.

    The id of an association is a digest of subject, predicate, object, negation and qualifiers. Where one of
    these changes, the association becomes another one: the old one is retired and the new one created in one
    step, and `retired` says so.
    """
    body = parse_body(ReviseBody, call.body)
    payload = {"id": call.parameters.id, "association": _association(body)}
    return await _edit(call, "revise", payload, body.reason)


@write(
    "DELETE",
    "/api/v1/association/{id:path}",
    tag="curation",
    parameters=Retirement,
    returns=EditAnswer,
    conditions=("If-Match",),
)
async def retire_association(call: Call[Retirement]) -> Answer:
    """Take an association and its evidence out of all answers; the audit keeps what it said."""
    return await _edit(call, "retire", {"id": call.parameters.id}, call.parameters.reason)


@write(
    "POST",
    "/api/v1/associations/batch",
    tag="curation",
    parameters=WriteParameters,
    takes=BatchBody,
    returns=EditAnswer,
)
async def edit_associations(call: Call[WriteParameters]) -> Answer:
    """Do several operations in one edit, or none of them.

    Each has its own precondition. Where something is refused, `errors` lists every problem with the index of
    its operation.
    """
    body = parse_body(BatchBody, call.body)
    operations = [each.model_dump(mode="json", exclude_none=True) for each in body.operations]
    for index, each in enumerate(operations):
        needed = {"create": ("association",), "revise": ("id", "association"), "retire": ("id",)}
        for name in needed[each["action"]]:
            if name not in each:
                place = f"operations[{index}].{name}"
                raise ParameterError("it is missing", place=place, mend=f"give {place}")
    return await _edit(call, "batch", {"operations": operations}, body.reason)


@get(
    "/api/v1/audit",
    tag="curation",
    parameters=AuditParameters,
    returns=AuditAnswer,
    slow=True,
    kept=False,
    scope="write",
)
def list_edits(call: Call[AuditParameters]) -> Answer:
    """Every edit, the last first: who, when, why, and what it changed."""
    asked = call.parameters
    before = _before(asked.cursor)
    query = AuditQuery(asked.association, asked.key, asked.action)
    items, total = Audit(_data(call)).page(query, before=before, limit=asked.limit + 1)
    more = len(items) > asked.limit
    shown = items[: asked.limit]
    cursor = str(shown[-1]["sequence"]) if more else None
    record = {"items": shown, "total": total, "next_cursor": cursor}
    return Answer(enveloped(call.service, record), next_cursor=cursor)


@write(
    "POST",
    "/api/v1/audit/{sequence}/undo",
    tag="curation",
    parameters=Undoing,
    returns=EditAnswer,
)
async def undo_edit(call: Call[Undoing]) -> Answer:
    """Take an edit back, as a new edit; what later edits have touched since is refused with 409."""
    asked = call.parameters
    for attempt in range(TRIES):
        entry, last = await anyio.to_thread.run_sync(Audit(_data(call)).to_undo, asked.sequence)
        lines = {"added": sorted(entry.diff.added), "removed": sorted(entry.diff.removed)}
        payload = {"sequence": asked.sequence, "until": last, **lines}
        try:
            return await _edit(call, "undo", payload, asked.reason)
        except ConflictError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError  # the last attempt returned or raised


async def _edit(
    call: Call[Any], action: str, payload: Mapping[str, Any], reason: str, *, status: int = 200
) -> Answer:
    """Have the writer do it, and answer from the edition after it."""
    instance = call.service.instance
    writer = instance.writer
    if writer is None:
        raise UnavailableError(
            "there is no writer here", mend="serve a data directory: `stemgraph serve --writable`"
        )
    if_match = call.header("If-Match")
    dry_run: bool = call.parameters.dry_run
    committed = await writer.submit(
        action, payload, if_match=if_match, key=call.principal.id, reason=reason, dry_run=dry_run
    )
    record = _told(committed)
    headers: list[tuple[bytes, bytes]] = []
    changed = [each for each in record["items"] if each["association"] is not None]
    if action in ("create", "revise") and changed and not dry_run:
        identifier = changed[0]["id"]
        headers.append((b"etag", _tag(call, identifier)))
        if action == "create":
            headers.append((b"location", f"{call.path}/{identifier}".encode()))
    body = enveloped(instance.current, record)
    return Answer(body, status=200 if dry_run else status, headers=tuple(headers))


def _told(committed: Committed) -> dict[str, Any]:
    """What the writer says; where its answer was lost with it, only which edit it was."""
    told: dict[str, Any] = {"items": [], "added": [], "removed": []}
    if committed.result is not None:
        told = orjson.loads(committed.result)
    return {
        "sequence": committed.sequence,
        "edition": committed.edition,
        "dry_run": committed.dry_run,
        "changed": committed.changed,
        **told,
    }


def _tag(call: Call[Any], identifier: str) -> bytes:
    """The entity tag that reading the association as JSON gives now."""
    service = call.service.instance.current
    tag = entity_tag(service.edition, "get_association", JSON, f"id={identifier}", "?")
    return versioned_tag(version_of(service.graph.association_bytes(identifier)), tag)


def _association(body: CreateBody) -> dict[str, Any]:
    return body.model_dump(mode="json", exclude={"reason"}, exclude_none=True)


def _check_if_none_match(call: Call[Any]) -> None:
    given = call.header("If-None-Match")
    if given not in (None, "*"):
        raise PreconditionFailedError(
            "a new association can only be held against '*'", place="If-None-Match", mend="send *, or nothing"
        )


def _data(call: Call[Any]) -> Path:
    data = call.service.settings.data
    if data is None or call.service.instance.writer is None:
        raise UnavailableError(
            "nothing is written here, and so there is no audit",
            mend="serve a data directory: `stemgraph serve --writable`",
        )
    return data


def _before(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isdecimal() or len(cursor) > 18:
        raise ParameterError("it is no cursor of this list", place="cursor", mend="take next_cursor as it is")
    return int(cursor)
