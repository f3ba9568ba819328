"""The releases there are, as a list and as feeds, and what changed between two of them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from stemgraph.app.envelope import enveloped
from stemgraph.app.feed import ATOM, JSON_FEED, atom_feed, json_feed
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import EntityId, Paging, Parameters
from stemgraph.app.release_responses import DiffAnswer, ReleasesAnswer
from stemgraph.graph.cursor import decode_cursor, encode_cursor
from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.release import Release
from stemgraph.graph.release_diff import release_summary

LONGEST_FEED: Final = 20
"""Releases of a feed: the last ones. Readers of feeds remember what they have seen."""

_NAME: Final = r"^[0-9A-Fa-f]{1,64}$"


class DiffParameters(Paging):
    """Between which releases, and which changes."""

    from_: Annotated[
        str | None,
        Field(
            alias="from",
            pattern=_NAME,
            description="The earlier release: number, id, or first digits of the digest. Without it, the one "
            "before the later release.",
            examples=["1"],
        ),
    ] = None
    to: Annotated[
        str | None,
        Field(pattern=_NAME, description="The later release. Without it, what answers, its edits included."),
    ] = None
    kind: Annotated[
        Literal["association", "entity"] | None, Field(description="Only changes of this kind of record.")
    ] = None
    change: Annotated[Literal["added", "removed", "changed"] | None, Field(description="Only these.")] = None
    entity: Annotated[
        EntityId | None,
        Field(description="Only this entity, and associations with it at either end."),
    ] = None


@get("/api/v1/releases", tag="what is in it", parameters=Paging, returns=ReleasesAnswer, of_history=True)
def list_releases(call: Call[Paging]) -> Answer:
    """The releases there are, the last first; with `release`, those up to that one.

    Every read route answers from any of them: `?release=` with its number, its id, or the first digits of
    its digest.
    """
    asked = call.parameters
    found = _releases(call)
    key = f"releases of {len(found)}"
    start = decode_cursor(asked.cursor, key, call.service.release_id) if asked.cursor else 0
    end = min(start + asked.limit, len(found))
    cursor = encode_cursor(key, call.service.release_id, end) if end < len(found) else None
    items = [{**release_summary(each), "counts": dict(each.counts)} for each in found[start:end]]
    record = {"items": items, "total": len(found), "next_cursor": cursor}
    return Answer(enveloped(call.service, record), next_cursor=cursor)


@get(
    "/api/v1/releases.atom",
    tag="what is in it",
    parameters=Parameters,
    offers=(ATOM, JSON_FEED),
    slow=True,
    of_history=True,
)
def follow_releases(call: Call[Parameters]) -> Answer:
    """The last releases as a feed to subscribe to, each with what it changed: Atom, or JSON Feed."""
    notes = list(call.graph.history.notes(_releases(call)[:LONGEST_FEED]))
    return Answer(json_feed(notes) if call.media_type == JSON_FEED else atom_feed(notes), call.media_type)


@get(
    "/api/v1/diff",
    tag="what is in it",
    parameters=DiffParameters,
    returns=DiffAnswer,
    slow=True,
)
def compare_releases(call: Call[DiffParameters]) -> Answer:
    """What changed from one release to another: associations, then entities; added, removed, changed.

    Labels of the entities that a statement names belong to the entities: where one changes, the entity is
    listed and the statements about it are not. Where the current release was edited, and neither is named,
    it is what was edited since.
    """
    asked = call.parameters
    graph = call.graph
    later = None if asked.to is None else graph.history.find(asked.to)
    if asked.from_ is not None:
        earlier = graph.history.find(asked.from_)
    elif later is None and not graph.edition.is_release:
        earlier = graph.release  # what was edited since
    else:
        earlier = _before(call, later or graph.release)
    page = graph.diff(earlier.id, None if later is None else later.id).changes(
        kind=asked.kind, change=asked.change, entity=asked.entity, limit=asked.limit, cursor=asked.cursor
    )
    return Answer(enveloped(call.service, page.to_record()), next_cursor=page.next_cursor)


def _releases(call: Call[Any]) -> list[Release]:
    """The releases, the last first; up to the one that is asked for, if one is."""
    last = None if call.asked_release is None else call.graph.release.number
    return [each for each in reversed(call.graph.releases()) if last is None or each.number <= last]


def _before(call: Call[Any], release: Release) -> Release:
    before = call.graph.history.before(release)
    if before is None:
        raise BadRequestError(
            f"no release came before release {release.number}", place="from", mend="name the earlier release"
        )
    return before
