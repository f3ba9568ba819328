"""Writing the records of a release: JSON lines with their offsets, and the columns that are filtered by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from stemgraph.graph.columns import write_column, write_grouping
from stemgraph.graph.gathering import AssociationDraft, EntityDraft, Gathering, empty_record
from stemgraph.graph.model import Record
from stemgraph.graph.shaping import Shaping
from stemgraph.graph.standing import settle
from stemgraph.ontology import vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CURATED_SOURCES: Final = ("curated", "article")
"""Associations of these sources come before those of the ontologies."""

MOST_VALUES: Final = 62
"""Values of a qualifier that are filtered by: as many as the bits of a column."""


class RecordWriter(Shaping):
    """Turns what was gathered into records, in the order of their rows."""

    def __init__(self, gathering: Gathering) -> None:
        super().__init__(gathering)
        _add_unlabelled_ends(gathering)
        settle(gathering)
        self.curies = sorted(gathering.entities, key=sort_key)
        self.row_of = {curie: row for row, curie in enumerate(self.curies)}
        self.predicate_names = predicate_order(draft.predicate for draft in gathering.associations)
        rank = {name: index for index, name in enumerate(self.predicate_names)}
        self.drafts = sorted(gathering.associations, key=lambda draft: reading_order(draft, rank))

    def entity_records(self) -> Iterable[Record]:
        """The record of each entity, in row order."""
        return map(self.entity_record, self.curies)

    def association_lines(self) -> Iterable[bytes]:
        """The JSON record of each association, in row order."""
        return map(self.association_line, self.drafts)


def write_records(writer: RecordWriter, directory: Path) -> None:
    """Write ``records/``: entities, associations, their columns and the names behind the integers."""
    directory.mkdir()
    _write_lines(directory, "entities", (orjson.dumps(record) for record in writer.entity_records()))
    _write_lines(directory, "associations", writer.association_lines())
    names = _write_columns(writer, directory)
    (directory / "names.json").write_bytes(orjson.dumps(names))


def sort_key(identifier: str) -> bytes:
    """The order of rows: that of the identifier's bytes with the quotation mark that ends them in JSON."""
    return identifier.encode() + b'"'


def _write_lines(directory: Path, name: str, lines: Iterable[bytes]) -> None:
    import numpy as np  # noqa: PLC0415  # see columns.Column.array

    lengths: list[int] = [0]
    with (directory / f"{name}.jsonl").open("wb", buffering=1 << 20) as file:
        for line in lines:
            lengths.append(file.write(line) + file.write(b"\n"))
    write_column(directory / f"{name}.offsets.npy", np.cumsum(lengths, dtype=np.int64))


def _write_columns(writer: RecordWriter, directory: Path) -> dict[str, list[str]]:
    import numpy as np  # noqa: PLC0415  # see columns.Column.array

    drafts, row_of = writer.drafts, writer.row_of
    detailed = [
        (row, writer.standing(draft)) for row, draft in enumerate(drafts) if draft.details is not None
    ]
    sources = sorted({draft.source for draft in drafts})
    by_source = [writer.source_standing(source) for source in sources]
    statuses = sorted({each["status"] for each in (*by_source, *(standing for _, standing in detailed))})
    categories = list(vocabulary.categories())
    names = {
        "predicate": writer.predicate_names,
        "status": statuses,
        "source": sources,
        "category": categories,
        "jurisdiction": _values(detailed, "jurisdiction"),
        "donor_type": _values(detailed, "donor_type"),
    }

    def codes(values: Iterable[int]) -> NDArray[np.int32]:
        return np.fromiter(values, np.int32, len(drafts))

    subjects = codes(row_of[draft.subject] for draft in drafts)
    objects = codes(row_of[draft.object] for draft in drafts)
    source = codes(
        map({name: code for code, name in enumerate(sources)}.__getitem__, (d.source for d in drafts))
    )
    predicate_code = {name: code for code, name in enumerate(writer.predicate_names)}
    columns: dict[str, NDArray[Any]] = {
        "subject": subjects,
        "object": objects,
        "predicate": codes(predicate_code[draft.predicate] for draft in drafts),
        "source": source,
        # Lean axioms stand as their source does; the others say how they stand.
        "status": np.array([statuses.index(each["status"]) for each in by_source], np.int32)[source],
        "negated": np.array([each["negated"] for each in by_source], np.bool_)[source],
        "support": codes(map(writer.support, drafts)),
        "refuted": np.fromiter((writer.is_refuted(draft) for draft in drafts), np.bool_, len(drafts)),
        "jurisdiction": np.zeros(len(drafts), np.int64),
        "donor_type": np.zeros(len(drafts), np.int64),
    }
    for row, standing in detailed:
        columns["status"][row] = statuses.index(standing["status"])
        columns["negated"][row] = standing["negated"]
        for name in ("jurisdiction", "donor_type"):
            columns[name][row] = value_bits(standing["qualifiers"].get(name), names[name])
    for name, column in columns.items():
        write_column(directory / f"{name}.npy", column)
    write_grouping(directory, "by_subject", subjects, len(row_of))
    write_grouping(directory, "by_object", objects, len(row_of))
    category = [category_bits(tuple(writer.categories_of(curie))) for curie in writer.curies]
    write_column(directory / "category.npy", np.array(category, np.int64))
    order = sorted(range(len(drafts)), key=lambda row: sort_key(drafts[row].id))
    write_column(directory / "association_order.npy", np.array(order, np.int32))
    return names


def _values(detailed: Iterable[tuple[int, Mapping[str, Any]]], qualifier: str) -> list[str]:
    """The values that a qualifier has, as many as the bits of a column hold."""
    found: set[str] = set()
    for _, standing in detailed:
        found.update(as_list(standing["qualifiers"].get(qualifier)))
    return sorted(found)[:MOST_VALUES]


def value_bits(values: object, names: list[str]) -> int:
    """One bit for each value, by its place in the names."""
    return sum({1 << names.index(value) for value in as_list(values) if value in names})


@cache
def category_bits(categories: tuple[str, ...]) -> int:
    """One bit for each category, by its place in the vocabulary."""
    return value_bits(list(categories), list(vocabulary.categories()))


def as_list(values: object) -> list[str]:
    """The values of a qualifier, of which there may be none, one or several."""
    if values is None:
        return []
    return [str(each) for each in cast("list[object]", values)] if isinstance(values, list) else [str(values)]


def _add_unlabelled_ends(gathering: Gathering) -> None:
    for draft in gathering.associations:
        for curie in (draft.subject, draft.object):
            if curie not in gathering.entities:
                gathering.entities[curie] = EntityDraft(empty_record(curie, curie, draft.source), {})


def predicate_order(used: Iterable[str]) -> list[str]:
    """The predicates of the vocabulary in its order, then any others by name."""
    known = list(vocabulary.predicates())
    return known + sorted(set(used).difference(known))


def reading_order(draft: AssociationDraft, rank: Mapping[str, int]) -> tuple[bool, bool, int, str, str, str]:
    """By what associations are sorted into rows: what is curated first, the backbone last, by predicate."""
    return (
        draft.source not in CURATED_SOURCES,
        draft.details is None,
        rank[draft.predicate],
        draft.subject,
        draft.object,
        draft.id,
    )
