"""What changed from one release to another, association by association and entity by entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple, get_args, overload

import orjson

from stemgraph.graph.association_query import check_word
from stemgraph.graph.bare_record import bare_record
from stemgraph.graph.cursor import decode_cursor, encode_cursor
from stemgraph.graph.edition import Edition
from stemgraph.graph.errors import BadRequestError, CursorError
from stemgraph.graph.field_change import FieldChange, field_changes
from stemgraph.graph.model import Record
from stemgraph.graph.records import MappedRecords
from stemgraph.graph.release import Release, ReleaseDirectory

Kind = Literal["association", "entity"]
Change = Literal["added", "removed", "changed"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CHANGES: Final[tuple[Change, ...]] = get_args(Change)


@dataclass(frozen=True, slots=True)
class RecordChange:
    """An association or entity that was added, removed or changed."""

    kind: Kind
    change: Change
    id: str
    record: Mapping[str, Any]
    """As the later release serves it; as the earlier one did where it was removed."""
    fields: tuple[FieldChange, ...] = ()
    """What changed; nothing where it was added or removed."""

    @property
    def label(self) -> str:
        """What it is, in words: an entity's label, or an association as a sentence."""
        if self.kind == "entity":
            return str(self.record["label"])
        verb = str(self.record["predicate"]).replace("_", " ")
        negation = "not " if self.record["negated"] else ""
        return f"{self.record['subject']['label']} {negation}{verb} {self.record['object']['label']}"

    def to_record(self) -> Record:
        """The JSON shape."""
        return {
            "kind": self.kind,
            "change": self.change,
            "id": self.id,
            "label": self.label,
            "fields": [each.to_record() for each in self.fields],
            "record": dict(self.record),
        }


class _Place(NamedTuple):
    """Where the record of one change is: its row before, and after; one of them is None, or neither."""

    kind: Kind
    change: Change
    before: int | None
    after: int | None


class Changes(Sequence[RecordChange]):
    """A page of changes, and how many there are in all."""

    def __init__(self, diff: ReleaseDiff, found: Sequence[_Place], key: str, limit: int, start: int) -> None:
        self._diff = diff
        self.total = len(found)
        if start > self.total:
            raise CursorError(
                "the cursor is past the end", place="cursor", mend="ask for the first page again"
            )
        end = min(start + limit, self.total)
        self._places = found[start:end]
        self.next_cursor = encode_cursor(key, diff.digest, end) if end < self.total else None

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> RecordChange: ...
    @overload
    def __getitem__(self, index: slice) -> list[RecordChange]: ...
    def __getitem__(self, index: int | slice) -> RecordChange | list[RecordChange]:
        if isinstance(index, slice):
            return [self._diff.read(place) for place in self._places[index]]
        return self._diff.read(self._places[index])

    def to_record(self) -> Record:
        """The page as JSON: the two releases, the counts, and ``{items, total, next_cursor}``."""
        return {
            **self._diff.to_record(),
            "items": [each.to_record() for each in self],
            "total": self.total,
            "next_cursor": self.next_cursor,
        }


class ReleaseDiff:
    """The difference of two editions; ``changes`` gives it page by page, iterating gives all of it.

    Labels of the entities that a statement names are not part of the statement: where a label changes, the
    entity has changed, and the statements about it have not.
    """

    def __init__(self, before: Edition, earlier: MappedRecords, after: Edition, later: MappedRecords) -> None:
        self.before = before
        self.after = after
        self._earlier = earlier
        self._later = later

    @classmethod
    def of_releases(cls, before: ReleaseDirectory, after: ReleaseDirectory) -> ReleaseDiff:
        """The difference of two releases as they were published."""
        return cls(
            Edition.of_release(before),
            MappedRecords(before.records),
            Edition.of_release(after),
            MappedRecords(after.records),
        )

    @property
    def digest(self) -> str:
        """What cursors through these changes belong to."""
        return self.before.digest + self.after.digest

    @cached_property
    def counts(self) -> Mapping[Kind, Mapping[Change, int]]:
        """How many of what kind were added, removed and changed."""
        return {
            kind: {
                change: sum(place.kind == kind and place.change == change for place in self._places)
                for change in CHANGES
            }
            for kind in KINDS
        }

    def changes(
        self,
        *,
        kind: str | None = None,
        change: str | None = None,
        entity: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Changes:
        """A page of the changes: associations before entities; added, removed, changed.

        Args:
            kind: Only of ``association`` or ``entity``.
            change: Only what was ``added``, ``removed`` or ``changed``.
            entity: Only this entity, a CURIE, and associations with it at either end.
            limit: Most changes of the page.
            cursor: The ``next_cursor`` of the page before.

        Raises:
            BadRequestError: A word that is none of those, or a limit below 1.
            CursorError: The cursor is garbled or belongs to another question.
        """
        for noun, word, words in (("kind", kind, KINDS), ("change", change, CHANGES)):
            if word is not None:
                check_word(noun, word, words, BadRequestError)
        if limit < 1:
            raise BadRequestError(f"{limit} is not a page", place="limit", mend="ask for 1 or more")
        found = [
            place
            for place in self._places
            if kind in (None, place.kind)
            and change in (None, place.change)
            and (entity is None or self._names(place, entity))
        ]
        key = repr((kind, change, entity))
        start = decode_cursor(cursor, key, self.digest) if cursor else 0
        return Changes(self, found, key, limit, start)

    def __iter__(self) -> Iterator[RecordChange]:
        return map(self.read, self._places)

    def __len__(self) -> int:
        return len(self._places)

    def read(self, place: _Place) -> RecordChange:
        """The change whose records are in this place."""
        old = _record(self._earlier, place.kind, place.before)
        new = _record(self._later, place.kind, place.after)
        fields = field_changes(bare_record(old), bare_record(new)) if old and new else ()
        record = new or old or {}
        return RecordChange(place.kind, place.change, str(record["id"]), record, tuple(fields))

    def to_record(self) -> Record:
        """The two releases and the counts, without the changes themselves."""
        return {
            "from": edition_summary(self.before),
            "to": edition_summary(self.after),
            "counts": {kind: dict(counts) for kind, counts in self.counts.items()},
        }

    @cached_property
    def _places(self) -> list[_Place]:
        return [place for kind in KINDS for place in self._compare(kind)]

    def _compare(self, kind: Kind) -> Iterator[_Place]:
        earlier, later = rows_of(self._earlier, kind), rows_of(self._later, kind)
        for identifier, row in later.items():
            if identifier not in earlier:
                yield _Place(kind, "added", None, row)
        for identifier, row in earlier.items():
            if identifier not in later:
                yield _Place(kind, "removed", row, None)
        for identifier, row in later.items():
            old = earlier.get(identifier)
            if old is not None and self._differ(kind, old, row):
                yield _Place(kind, "changed", old, row)

    def _differ(self, kind: Kind, before: int, after: int) -> bool:
        old, new = line_of(self._earlier, kind, before), line_of(self._later, kind, after)
        return old != new and bare_record(orjson.loads(old)) != bare_record(orjson.loads(new))

    def _names(self, place: _Place, entity: str) -> bool:
        records, row = (
            (self._later, place.after) if place.after is not None else (self._earlier, place.before)
        )
        wanted = records.entity_row(entity)
        if row is None or wanted is None:
            return False
        if place.kind == "entity":
            return row == wanted
        return wanted in (records.column("subject")[row], records.column("object")[row])

    def __repr__(self) -> str:
        said = "; ".join(
            f"{kind}: {', '.join(f'{count} {change}' for change, count in counts.items())}"
            for kind, counts in self.counts.items()
        )
        return f"<ReleaseDiff from {_number(self.before)} to {_number(self.after)}: {said}>"


def release_summary(release: Release) -> Record:
    """A release in short: id, number, digest and date."""
    return {"id": release.id, "number": release.number, "digest": release.digest, "date": release.date}


def edition_summary(edition: Edition) -> Record:
    """An edition in short: a release, or as a release but with the number of the last edit behind its id."""
    said = {"id": edition.id, "digest": edition.digest, "date": edition.date}
    return {name: said.get(name, value) for name, value in release_summary(edition.release).items()}


def _number(edition: Edition) -> str:
    number = str(edition.release.number)
    return number if edition.is_release else f"{number}.{edition.sequence}"


def rows_of(records: MappedRecords, kind: Kind) -> dict[str, int]:
    """The row of each record of a kind, by CURIE."""
    if kind == "entity":
        return {records.entity_id(row): row for row in range(records.entity_count)}
    return {records.association_id(row): row for row in range(records.association_count)}


def line_of(records: MappedRecords, kind: Kind, row: int) -> bytes:
    """The JSON of the record of a kind in a row."""
    return records.entity_bytes_at(row) if kind == "entity" else records.association_bytes(row)


def _record(records: MappedRecords, kind: Kind, row: int | None) -> Record | None:
    if row is None:
        return None
    record: Record = orjson.loads(line_of(records, kind, row))
    return record
