"""What came of a write."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Committed:
    """A write that was done, or would have been: this process answers from its edition already."""

    sequence: int
    """Number of the edit; where nothing changed, that of the last one."""
    edition: str
    """Id of the edition after it."""
    result: bytes | None = None
    """The answer's body, where the action makes one."""
    dry_run: bool = False
    changed: bool = True
    """Whether it changed anything."""
