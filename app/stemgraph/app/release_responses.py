"""The answers about releases, as models: their documentation and nothing else."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from stemgraph.app.responses import Body, Json, Meta


class ReleaseSummary(Body):
    """A release in short."""

    id: str = Field(
        description="The first 16 digits of its digest; of an edition, its id.", examples=["9f2c51d07a3be846"]
    )
    number: int = Field(examples=[1])
    digest: str = Field(description="SHA-256 of its canonical N-Quads.")
    date: str = Field(examples=["2026-11-23"])


class ListedRelease(ReleaseSummary):
    """A release of the list."""

    counts: Json = Field(description="How much it holds.")


class ReleasesAnswer(Body):
    """Releases, the last first."""

    items: list[ListedRelease]
    total: int
    next_cursor: str | None = Field(description="Gives the next page; null on the last.")
    meta: Meta


class FieldChange(Body):
    """A field with its values before and after."""

    field: str = Field(
        description="Its name; attributes/… is a member of an object, evidence/… a piece of evidence by id.",
        examples=["status"],
    )
    before: Any = Field(description="Its value in the earlier release; null where it had none.")
    after: Any = Field(description="Its value in the later release; null where it has none.")


class RecordChange(Body):
    """An association or entity that was added, removed or changed."""

    kind: Literal["association", "entity"]
    change: Literal["added", "removed", "changed"]
    id: str = Field(description="CURIE.")
    label: str = Field(description="An entity's label, or an association in words.")
    fields: list[FieldChange] = Field(description="What changed; nothing where it was added or removed.")
    record: Json = Field(description="As the later release serves it; what was removed as the earlier did.")


class DiffAnswer(Body):
    """What changed from one release to another, page by page."""

    from_: ReleaseSummary = Field(alias="from")
    to: ReleaseSummary
    counts: dict[str, dict[str, int]] = Field(
        description="How many associations and entities were added, removed and changed.",
        examples=[{"association": {"added": 2, "removed": 0, "changed": 1}}],
    )
    items: list[RecordChange]
    total: int = Field(description="Number of changes on all pages.")
    next_cursor: str | None = Field(description="Gives the next page; null on the last.")
    meta: Meta
