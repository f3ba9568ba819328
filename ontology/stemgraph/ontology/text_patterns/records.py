"""What the pattern files hold, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SlotName = Literal["S", "O", "R"]


@dataclass(frozen=True, slots=True)
class FurtherName:
    """Names of an entity that running text uses and no vocabulary has."""

    entity: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Phrases that say what happens instead of naming it; the first entity is what they mean most likely."""

    entities: tuple[str, ...]
    words: tuple[str, ...]
    verb: bool
    """Whether the phrase is the verb of its claim; its relation follows from the categories of both ends."""
    direction: str | None
    of: str | None
    """The entity that a pronoun in the phrase must mean."""


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a pattern: a slot, or words one of which must stand there; ``gap`` lets it be farther."""

    slot: SlotName | None
    words: tuple[str, ...]
    gap: bool
    optional: bool = False


@dataclass(frozen=True, slots=True)
class RelationPattern:
    """Slots, then words that are looked for, then further slots and words."""

    before: tuple[Element, ...]
    words: tuple[str, ...]
    after: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """How texts state a relation, and which predicates answer it."""

    name: str
    predicates: tuple[str, ...]
    inverse_predicates: tuple[str, ...]
    """Predicates that answer it with subject and object exchanged."""
    level: str
    patterns: tuple[RelationPattern, ...]
    subject: frozenset[str]
    """Categories of the subject; empty means any."""
    object: frozenset[str]
    """Categories of the object; empty means any."""
    countered_by: tuple[str, ...] = ()
    """Predicates that deny it, as a withdrawal denies an approval."""
    negated: bool = False
    approval: bool = False
    open: bool = False
    """Whether an end that names nothing known still makes a claim."""
    open_object: bool = False
    """Whether the object may be missing, or be the agency of a place that is named."""
    general: bool = False
    """Whether an object as general as *cell* still states something."""
    same_category: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that point back, such as *these conditions*, and the categories they may mean (empty: any)."""

    words: tuple[str, ...]
    categories: frozenset[str]
    means_first: bool = False
    """Whether they mean what a sentence named first, its subject, and not what it named last."""
    followed_by: tuple[str, ...] = ()
    """Words one of which must follow; empty where anything may."""


@dataclass(frozen=True, slots=True)
class Cues:
    """The small words of a text; all are plain phrases."""

    hedges: Mapping[str, tuple[str, ...]]
    modals: tuple[str, ...]
    negations: tuple[str, ...]
    denials: tuple[str, ...]
    presents: tuple[str, ...]
    references: tuple[Reference, ...]
    exemplifiers: tuple[str, ...]
    general_entities: frozenset[str]
    joiners: tuple[str, ...]
    clause_ends: tuple[str, ...]
    relatives: tuple[str, ...]
    reports: tuple[str, ...]
    prepositions: tuple[str, ...]
    jurisdictions: Mapping[str, tuple[str, ...]]
    agencies: Mapping[str, str]
    abbreviations: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    advice: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]
    """Cell types, and the treatments for which they stand when they are said to treat."""


@dataclass(frozen=True, slots=True)
class Strengths:
    """One scale of strength for what texts say and associations carry."""

    levels: tuple[str, ...]
    """Names, the weakest first."""
    hedges: Mapping[str, str]
    modal: str
    predicates: Mapping[str, str]
    statuses: Mapping[str, str]
    ended: frozenset[str]
    """Statuses of what held once and no longer does."""
    actions: frozenset[str]
    """Predicates that state what a regulator did; their status is the product's, not theirs."""
    inherited_rules: Mapping[str, str]
    """The highest level that what a rule of closure brings can carry, for the rules that differ."""
    inherited: Mapping[str, str]
    """The same for every other rule: ``upward``, ``downward``, ``transitive``."""

    def rank(self, level: str) -> int:
        """The place of a level, 1 for the weakest."""
        return self.levels.index(level) + 1
