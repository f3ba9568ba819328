"""The JSON answers to writes as pydantic models; see ``stemgraph.app.responses``."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ConfigDict, Field

from stemgraph.app.responses import Association, Body, Meta

_META: Final[dict[str, Any]] = {
    "release": "9f2c51d07a3be846",
    "release_number": 1,
    "release_date": "2026-11-23",
    "edition": "9f2c51d07a3be846.17",
    "notice": "Not medical advice.",
}
_REMOVED: Final[list[str]] = [
    "<https://w3id.org/stemgraph/association/39de0fed3fbb986ba7402996> "
    '<https://w3id.org/stemgraph/vocab/status> "reported" <https://w3id.org/stemgraph/graph/edited> .'
]


class EditStep(Body):
    """What became of one association."""

    action: str = Field(description="create, revise or retire.", examples=["create"])
    id: str = Field(description="CURIE of the association.", examples=["sga:39de0fed3fbb986ba7402996"])
    retired: str | None = Field(
        description="CURIE of the one that was taken out: by retiring it, or because a revision of its ends, "
        "predicate, negation or qualifiers made another association of it."
    )
    association: Association | None = Field(description="As it now is; null where it was retired.")


_EDIT: Final[dict[str, Any]] = {
    "sequence": 17,
    "edition": "9f2c51d07a3be846.17",
    "dry_run": False,
    "changed": True,
    "items": [
        {
            "action": "retire",
            "id": "sga:39de0fed3fbb986ba7402996",
            "retired": "sga:39de0fed3fbb986ba7402996",
            "association": None,
        }
    ],
    "added": [],
    "removed": _REMOVED,
    "meta": _META,
}


class EditAnswer(Body):
    """What an edit came to, or on a dry run would come to."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EDIT]})

    sequence: int = Field(description="Number of the edit, by which the audit knows it.", examples=[17])
    edition: str = Field(description="Id of the edition after it.", examples=["9f2c51d07a3be846.17"])
    dry_run: bool = Field(description="Whether nothing was done.")
    changed: bool = Field(description="Whether it changes anything.")
    items: list[EditStep]
    added: list[str] = Field(description="Quads added, as N-Quads lines.")
    removed: list[str] = Field(description="Quads removed, as N-Quads lines.")
    meta: Meta


class AuditEntry(Body):
    """One edit: who, when, why, and what it changed."""

    sequence: int = Field(examples=[17])
    time: str = Field(description="Date and time in UTC.", examples=["2026-11-27T05:30:00.123456Z"])
    key: str = Field(description="Id of the key with which it was done.")
    action: str = Field(description="create, revise, retire, batch, undo, update, graph …")
    reason: str | None
    undoes: int | None = Field(description="Number of the edit that it took back.")
    undone_by: int | None = Field(description="Number of the edit that took it back.")
    associations: list[str] = Field(description="CURIEs of the associations that it touched.")
    added: list[str] = Field(description="Quads added, as N-Quads lines.")
    removed: list[str] = Field(description="Quads removed, as N-Quads lines.")
    digest: str = Field(description="Digest of the whole state after it.")


_AUDIT: Final[dict[str, Any]] = {
    "items": [
        {
            "sequence": 17,
            "time": "2026-11-27T05:30:00.123456Z",
            "key": "0111a0a035f1",
            "action": "retire",
            "reason": "The trial was retracted",
            "undoes": None,
            "undone_by": None,
            "associations": ["sga:39de0fed3fbb986ba7402996"],
            "added": [],
            "removed": _REMOVED,
            "digest": "5f0c" * 16,
        }
    ],
    "total": 17,
    "next_cursor": "17",
    "meta": _META,
}


class AuditAnswer(Body):
    """A page of edits, the last first."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_AUDIT]})

    items: list[AuditEntry]
    total: int = Field(description="Number of edits on all pages.")
    next_cursor: str | None = Field(description="Gives the next page; null on the last.")
    meta: Meta
