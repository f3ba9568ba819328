"""Reads the YAML files of the content; each row by itself, for a mistake in one must not hide another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from stemgraph.ontology.curation.evidence_relations import RELATIONS
from stemgraph.ontology.curation.fields import Fields, partial_date_of, suggestion
from stemgraph.ontology.curation.qualifier_values import read_qualifiers
from stemgraph.ontology.curation.records import (
    CuratedAction,
    CuratedAssociation,
    CuratedEntity,
    CuratedEvidence,
    CuratedMapping,
    Curation,
)
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.located_yaml import Located, read_yaml
from stemgraph.ontology.vocabulary import categories, predicates

Row = TypeVar("Row")

_ORIGIN: Final = re.compile(r"(curated|seed|dismech):\d+")
_SOURCES: Final = ("curated", "article", "cl", "mondo", "maxo")
_RELATIONS: Final = ("exact", "close", "broad", "narrow", "related")
_EVIDENCE_FIELDS: Final = frozenset(
    (
        "origin",
        "reference",
        "url",
        "via",
        "stance",
        "summary",
        "quote",
        "study_design",
        "n",
        "effect",
        "comparator",
        "phenotype",
        "tier",
        "retrieved",
        "retracted",
        *RELATIONS,
    )
)
_ASSOCIATION_FIELDS: Final = frozenset(
    (
        "subject",
        "subject_label",
        "predicate",
        "object",
        "object_label",
        "negated",
        "qualifiers",
        "status",
        "source",
        "evidence",
    )
)
_ACTION_FIELDS: Final = frozenset(
    (
        "product",
        "product_label",
        "type",
        "agency",
        "agency_label",
        "jurisdiction",
        "date",
        "date_not_after",
        "valid_until",
        "indication",
        "indication_text",
        "population",
        "condition",
        "restriction",
        "reason",
        "status",
        "evidence",
    )
)
_ENTITY_SOURCES: Final = ("curated", "groupings")
_ENTITY_FIELDS: Final = frozenset(
    ("id", "label", "categories", "synonyms", "description", "mappings", "source", "evidence")
)
_LEFT_OUT_FIELDS: Final = frozenset(("origin", "quote", "hedge", "reason"))


def content_directory() -> Path:
    """The directory of the content inside this package: ``curated`` and ``entities`` below it."""
    return Path(__file__).parent.parent / "data"


@dataclass(slots=True)
class Reading:
    """What was read so far, and what was wrong."""

    associations: list[CuratedAssociation] = field(default_factory=list[CuratedAssociation])
    actions: list[CuratedAction] = field(default_factory=list[CuratedAction])
    entities: list[CuratedEntity] = field(default_factory=list[CuratedEntity])
    problems: list[ContentError] = field(default_factory=list[ContentError])

    @property
    def curation(self) -> Curation:
        """The rows that could be read."""
        return Curation(tuple(self.associations), tuple(self.actions), tuple(self.entities))


def read_content(directory: Path) -> Reading:
    """Read every ``curated/*.yaml`` and ``entities/*.yaml`` of a directory."""
    reading = Reading()
    for path in sorted((*directory.glob("curated/*.yaml"), *directory.glob("entities/*.yaml"))):
        try:
            _read_file(path, path.relative_to(directory).as_posix(), reading)
        except ContentError as problem:
            reading.problems.append(problem)
    return reading


def _read_file(path: Path, name: str, reading: Reading) -> None:
    document = read_yaml(path, name=name)
    if path.parent.name == "entities":
        fields = Fields(document, {"entities"})
        reading.entities.extend(_rows(fields, "entities", _entity, reading.problems))
        return
    fields = Fields(document, {"topic", "title", "associations", "actions", "not_encoded"})
    topic = fields.text("topic")
    fields.text("title")
    if topic != path.stem:
        reading.problems.append(
            ContentError(
                f"the topic '{topic}' is not the file's name",
                place=fields.place_of("topic"),
                mend=f"write `topic: {path.stem}`",
            )
        )
    for _ in _rows(fields, "not_encoded", _left_out, reading.problems):
        pass  # kept in the file for its readers; the graph states nothing of it
    reading.associations.extend(
        _rows(fields, "associations", lambda row: read_association(row, topic), reading.problems)
    )
    reading.actions.extend(_rows(fields, "actions", lambda row: _action(row, topic), reading.problems))


def _rows(
    fields: Fields, key: str, read: Callable[[Located], Row], problems: list[ContentError]
) -> Iterator[Row]:
    for located in fields[key].items if key in fields else ():
        try:
            yield read(located)
        except ContentError as problem:
            problems.append(problem)


def _entity(located: Located) -> CuratedEntity:
    fields = Fields(located, _ENTITY_FIELDS)
    named = fields.texts("categories")
    for name in named:
        if name not in categories():
            raise ContentError(
                f"'{name}' is not a category",
                place=fields.place_of("categories"),
                mend=suggestion(name, categories()),
            )
    if not named:
        raise ContentError("an entity needs a category", place=fields.place, mend="add `categories: […]`")
    source = fields.optional_text("source") or "curated"
    if source not in _ENTITY_SOURCES:
        raise ContentError(
            f"'{source}' is not a source of entities",
            place=fields.place_of("source"),
            mend=suggestion(source, _ENTITY_SOURCES),
        )
    return CuratedEntity(
        place=fields.place,
        id=fields.curie("id"),
        label=fields.text("label"),
        categories=named,
        synonyms=fields.texts("synonyms"),
        description=fields.optional_text("description"),
        mappings=tuple(_mappings(fields["mappings"])) if "mappings" in fields else (),
        source=source,
        evidence=_evidence(fields) if "evidence" in fields else (),
    )


def _mappings(located: Located) -> Iterator[CuratedMapping]:
    groups = Fields(located, _RELATIONS)
    for relation in _RELATIONS:
        for each in groups[relation].items if relation in groups else ():
            fields = Fields(each, {"id", "label"})
            yield CuratedMapping(fields.place, relation, fields.curie("id"), fields.optional_text("label"))


def _left_out(located: Located) -> str:
    """A row of the sources that makes no statement, with the reason why."""
    fields = Fields(located, _LEFT_OUT_FIELDS)
    _origin(fields)
    if "hedge" in fields:
        fields.value_of("hedge", "hedge")
    return fields.text("reason")


def read_association(located: Located, topic: str) -> CuratedAssociation:
    """One row of associations.

    Raises:
        ContentError: A field of it is missing, unknown or of the wrong kind.
    """
    fields = Fields(located, _ASSOCIATION_FIELDS)
    predicate = fields.text("predicate")
    if predicate not in predicates():
        raise ContentError(
            f"'{predicate}' is not a predicate",
            place=fields.place_of("predicate"),
            mend=suggestion(predicate, predicates()),
        )
    source = fields.optional_text("source") or "curated"
    if source not in _SOURCES:
        raise ContentError(
            f"'{source}' is not a source of statements",
            place=fields.place_of("source"),
            mend=suggestion(source, _SOURCES),
        )
    return CuratedAssociation(
        place=fields.place,
        topic=topic,
        subject=fields.curie("subject"),
        subject_label=fields.text("subject_label"),
        predicate=predicate,
        object=fields.curie("object"),
        object_label=fields.text("object_label"),
        status=fields.value_of("status", "status"),
        evidence=_evidence(fields),
        negated=fields.boolean("negated"),
        qualifiers=read_qualifiers(fields["qualifiers"]) if "qualifiers" in fields else {},
        source=source,
    )


def _action(located: Located, topic: str) -> CuratedAction:
    fields = Fields(located, _ACTION_FIELDS)
    if ("date" in fields) == ("date_not_after" in fields):
        raise ContentError(
            "an action needs either `date` or `date_not_after`",
            place=fields.place,
            mend="give `date`, partial if need be, or in `date_not_after` the day by which it is known",
        )
    return CuratedAction(
        place=fields.place,
        topic=topic,
        product=fields.curie("product"),
        product_label=fields.text("product_label"),
        type=fields.value_of("type", "action_type"),
        agency=fields.curie("agency"),
        agency_label=fields.text("agency_label"),
        jurisdiction=fields.value_of("jurisdiction", "jurisdiction"),
        status=fields.value_of("status", "status"),
        evidence=_evidence(fields),
        date=fields.partial_date("date"),
        date_not_after=fields.partial_date("date_not_after"),
        valid_until=fields.partial_date("valid_until"),
        indication=fields.curies("indication"),
        indication_text=fields.optional_text("indication_text"),
        population=fields.optional_text("population"),
        condition=fields.optional_text("condition"),
        restriction=fields.optional_text("restriction"),
        reason=fields.optional_text("reason"),
    )


def _evidence(row: Fields) -> tuple[CuratedEvidence, ...]:
    items = row["evidence"].items
    if not items:
        raise ContentError("a statement needs evidence", place=row.place, mend="add an item to `evidence`")
    return tuple(_one_evidence(Fields(each, _EVIDENCE_FIELDS)) for each in items)


def _one_evidence(fields: Fields) -> CuratedEvidence:
    tier = fields.integer("tier")
    if tier not in {1, 2, 3}:
        raise ContentError("the tier of a source is 1, 2 or 3", place=fields.place_of("tier"))
    retrieved = partial_date_of(fields["retrieved"])
    if len(retrieved) != len("YYYY-MM-DD"):
        raise ContentError("a retrieval date has a day", place=fields.place_of("retrieved"))
    return CuratedEvidence(
        place=fields.place,
        origin=_origin(fields),
        reference=fields.reference("reference"),
        stance=fields.value_of("stance", "stance"),
        summary=" ".join(fields.text("summary").split()),
        study_design=fields.value_of("study_design", "study_design"),
        tier=tier,
        retrieved=retrieved,
        url=fields.url("url"),
        via=fields.optional_text("via"),
        quote=" ".join(fields.text("quote").split()) if "quote" in fields else None,
        n=fields.integer("n"),
        effect=fields.optional_text("effect"),
        comparator=fields.optional_text("comparator"),
        phenotype=fields.optional_curie("phenotype"),
        retracted=fields.boolean("retracted"),
        supersedes=_other_evidence(fields, "supersedes"),
        retracts=_other_evidence(fields, "retracts"),
        independent_of=_other_evidence(fields, "independent_of"),
    )


def _other_evidence(fields: Fields, key: str) -> tuple[str, ...]:
    """The rows, evidence or references that evidence names, sorted."""
    named = fields.texts(key)
    for each in named:
        if not _ORIGIN.fullmatch(each):
            fields.check_reference(each, key)
    return tuple(sorted(set(named)))


def _origin(fields: Fields) -> tuple[str, ...]:
    origin = fields.texts("origin")
    if any(not _ORIGIN.fullmatch(each) for each in origin):
        raise ContentError(
            "an origin is `curated:ROW`, `seed:ROW` or `dismech:ROW`",
            place=fields.place_of("origin"),
            mend="count rows from 1",
        )
    return origin
