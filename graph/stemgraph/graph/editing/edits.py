"""Everything that edits changed of a release, as the graph of an edition reads it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce

from stemgraph.graph.editing.ledger import Ledger
from stemgraph.graph.editing.patched_records import PatchedRecords
from stemgraph.graph.model import Record
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.records import MappedRecords


@dataclass(frozen=True, eq=False)
class Edits:
    """What became of a release.

    Args:
        base: The records of the release.
        records: Those after the edits.
        ledger: What a further edit needs to know of them.
        renamed: CURIEs of the entities that came, went, or have another record than in the release.
        diffs: Each edit, in order.
    """

    base: MappedRecords
    records: PatchedRecords
    ledger: Ledger
    renamed: frozenset[str]
    diffs: tuple[QuadDiff, ...]

    @cached_property
    def diff(self) -> QuadDiff:
        """All edits as one."""
        return reduce(QuadDiff.then, self.diffs, QuadDiff())

    @cached_property
    def statistics(self) -> Record:
        """How much of what there is."""
        return self.ledger.tally.to_record()
