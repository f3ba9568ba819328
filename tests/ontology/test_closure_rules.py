"""The rules of closure are read strictly, and say nothing that the vocabulary does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from stemgraph.ontology import vocabulary
from stemgraph.ontology.closure_rules import ClosureRules, closure_rules, read_closure_rules
from stemgraph.ontology.errors import ContentError

SHIPPED = (
    Path(__file__).parents[2] / "ontology" / "stemgraph" / "ontology" / "data" / "rules" / "closure.yaml"
)


@pytest.fixture(scope="module")
def rules() -> ClosureRules:
    return closure_rules()


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """The shipped rules with one text replaced."""
    text = SHIPPED.read_text("utf-8")
    assert old in text
    path = tmp_path / "closure.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_every_rule_has_a_name_of_its_own_and_explains_itself(rules: ClosureRules) -> None:
    assert len({each.name for each in rules.rules}) == len(rules.rules)
    for each in rules.rules:
        assert each.explanation.endswith(".")
        assert len(each.explanation.split()) > 5
        assert each.predicates
        assert each.along


def test_the_uses_of_a_class_of_therapies_are_not_inherited_by_its_members(rules: ClosureRules) -> None:
    for each in rules.rules:
        if each.moves == "subject" and each.direction == "downward":
            assert not set(each.predicates) & set(rules.strengths)


def test_what_goes_down_to_the_particular_is_held_up_by_denials(rules: ClosureRules) -> None:
    for each in rules.rules:
        if each.direction == "downward" and not each.transitive:
            assert "negated" in each.blocked_by


def test_the_risks_of_a_general_outcome_never_go_down_to_its_kinds(rules: ClosureRules) -> None:
    for each in rules.rules:
        if each.moves == "object" and each.direction == "downward":
            assert "has_adverse_event" not in each.predicates


def test_development_stops_at_the_hematopoietic_stem_cell(rules: ClosureRules) -> None:
    lineage = [each for each in rules.rules if "develops_from" in each.predicates]
    assert {each.stops_at for each in lineage} == {("CL:0000037",)}
    assert {each.along for each in lineage} == {("develops_from", "subclass_of")}


def test_the_treats_ladder_ranks_treats_above_everything(rules: ClosureRules) -> None:
    assert rules.ladder[0].predicate == "treats"
    assert (
        rules.strengths["treats"] > rules.strengths["applied_to_treat"] > rules.strengths["studied_to_treat"]
    )
    assert rules.strengths["in_clinical_trials_for"] == rules.strengths["studied_to_treat"]


def test_every_study_design_is_graded(rules: ClosureRules) -> None:
    assert set(rules.evidence_grades) == set(vocabulary.enumeration("study_design"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  - treats\n", "  - treat\n", "'treat' is not one of the predicates here"),
        ("  moves: object", "  moves: objects", "'objects' is not one of the moves here"),
        ("direction: upward\n  along", "direction: up\n  along", "'up' is not one of the direction"),
        ("name: disease_parent", "name: disease_kinds", "two rules are called 'disease_kinds'"),
        ("  blocked_by: [negated]", "  blocked_by: [denied]", "'denied' is not one of the blocked_by"),
        ("  groupings: true", "  grouping: true", "'grouping' is not a field here"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(ContentError) as found:
        read_closure_rules(path)
    assert message in str(found.value)
    assert str(found.value).startswith("closure.yaml")


def test_the_documentation_has_every_rule_as_it_is(rules: ClosureRules, repository: Path) -> None:
    page = (repository / "docs" / "reference" / "closure.md").read_text("utf-8")
    rows = {line.split("|")[1].strip(" `"): line for line in page.splitlines() if line.startswith("| `")}
    assert [name for name in rows if not name.isdigit()] == [each.name for each in rules.rules]
    for each in rules.rules:
        assert each.explanation in rows[each.name]
        told = rows[each.name].split("|")[3]
        assert told.replace("`", "").replace(" ", "").split(",") == list(each.predicates)
    for step in rules.ladder:
        assert f"| {step.strength} | `{step.predicate}` | {step.meaning} |" in page
