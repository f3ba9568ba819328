"""Writing the records of a release: JSON lines with their offsets, and the columns that are filtered by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, cast

import orjson

from stemgraph.graph.columns import write_column, write_grouping
from stemgraph.graph.gathering import AssociationDraft, EntityDraft, Gathering, Reference, empty_record
from stemgraph.graph.model import Record
from stemgraph.ontology import vocabulary

CURATED_SOURCES: Final = ("curated", "article")
"""Associations of these sources come before those of the ontologies."""

STANDARD_STANDING: Final[Record] = {
    "negated": False,
    "status": "established",
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
        source = self._sources.get(draft.source, STANDARD_STANDING)
        return {**source, **draft.details} if draft.details else source

    def evidence_of(self, draft: AssociationDraft) -> list[Record]:
        """The evidence of an association, the strongest tier first."""
        known = self._gathering.evidence
        found = [known[curie] for curie in draft.evidence if curie in known]
        return sorted(found, key=lambda each: (each["source_tier"], each["reference"], each["id"]))

    def _standing_of(self, source: str) -> Record:
        stated = self._gathering.sources.get(source, {})
        return STANDARD_STANDING | {name: stated[name] for name in STANDARD_STANDING if name in stated}

    def _tail(self, draft: AssociationDraft) -> bytes:
        standing = self.standing(draft)
        record = {
            "negated": standing["negated"],
            "qualifiers": self._resolve(standing.get("qualifiers", {})),
            "status": standing["status"],
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
    lengths: list[int] = [0]
    with (directory / f"{name}.jsonl").open("wb", buffering=1 << 20) as file:
        for line in lines:
            lengths.append(file.write(line) + file.write(b"\n"))
    write_column(directory / f"{name}.offsets.npy", list(accumulate(lengths)), "<i8")


def _write_columns(writer: RecordWriter, directory: Path) -> dict[str, list[str]]:
    import numpy as np  # noqa: PLC0415  # see columns.Column.array

    drafts, row_of = writer.drafts, writer.row_of
    standing = [writer.standing(draft) for draft in drafts]
    predicate_rank = {name: index for index, name in enumerate(writer.predicate_names)}
    statuses = sorted({each["status"] for each in standing})
    sources = sorted({draft.source for draft in drafts})
    categories = list(vocabulary.categories())
    names = {
        "predicate": writer.predicate_names,
        "status": statuses,
        "source": sources,
        "category": categories,
        "jurisdiction": _values(standing, "jurisdiction"),
        "donor_type": _values(standing, "donor_type"),
    }
    subjects = np.fromiter((row_of[draft.subject] for draft in drafts), np.int32, len(drafts))
    objects = np.fromiter((row_of[draft.object] for draft in drafts), np.int32, len(drafts))
    write_column(directory / "subject.npy", subjects)
    write_column(directory / "object.npy", objects)
    write_grouping(directory, "by_subject", subjects, len(row_of))
    write_grouping(directory, "by_object", objects, len(row_of))
    write_column(directory / "predicate.npy", [predicate_rank[draft.predicate] for draft in drafts])
    write_column(directory / "status.npy", [statuses.index(each["status"]) for each in standing])
    write_column(directory / "source.npy", [sources.index(draft.source) for draft in drafts])
    write_column(directory / "negated.npy", [each["negated"] for each in standing], "|b1")
    for name in ("jurisdiction", "donor_type"):
        bits = [_bits(each.get("qualifiers", {}).get(name), names[name]) for each in standing]
        write_column(directory / f"{name}.npy", bits, "<i8")
    write_column(
        directory / "category.npy",
        [_bits(record["categories"], categories) for record in writer.entity_records()],
        "<i8",
    )
    order = sorted(range(len(drafts)), key=lambda row: drafts[row].id)
    write_column(directory / "association_order.npy", order)
    return names


def _values(standing: Iterable[Mapping[str, Any]], qualifier: str) -> list[str]:
    found: set[str] = set()
    for each in standing:
        found.update(_as_list(each.get("qualifiers", {}).get(qualifier)))
    return sorted(found)[:62]


def _bits(values: object, names: list[str]) -> int:
    """One bit for each value, by its place in the names; a column holds 62."""
    return sum({1 << names.index(value) for value in _as_list(values) if value in names})


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
