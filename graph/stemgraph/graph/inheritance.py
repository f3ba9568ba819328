"""Why a statement answers for another entity than the one it was made of: the rule, and the way."""

from __future__ import annotations

from dataclasses import dataclass

from stemgraph.graph.model import EntityReference, Record

GROUPED_UNDER = "grouped_under"
"""The relation of a step that is a grouping of this project, not an axiom of an ontology."""


@dataclass(frozen=True, slots=True)
class InheritanceStep:
    """One step from the more particular entity to the more general one."""

    subject: EntityReference
    relation: str
    """``subclass_of``, ``part_of`` or ``develops_from``; ``grouped_under`` for a grouping of this project."""
    object: EntityReference
    association: str | None
    """CURIE of the association that states it; None for a grouping, whose entity carries the evidence."""
    ontology: str
    """Name of the source that it comes from, such as ``mondo`` or ``groupings``."""
    version: str | None
    """The version of that source in this release."""

    @classmethod
    def from_record(cls, record: Record) -> InheritanceStep:
        """Read back what ``to_record`` wrote."""
        return cls(
            subject=EntityReference.from_record(record["subject"]),
            relation=record["relation"],
            object=EntityReference.from_record(record["object"]),
            association=record["association"],
            ontology=record["ontology"],
            version=record["version"],
        )

    def to_record(self) -> Record:
        """The JSON shape ``{subject, relation, object, association, ontology, version}``."""
        return {
            "subject": self.subject.to_record(),
            "relation": self.relation,
            "object": self.object.to_record(),
            "association": self.association,
            "ontology": self.ontology,
            "version": self.version,
        }


@dataclass(frozen=True, slots=True)
class Inheritance:
    """How a stated association answers for the entity that was asked for."""

    rule: str
    explanation: str
    entity: EntityReference
    """The entity asked for, which stands for the one at this end of the stated association."""
    end: str
    """``subject`` or ``object``: the end that was moved."""
    path: tuple[InheritanceStep, ...]
    """From the more particular of the two entities to the more general one."""
    hedge: str | None = None
    """How cautiously the association itself is stated, where it is: ``promising``, ``speculative``."""
    other_end: Inheritance | None = None
    """The same for the other end, where both were asked for and both were moved."""

    @classmethod
    def from_record(cls, record: Record) -> Inheritance:
        """Read back what ``to_record`` wrote."""
        other = record["other_end"]
        return cls(
            rule=record["rule"],
            explanation=record["explanation"],
            entity=EntityReference.from_record(record["entity"]),
            end=record["end"],
            path=tuple(map(InheritanceStep.from_record, record["path"])),
            hedge=record["hedge"],
            other_end=None if other is None else cls.from_record(other),
        )

    def to_record(self) -> Record:
        """The JSON shape ``{rule, explanation, entity, end, path, hedge, other_end}``."""
        return {
            "rule": self.rule,
            "explanation": self.explanation,
            "entity": self.entity.to_record(),
            "end": self.end,
            "path": [step.to_record() for step in self.path],
            "hedge": self.hedge,
            "other_end": None if self.other_end is None else self.other_end.to_record(),
        }

    @property
    def sentence(self) -> str:
        """The reason in words."""
        steps = "; ".join(map(_clause, self.path))
        words = f"For {self.entity.label}: {self.explanation} ({steps}; rule {self.rule})"
        if self.hedge is not None:
            words += f" The statement itself is {self.hedge.replace('_', ' ')}."
        return words if self.other_end is None else f"{words} {self.other_end.sentence}"


_VERBS = {
    "subclass_of": "is a kind of",
    "part_of": "is part of",
    "develops_from": "develops from",
    GROUPED_UNDER: "is grouped by this project under",
}


def _clause(step: InheritanceStep) -> str:
    source = f"{step.ontology} {step.version}" if step.version else step.ontology
    verb = _VERBS.get(step.relation, step.relation.replace("_", " "))
    return f"{step.subject.label} {verb} {step.object.label}, {source}"
