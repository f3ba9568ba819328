"""From the records before an edit to those after it: every row and code as if compiled anew."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stemgraph.graph.editing.association_patch import AssociationPatch
from stemgraph.graph.editing.blocks import Blocks
from stemgraph.graph.editing.entity_patch import EntityPatch, patch_entities
from stemgraph.graph.editing.ledger import Ledger
from stemgraph.graph.editing.patched_records import PatchedRecords
from stemgraph.graph.editing.regathering import Regatherer
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.records import MappedRecords
from stemgraph.graph.shaping import Shaping
from stemgraph.graph.store import OxigraphStore


@dataclass(frozen=True, slots=True, eq=False)
class Patched:
    """The records after an edit, and what was needed to make them."""

    records: PatchedRecords
    ledger: Ledger
    entities: EntityPatch


def patch(records: MappedRecords, ledger: Ledger, diff: QuadDiff, store: OxigraphStore) -> Patched:
    """Gather anew what an edit touches, and put it in its place.

    Args:
        records: As they were before the edit.
        ledger: Likewise.
        diff: The edit.
        store: Everything that is stated after it, or before it: the edit is added where it is not there.
    """
    found = Regatherer(records, ledger, Blocks(store, diff, aside=ledger.aside), diff).regather()
    shaping = Shaping(found.gathering)
    entities = patch_entities(records, shaping, found.entities, found.ledger.tally)
    associations = AssociationPatch(records, shaping, found)

    def entity_row(curie: str) -> int:
        row = entities.lines.row_of(curie)
        assert row is not None, curie  # noqa: S101  # every end is an entity
        return row

    columns, names = associations.columns(entities.rows, entity_row)
    lines = associations.lines()
    patched = PatchedRecords(
        entities.lines, lines, columns | {"category": entities.category}, associations.order(lines), names
    )
    return Patched(patched, replace(found.ledger, lean=associations.lean()), entities)
