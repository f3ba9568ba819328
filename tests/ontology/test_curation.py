"""The curated content is read into records, and every mistake is told with file, line and mend."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stemgraph.ontology.backbone import Backbone
from stemgraph.ontology.curation import content_directory, curation_problems, read_curation
from stemgraph.ontology.curation.review import EARNING_DESIGNS, EARNING_STATUSES, REFUTING_STATUSES
from stemgraph.ontology.errors import ContentError

SCLEROSIS = "curated/sclerosis.yaml"


def spoil(content: Path, name: str, old: str, new: str) -> None:
    path = content / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def the_problem(content: Path, backbone: Backbone) -> str:
    problems = curation_problems(content, backbone)
    assert len(problems) == 1, [str(each) for each in problems]
    return str(problems[0])


def test_content_without_a_mistake_is_read_whole(small_content: Path, small_backbone: Backbone) -> None:
    curation = read_curation(small_content, small_backbone)

    assert len(curation.associations) == 4
    assert len(curation.actions) == 1
    assert {each.id for each in curation.entities} >= {"STEMGRAPH:autologous-hsct", "STEMGRAPH:fda"}


def test_qualifiers_are_json_values_with_sorted_lists(small_content: Path, small_backbone: Backbone) -> None:
    association = read_curation(small_content, small_backbone).associations[0]

    assert association.qualifiers == {
        "date": "2019-01",
        "frequency": {"numerator": 10, "denominator": 67},
        "jurisdiction": ["EU", "US"],
        "line": "second",
        "trial": "CLINICALTRIALS:NCT00273364",
    }


def test_a_list_of_one_has_the_identity_of_its_member(small_content: Path, small_backbone: Backbone) -> None:
    before = read_curation(small_content, small_backbone).associations[0].id
    spoil(small_content, SCLEROSIS, "line: second", "line: [second]")

    assert read_curation(small_content, small_backbone).associations[0].id == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  status: guideline_supported", "  stauts: guideline_supported", "did you mean status"),
        ("predicate: treats", "predicate: cures", "'cures' is not a predicate"),
        ("    line: second", "    lime: second", "did you mean line"),
        ("[US, EU]", "[US, Utopia]", "'Utopia' is not a value of jurisdiction"),
        ("date: 2019-01", "date: 2019-13", "'2019-13' is not a date"),
        ("date: '2023-12-08'", "date: 8 December 2023", "is not a date"),
        ("numerator: 10, denominator: 67", "numerator: 70, denominator: 67", "70 of 67 is no frequency"),
        ("status: guideline_supported", "status: excellent", "'excellent' is not a value of status"),
        ("stance: supports", "stance: likes", "'likes' is not a value of stance"),
        (
            "study_design: randomized_controlled_trial",
            "study_design: rumour",
            "is not a value of study_design",
        ),
        ("reference: PMID:30644983", "reference: a paper", "is not a CURIE"),
        ("reference: PMID:30644983", "reference: PUBMED:30644983", "the prefix 'PUBMED'"),
        ("url: https://example.org/trial?id=1", "url: example.org", "is not an http(s) address"),
        ("tier: 1", "tier: 4", "1, 2 or 3"),
        ("origin: curated:55", "origin: row 55", "`curated:ROW`"),
        ("n: 110", "n: many", "a whole number is expected"),
        ("source: cl", "source: wikipedia", "is not a source of statements"),
        ("type: approval", "type: blessing", "is not a value of action_type"),
        ("  date: '2023-12-08'\n", "", "either `date` or `date_not_after`"),
        ("topic: sclerosis", "topic: scleroderma", "write `topic: sclerosis`"),
    ],
)
def test_a_wrong_value_is_told_with_its_mend(
    small_content: Path, small_backbone: Backbone, old: str, new: str, told: str
) -> None:
    spoil(small_content, SCLEROSIS, old, new)

    message = the_problem(small_content, small_backbone)

    assert told in message
    assert message.startswith(f"{SCLEROSIS}:")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("subject_label: T cell", "subject_label: B cell", "CL:0000084 is 'T cell', not 'B cell'"),
        ("object: CL:0000827", "object: CL:0009999", "CL:0009999 is not known"),
        ("object: MONDO:0005314", "object: MONDO:0000002", "is obsolete (use MONDO:0009299)"),
        ("object: MONDO:0005314", "object: CL:0000084", "the object of treats cannot be CL:0000084"),
        ("agency: STEMGRAPH:fda", "agency: STEMGRAPH:casgevy", "cannot be STEMGRAPH:casgevy"),
        ("phenotype: HP:0002721", "phenotype: HP:0000001", "HP:0000001 is not known"),
        ("predicate: treats", "predicate: approved_by", "write it under `actions`"),
        ("status: not_expected", "status: approved", "a negated statement cannot have the status 'approved'"),
        ("  negated: true\n", "", "belongs to a negated statement"),
        (
            "Fewer patients got worse after a transplant than on disease-modifying drugs.",
            "WRITE",
            "says nothing",
        ),
        ("    n: 110", "    quote: It works.", "only the founding article is quoted"),
    ],
)
def test_a_row_that_breaks_a_rule_is_told(
    small_content: Path, small_backbone: Backbone, old: str, new: str, told: str
) -> None:
    spoil(small_content, SCLEROSIS, old, new)

    assert told in "\n".join(str(each) for each in curation_problems(small_content, small_backbone))


def test_treats_must_be_earned_by_status_or_evidence(small_content: Path, small_backbone: Backbone) -> None:
    spoil(small_content, SCLEROSIS, "status: guideline_supported", "status: reported")
    assert curation_problems(small_content, small_backbone) == []

    spoil(small_content, SCLEROSIS, "randomized_controlled_trial", "case_report")

    assert "'treats' is not earned" in the_problem(small_content, small_backbone)


def test_the_ladder_is_the_one_of_the_shape() -> None:
    shape = (content_directory().parent / "shapes" / "treats.ttl").read_text(encoding="utf-8")

    lists = [
        frozenset(re.findall(r'"(\w+)"', each)) for each in re.findall(r"IN \((.*?)\)", shape, re.DOTALL)
    ]

    assert lists == [EARNING_STATUSES, EARNING_DESIGNS, REFUTING_STATUSES]


def test_the_line_of_a_mistake_is_told(small_content: Path, small_backbone: Backbone) -> None:
    spoil(small_content, SCLEROSIS, "date: 2019-01", "date: someday")
    lines = (small_content / SCLEROSIS).read_text(encoding="utf-8").splitlines()

    message = the_problem(small_content, small_backbone)

    assert message.startswith(f"{SCLEROSIS}:{lines.index('    date: someday') + 1}: ")


def test_a_statement_may_stand_twice_with_one_status(small_content: Path, small_backbone: Backbone) -> None:
    first, again = (
        each for each in read_curation(small_content, small_backbone).associations if each.negated
    )
    assert first.id == again.id

    spoil(small_content, "curated/second-opinion.yaml", "status: not_expected", "status: not_observed")

    assert "'not_observed' here and 'not_expected' at" in the_problem(small_content, small_backbone)


def test_a_statement_without_evidence_is_refused(small_content: Path, small_backbone: Backbone) -> None:
    path = small_content / "curated" / "second-opinion.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("  evidence:")] + "  evidence: []\n", encoding="utf-8")

    assert "a statement needs evidence" in the_problem(small_content, small_backbone)


def test_a_summary_that_copies_its_quote_is_refused(small_content: Path, small_backbone: Backbone) -> None:
    article = small_content / "curated" / "founding-article.yaml"
    (small_content / "curated" / "second-opinion.yaml").rename(article)
    spoil(small_content, "curated/founding-article.yaml", "topic: second-opinion", "topic: founding-article")
    quote = "    quote: A review counts it as rare, rather than absent.\n    study_design: review"
    spoil(small_content, "curated/founding-article.yaml", "    study_design: review", quote)

    assert "repeats the quoted sentence" in the_problem(small_content, small_backbone)


def test_an_entity_described_twice_is_told(small_content: Path, small_backbone: Backbone) -> None:
    entities = (small_content / "entities" / "concepts.yaml").read_text(encoding="utf-8")
    (small_content / "entities" / "doubles.yaml").write_text(entities, encoding="utf-8")

    problems = curation_problems(small_content, small_backbone)

    assert len(problems) == 3
    assert all("is described twice, first at entities/concepts.yaml:" in str(each) for each in problems)


def test_an_unknown_category_is_told(small_content: Path, small_backbone: Backbone) -> None:
    spoil(small_content, "entities/concepts.yaml", "[therapy]", "[theraphy]")

    assert "did you mean therapy" in str(curation_problems(small_content, small_backbone)[0])


def test_one_error_tells_the_first_mistake_and_how_many_follow(
    small_content: Path, small_backbone: Backbone
) -> None:
    spoil(small_content, SCLEROSIS, "predicate: treats", "predicate: cures")
    spoil(small_content, SCLEROSIS, "type: approval", "type: blessing")

    with pytest.raises(ContentError, match="'cures' is not a predicate; 1 more mistakes follow"):
        read_curation(small_content, small_backbone)


def test_yaml_that_does_not_parse_is_told_with_its_line(
    small_content: Path, small_backbone: Backbone
) -> None:
    (small_content / "curated" / "second-opinion.yaml").write_text("topic: a: b\n", encoding="utf-8")

    assert the_problem(small_content, small_backbone).startswith("curated/second-opinion.yaml:1: the YAML")


def test_a_key_that_stands_twice_is_told(small_content: Path, small_backbone: Backbone) -> None:
    spoil(small_content, SCLEROSIS, "    line: second\n", "    line: second\n    line: third\n")

    assert "the key 'line' stands twice" in str(curation_problems(small_content, small_backbone)[0])


def test_the_content_that_ships_has_no_mistake() -> None:
    assert [str(each) for each in curation_problems()] == []


def test_evidence_may_name_the_rows_and_references_that_it_supersedes(
    small_content: Path, small_backbone: Backbone
) -> None:
    before = read_curation(small_content, small_backbone).associations[0]
    spoil(small_content, SCLEROSIS, "  - origin: curated:55\n", "  - supersedes: [curated:56]\n")

    after = read_curation(small_content, small_backbone).associations[0]

    assert after.evidence[0].supersedes == ("curated:56",)
    assert after.id == before.id


@pytest.mark.parametrize(
    "named", ["curated:99999", "PMID:30644983", "PMID:1", "sge:0123456789abcdef01234567"]
)
def test_evidence_cannot_retract_itself_or_what_is_not_there(
    small_content: Path, small_backbone: Backbone, named: str
) -> None:
    spoil(small_content, SCLEROSIS, "  - origin: curated:55\n", f"  - retracts: [{named}]\n")

    assert f"'retracts' names {named}, which no other evidence" in the_problem(small_content, small_backbone)


def test_that_evidence_is_retracted_is_never_written_as_a_status(
    small_content: Path, small_backbone: Backbone
) -> None:
    spoil(small_content, SCLEROSIS, "status: guideline_supported", "status: evidence_retracted")

    assert "worked out, and never written" in the_problem(small_content, small_backbone)
