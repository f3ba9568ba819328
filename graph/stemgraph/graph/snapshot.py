"""Everything that a release states, as values, and what changes make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from stemgraph.graph.bare_record import bare_record
from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.field_change import with_changes
from stemgraph.graph.model import Record
from stemgraph.graph.records import MappedRecords
from stemgraph.graph.release import ReleaseDirectory
from stemgraph.graph.release_diff import Kind, RecordChange, line_of, rows_of


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a release states, each thing said once: bare records by CURIE."""

    entities: Mapping[str, Record]
    associations: Mapping[str, Record]

    @classmethod
    def of(cls, directory: ReleaseDirectory) -> Snapshot:
        """The snapshot of a compiled release."""
        records = MappedRecords(directory.records)
        return cls(_bare_records(records, "entity"), _bare_records(records, "association"))


def _bare_records(records: MappedRecords, kind: Kind) -> dict[str, Record]:
    return {
        identifier: bare_record(orjson.loads(line_of(records, kind, row)))
        for identifier, row in rows_of(records, kind).items()
    }


def apply_diff(snapshot: Snapshot, changes: Iterable[RecordChange]) -> Snapshot:
    """The snapshot of the later release, from that of the earlier one and what changed.

    Raises:
        BadRequestError: What was removed or changed is not in the snapshot, or what was added is.
    """
    known = {"entity": dict(snapshot.entities), "association": dict(snapshot.associations)}
    for each in changes:
        records = known[each.kind]
        if (each.id in records) == (each.change == "added"):
            raise BadRequestError(
                f"{each.id} cannot be {each.change} here", place="changes", mend="apply them to their release"
            )
        if each.change == "added":
            records[each.id] = bare_record(each.record)
        elif each.change == "removed":
            del records[each.id]
        else:
            records[each.id] = with_changes(records[each.id], each.fields)
    return Snapshot(known["entity"], known["association"])
