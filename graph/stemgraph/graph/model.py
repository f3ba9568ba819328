"""The nouns of the graph as frozen values: entity, association, evidence, regulatory action.

Each has the one JSON shape (its *record*) that the library, REST and the exports share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from stemgraph.ontology.standing import CURRENT

if TYPE_CHECKING:
    from stemgraph.graph.inheritance import Inheritance

# A record is decoded JSON: its values are strings, numbers, booleans, lists and objects.
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EntityReference:
    """An entity as named inside another record: CURIE, label and categories."""

    id: str
    label: str
    categories: tuple[str, ...] = ()

    @classmethod
    def from_record(cls, record: Record) -> EntityReference:
        """Read back what ``to_record`` wrote."""
        return cls(record["id"], record["label"], tuple(record.get("categories", ())))

    def to_record(self) -> Record:
        """The JSON shape ``{id, label, categories}``."""
        return {"id": self.id, "label": self.label, "categories": list(self.categories)}


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping of an entity to another vocabulary: a SKOS relation and the CURIE it leads to."""

    relation: str
    id: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing the graph knows: a cell type, therapy, product, disease, gene and so on."""

    id: str
    label: str
    categories: tuple[str, ...]
    description: str | None = None
    synonyms: tuple[str, ...] = ()
    equivalent_ids: tuple[str, ...] = ()
    mappings: tuple[Mapped, ...] = ()
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()
    source: str = ""
    """Name of the named graph it comes from, such as ``mondo`` or ``curated``."""
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What only one category has, such as a regulatory action's date and jurisdiction."""

    @classmethod
    def from_record(cls, record: Record) -> Entity:
        """Read back what ``to_record`` wrote."""
        return cls(
            id=record["id"],
            label=record["label"],
            categories=tuple(record["categories"]),
            description=record.get("description"),
            synonyms=tuple(record.get("synonyms", ())),
            equivalent_ids=tuple(record.get("equivalent_ids", ())),
            mappings=tuple(
                Mapped(m["relation"], m["id"], m.get("label")) for m in record.get("mappings", ())
            ),
            deprecated=record.get("deprecated", False),
            replaced_by=tuple(record.get("replaced_by", ())),
            source=record.get("source", ""),
            attributes=record.get("attributes", {}),
        )

    def to_record(self) -> Record:
        """The JSON shape: every key present, empty lists for what is not stated."""
        return {
            "id": self.id,
            "label": self.label,
            "categories": list(self.categories),
            "description": self.description,
            "synonyms": list(self.synonyms),
            "equivalent_ids": list(self.equivalent_ids),
            "mappings": [{"relation": m.relation, "id": m.id, "label": m.label} for m in self.mappings],
            "deprecated": self.deprecated,
            "replaced_by": list(self.replaced_by),
            "source": self.source,
            "attributes": dict(self.attributes),
        }

    @property
    def reference(self) -> EntityReference:
        """How other records name this entity."""
        return EntityReference(self.id, self.label, self.categories)

    def _repr_html_(self) -> str:
        from stemgraph.graph.notebook import entity_html  # noqa: PLC0415  # only notebooks need it

        return entity_html(self)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an association is stated: a reference, its stance, and a summary in our own words."""

    id: str
    reference: str
    stance: str
    summary: str
    source_tier: int
    retrieved: str
    url: str | None = None
    via: str | None = None
    quote: str | None = None
    eco: str | None = None
    study_design: str | None = None
    n: int | None = None
    effect: str | None = None
    comparator: str | None = None
    phenotype: str | None = None
    retracted: bool = False
    supersedes: tuple[str, ...] = ()
    """What it takes the place of: CURIEs of evidence, or references for all evidence that has them."""
    retracts: tuple[str, ...] = ()
    independent_of: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()
    """CURIEs of the evidence that takes its place."""
    retracted_by: tuple[str, ...] = ()

    @classmethod
    def from_record(cls, record: Record) -> Evidence:
        """Read back what ``to_record`` wrote."""
        return cls(**{name: _tuple(value) for name, value in record.items()})

    def to_record(self) -> Record:
        """The JSON shape: one key for each field."""
        values = ((name, getattr(self, name)) for name in self.__slots__)
        return {
            name: list(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else value
            for name, value in values
        }

    @property
    def stands(self) -> bool:
        """Whether it has been neither retracted nor superseded."""
        return not self.retracted and not self.superseded_by


def _tuple(value: object) -> Any:  # noqa: ANN401  # the values of a record are of several types
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Association:
    """One statement with its qualifiers, its evidence and its standing."""

    id: str
    subject: EntityReference
    predicate: str
    object: EntityReference
    negated: bool
    qualifiers: Mapping[str, Any]
    status: str
    evidence: tuple[Evidence, ...]
    knowledge_level: str = "knowledge_assertion"
    agent_type: str = "manual_agent"
    primary_knowledge_source: str = "infores:stemgraph"
    source: str = "curated"
    """Name of the named graph it comes from, such as ``mondo`` or ``curated``."""
    first_release: int = 1
    biolink_predicate: str = "biolink:related_to"
    regulatory_action: str | None = None
    """CURIE of the regulatory action whose flat form this is."""
    evidence_standing: str = CURRENT
    """What is left of its evidence: current, weakened, superseded or retracted."""
    stated_status: str | None = None
    """The status as it was stated, where retracted evidence has lowered it."""
    inherited: Inheritance | None = None
    """Why it answers for another entity than those it names; None where it is stated of what was asked."""

    @classmethod
    def from_record(cls, record: Record) -> Association:
        """Read back what ``to_record`` wrote."""
        fields = dict(record)
        if fields.get("inherited") is not None:
            from stemgraph.graph.inheritance import Inheritance  # noqa: PLC0415  # it needs this module

            fields["inherited"] = Inheritance.from_record(fields["inherited"])
        fields["subject"] = EntityReference.from_record(record["subject"])
        fields["object"] = EntityReference.from_record(record["object"])
        fields["evidence"] = tuple(Evidence.from_record(each) for each in record["evidence"])
        return cls(**fields)

    def to_record(self) -> Record:
        """The JSON shape that REST serves: nested references, qualifiers and evidence.

        ``inherited`` is a member of what is inherited only.
        """
        inherited = {} if self.inherited is None else {"inherited": self.inherited.to_record()}
        return {
            "id": self.id,
            "subject": self.subject.to_record(),
            "predicate": self.predicate,
            "biolink_predicate": self.biolink_predicate,
            "object": self.object.to_record(),
            "negated": self.negated,
            "qualifiers": dict(self.qualifiers),
            "status": self.status,
            "stated_status": self.stated_status,
            "evidence_standing": self.evidence_standing,
            "regulatory_action": self.regulatory_action,
            "knowledge_level": self.knowledge_level,
            "agent_type": self.agent_type,
            "primary_knowledge_source": self.primary_knowledge_source,
            "source": self.source,
            "first_release": self.first_release,
            "evidence": [each.to_record() for each in self.evidence],
            **inherited,
        }

    @property
    def why(self) -> str:
        """Where it comes from, in words: by whom it is stated, or how it is inherited."""
        references = ", ".join(dict.fromkeys(each.reference for each in self.evidence))
        verb = self.predicate.replace("_", " ")
        said = f"{self.subject.label} {'not ' if self.negated else ''}{verb} {self.object.label}"
        stated = f"Stated: {said}" + (f" ({references})." if references else ".")
        return stated if self.inherited is None else f"{stated} {self.inherited.sentence}"

    def _repr_html_(self) -> str:
        from stemgraph.graph.notebook import association_html  # noqa: PLC0415  # only notebooks need it

        return association_html(self)
