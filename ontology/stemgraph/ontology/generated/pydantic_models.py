"""Generated from the LinkML schema by stemgraph.ontology.generate; do not edit."""
from __future__ import annotations

import re
import sys
from datetime import (
    date,
    datetime,
    time
)
from decimal import Decimal
from enum import Enum
from typing import (
    Any,
    ClassVar,
    Literal,
    Optional,
    Union
)

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer
)


version = "1.0.0"


class ConfiguredBaseModel(BaseModel):
    model_config = ConfigDict(
        serialize_by_alias = True,
        validate_by_name = True,
        validate_assignment = True,
        validate_default = True,
        extra = "forbid",
        arbitrary_types_allowed = True,
        use_enum_values = True,
        strict = False,
    )





class LinkMLMeta(RootModel):
    root: dict[str, Any] = {}
    model_config = ConfigDict(frozen=True)

    def __getattr__(self, key:str):
        return getattr(self.root, key)

    def __getitem__(self, key:str):
        return self.root[key]

    def __setitem__(self, key:str, value):
        self.root[key] = value

    def __contains__(self, key:str) -> bool:
        return key in self.root


linkml_meta = None

class Status(str, Enum):
    """
    How firmly the statement stands today, in its jurisdiction.
    """
    established = "established"
    """
    Settled knowledge, as in textbooks, ontologies and curated databases.
    """
    approved = "approved"
    """
    A regulator has authorised this use, and the authorisation stands.
    """
    approved_conditional = "approved_conditional"
    """
    Authorised under conditions still to be met: conditional, accelerated or time-limited approval.
    """
    approved_restricted = "approved_restricted"
    """
    Authorised, and since narrowed to fewer patients or uses.
    """
    standard_of_care = "standard_of_care"
    """
    The usual treatment, by guideline or by what clinicians do.
    """
    supportive_care = "supportive_care"
    """
    Accepted for relief or support, not aimed at the disease itself.
    """
    historical = "historical"
    """
    Was done or was seen in the past; no longer current practice.
    """
    guideline_supported = "guideline_supported"
    """
    A guideline recommends it for some patients.
    """
    guideline_superseded = "guideline_superseded"
    """
    A guideline said so that a later one has replaced.
    """
    clinical_option = "clinical_option"
    """
    May be offered after weighing benefit and risk; benefit not settled.
    """
    labelled = "labelled"
    """
    Stated in the product's label.
    """
    boxed_warning = "boxed_warning"
    """
    Stated in a boxed warning of the product's label.
    """
    safety_communication = "safety_communication"
    """
    Stated by a regulator in a safety notice.
    """
    investigational = "investigational"
    """
    Under study in people; no settled benefit.
    """
    preclinical = "preclinical"
    """
    Seen in cells or animals only.
    """
    protocol = "protocol"
    """
    Part of a study protocol or treatment protocol.
    """
    proposed_mechanism = "proposed_mechanism"
    """
    Put forward as an explanation; not shown to be so.
    """
    reported = "reported"
    """
    Reported by a source, without further assessment.
    """
    trial_completed = "trial_completed"
    """
    Comes from a trial that has ended as planned.
    """
    trial_recruiting = "trial_recruiting"
    """
    Comes from a trial that was recruiting when last looked at.
    """
    trial_terminated = "trial_terminated"
    """
    Comes from a trial that ended before its plan.
    """
    rct_supported = "rct_supported"
    """
    Shown in a randomised controlled trial, without approval for it.
    """
    real_world_evidence = "real_world_evidence"
    """
    Seen in registries or routine care.
    """
    regulation = "regulation"
    """
    Laid down by law or regulation.
    """
    consensus = "consensus"
    """
    Agreed by a body of experts.
    """
    disputed = "disputed"
    """
    Contested in the literature.
    """
    caution = "caution"
    """
    An authority advises care.
    """
    exclusion_criterion = "exclusion_criterion"
    """
    Kept patients out of a study, which is no finding of harm.
    """
    withdrawn = "withdrawn"
    """
    Once authorised; the authorisation has ended.
    """
    refused = "refused"
    """
    A regulator has said no.
    """
    superseded = "superseded"
    """
    True when stated; a later event has overtaken it.
    """
    not_recommended = "not_recommended"
    """
    A guideline body advises against it in general.
    """
    not_indicated = "not_indicated"
    """
    The label says that it is not for this use.
    """
    not_approved = "not_approved"
    """
    No regulator named by the source had authorised it at that time.
    """
    not_expected = "not_expected"
    """
    Is not expected to occur, for a reason the evidence gives.
    """
    not_observed = "not_observed"
    """
    Was looked for and not seen.
    """
    negative_result = "negative_result"
    """
    A study looked for the effect and did not find it.
    """
    evidence_retracted = "evidence_retracted"
    """
    All evidence for it has been retracted; never written, always worked out.
    """


class EvidenceStanding(str, Enum):
    """
    What is left of the evidence that a statement leans on.
    """
    current = "current"
    """
    All of it stands.
    """
    weakened = "weakened"
    """
    Some of it has been retracted or superseded, and some stands.
    """
    superseded = "superseded"
    """
    None is current: newer evidence has taken its place.
    """
    retracted = "retracted"
    """
    None stands: it has been retracted.
    """


class Stance(str, Enum):
    """
    What the evidence does to the statement as stated.
    """
    supports = "supports"
    """
    Speaks for the statement.
    """
    refutes = "refutes"
    """
    Speaks against the statement.
    """
    partial = "partial"
    """
    Speaks for a part of it, or for a narrower form.
    """
    no_evidence = "no_evidence"
    """
    Looked, and found nothing either way.
    """


class StudyDesign(str, Enum):
    """
    What kind of source the evidence is.
    """
    randomized_controlled_trial = "randomized_controlled_trial"
    """
    Patients were allotted by chance to the intervention or a comparator.
    """
    single_arm_trial = "single_arm_trial"
    """
    A trial in which all patients had the intervention.
    """
    clinical_trial = "clinical_trial"
    """
    A trial whose design the source does not tell, or that is neither randomised nor single-arm.
    """
    observational_cohort = "observational_cohort"
    """
    Patients followed without allotment, in a cohort or registry.
    """
    case_series = "case_series"
    """
    Several patients described together, without comparison.
    """
    case_report = "case_report"
    """
    One patient, or very few, described singly.
    """
    systematic_review = "systematic_review"
    """
    The literature searched and weighed by a stated method, with or without meta-analysis.
    """
    review = "review"
    """
    The literature told by its authors.
    """
    guideline = "guideline"
    """
    Recommendations of a professional body.
    """
    regulatory_label = "regulatory_label"
    """
    The text that a regulator approved for a product.
    """
    regulatory_decision = "regulatory_decision"
    """
    A regulator's decision or the record of it.
    """
    safety_communication = "safety_communication"
    """
    A regulator's notice of a risk.
    """
    trial_registration = "trial_registration"
    """
    The registry's record of a trial, before or without results.
    """
    preclinical_study = "preclinical_study"
    """
    Cells or animals.
    """
    ontology_axiom = "ontology_axiom"
    """
    An axiom of a published ontology.
    """
    curated_database_record = "curated_database_record"
    """
    A record that curators of a database have made.
    """
    news_report = "news_report"
    """
    Press, trade news or a company's release.
    """
    patient_information = "patient_information"
    """
    Written for patients or the public.
    """
    definition = "definition"
    """
    A body's definition.
    """
    expert_opinion = "expert_opinion"
    """
    What one or more experts hold.
    """
    essay = "essay"
    """
    The founding article, or a text of its kind.
    """


class KnowledgeLevel(str, Enum):
    """
    How the statement came to be known; the values of Biolink.
    """
    knowledge_assertion = "knowledge_assertion"
    """
    Put forward as true after direct evidence was weighed.
    """
    logical_entailment = "logical_entailment"
    """
    Follows by logic from other statements.
    """
    prediction = "prediction"
    """
    Held to be possible, on indirect grounds.
    """
    statistical_association = "statistical_association"
    """
    Two variables go together in some data.
    """
    observation = "observation"
    """
    Something was seen and is told without interpretation.
    """
    not_provided = "not_provided"
    """
    Not told by the source.
    """


class AgentType(str, Enum):
    """
    Who or what made the statement; the values of Biolink.
    """
    manual_agent = "manual_agent"
    """
    A person.
    """
    automated_agent = "automated_agent"
    """
    A program.
    """
    data_analysis_pipeline = "data_analysis_pipeline"
    """
    A program that reports what an analysis gave.
    """
    text_mining_agent = "text_mining_agent"
    """
    A program that reads text.
    """
    manual_validation_of_automated_agent = "manual_validation_of_automated_agent"
    """
    A program, checked by a person.
    """
    not_provided = "not_provided"
    """
    Not told by the source.
    """


class Jurisdiction(str, Enum):
    """
    Whose regulator speaks. ISO 3166 codes for countries, and EU.
    """
    US = "US"
    """
    United States.
    """
    EU = "EU"
    """
    European Union.
    """
    UK = "UK"
    """
    United Kingdom.
    """
    JP = "JP"
    """
    Japan.
    """
    CA = "CA"
    """
    Canada.
    """
    CH = "CH"
    """
    Switzerland.
    """
    CN = "CN"
    """
    China.
    """
    KR = "KR"
    """
    Republic of Korea.
    """
    AU = "AU"
    """
    Australia.
    """
    IN = "IN"
    """
    India.
    """
    INT = "INT"
    """
    More than one, or an international body.
    """


class DonorType(str, Enum):
    """
    Whose cells are given.
    """
    autologous = "autologous"
    """
    The patient's own.
    """
    allogeneic = "allogeneic"
    """
    Another person's.
    """


class ConditioningIntensity(str, Enum):
    """
    How far conditioning destroys the patient's marrow.
    """
    myeloablative = "myeloablative"
    """
    So far that blood formation does not come back by itself.
    """
    reduced_intensity = "reduced_intensity"
    """
    Less than that, with lasting low counts.
    """
    nonmyeloablative = "nonmyeloablative"
    """
    Little; counts come back without a graft.
    """


class TargetAction(str, Enum):
    """
    What is done to a target.
    """
    agonist = "agonist"
    """
    Activates it.
    """
    antagonist = "antagonist"
    """
    Blocks its activation.
    """
    inhibitor = "inhibitor"
    """
    Lowers its activity.
    """


class Direction(str, Enum):
    """
    Up or down.
    """
    increased = "increased"
    """
    More of it.
    """
    decreased = "decreased"
    """
    Less of it.
    """


class VariantOrigin(str, Enum):
    """
    Where a variant comes from.
    """
    germline = "germline"
    """
    Inherited, in every cell.
    """
    somatic = "somatic"
    """
    Acquired, in some cells.
    """


class Hedge(str, Enum):
    """
    How a text words the strength of what it says.
    """
    established = "established"
    """
    Stated as fact.
    """
    promising = "promising"
    """
    Called promising or encouraging.
    """
    supported_by_studies = "supported_by_studies"
    """
    Said to be shown by studies.
    """
    implied = "implied"
    """
    Not said outright, but meant.
    """
    under_investigation = "under_investigation"
    """
    Said to be explored or studied.
    """
    intended = "intended"
    """
    Given as an aim.
    """
    author_opinion = "author_opinion"
    """
    The authors' own view.
    """
    in_progress = "in_progress"
    """
    Said to be under way.
    """
    speculative = "speculative"
    """
    Said to be possible.
    """
    recommendation = "recommendation"
    """
    Said as advice.
    """
    framing = "framing"
    """
    Sets the scene rather than claims.
    """


class TrialPhase(str, Enum):
    """
    Phase of a clinical trial.
    """
    number_1 = "1"
    """
    First in people: safety and dose.
    """
    number_1SOLIDUS2 = "1/2"
    """
    Phases 1 and 2 in one.
    """
    number_2 = "2"
    """
    First signs of effect.
    """
    number_2SOLIDUS3 = "2/3"
    """
    Phases 2 and 3 in one.
    """
    number_3 = "3"
    """
    Confirmation against a comparator.
    """
    number_4 = "4"
    """
    After approval.
    """


class ActionType(str, Enum):
    """
    Kind of regulatory action.
    """
    approval = "approval"
    """
    Marketing authorisation in full.
    """
    conditional_approval = "conditional_approval"
    """
    Authorisation that hangs on conditions or runs for a limited time.
    """
    accelerated_approval = "accelerated_approval"
    """
    Authorisation on an outcome that is held to predict benefit.
    """
    refusal = "refusal"
    """
    Authorisation denied.
    """
    complete_response_letter = "complete_response_letter"
    """
    The application cannot be approved in its present form.
    """
    restriction = "restriction"
    """
    Authorised use narrowed.
    """
    withdrawal = "withdrawal"
    """
    Authorisation ended, by the regulator or at the holder's wish.
    """


class EbmtGrade(str, Enum):
    """
    Recommendation and evidence level in the form that EBMT handbooks print them. The reading of the codes is general knowledge, not quoted.
    """
    SSOLIDUSI = "S/I"
    """
    Standard of care; evidence: at least one well-executed randomised trial.
    """
    SSOLIDUSII = "S/II"
    """
    Standard of care; evidence: well-designed trials or cohorts without randomisation, or dramatic results.
    """
    SSOLIDUSIII = "S/III"
    """
    Standard of care; evidence: expert opinion, descriptive studies or committee reports.
    """
    COSOLIDUSI = "CO/I"
    """
    Clinical option; evidence: at least one well-executed randomised trial.
    """
    COSOLIDUSII = "CO/II"
    """
    Clinical option; evidence: well-designed trials or cohorts without randomisation, or dramatic results.
    """
    COSOLIDUSIII = "CO/III"
    """
    Clinical option; evidence: expert opinion, descriptive studies or committee reports.
    """
    DSOLIDUSI = "D/I"
    """
    Developmental; evidence: at least one well-executed randomised trial.
    """
    DSOLIDUSII = "D/II"
    """
    Developmental; evidence: well-designed trials or cohorts without randomisation, or dramatic results.
    """
    DSOLIDUSIII = "D/III"
    """
    Developmental; evidence: expert opinion, descriptive studies or committee reports.
    """
    GNRSOLIDUSI = "GNR/I"
    """
    Generally not recommended; evidence: at least one well-executed randomised trial.
    """
    GNRSOLIDUSII = "GNR/II"
    """
    Generally not recommended; evidence: well-designed trials or cohorts without randomisation, or dramatic results.
    """
    GNRSOLIDUSIII = "GNR/III"
    """
    Generally not recommended; evidence: expert opinion, descriptive studies or committee reports.
    """



class Entity(ConfiguredBaseModel):
    """
    Anything that associations are about; every entity belongs to one or more of the categories.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class CellType(Entity):
    """
    A kind of cell, natural or engineered, by lineage, marker or function.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class Therapy(Entity):
    """
    An intervention as a course of action, such as a transplantation or a cell therapy; not one marketed product.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class BiologicProduct(Entity):
    """
    One named cell, gene or tissue product or antibody, under its brand and common names.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class ProductClass(Entity):
    """
    A group of products to which a regulator speaks as a whole, for example in a shared boxed warning.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class Drug(Entity):
    """
    A substance given for its pharmacological effect, small molecule or protein.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class Disease(Entity):
    """
    A disorder for which a therapy may be considered.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class RiskOrAdverseOutcome(Entity):
    """
    An unwanted event or state that may follow a therapy or a disease, such as graft failure or infection.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class RiskFactor(Entity):
    """
    A property of patient, donor or procedure that makes an outcome more likely.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class Gene(Entity):
    """
    A human gene; stands for its product too where an antigen is the target.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class AnatomicalStructure(Entity):
    """
    A tissue, organ or bodily fluid, above the level of single cells.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class BiologicalProcess(Entity):
    """
    Something that cells or tissues do, such as haematopoiesis or immune reconstitution.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class Technique(Entity):
    """
    A laboratory, manufacturing or diagnostic procedure that makes, tests or follows up rather than treats.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class ClinicalTrial(Entity):
    """
    A registered or published study of an intervention in people.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class Publication(Entity):
    """
    An article, label, page or record that says something.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class AgencyOrBody(Entity):
    """
    A regulator, professional society or other body that decides, recommends or defines.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class GuidelineOrRegulation(Entity):
    """
    A text with normative force, from a society's recommendation to a law.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


class RegulatoryAction(Entity):
    """
    One decision of one regulator on one product: type, date as far as it is known, jurisdiction and indication. The predicates approved_by, refused_by, restricted_by and withdrawn_by are its flat form.
    """
    product: str = Field(default=..., description="""What was decided on.""")
    agency: str = Field(default=..., description="""Who decided.""")
    jurisdiction: list[Jurisdiction] = Field(default=..., description="""Where the decision or label holds.""")
    action_type: list[ActionType] = Field(default=..., description="""What kind of regulatory action it was.""")
    date: Optional[list[str]] = Field(default=None, description="""When it happened, as far as it is known.""")
    date_not_after: Optional[str] = Field(default=None, description="""It had happened by then; no more is known.""")
    valid_until: Optional[str] = Field(default=None, description="""When a time-limited decision runs out.""")
    indication: Optional[list[str]] = Field(default=None, description="""The indication in the words of the decision.""")
    indication_text: Optional[list[str]] = Field(default=None, description="""The indication in the words of the decision.""")
    population: Optional[list[str]] = Field(default=None, description="""Who: age, donor situation, serostatus and the like.""")
    condition: Optional[list[str]] = Field(default=None, description="""What has to be met for the statement to hold.""")
    restriction: Optional[list[str]] = Field(default=None, description="""How the authorised use was narrowed.""")
    reason: Optional[list[str]] = Field(default=None, description="""Why, as the source says.""")
    status: Status = Field(default=..., description="""How firmly the statement stands.""")
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: list[str] = Field(default=..., description="""Why it is stated, or why there is an entity of our own.""")


class PopulationOrState(Entity):
    """
    A group of people or a bodily state, such as pregnancy or older age, that bears on a therapy.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    label: Optional[str] = Field(default=None, description="""The one name that readers see.""")
    synonyms: Optional[list[str]] = Field(default=None, description="""Other names.""")
    definition: Optional[str] = Field(default=None, description="""What the thing is.""")
    exact_match: Optional[list[str]] = Field(default=None, description="""The same thing in another vocabulary.""")
    close_match: Optional[list[str]] = Field(default=None, description="""Nearly the same thing in another vocabulary.""")
    broad_match: Optional[list[str]] = Field(default=None, description="""A wider concept in another vocabulary.""")
    narrow_match: Optional[list[str]] = Field(default=None, description="""A narrower concept in another vocabulary.""")
    related_match: Optional[list[str]] = Field(default=None, description="""A concept that goes together with this one.""")
    deprecated: Optional[bool] = Field(default=None, description="""The vocabulary has retired the term.""")
    replaced_by: Optional[list[str]] = Field(default=None, description="""The term to use in place of a retired one.""")
    has_evidence: Optional[list[str]] = Field(default=None, description="""Why it is stated, or why there is an entity of our own.""")


# What is given to a patient to change the course of a disease.
Intervention = Union["Therapy", "BiologicProduct", "Drug"]


# An intervention, or a class of products.
InterventionOrProductClass = Union["Therapy", "BiologicProduct", "Drug", "ProductClass"]


# A therapy or a drug.
TherapyOrDrug = Union["Therapy", "Drug"]


# A therapy or one named product.
TherapyOrProduct = Union["Therapy", "BiologicProduct"]


# A therapy, a product or a class of products.
TherapyOrProductOrProductClass = Union["Therapy", "BiologicProduct", "ProductClass"]


# A class of products or a therapy.
ProductClassOrTherapy = Union["ProductClass", "Therapy"]


# A named product or a drug, that is, what a regulator decides on.
ProductOrDrug = Union["BiologicProduct", "Drug"]


# A named product or a cell type.
ProductOrCellType = Union["BiologicProduct", "CellType"]


# A named product or a technique.
ProductOrTechnique = Union["BiologicProduct", "Technique"]


# A cell type or an anatomical structure.
CellTypeOrAnatomicalStructure = Union["CellType", "AnatomicalStructure"]


# A risk factor or a therapy.
RiskFactorOrTherapy = Union["RiskFactor", "Therapy"]


# A disease, or an unwanted outcome that is itself treated or prevented.
Condition = Union["Disease", "RiskOrAdverseOutcome"]


# A condition, or a population or bodily state.
ConditionOrState = Union["Disease", "RiskOrAdverseOutcome", "PopulationOrState"]


# A body, or a text with normative force.
AuthorityOrRegulation = Union["AgencyOrBody", "GuidelineOrRegulation"]


class Frequency(ConfiguredBaseModel):
    """
    A count out of a count, the form of the frequency qualifier outside RDF.
    """
    numerator: int = Field(default=..., description="""How many.""", ge=0)
    denominator: int = Field(default=..., description="""Of how many.""", ge=1)


class StatementQualifiers(ConfiguredBaseModel):
    """
    Every qualifier but the frequency, whose form differs between RDF and JSON.
    """
    jurisdiction: Optional[list[Jurisdiction]] = Field(default=None, description="""Where the decision or label holds.""")
    donor_type: Optional[list[DonorType]] = Field(default=None, description="""Whose cells are given.""")
    intensity: Optional[list[ConditioningIntensity]] = Field(default=None, description="""How far the conditioning destroys the patient's own marrow.""")
    action: Optional[list[TargetAction]] = Field(default=None, description="""What the drug or product does to its target.""")
    direction: Optional[list[Direction]] = Field(default=None, description="""Whether the process or amount goes up or down.""")
    variant_origin: Optional[list[VariantOrigin]] = Field(default=None, description="""Whether the causal variant is inherited or acquired.""")
    hedge: Optional[list[Hedge]] = Field(default=None, description="""How the founding article, or another text, words the strength of its statement.""")
    phase: Optional[list[TrialPhase]] = Field(default=None, description="""Phase of the clinical trial.""")
    action_type: Optional[list[ActionType]] = Field(default=None, description="""What kind of regulatory action it was.""")
    grade_matched_sibling_donor: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for a graft from a matched sibling.""")
    grade_matched_unrelated_donor: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for a graft from a matched unrelated donor.""")
    grade_mismatched_donor: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for a graft from a mismatched or haploidentical donor.""")
    grade_autologous: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for an autologous graft.""")
    grade_car_t: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for CAR T cells.""")
    date: Optional[list[str]] = Field(default=None, description="""When it happened, as far as it is known.""")
    as_of: Optional[list[str]] = Field(default=None, description="""The day, month or year for which the statement was true as far as the source knows.""")
    guideline_year: Optional[list[str]] = Field(default=None, description="""Year of the guideline that says so.""")
    boxed_warning: Optional[bool] = Field(default=None, description="""Whether the event is in a boxed warning of the label.""")
    disease_context: Optional[list[str]] = Field(default=None, description="""The disease of the patients in whom it holds.""")
    trial: Optional[list[str]] = Field(default=None, description="""The trial in which it was tested or seen.""")
    cause: Optional[list[str]] = Field(default=None, description="""What brought the condition about.""")
    phenotype_context: Optional[list[str]] = Field(default=None, description="""The feature of the disease that is meant.""")
    line: Optional[list[str]] = Field(default=None, description="""Line of therapy, or its place among the options.""")
    population: Optional[list[str]] = Field(default=None, description="""Who: age, donor situation, serostatus and the like.""")
    severity: Optional[list[str]] = Field(default=None, description="""How severe the condition is.""")
    disease_status: Optional[list[str]] = Field(default=None, description="""Stage or activity, such as relapsed or refractory.""")
    disease_form: Optional[list[str]] = Field(default=None, description="""The form of the disease that is meant.""")
    manifestation: Optional[list[str]] = Field(default=None, description="""The manifestation of the disease that is meant.""")
    condition: Optional[list[str]] = Field(default=None, description="""What has to be met for the statement to hold.""")
    guideline: Optional[list[str]] = Field(default=None, description="""The guideline that says so, by name.""")
    recommended_by: Optional[list[str]] = Field(default=None, description="""The body that recommends.""")
    grade: Optional[list[str]] = Field(default=None, description="""Grade of severity or of recommendation, as the source words it.""")
    document: Optional[list[str]] = Field(default=None, description="""The document that says so.""")
    combination: Optional[list[str]] = Field(default=None, description="""What it is given together with.""")
    conditioning: Optional[list[str]] = Field(default=None, description="""The conditioning it follows.""")
    dose: Optional[list[str]] = Field(default=None, description="""Dose, as the source words it.""")
    rank: Optional[list[str]] = Field(default=None, description="""Place in an ordered list of the source, such as the most frequent causes.""")
    onset: Optional[list[str]] = Field(default=None, description="""When, relative to the therapy, the event begins.""")
    vector: Optional[list[str]] = Field(default=None, description="""What carries the gene into the cell.""")
    process: Optional[list[str]] = Field(default=None, description="""The manufacturing process or process step that is meant.""")
    site: Optional[list[str]] = Field(default=None, description="""Where in the body.""")
    timing: Optional[list[str]] = Field(default=None, description="""When in the course it is given or measured.""")
    duration: Optional[list[str]] = Field(default=None, description="""How long.""")
    purpose: Optional[list[str]] = Field(default=None, description="""What for.""")
    role: Optional[list[str]] = Field(default=None, description="""In what role.""")
    context: Optional[list[str]] = Field(default=None, description="""The setting in which it was seen or holds.""")
    genotype: Optional[list[str]] = Field(default=None, description="""The genotype in which it holds.""")
    restriction: Optional[list[str]] = Field(default=None, description="""How the authorised use was narrowed.""")
    reason: Optional[list[str]] = Field(default=None, description="""Why, as the source says.""")
    criteria: Optional[list[str]] = Field(default=None, description="""The criteria that are laid down.""")
    claim: Optional[list[str]] = Field(default=None, description="""The claim that is disputed.""")
    gene_involved: Optional[list[str]] = Field(default=None, description="""The gene through which it happens.""")
    indication: Optional[list[str]] = Field(default=None, description="""The indication in the words of the decision.""")
    requirement: Optional[list[str]] = Field(default=None, description="""What the label or body asks for.""")
    material: Optional[list[str]] = Field(default=None, description="""The material that is used or examined.""")
    incidence: Optional[list[str]] = Field(default=None, description="""How often, where the source gives no counts.""")
    status_detail: Optional[list[str]] = Field(default=None, description="""A nuance of the status that its vocabulary does not hold.""")
    note: Optional[list[str]] = Field(default=None, description="""What else a reader has to know.""")


class Qualifiers(StatementQualifiers):
    """
    The object under `qualifiers` in JSON records and curated files.
    """
    frequency: Optional[Frequency] = Field(default=None, description="""How many of how many. In RDF the two numbers stand on the association itself.""")
    jurisdiction: Optional[list[Jurisdiction]] = Field(default=None, description="""Where the decision or label holds.""")
    donor_type: Optional[list[DonorType]] = Field(default=None, description="""Whose cells are given.""")
    intensity: Optional[list[ConditioningIntensity]] = Field(default=None, description="""How far the conditioning destroys the patient's own marrow.""")
    action: Optional[list[TargetAction]] = Field(default=None, description="""What the drug or product does to its target.""")
    direction: Optional[list[Direction]] = Field(default=None, description="""Whether the process or amount goes up or down.""")
    variant_origin: Optional[list[VariantOrigin]] = Field(default=None, description="""Whether the causal variant is inherited or acquired.""")
    hedge: Optional[list[Hedge]] = Field(default=None, description="""How the founding article, or another text, words the strength of its statement.""")
    phase: Optional[list[TrialPhase]] = Field(default=None, description="""Phase of the clinical trial.""")
    action_type: Optional[list[ActionType]] = Field(default=None, description="""What kind of regulatory action it was.""")
    grade_matched_sibling_donor: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for a graft from a matched sibling.""")
    grade_matched_unrelated_donor: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for a graft from a matched unrelated donor.""")
    grade_mismatched_donor: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for a graft from a mismatched or haploidentical donor.""")
    grade_autologous: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for an autologous graft.""")
    grade_car_t: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for CAR T cells.""")
    date: Optional[list[str]] = Field(default=None, description="""When it happened, as far as it is known.""")
    as_of: Optional[list[str]] = Field(default=None, description="""The day, month or year for which the statement was true as far as the source knows.""")
    guideline_year: Optional[list[str]] = Field(default=None, description="""Year of the guideline that says so.""")
    boxed_warning: Optional[bool] = Field(default=None, description="""Whether the event is in a boxed warning of the label.""")
    disease_context: Optional[list[str]] = Field(default=None, description="""The disease of the patients in whom it holds.""")
    trial: Optional[list[str]] = Field(default=None, description="""The trial in which it was tested or seen.""")
    cause: Optional[list[str]] = Field(default=None, description="""What brought the condition about.""")
    phenotype_context: Optional[list[str]] = Field(default=None, description="""The feature of the disease that is meant.""")
    line: Optional[list[str]] = Field(default=None, description="""Line of therapy, or its place among the options.""")
    population: Optional[list[str]] = Field(default=None, description="""Who: age, donor situation, serostatus and the like.""")
    severity: Optional[list[str]] = Field(default=None, description="""How severe the condition is.""")
    disease_status: Optional[list[str]] = Field(default=None, description="""Stage or activity, such as relapsed or refractory.""")
    disease_form: Optional[list[str]] = Field(default=None, description="""The form of the disease that is meant.""")
    manifestation: Optional[list[str]] = Field(default=None, description="""The manifestation of the disease that is meant.""")
    condition: Optional[list[str]] = Field(default=None, description="""What has to be met for the statement to hold.""")
    guideline: Optional[list[str]] = Field(default=None, description="""The guideline that says so, by name.""")
    recommended_by: Optional[list[str]] = Field(default=None, description="""The body that recommends.""")
    grade: Optional[list[str]] = Field(default=None, description="""Grade of severity or of recommendation, as the source words it.""")
    document: Optional[list[str]] = Field(default=None, description="""The document that says so.""")
    combination: Optional[list[str]] = Field(default=None, description="""What it is given together with.""")
    conditioning: Optional[list[str]] = Field(default=None, description="""The conditioning it follows.""")
    dose: Optional[list[str]] = Field(default=None, description="""Dose, as the source words it.""")
    rank: Optional[list[str]] = Field(default=None, description="""Place in an ordered list of the source, such as the most frequent causes.""")
    onset: Optional[list[str]] = Field(default=None, description="""When, relative to the therapy, the event begins.""")
    vector: Optional[list[str]] = Field(default=None, description="""What carries the gene into the cell.""")
    process: Optional[list[str]] = Field(default=None, description="""The manufacturing process or process step that is meant.""")
    site: Optional[list[str]] = Field(default=None, description="""Where in the body.""")
    timing: Optional[list[str]] = Field(default=None, description="""When in the course it is given or measured.""")
    duration: Optional[list[str]] = Field(default=None, description="""How long.""")
    purpose: Optional[list[str]] = Field(default=None, description="""What for.""")
    role: Optional[list[str]] = Field(default=None, description="""In what role.""")
    context: Optional[list[str]] = Field(default=None, description="""The setting in which it was seen or holds.""")
    genotype: Optional[list[str]] = Field(default=None, description="""The genotype in which it holds.""")
    restriction: Optional[list[str]] = Field(default=None, description="""How the authorised use was narrowed.""")
    reason: Optional[list[str]] = Field(default=None, description="""Why, as the source says.""")
    criteria: Optional[list[str]] = Field(default=None, description="""The criteria that are laid down.""")
    claim: Optional[list[str]] = Field(default=None, description="""The claim that is disputed.""")
    gene_involved: Optional[list[str]] = Field(default=None, description="""The gene through which it happens.""")
    indication: Optional[list[str]] = Field(default=None, description="""The indication in the words of the decision.""")
    requirement: Optional[list[str]] = Field(default=None, description="""What the label or body asks for.""")
    material: Optional[list[str]] = Field(default=None, description="""The material that is used or examined.""")
    incidence: Optional[list[str]] = Field(default=None, description="""How often, where the source gives no counts.""")
    status_detail: Optional[list[str]] = Field(default=None, description="""A nuance of the status that its vocabulary does not hold.""")
    note: Optional[list[str]] = Field(default=None, description="""What else a reader has to know.""")


class Association(StatementQualifiers):
    """
    One statement with its qualifiers, standing and evidence, in its RDF form. Its id is a digest of subject, predicate, object, negation and qualifiers. Statements of an imported ontology may leave out what their named graph says for all.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    subject: str = Field(default=..., description="""What the statement is about.""")
    predicate: str = Field(default=..., description="""The relation stated.""")
    object: str = Field(default=..., description="""What the subject is related to.""")
    negated: Optional[bool] = Field(default=None, description="""True where the statement is said not to hold. Not stated is another answer than negated.""")
    status: Optional[Status] = Field(default=None, description="""How firmly the statement stands.""")
    knowledge_level: Optional[KnowledgeLevel] = Field(default=None, description="""How it came to be known.""")
    agent_type: Optional[AgentType] = Field(default=None, description="""Who or what made the statement.""")
    primary_knowledge_source: Optional[str] = Field(default=None, description="""The resource that made the statement first.""")
    first_release: Optional[int] = Field(default=None, description="""Number of the release in which the statement first stood.""", ge=1)
    has_evidence: list[str] = Field(default=..., description="""Why it is stated, or why there is an entity of our own.""")
    stated_status: Optional[Status] = Field(default=None, description="""The status as it was stated, where retracted evidence has lowered it.""")
    evidence_standing: Optional[EvidenceStanding] = Field(default=None, description="""What is left of the evidence, where some was retracted or superseded; current where it is not stated.""")
    regulatory_action: Optional[str] = Field(default=None, description="""The action whose flat form the association is.""")
    frequency_numerator: Optional[int] = Field(default=None, description="""The count of the frequency qualifier, in RDF.""", ge=0)
    frequency_denominator: Optional[int] = Field(default=None, description="""The total of the frequency qualifier, in RDF.""", ge=1)
    jurisdiction: Optional[list[Jurisdiction]] = Field(default=None, description="""Where the decision or label holds.""")
    donor_type: Optional[list[DonorType]] = Field(default=None, description="""Whose cells are given.""")
    intensity: Optional[list[ConditioningIntensity]] = Field(default=None, description="""How far the conditioning destroys the patient's own marrow.""")
    action: Optional[list[TargetAction]] = Field(default=None, description="""What the drug or product does to its target.""")
    direction: Optional[list[Direction]] = Field(default=None, description="""Whether the process or amount goes up or down.""")
    variant_origin: Optional[list[VariantOrigin]] = Field(default=None, description="""Whether the causal variant is inherited or acquired.""")
    hedge: Optional[list[Hedge]] = Field(default=None, description="""How the founding article, or another text, words the strength of its statement.""")
    phase: Optional[list[TrialPhase]] = Field(default=None, description="""Phase of the clinical trial.""")
    action_type: Optional[list[ActionType]] = Field(default=None, description="""What kind of regulatory action it was.""")
    grade_matched_sibling_donor: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for a graft from a matched sibling.""")
    grade_matched_unrelated_donor: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for a graft from a matched unrelated donor.""")
    grade_mismatched_donor: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for a graft from a mismatched or haploidentical donor.""")
    grade_autologous: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for an autologous graft.""")
    grade_car_t: Optional[list[EbmtGrade]] = Field(default=None, description="""EBMT recommendation and evidence level for CAR T cells.""")
    date: Optional[list[str]] = Field(default=None, description="""When it happened, as far as it is known.""")
    as_of: Optional[list[str]] = Field(default=None, description="""The day, month or year for which the statement was true as far as the source knows.""")
    guideline_year: Optional[list[str]] = Field(default=None, description="""Year of the guideline that says so.""")
    boxed_warning: Optional[bool] = Field(default=None, description="""Whether the event is in a boxed warning of the label.""")
    disease_context: Optional[list[str]] = Field(default=None, description="""The disease of the patients in whom it holds.""")
    trial: Optional[list[str]] = Field(default=None, description="""The trial in which it was tested or seen.""")
    cause: Optional[list[str]] = Field(default=None, description="""What brought the condition about.""")
    phenotype_context: Optional[list[str]] = Field(default=None, description="""The feature of the disease that is meant.""")
    line: Optional[list[str]] = Field(default=None, description="""Line of therapy, or its place among the options.""")
    population: Optional[list[str]] = Field(default=None, description="""Who: age, donor situation, serostatus and the like.""")
    severity: Optional[list[str]] = Field(default=None, description="""How severe the condition is.""")
    disease_status: Optional[list[str]] = Field(default=None, description="""Stage or activity, such as relapsed or refractory.""")
    disease_form: Optional[list[str]] = Field(default=None, description="""The form of the disease that is meant.""")
    manifestation: Optional[list[str]] = Field(default=None, description="""The manifestation of the disease that is meant.""")
    condition: Optional[list[str]] = Field(default=None, description="""What has to be met for the statement to hold.""")
    guideline: Optional[list[str]] = Field(default=None, description="""The guideline that says so, by name.""")
    recommended_by: Optional[list[str]] = Field(default=None, description="""The body that recommends.""")
    grade: Optional[list[str]] = Field(default=None, description="""Grade of severity or of recommendation, as the source words it.""")
    document: Optional[list[str]] = Field(default=None, description="""The document that says so.""")
    combination: Optional[list[str]] = Field(default=None, description="""What it is given together with.""")
    conditioning: Optional[list[str]] = Field(default=None, description="""The conditioning it follows.""")
    dose: Optional[list[str]] = Field(default=None, description="""Dose, as the source words it.""")
    rank: Optional[list[str]] = Field(default=None, description="""Place in an ordered list of the source, such as the most frequent causes.""")
    onset: Optional[list[str]] = Field(default=None, description="""When, relative to the therapy, the event begins.""")
    vector: Optional[list[str]] = Field(default=None, description="""What carries the gene into the cell.""")
    process: Optional[list[str]] = Field(default=None, description="""The manufacturing process or process step that is meant.""")
    site: Optional[list[str]] = Field(default=None, description="""Where in the body.""")
    timing: Optional[list[str]] = Field(default=None, description="""When in the course it is given or measured.""")
    duration: Optional[list[str]] = Field(default=None, description="""How long.""")
    purpose: Optional[list[str]] = Field(default=None, description="""What for.""")
    role: Optional[list[str]] = Field(default=None, description="""In what role.""")
    context: Optional[list[str]] = Field(default=None, description="""The setting in which it was seen or holds.""")
    genotype: Optional[list[str]] = Field(default=None, description="""The genotype in which it holds.""")
    restriction: Optional[list[str]] = Field(default=None, description="""How the authorised use was narrowed.""")
    reason: Optional[list[str]] = Field(default=None, description="""Why, as the source says.""")
    criteria: Optional[list[str]] = Field(default=None, description="""The criteria that are laid down.""")
    claim: Optional[list[str]] = Field(default=None, description="""The claim that is disputed.""")
    gene_involved: Optional[list[str]] = Field(default=None, description="""The gene through which it happens.""")
    indication: Optional[list[str]] = Field(default=None, description="""The indication in the words of the decision.""")
    requirement: Optional[list[str]] = Field(default=None, description="""What the label or body asks for.""")
    material: Optional[list[str]] = Field(default=None, description="""The material that is used or examined.""")
    incidence: Optional[list[str]] = Field(default=None, description="""How often, where the source gives no counts.""")
    status_detail: Optional[list[str]] = Field(default=None, description="""A nuance of the status that its vocabulary does not hold.""")
    note: Optional[list[str]] = Field(default=None, description="""What else a reader has to know.""")


class Evidence(ConfiguredBaseModel):
    """
    One reason for stating an association, or one against it.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    reference: str = Field(default=..., description="""The publication, trial, label or page.""")
    source_url: Optional[str] = Field(default=None, description="""A second address of the reference.""")
    via: Optional[str] = Field(default=None, description="""Who relayed what the reference says.""")
    stance: Stance = Field(default=..., description="""What the evidence does to the statement.""")
    summary: str = Field(default=..., description="""What the reference says, in our own words.""")
    quote: Optional[str] = Field(default=None, description="""The sentence of the founding article.""")
    eco: Optional[str] = Field(default=None, description="""Term of the Evidence and Conclusion Ontology.""")
    study_design: Optional[StudyDesign] = Field(default=None, description="""What kind of source it is.""")
    n: Optional[int] = Field(default=None, description="""Number of patients or units studied.""", ge=0)
    effect: Optional[str] = Field(default=None, description="""What was found.""")
    comparator: Optional[str] = Field(default=None, description="""Against what.""")
    phenotype: Optional[list[str]] = Field(default=None, description="""The symptom that the source annotates.""")
    source_tier: int = Field(default=..., description="""1: regulator, guideline, trial, ontology or quoted record; 2: curator, society or trade text; 3: press.""", ge=1, le=3)
    retrieved: str = Field(default=..., description="""The day on which the reference was read.""")
    retracted: Optional[bool] = Field(default=None, description="""The publication has been retracted.""")
    supersedes: Optional[list[str]] = Field(default=None, description="""Evidence whose place it takes: a piece of evidence, or a reference for every piece that has it.""")
    retracts: Optional[list[str]] = Field(default=None, description="""Evidence that it declares void: a piece of evidence, or a reference for every piece that has it.""")
    independent_of: Optional[list[str]] = Field(default=None, description="""Evidence from which it was gained apart, so that the two count as two: a piece of evidence, or a reference.""")
    superseded_by: Optional[list[str]] = Field(default=None, description="""The evidence that takes its place; follows from supersedes.""")
    retracted_by: Optional[list[str]] = Field(default=None, description="""The evidence that declares it void; follows from retracts.""")


class Source(ConfiguredBaseModel):
    """
    A named graph with what it was taken from, under which licence, and what holds for all its statements.
    """
    id: str = Field(default=..., description="""CURIE or IRI that names the thing.""")
    title: str = Field(default=..., description="""Name of the source.""")
    license: str = Field(default=..., description="""Address of the licence.""")
    version: Optional[str] = Field(default=None, description="""Version as the source names it.""")
    source: Optional[str] = Field(default=None, description="""Where it was taken from.""")
    snapshot_date: Optional[str] = Field(default=None, description="""The day of the copy.""")
    attribution: Optional[str] = Field(default=None, description="""The words in which the source asks to be named.""")
    knowledge_level: Optional[KnowledgeLevel] = Field(default=None, description="""How it came to be known.""")
    agent_type: Optional[AgentType] = Field(default=None, description="""Who or what made the statement.""")
    primary_knowledge_source: Optional[str] = Field(default=None, description="""The resource that made the statement first.""")
    status: Optional[Status] = Field(default=None, description="""How firmly the statement stands.""")


class Release(ConfiguredBaseModel):
    """
    An immutable state of the whole graph.
    """
    number: int = Field(default=..., description="""Number of the release.""", ge=1)
    digest: str = Field(default=..., description="""SHA-256 of the canonical N-Quads.""")
    released: str = Field(default=..., description="""The day of the release.""")
    sources: Optional[list[str]] = Field(default=None, description="""The named graphs of the release.""")

    @field_validator('digest')
    def pattern_digest(cls, v):
        pattern=re.compile(r"^[0-9a-f]{64}$")
        if isinstance(v, list):
            for element in v:
                if isinstance(element, str) and not pattern.search(element):
                    err_msg = f"Invalid digest format: {element}"
                    raise ValueError(err_msg)
        elif isinstance(v, str) and not pattern.search(v):
            err_msg = f"Invalid digest format: {v}"
            raise ValueError(err_msg)
        return v


# Model rebuild
# see https://pydantic-docs.helpmanual.io/usage/models/#rebuilding-a-model
Entity.model_rebuild()
CellType.model_rebuild()
Therapy.model_rebuild()
BiologicProduct.model_rebuild()
ProductClass.model_rebuild()
Drug.model_rebuild()
Disease.model_rebuild()
RiskOrAdverseOutcome.model_rebuild()
RiskFactor.model_rebuild()
Gene.model_rebuild()
AnatomicalStructure.model_rebuild()
BiologicalProcess.model_rebuild()
Technique.model_rebuild()
ClinicalTrial.model_rebuild()
Publication.model_rebuild()
AgencyOrBody.model_rebuild()
GuidelineOrRegulation.model_rebuild()
RegulatoryAction.model_rebuild()
PopulationOrState.model_rebuild()
Frequency.model_rebuild()
StatementQualifiers.model_rebuild()
Qualifiers.model_rebuild()
Association.model_rebuild()
Evidence.model_rebuild()
Source.model_rebuild()
Release.model_rebuild()
