"""Claims as they are read from a text, and as they are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stemgraph.graph.model import EntityReference, Record

SUPPORTED: Final = "supported"
WEAKER: Final = "supported more weakly"
CONTRADICTED: Final = "contradicted"
UNKNOWN: Final = "unknown"
NO_CLAIM: Final = "not a claim"
VERDICTS: Final = (SUPPORTED, WEAKER, CONTRADICTED, UNKNOWN, NO_CLAIM)
"""What may be said of a claim; a sentence that states nothing the vocabulary can hold is the last."""


@dataclass(frozen=True, slots=True)
class ClaimEnd:
    """One end of a claim: where it stands in the text, and the entities it may mean.

    ``how`` it was resolved: name, phrase (says what happens), reference (*these conditions*), role (a cell
    type that stands for the treatment with it), place (its agency is meant), or unresolved.
    """

    start: int
    end: int
    text: str
    entities: tuple[EntityReference, ...]
    how: str

    def to_record(self) -> Record:
        """The JSON shape; the first entity is the one that was taken."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "how": self.how,
            "entities": [entity.to_record() for entity in self.entities],
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """What a text states: a relation between two ends, how surely, and within which limits."""

    sentence: int
    """Number of its sentence, from 1."""
    start: int
    end: int
    text: str
    subject: ClaimEnd
    relation: str
    predicates: tuple[str, ...]
    """The predicates whose associations answer it; the first is what the words say."""
    object: ClaimEnd | None
    negated: bool
    hedge: str
    strength: str
    """How much it asserts: possible, investigated, used, settled or approved."""
    jurisdictions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    direction: str | None = None
    present: bool = False
    """Whether it is said of now."""
    approval: bool = False
    inverse_predicates: tuple[str, ...] = ()
    countered_by: tuple[str, ...] = ()

    def to_record(self) -> Record:
        """The JSON shape of what was read."""
        return {
            "subject": self.subject.to_record(),
            "relation": self.relation,
            "predicate": self.predicates[0] if self.predicates else None,
            "object": None if self.object is None else self.object.to_record(),
            "negated": self.negated,
            "hedge": self.hedge,
            "strength": self.strength,
            "jurisdictions": list(self.jurisdictions),
            "years": list(self.years),
            "direction": self.direction,
        }


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence in which no claim was read, and why."""

    sentence: int
    start: int
    end: int
    text: str
    reason: str
