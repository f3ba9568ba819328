"""The audit: the journal of a data directory, read for those who ask who changed what, when and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stemgraph.app.curation.editing import subjects_of
from stemgraph.app.errors import ConflictError
from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.journal import NAME, Journal, JournalEntry
from stemgraph.ontology.identifiers import compress, expand


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which edits are asked for."""

    association: str | None = None
    """CURIE of an association that they touched."""
    key: str | None = None
    action: str | None = None

    def takes(self, entry: JournalEntry) -> bool:
        """Whether an edit is one of them."""
        return (
            (self.association is None or expand(self.association) in entry.touched)
            and self.key in (None, entry.key)
            and self.action in (None, entry.action)
        )


class Audit:
    """The edits of a data directory."""

    def __init__(self, data: Path) -> None:
        self._journal = Journal(data / NAME)

    def page(self, query: AuditQuery, *, before: int | None, limit: int) -> tuple[list[dict[str, Any]], int]:
        """The last edits before a number, the last first, and how many there are in all."""
        undone_by: dict[int, int] = {}
        found: list[JournalEntry] = []
        for entry in self._edits():
            if entry.undoes is not None:
                undone_by[entry.undoes] = entry.sequence
            if query.takes(entry):
                found.append(entry)
        shown = [entry for entry in reversed(found) if before is None or entry.sequence < before][:limit]
        return [_record(entry, undone_by.get(entry.sequence)) for entry in shown], len(found)

    def to_undo(self, sequence: int) -> tuple[JournalEntry, int]:
        """An edit that may be taken back, and the number of the last edit that was looked at for that.

        Raises:
            BadRequestError: There is no such edit.
            ConflictError: A later one touched the same.
        """
        entry: JournalEntry | None = None
        last = 0
        for each in self._journal.entries(sequence - 1):
            last = each.sequence
            if each.sequence == sequence and each.diff:
                entry = each
            elif entry is not None and (place := _overlap(entry, each)) is not None:
                raise ConflictError(
                    f"edit {each.sequence} touched the same since: {place}",
                    place="sequence",
                    mend=f"undo edit {each.sequence} first",
                )
        if entry is None:
            raise BadRequestError(
                f"there is no edit {sequence}", place="sequence", mend="see GET /api/v1/audit"
            )
        return entry, last

    def _edits(self) -> Iterator[JournalEntry]:
        """What changed something: that another release has become current is noted too, and no edit."""
        return (entry for entry in self._journal.entries() if entry.diff)


def _overlap(entry: JournalEntry, later: JournalEntry) -> str | None:
    """What both edits touched: an association, evidence or action, or else a single quad."""
    subjects = subjects_of(entry.diff) & subjects_of(later.diff)
    lines = (entry.diff.added | entry.diff.removed) & (later.diff.added | later.diff.removed)
    return min(subjects | lines, default=None)


def _record(entry: JournalEntry, undone_by: int | None) -> dict[str, Any]:
    touched = sorted(compress(each) for each in entry.touched)
    return {
        "sequence": entry.sequence,
        "time": entry.time,
        "key": entry.key,
        "action": entry.action,
        "reason": entry.reason,
        "undoes": entry.undoes,
        "undone_by": undone_by,
        "associations": [each for each in touched if each.startswith("sga:")],
        "added": sorted(entry.diff.added),
        "removed": sorted(entry.diff.removed),
        "digest": entry.digest,
    }
