"""Writing the records of a release: JSON lines with their offsets, and the columns that are filtered by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from stemgraph.graph.columns import write_column, write_grouping
from stemgraph.graph.gathering import AssociationDraft, EntityDraft, Gathering, Reference, empty_record
from stemgraph.graph.model import Record
from stemgraph.graph.standing import settle
from stemgraph.graph.support import SCALE, support_of
from stemgraph.ontology import vocabulary
from stemgraph.ontology.standing import CURRENT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CURATED_SOURCES: Final = ("curated", "article")
"""Associations of these sources come before those of the ontologies."""

STANDARD_STANDING: Final[Record] = {
    "negated": False,
    "status": "established",
    "stated_status": None,
    "evidence_standing": CURRENT,
    "knowledge_level": "knowledge_assertion",
    "agent_type": "manual_agent",
    "primary_knowledge_source": "infores:stemgraph",
    "first_release": 1,
    "regulatory_action": None,
}
"""What holds of an association where neither it nor its source says otherwise."""

_STANDING_ORDER: Final = ("knowledge_level", "agent_type", "primary_knowledge_source")


class RecordWriter:
    """Turns what was gathered into records, in the order of their rows."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering
        self._sources = {name: self._standing_of(name) for name in ("", *gathering.sources)}
        _add_unlabelled_ends(gathering)
        settle(gathering)
        self.curies = sorted(gathering.entities, key=sort_key)
        self.row_of = {curie: row for row, curie in enumerate(self.curies)}
        self.predicate_names = _predicate_order(gathering.associations)
        rank = {name: index for index, name in enumerate(self.predicate_names)}
        self.drafts = sorted(gathering.associations, key=lambda draft: _reading_order(draft, rank))

    def entity_records(self) -> Iterable[Record]:
        """The record of each entity, in row order."""
        for curie in self.curies:
            record, attributes = self._gathering.entities[curie]
            yield record | {"attributes": self._attributes(attributes)} if attributes else record

    def association_lines(self) -> Iterable[bytes]:
        """The JSON record of each association, in row order."""
        # The comma makes a copy of its own size: orjson's buffers are larger, and 38,000 of them are kept.
        references = {
            curie: orjson.dumps({key: draft.record[key] for key in ("id", "label", "categories")}) + b","
            for curie, draft in self._gathering.entities.items()
        }
        middles: dict[str, bytes] = {}
        tails: dict[tuple[str, tuple[str, ...]], bytes] = {}
        for draft in self.drafts:
            middle = middles.get(draft.predicate)
            if middle is None:
                middle = middles[draft.predicate] = _middle(draft.predicate)
            if draft.details is None:
                key = (draft.source, draft.evidence)
                tail = tails.get(key)
                if tail is None:
                    tail = tails[key] = self._tail(draft)
            else:
                tail = self._tail(draft)
            yield b"".join(
                (
                    b'{"id":"',
                    draft.id.encode(),
                    b'","subject":',
                    references[draft.subject],
                    middle,
                    references[draft.object],
                    tail,
                )
            )

    def standing(self, draft: AssociationDraft) -> Mapping[str, Any]:
        """Status, negation and provenance: the association's own, else its source's, else the standard."""
        source = self.source_standing(draft.source)
        return {**source, **draft.details} if draft.details else source

    def source_standing(self, source: str) -> Mapping[str, Any]:
        """How what a source states stands, where it does not say otherwise."""
        return self._sources.get(source, STANDARD_STANDING)

    def categories_of(self, curie: str) -> list[str]:
        """The categories of an entity."""
        categories: list[str] = self._gathering.entities[curie].record["categories"]
        return categories

    def evidence_of(self, draft: AssociationDraft) -> list[Record]:
        """The evidence of an association, the strongest tier first."""
        known = self._gathering.evidence
        found = [known[curie] for curie in draft.evidence if curie in known]
        return sorted(found, key=lambda each: (each["source_tier"], each["reference"], each["id"]))

    def is_refuted(self, draft: AssociationDraft) -> bool:
        """Whether evidence that has not been retracted speaks against it."""
        pieces = (self._gathering.evidence.get(each) for each in draft.evidence)
        return any(each["stance"] == "refutes" and not each["retracted"] for each in pieces if each)

    def support(self) -> Iterable[int]:
        """How well each association is supported, in thousandths, in row order."""
        lean: dict[tuple[str, tuple[str, ...]], int] = {}
        for draft in self.drafts:
            key = (draft.source, draft.evidence)
            if draft.details is None and key in lean:
                yield lean[key]
                continue
            standing = self.standing(draft)
            found = support_of(standing["status"], standing.get("qualifiers", {}), self.evidence_of(draft))
            thousandths = max(1, round(found * SCALE))
            if draft.details is None:
                lean[key] = thousandths
            yield thousandths

    def _standing_of(self, source: str) -> Record:
        stated = self._gathering.sources.get(source, {})
        return STANDARD_STANDING | {name: stated[name] for name in STANDARD_STANDING if name in stated}

    def _tail(self, draft: AssociationDraft) -> bytes:
        standing = self.standing(draft)
        record = {
            "negated": standing["negated"],
            "qualifiers": self._resolve(standing.get("qualifiers", {})),
            "status": standing["status"],
            "stated_status": standing["stated_status"],
            "evidence_standing": standing["evidence_standing"],
            "regulatory_action": standing["regulatory_action"],
            **{name: standing[name] for name in _STANDING_ORDER},
            "source": draft.source,
            "first_release": standing["first_release"],
            "evidence": self.evidence_of(draft),
        }
        return orjson.dumps(record)[1:]

    def _attributes(self, attributes: Record) -> Record:
        others = {name: value for name, value in sorted(attributes.items()) if name != "has_evidence"}
        resolved = self._resolve(others)
        evidence = attributes.get("has_evidence")
        if evidence:
            listed = cast("list[Reference]", evidence if isinstance(evidence, list) else [evidence])
            known = self._gathering.evidence
            resolved["evidence"] = [known[each.curie] for each in listed if each.curie in known]
        return resolved

    def _resolve(self, values: Mapping[str, Any]) -> Record:
        return {
            name: [self._resolved(each) for each in cast("list[object]", value)]
            if isinstance(value, list)
            else self._resolved(value)
            for name, value in values.items()
        }

    def _resolved(self, value: object) -> object:
        if not isinstance(value, Reference):
            return value
        draft = self._gathering.entities.get(value.curie)
        return {"id": value.curie, "label": draft.record["label"] if draft else value.curie}


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
        "support": codes(writer.support()),
        "refuted": np.fromiter((writer.is_refuted(draft) for draft in drafts), np.bool_, len(drafts)),
        "jurisdiction": np.zeros(len(drafts), np.int64),
        "donor_type": np.zeros(len(drafts), np.int64),
    }
    for row, standing in detailed:
        columns["status"][row] = statuses.index(standing["status"])
        columns["negated"][row] = standing["negated"]
        for name in ("jurisdiction", "donor_type"):
            columns[name][row] = _bits(standing["qualifiers"].get(name), names[name])
    for name, column in columns.items():
        write_column(directory / f"{name}.npy", column)
    write_grouping(directory, "by_subject", subjects, len(row_of))
    write_grouping(directory, "by_object", objects, len(row_of))
    category = [_category_bits(tuple(writer.categories_of(curie))) for curie in writer.curies]
    write_column(directory / "category.npy", np.array(category, np.int64))
    order = sorted(range(len(drafts)), key=lambda row: sort_key(drafts[row].id))
    write_column(directory / "association_order.npy", np.array(order, np.int32))
    return names


def _values(detailed: Iterable[tuple[int, Mapping[str, Any]]], qualifier: str) -> list[str]:
    """The values that a qualifier has, as many as the bits of a column hold."""
    found: set[str] = set()
    for _, standing in detailed:
        found.update(_as_list(standing["qualifiers"].get(qualifier)))
    return sorted(found)[:62]


def _bits(values: object, names: list[str]) -> int:
    """One bit for each value, by its place in the names."""
    return sum({1 << names.index(value) for value in _as_list(values) if value in names})


@cache
def _category_bits(categories: tuple[str, ...]) -> int:
    return _bits(list(categories), list(vocabulary.categories()))


def _as_list(values: object) -> list[str]:
    if values is None:
        return []
    return [str(each) for each in cast("list[object]", values)] if isinstance(values, list) else [str(values)]


def _add_unlabelled_ends(gathering: Gathering) -> None:
    for draft in gathering.associations:
        for curie in (draft.subject, draft.object):
            if curie not in gathering.entities:
                gathering.entities[curie] = EntityDraft(empty_record(curie, curie, draft.source), {})


def _predicate_order(drafts: Iterable[AssociationDraft]) -> list[str]:
    """The predicates of the vocabulary in its order, then any others by name."""
    known = list(vocabulary.predicates())
    return known + sorted({draft.predicate for draft in drafts}.difference(known))


def _reading_order(draft: AssociationDraft, rank: Mapping[str, int]) -> tuple[bool, bool, int, str, str, str]:
    return (
        draft.source not in CURATED_SOURCES,
        draft.details is None,
        rank[draft.predicate],
        draft.subject,
        draft.object,
        draft.id,
    )


def _middle(predicate: str) -> bytes:
    known = vocabulary.predicates().get(predicate)
    biolink = known.biolink_predicate if known else "biolink:related_to"
    return orjson.dumps({"predicate": predicate, "biolink_predicate": biolink})[1:-1] + b',"object":'
