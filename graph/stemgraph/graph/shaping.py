"""The record of each association and entity, from what was gathered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

import orjson

from stemgraph.graph.gathering import AssociationDraft, Gathering, Reference
from stemgraph.graph.model import Record
from stemgraph.graph.support import SCALE, support_of
from stemgraph.ontology import vocabulary
from stemgraph.ontology.standing import CURRENT

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


class Shaping:
    """Turns what was gathered, once it is settled, into records, one at a time."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering
        self._sources = {name: self._standing_of(name) for name in ("", *gathering.sources)}
        self._references: dict[str, bytes] = {}
        self._tails: dict[tuple[str, tuple[str, ...]], bytes] = {}
        self._support: dict[tuple[str, tuple[str, ...]], int] = {}

    def has_entity(self, curie: str) -> bool:
        """Whether an entity was gathered."""
        return curie in self._gathering.entities

    def entity_record(self, curie: str) -> Record:
        """The record of an entity."""
        record, attributes = self._gathering.entities[curie]
        return record | {"attributes": self._attributes(attributes)} if attributes else record

    def association_line(self, draft: AssociationDraft) -> bytes:
        """The JSON record of an association."""
        if draft.details is None:
            key = (draft.source, draft.evidence)
            tail = self._tails.get(key)
            if tail is None:
                tail = self._tails[key] = self._tail(draft)
        else:
            tail = self._tail(draft)
        return b"".join(
            (
                b'{"id":"',
                draft.id.encode(),
                b'","subject":',
                self._reference(draft.subject),
                _middle(draft.predicate),
                self._reference(draft.object),
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

    def support(self, draft: AssociationDraft) -> int:
        """How well an association is supported, in thousandths."""
        key = (draft.source, draft.evidence)
        if draft.details is None and key in self._support:
            return self._support[key]
        standing = self.standing(draft)
        found = support_of(standing["status"], standing.get("qualifiers", {}), self.evidence_of(draft))
        thousandths = max(1, round(found * SCALE))
        if draft.details is None:
            self._support[key] = thousandths
        return thousandths

    def _reference(self, curie: str) -> bytes:
        reference = self._references.get(curie)
        if reference is None:
            record = self._gathering.entities[curie].record
            # The comma makes a copy of its own size: orjson's buffers are larger, and 38,000 are kept.
            reference = orjson.dumps({key: record[key] for key in ("id", "label", "categories")}) + b","
            self._references[curie] = reference
        return reference

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


@cache
def _middle(predicate: str) -> bytes:
    known = vocabulary.predicates().get(predicate)
    biolink = known.biolink_predicate if known else "biolink:related_to"
    return orjson.dumps({"predicate": predicate, "biolink_predicate": biolink})[1:-1] + b',"object":'
