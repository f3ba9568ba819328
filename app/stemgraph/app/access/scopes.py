"""What a key may allow: a ladder in which each scope includes those before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, get_args

ScopeName = Literal["read", "write", "update", "admin"]

SCOPES: Final[dict[ScopeName, str]] = {
    "read": "ask whatever can be asked",
    "write": "curate: create, update, retire and undo associations, alone and in batches; and read the audit",
    "update": "change anything: SPARQL Update and graph-store writes",
    "admin": "run the service: whatever is added for that, and all of the above",
}
"""The scopes, each with what it adds to those before it."""

LADDER: Final[tuple[ScopeName, ...]] = get_args(ScopeName)


def including(scopes: Iterable[str]) -> frozenset[str]:
    """These scopes and those that they include; names that are no scope are left out."""
    highest = max((LADDER.index(each) for each in LADDER if each in set(scopes)), default=-1)
    return frozenset(LADDER[: highest + 1])
