"""The bodies of writes as pydantic models: what an association and its evidence say, field by field.

They are read strictly; what their words and identifiers mean is then read as the curated files are
(``stemgraph.ontology.curation``), so that both say the same things and refuse the same mistakes.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from stemgraph.app.parameters import AssociationId, EntityId, PredicateName, StatusName, Word
from stemgraph.ontology import vocabulary
from stemgraph.ontology.vocabulary import Qualifier

LONGEST: Final = 4000
"""Characters of the longest text that a field may hold."""

StanceName = Annotated[str, Word("stance", lambda: vocabulary.enumeration("stance"))]
StudyDesignName = Annotated[str, Word("study design", lambda: vocabulary.enumeration("study_design"))]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Reason = Annotated[
    str,
    Field(
        min_length=3,
        max_length=1000,
        description="Why it is done, for the audit.",
        examples=["A cohort published this month reports it"],
    ),
]

_KINDS: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string"},
    "identifier": {"type": "string"},
    "entity": {"type": "string", "description": "CURIE of an entity"},
    "partial_date": {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
    "integer": {"type": "integer", "minimum": 0},
    "boolean": {"type": "boolean"},
    "frequency": {
        "type": "object",
        "properties": {
            "numerator": {"type": "integer", "minimum": 0},
            "denominator": {"type": "integer", "minimum": 1},
        },
        "required": ["numerator", "denominator"],
        "additionalProperties": False,
    },
}


class _DocumentedQualifiers:
    """Documents a mapping as the qualifiers of the vocabulary, each with its kind."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        properties = {name: _described(each) for name, each in vocabulary.qualifiers().items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}


def _described(qualifier: Qualifier) -> dict[str, Any]:
    if qualifier.kind == "enumeration":
        kind = {"type": "string", "enum": sorted(qualifier.values)}
    else:
        kind = dict(_KINDS[qualifier.kind])
    if qualifier.kind == "frequency":
        return {**kind, "description": qualifier.definition}
    several = {"type": "array", "items": kind, "minItems": 1}
    return {"anyOf": [kind, several], "description": qualifier.definition}


# Qualifiers are of several kinds; each is read by the vocabulary's.
Qualifiers = Annotated[dict[str, Any], _DocumentedQualifiers()]


class WriteBody(BaseModel):
    """The base of what a write sends: it has the fields that are documented and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EvidenceBody(WriteBody):
    """One reason for, or against, the statement."""

    reference: Annotated[
        Words, Field(description="CURIE (PMID, DOI, CLINICALTRIALS …) or http(s) address of the source.")
    ]
    stance: StanceName
    summary: Annotated[Words, Field(description="What the source says, in your own words.")]
    study_design: StudyDesignName
    tier: Annotated[
        int,
        Field(ge=1, le=3, description="1 regulators, guidelines, trials; 2 curators, societies; 3 press."),
    ]
    retrieved: Annotated[
        str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="Day on which the source was read.")
    ]
    url: Annotated[Words | None, Field(description="Where it can be read.")] = None
    via: Annotated[Words | None, Field(description="Through whom it was found.")] = None
    quote: Annotated[
        Words | None, Field(description="A sentence of the founding article; nothing else is quoted.")
    ] = None
    n: Annotated[int | None, Field(ge=0, description="Number of participants.")] = None
    effect: Annotated[Words | None, Field(description="What was found, with its figures.")] = None
    comparator: Annotated[Words | None, Field(description="Against what.")] = None
    phenotype: Annotated[EntityId | None, Field(description="The finding, as an entity.")] = None
    retracted: Annotated[bool, Field(description="Whether its publication has been retracted.")] = False
    supersedes: Annotated[
        list[Words], Field(description="Evidence, by CURIE or reference, whose place it takes.")
    ] = []
    retracts: Annotated[
        list[Words], Field(description="Evidence, by CURIE or reference, that it declares void.")
    ] = []
    independent_of: Annotated[list[Words], Field(description="Evidence from which it was gained apart.")] = []


class AssociationBody(WriteBody):
    """A statement with its qualifiers, status and evidence."""

    subject: EntityId
    subject_label: Annotated[
        Words | None, Field(description="Its label or a synonym: given, it is held against the graph.")
    ] = None
    predicate: PredicateName
    object: EntityId
    object_label: Annotated[
        Words | None, Field(description="Its label or a synonym: given, it is held against the graph.")
    ] = None
    negated: Annotated[bool, Field(description="Whether the statement is that it does NOT hold.")] = False
    qualifiers: Annotated[Qualifiers, Field(description="What narrows it: where, for whom, how often.")] = {}
    status: StatusName
    evidence: Annotated[
        list[EvidenceBody], Field(min_length=1, max_length=100, description="Why it is stated.")
    ]


EXAMPLE: Final[dict[str, Any]] = {
    "subject": "MAXO:0000747",
    "subject_label": "hematopoietic stem cell transplantation",
    "predicate": "studied_to_treat",
    "object": "MONDO:0005301",
    "qualifiers": {"donor_type": "autologous", "population": "relapsing-remitting disease"},
    "status": "reported",
    "evidence": [
        {
            "reference": "PMID:30644983",
            "stance": "supports",
            "summary": "Fewer patients worsened after transplantation than under continued drug treatment.",
            "study_design": "randomized_controlled_trial",
            "tier": 1,
            "retrieved": "2026-11-20",
            "n": 110,
        }
    ],
}


class CreateBody(AssociationBody):
    """An association that is to be made, and why."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{**EXAMPLE, "reason": "Found in the yearly review"}]},
    )

    reason: Reason


class ReviseBody(CreateBody):
    """An association as it is to be from now on, and why."""


class BatchOperation(WriteBody):
    """One operation of a batch."""

    action: Annotated[
        str, Word("action", lambda: ("create", "revise", "retire")), Field(description="What is to be done.")
    ]
    id: Annotated[AssociationId | None, Field(description="Which association: to revise and retire.")] = None
    association: Annotated[
        AssociationBody | None, Field(description="What it is to say: to create and revise.")
    ] = None
    if_match: Annotated[
        str | None,
        Field(description="The ETag that reading it gave: to revise and retire.", max_length=1000),
    ] = None


class BatchBody(WriteBody):
    """Operations that are done together, or not at all."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "reason": "Found in the yearly review",
                    "operations": [{"action": "create", "association": EXAMPLE}],
                }
            ]
        },
    )

    reason: Reason
    operations: Annotated[list[BatchOperation], Field(min_length=1, max_length=200)]
