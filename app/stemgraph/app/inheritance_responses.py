"""How an answer was inherited, as pydantic models; see ``responses``."""

from __future__ import annotations

from pydantic import Field

from stemgraph.app.responses import Body, EntityReference


class InheritanceStep(Body):
    """A step from the more particular entity to the more general one."""

    subject: EntityReference
    relation: str = Field(description="subclass_of, part_of, develops_from or grouped_under.")
    object: EntityReference
    association: str | None = Field(description="CURIE of the association that states the step.")
    ontology: str = Field(description="Name of the source it comes from.")
    version: str | None = Field(description="Version of that source.")


class Inheritance(Body):
    """Why a statement about another entity answers for the one that was asked for."""

    rule: str
    explanation: str
    entity: EntityReference = Field(description="The entity asked for.")
    end: str = Field(description="The end of the association that it stands for: subject or object.")
    path: list[InheritanceStep]
    hedge: str | None = Field(description="How cautiously the association itself is stated.")
    other_end: Inheritance | None = Field(description="The same for the other end, where both were moved.")
