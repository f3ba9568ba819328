"""The JSON answers about texts as pydantic models; see ``responses``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stemgraph.app.inheritance_responses import Inheritance
from stemgraph.app.responses import Association, Body, EntityReference, Json, Meta

Verdict = Literal["supported", "supported more weakly", "contradicted", "unknown", "not a claim"]
Strength = Literal["possible", "investigated", "used", "settled", "approved"]


class Candidate(EntityReference):
    """An entity that a piece of text may mean."""

    name: str = Field(description="The name of it that was found.")
    match: Literal["label", "synonym"]


class Annotation(Body):
    """A piece of text that names something."""

    start: int = Field(description="Where it begins, in characters (Unicode code points) from 0.")
    end: int = Field(description="Where it ends: the first character after it.")
    text: str
    ambiguous: bool = Field(description="Whether it may mean several entities.")
    candidates: list[Candidate] = Field(description="What it may mean, the likeliest first.")


class AnnotationsAnswer(Body):
    """The entities that a text names, in order."""

    items: list[Annotation]
    total: int
    next_cursor: None
    checked_characters: int = Field(description="How far the text was read.")
    complete: bool = Field(description="Whether the time sufficed for all of it.")
    reason: str | None = Field(description="Why it did not.")
    meta: Meta


class ClaimEnd(Body):
    """One end of a claim."""

    start: int
    end: int
    text: str
    how: Literal["name", "phrase", "reference", "role", "place", "unresolved"] = Field(
        description="How it was resolved: by name; by a phrase that says what happens; by a word that points "
        "back; as a cell type that stands for the treatment with it; as the agency of a place; not at all."
    )
    entities: list[EntityReference] = Field(description="What it may mean; the first was taken.")


class Claim(Body):
    """What a sentence states."""

    subject: ClaimEnd
    relation: str = Field(description="Name of the relation that was read.")
    predicate: str | None = Field(description="The predicate that its words say; null if there is none.")
    object: ClaimEnd | None
    negated: bool
    hedge: str = Field(description="How surely it is said: a value of the enumeration `hedge`.")
    strength: Strength = Field(description="How much it asserts, with its hedge.")
    jurisdictions: list[str] = Field(description="Where it is said to hold.")
    years: list[int] = Field(description="Years that its sentence names.")
    direction: str | None


class WeighedAssociation(Body):
    """An association that speaks for or against a claim."""

    association: str = Field(description="CURIE; its record is in `associations`.")
    strength: Strength = Field(description="How much it carries, with its predicate, status and hedge.")
    limits: Json = Field(description="Qualifiers: for whom, where and when it holds.")
    inherited: Inheritance | None = Field(description="The rule and the path, where it is inherited.")


class JudgedItem(Body):
    """A claim and the verdict on it, or a sentence without one."""

    sentence: int = Field(description="Number of the sentence, from 1.")
    start: int
    end: int
    text: str = Field(description="The sentence.")
    verdict: Verdict
    reason: str
    claim: Claim | None
    supporting: list[WeighedAssociation] = Field(description="The strongest that support it, at most eight.")
    supporting_total: int
    opposing: list[WeighedAssociation] = Field(description="The strongest that deny it, at most eight.")
    opposing_total: int
    related: list[str] = Field(description="CURIEs of what else is stated between its ends.")
    own_words: bool = Field(description="Whether all that supports it quotes this very text.")


class CheckAnswer(Body):
    """The claims of a text, judged, in order."""

    items: list[JudgedItem]
    total: int
    next_cursor: None
    verdicts: dict[str, int] = Field(description="Number of items by verdict.")
    sentences: int
    associations: dict[str, Association] = Field(
        description="The associations that the items name, with their evidence, by CURIE."
    )
    checked_characters: int = Field(description="How far the text was read.")
    complete: bool = Field(description="Whether the time sufficed for all of it.")
    reason: str | None = Field(description="Why it did not.")
    meta: Meta
