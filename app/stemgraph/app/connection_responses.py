"""The JSON answers about paths, lineages and conflicts as pydantic models; see ``responses``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stemgraph.app.inheritance_responses import InheritanceStep
from stemgraph.app.responses import Association, Body, EntityReference, Json, Meta


class StepEvidence(Body):
    """A reference for a step of a path."""

    id: str = Field(description="CURIE of the evidence.")
    reference: str = Field(description="CURIE or address of the source.", examples=["PMID:30644983"])
    stance: str = Field(examples=["supports"])
    source_tier: int
    study_design: str | None
    retracted: bool
    superseded: bool


class PathStep(Body):
    """A step of a path: an association, and the way it is walked."""

    association: str = Field(description="CURIE of the association.")
    subject: EntityReference
    predicate: str = Field(examples=["treats"])
    biolink_predicate: str = Field(examples=["biolink:treats"])
    object: EntityReference
    direction: Literal["forward", "backward"]
    status: str = Field(examples=["approved"])
    source: str = Field(examples=["curated"])
    support: float = Field(description="How well it is supported by status, hedge and evidence: 0 to 1.")
    qualifiers: Json = Field(description="Its scope, as in the association.")
    evidence: list[StepEvidence]
    evidence_standing: str = Field(
        description="What is left of the evidence: current, weakened, superseded or retracted.",
        examples=["current"],
    )
    also: list[str] = Field(description="CURIEs of parallel associations.")


class Path(Body):
    """A way from one entity to another."""

    steps: list[PathStep]
    sentence: str = Field(description="The path in words.")
    hops: int
    score: float = Field(
        description="What it is ranked by, the highest first: the product of what its steps claim, how well "
        "they are supported, and how specific the entities on the way are."
    )
    cost: float = Field(description="The negative logarithm of the score to the base 2.")
    end: EntityReference = Field(description="Where it ends.")
    cautions: list[str] = Field(
        description="What to heed, such as that the evidence of a step was retracted.",
        examples=[["step 2: its evidence was superseded"]],
    )


class PathsAnswer(Body):
    """How two entities are connected, the best path first."""

    items: list[Path]
    complete: bool = Field(description="Whether the search ended by itself, not at its time limit.")
    reason: str | None = Field(description="Why there are no more paths.")
    meta: Meta


class LineageCell(EntityReference):
    """A cell of a lineage."""

    distance: int = Field(description="Steps from the cell asked for: below 0 before it, above 0 after it.")


class LineageStep(Body):
    """What is stated of a later cell and of an earlier one."""

    subject: EntityReference = Field(description="The later or more particular cell.")
    relation: Literal["develops_from", "subclass_of"]
    object: EntityReference = Field(description="The earlier or more general cell.")
    association: str = Field(description="CURIE of the association that states it.")
    source: str = Field(examples=["cl"])
    version: str | None = Field(description="Version of that source in this release.")


class LineageAnswer(Body):
    """The differentiation tree of a cell, or between two cells."""

    cell: EntityReference = Field(description="The cell asked for; of two, the later one.")
    origin: EntityReference | None = Field(description="Of two cells, the earlier one.")
    cells: list[LineageCell]
    steps: list[LineageStep] = Field(description="Every step between these cells, the later cells' first.")
    path: list[LineageStep] = Field(description="Between two cells, the shortest way, from the later one.")
    sentence: str | None = Field(description="That way in words.")
    truncated: bool = Field(description="Whether cells were left out, the farthest first.")
    reason: str | None = Field(description="Why there is nothing, or not all.")
    meta: Meta


class ConflictClaim(Body):
    """What is claimed and denied."""

    subject: EntityReference
    predicates: list[str] = Field(description="The relations of its statements.", examples=[["treats"]])
    object: EntityReference


class ConflictDifference(Body):
    """A qualifier of which two statements have no value in common."""

    qualifier: str = Field(examples=["jurisdiction"])
    supporting: list[str | int | bool | Json] = Field(examples=[["JP"]])
    opposing: list[str | int | bool | Json] = Field(examples=[["US"]])


class ConflictOneSided(Body):
    """A qualifier that one of two statements has, and that narrows it alone."""

    qualifier: str = Field(examples=["population"])
    side: Literal["supporting", "opposing"]
    values: list[str | int | bool | Json]


ConflictKind = Literal["direct", "divided", "qualified", "near", "elsewhere"]


class ConflictSupporting(Body):
    """A statement that speaks for the claim."""

    association: Association
    kind: ConflictKind
    against: str = Field(description="CURIE of the opposing statement that it was compared with.")
    separated_by: list[ConflictDifference] = Field(description="Empty: no qualifier separates the two.")
    one_sided: list[ConflictOneSided]
    path: list[InheritanceStep] = Field(
        description="Where it is about kinds of the claim's entities, or they are kinds of its own: how."
    )


class Conflict(Body):
    """A claim with what is stated for it and against it."""

    claim: ConflictClaim
    kind: ConflictKind
    explanation: str = Field(description="What stands against what, in words.")
    supporting: list[ConflictSupporting]
    opposing: list[Association] = Field(description="Negated statements and negative results.")
    divided: list[Association] = Field(description="Statements whose own evidence speaks for and against.")
    cautions: list[str] = Field(description="Statements whose evidence was retracted or superseded.")


class ConflictsAnswer(Body):
    """Conflicts, the sharpest first."""

    items: list[Conflict]
    total: int
    next_cursor: str | None
    complete: bool = Field(description="Whether every denial was looked at before time ran out.")
    reason: str | None
    meta: Meta
