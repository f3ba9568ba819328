"""The entities of an edition: their lines and categories, with those that were touched put in place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from stemgraph.graph.editing.row_patch import RowPatch, patch_lines
from stemgraph.graph.editing.tally import Tally
from stemgraph.graph.lines import PatchedLines
from stemgraph.graph.records import MappedRecords
from stemgraph.graph.shaping import Shaping
from stemgraph.graph.writing import category_bits, sort_key


@dataclass(frozen=True, slots=True, eq=False)
class EntityPatch:
    """The entities after an edit."""

    lines: PatchedLines
    category: NDArray[np.int64]
    rows: RowPatch
    changed: frozenset[str]
    """CURIEs of those that came, went, or have another record."""
    same_names: bool
    """Whether every entity is called as before, in the same row."""


def patch_entities(
    records: MappedRecords, shaping: Shaping, touched: Iterable[str], tally: Tally
) -> EntityPatch:
    """Put the touched entities into their rows, and count them.

    Args:
        records: As they were before the edit.
        shaping: Gives the records of those that are there after it.
        touched: CURIEs of all that may have changed, come or gone.
        tally: Is counted on.
    """
    changed: set[str] = set()
    same_names = True
    removed: list[int] = []
    added: dict[str, bytes] = {}
    replaced: dict[int, bytes] = {}
    for curie in touched:
        row = records.entity_row(curie)
        old = None if row is None else records.entity_bytes_at(row)
        new = orjson.dumps(shaping.entity_record(curie)) if shaping.has_entity(curie) else None
        if old == new:
            continue
        changed.add(curie)
        for line, change in ((old, -1), (new, 1)):
            if line is not None:
                tally.count_entity(orjson.loads(line), change)
        if row is None:
            added[curie] = new or b""
        elif new is None:
            removed.append(row)
        else:
            replaced[row] = new
            same_names = same_names and _names(old or b"{}") == _names(new)
    curies = sorted(added, key=sort_key)
    gone = np.array(sorted(removed), np.int64)
    before = np.array([records.first_entity_from(sort_key(curie)) for curie in curies], np.int64)
    rows = RowPatch.of(records.entity_count, removed, (before - np.searchsorted(gone, before)).tolist())
    category: NDArray[Any] = records.column("category").array
    if replaced:
        category = category.copy()
        category[list(replaced)] = list(map(_bits, replaced.values()))
    lines = [added[curie] for curie in curies]
    return EntityPatch(
        lines=patch_lines(records.entity_lines, rows, lines, replaced),
        category=rows.apply(category, list(map(_bits, lines))),
        rows=rows,
        changed=frozenset(changed),
        same_names=same_names and rows.is_empty,
    )


def _bits(line: bytes) -> int:
    return category_bits(tuple(orjson.loads(line)["categories"]))


def _names(line: bytes) -> list[object]:
    record = orjson.loads(line)
    return [record[name] for name in ("label", "synonyms", "deprecated", "replaced_by")]
