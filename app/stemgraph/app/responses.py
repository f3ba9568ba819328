"""The JSON answers as pydantic models: they document what the records hold, and tests hold them to it.

Answers are joined from the records' own bytes and never pass through these models at run time.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

# Qualifiers, attributes and statistics are open objects: their values are any JSON.
Json = dict[str, Any]


class Body(BaseModel):
    """The base of every answer: it has the members that are documented and no others."""

    model_config = ConfigDict(extra="forbid")


class Meta(Body):
    """What the answer was taken from."""

    release: str = Field(description="Id of the release that answers.", examples=["9f2c51d07a3be846"])
    release_number: int = Field(description="Its number.", examples=[1])
    release_date: str = Field(description="Date of that release.", examples=["2026-11-23"])
    edition: str = Field(
        description="What was answered from: the release's own id, or after edits that and the number of the "
        "last one.",
        examples=["9f2c51d07a3be846.12"],
    )
    notice: str = Field(description="What must be said.", examples=["Not medical advice."])


class EntityReference(Body):
    """An entity as named inside another record."""

    id: str = Field(description="CURIE.", examples=["MONDO:0005301"])
    label: str = Field(examples=["multiple sclerosis"])
    categories: list[str] = Field(
        description="Names of its categories, the closest first.", examples=[["disease"]]
    )


class Mapped(Body):
    """A mapping to another vocabulary."""

    relation: str = Field(
        description="SKOS relation: exact, close, broad, narrow or related.", examples=["exact"]
    )
    id: str = Field(description="CURIE in the other vocabulary.", examples=["NCIT:C3243"])
    label: str | None = Field(description="Its label there, where known.")


class Entity(Body):
    """One thing the graph knows."""

    id: str = Field(description="CURIE.", examples=["MONDO:0005301"])
    label: str = Field(examples=["multiple sclerosis"])
    categories: list[str] = Field(examples=[["disease"]])
    description: str | None
    synonyms: list[str] = Field(examples=[["disseminated sclerosis", "MS"]])
    equivalent_ids: list[str] = Field(description="CURIEs of the same thing in other vocabularies.")
    mappings: list[Mapped]
    deprecated: bool = Field(description="Whether its vocabulary has withdrawn it.")
    replaced_by: list[str] = Field(description="CURIEs that stand in for a deprecated entity.")
    source: str = Field(description="Named graph it comes from.")
    attributes: Json = Field(description="What only its category has, such as a regulatory action's date.")


class EntityAnswer(Entity):
    """One entity, with the number of its associations by predicate."""

    counts: dict[str, int] = Field(
        description="Number of associations by predicate, both directions.",
        examples=[{"recommended_for": 2, "subclass_of": 9}],
    )
    meta: Meta


class EntitiesAnswer(Body):
    """Entities by id, in the order asked."""

    items: list[Entity]
    total: int
    next_cursor: None
    unknown: list[str] = Field(description="Identifiers asked for that are not in this release.")
    meta: Meta


class Evidence(Body):
    """Why an association is stated."""

    id: str
    reference: str = Field(description="CURIE or address of the source.", examples=["PMID:30644983"])
    stance: str = Field(description="supports, refutes, partial or no_evidence.", examples=["supports"])
    summary: str = Field(description="What the source says, in our own words.")
    source_tier: int
    retrieved: str = Field(description="Date on which the source was read.")
    url: str | None
    via: str | None
    quote: str | None
    eco: str | None = Field(description="CURIE of the evidence code (ECO).")
    study_design: str | None
    n: int | None = Field(description="Number of participants.")
    effect: str | None
    comparator: str | None
    phenotype: str | None
    retracted: bool
    supersedes: list[str] = Field(description="Evidence, by CURIE or reference, whose place it takes.")
    retracts: list[str] = Field(description="Evidence, by CURIE or reference, that it declares void.")
    independent_of: list[str] = Field(description="Evidence from which it was gained apart.")
    superseded_by: list[str] = Field(description="CURIEs of the evidence that takes its place.")
    retracted_by: list[str] = Field(description="CURIEs of the evidence that declares it void.")


class Association(Body):
    """One statement with its qualifiers, standing and evidence."""

    id: str = Field(
        description="CURIE: sga: and the hash of subject, predicate, object, negated, qualifiers.",
        examples=["sga:39de0fed3fbb986ba7402996"],
    )
    subject: EntityReference
    predicate: str = Field(examples=["treats"])
    biolink_predicate: str = Field(examples=["biolink:treats"])
    object: EntityReference
    negated: bool = Field(description="Whether the statement is that the relation does NOT hold.")
    qualifiers: Json = Field(examples=[{"jurisdiction": "US", "donor_type": "autologous"}])
    status: str = Field(examples=["guideline_supported"])
    stated_status: str | None = Field(description="The status as stated, where a retraction has lowered it.")
    evidence_standing: str = Field(
        description="What is left of the evidence: current, weakened, superseded or retracted.",
        examples=["current"],
    )
    regulatory_action: str | None = Field(description="CURIE of the regulatory action behind it.")
    knowledge_level: str = Field(examples=["knowledge_assertion"])
    agent_type: str = Field(examples=["manual_agent"])
    primary_knowledge_source: str = Field(examples=["infores:stemgraph"])
    source: str = Field(description="Named graph it comes from.", examples=["curated"])
    first_release: int
    evidence: list[Evidence]


class AssociationAnswer(Association):
    """One association with all its evidence."""

    meta: Meta


class AssociationsAnswer(Body):
    """A page of associations."""

    items: list[Association]
    total: int = Field(description="Number of associations on all pages.")
    next_cursor: str | None = Field(description="Gives the next page; null on the last.")
    meta: Meta


class HierarchyStep(Body):
    """An entity above or below another, and what connects them."""

    entity: EntityReference
    relation: str = Field(description="Predicate of the last step that leads to it.")
    association: str = Field(description="CURIE of the association that states this step.")
    distance: int = Field(description="Number of steps.")


class HierarchyAnswer(Body):
    """What is above and below an entity."""

    entity: EntityReference
    parents: list[HierarchyStep]
    children: list[HierarchyStep]
    ancestors: list[HierarchyStep]
    descendants: list[HierarchyStep]
    complete: bool = Field(description="Whether all descendants are listed; of very general terms not.")
    meta: Meta


class NeighborhoodNode(EntityReference):
    """A node of a picture."""

    distance: int = Field(description="Edges between it and the centre.")


class NeighborhoodEdge(Body):
    """An edge of a picture: an association without its evidence."""

    id: str = Field(description="CURIE of the association.")
    subject: str
    predicate: str
    biolink_predicate: str
    object: str
    status: str
    source: str


class NeighborhoodAnswer(Body):
    """What surrounds an entity, for a picture."""

    nodes: list[NeighborhoodNode] = Field(description="The entity itself first.")
    edges: list[NeighborhoodEdge]
    truncated: bool = Field(description="Whether there is more within the depth than the limit let in.")
    meta: Meta


class StatisticsAnswer(Body):
    """How much of what the release holds."""

    totals: dict[str, int]
    entities: dict[str, dict[str, int]]
    associations: Json = Field(description="Counts by predicate, status, source, level and pattern.")
    evidence: dict[str, dict[str, int]]
    quads: dict[str, dict[str, int]]
    meta: Meta


class SchemaAnswer(Body):
    """The vocabulary of the graph, each word with its definition."""

    categories: list[Json]
    predicates: list[Json]
    qualifiers: list[Json]
    enumerations: dict[str, dict[str, str]] = Field(description="Values of each enumeration, defined.")
    prefixes: dict[str, str] = Field(description="Namespace of each CURIE prefix.")
    meta: Meta


class ReleaseAnswer(Body):
    """The release that is served."""

    id: str
    number: int
    digest: str = Field(description="SHA-256 of its canonical N-Quads.")
    date: str
    sources: list[Json] = Field(description="Each source with its version, licence and attribution.")
    counts: Json
    meta: Meta


class SearchHit(Body):
    """An entity that was found."""

    id: str
    label: str
    categories: list[str]
    matched: str = Field(description="The label, synonym or identifier that was matched.")
    match: str = Field(description="How: identifier, label, synonym, prefix, words or typo.")
    score: float = Field(description="From 0 to 1.")
    deprecated: bool


class SearchAnswer(Body):
    """A page of entities that were found, best first."""

    items: list[SearchHit]
    total: int
    next_cursor: str | None
    facets: dict[str, int] = Field(description="Number of hits by category.")
    meta: Meta


class AutocompleteAnswer(Body):
    """Entities whose label or synonym begins so, best first."""

    items: list[SearchHit]
    total: int
    next_cursor: None
    meta: Meta


class ReadyCheck(Body):
    """One thing that the service needs."""

    name: str = Field(description="graph, workers, jail, writer, journal or disk space.")
    state: str = Field(description="`ok`, `warn` where something is off, `fail` where it cannot answer.")
    found: str
    mend: str = Field(description="What to do about it; empty where it is well.")


class ReadyAnswer(Body):
    """That the service answers."""

    ready: bool
    release: str
    edition: str
    checks: list[ReadyCheck]


class HealthAnswer(Body):
    """That the process lives."""

    alive: bool
