"""The LinkML schema: complete, in step with Biolink 4.4.6 and with the tables it was written from."""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.util
from pathlib import Path
from typing import Any

import pytest
import yaml
from linkml_runtime import SchemaView

from stemgraph.ontology.generate import BIOLINK_VERSION, SCHEMA, snake_case

LADDER_TOP = "treats_or_applied_or_studied_to_treat"

# Looked up in the Evidence and Conclusion Ontology, identifier and label.
ECO_LABELS = {
    "ECO:0000006": "experimental evidence",
    "ECO:0000180": "clinical study evidence",
    "ECO:0000302": "author statement used in manual assertion",
    "ECO:0000311": "imported information",
}


@pytest.fixture(scope="module")
def view() -> Any:
    return SchemaView(str(SCHEMA))


@pytest.fixture(scope="module")
def predicates(view: Any) -> dict[str, Any]:
    return {name: slot for name, slot in view.all_slots().items() if "predicates" in slot.in_subset}


@pytest.fixture(scope="module")
def biolink() -> dict[str, Any]:
    spec = importlib.util.find_spec("biolink_model")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    path = Path(next(iter(spec.submodule_search_locations))) / "schema" / "biolink_model.yaml"
    model: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # safe
    return model


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> dict[str, dict[str, dict[str, str]]]:
    directory = shared_data.parent / "curation"
    if not directory.is_dir():
        pytest.skip(f"no curation tables at {directory}")
    found = {}
    for name, key in (("categories", "category"), ("predicates", "predicate")):
        with (directory / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
            found[name] = {row[key]: row for row in csv.DictReader(lines, delimiter="\t")}
    return found


def biolink_slot(name: str) -> str:
    return name.removeprefix("biolink:").replace("_", " ")


def ancestors(model: dict[str, Any], slot: str) -> set[str]:
    found, waiting = set(), [slot]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            element = model["slots"].get(current) or {}
            waiting += [parent for parent in [element.get("is_a"), *(element.get("mixins") or [])] if parent]
    return found


def mappings(element: Any) -> list[str]:
    kinds = ("exact", "close", "broad", "narrow", "related")
    return [str(term) for kind in kinds for term in getattr(element, f"{kind}_mappings", None) or []]


def test_there_are_eighteen_categories_and_thirty_nine_predicates(
    view: Any, predicates: dict[str, Any]
) -> None:
    categories = [name for name, each in view.all_classes().items() if "categories" in each.in_subset]

    assert (len(categories), len(predicates)) == (18, 39)


def test_every_element_says_what_it_means(view: Any) -> None:
    own = [
        *(each for each in view.all_classes().values()),
        *(each for each in view.all_slots().values()),
        *(each for each in view.all_enums().values()),
    ]

    assert [each.name for each in own if not each.description] == []
    assert [
        f"{name}.{value}"
        for name, each in view.all_enums().items()
        for value, entry in each.permissible_values.items()
        if not entry.description
    ] == []


def test_the_biolink_model_installed_is_the_one_we_map_to(biolink: dict[str, Any]) -> None:
    assert importlib.metadata.version("biolink-model") == BIOLINK_VERSION
    assert biolink["version"] == BIOLINK_VERSION


def test_every_biolink_name_that_the_schema_maps_to_exists(view: Any, biolink: dict[str, Any]) -> None:
    slots = {name.replace(" ", "_") for name in biolink["slots"]}
    classes = {name.title().replace(" ", "") for name in biolink["classes"]}
    named = [
        (name, term.removeprefix("biolink:"))
        for elements in (view.all_classes(), view.all_slots(), view.all_enums())
        for name, element in elements.items()
        for term in mappings(element)
        if term.startswith("biolink:")
    ]

    assert len(named) > 90
    assert [pair for pair in named if pair[1] not in slots | classes | set(biolink["enums"])] == []


def test_every_predicate_is_exported_as_a_biolink_predicate(
    predicates: dict[str, Any], biolink: dict[str, Any]
) -> None:
    for name, slot in predicates.items():
        terms = [*slot.exact_mappings, *slot.narrow_mappings, *slot.broad_mappings]
        first = next(term for term in terms if term.startswith("biolink:"))
        assert "related to" in ancestors(biolink, biolink_slot(first)), name


def test_exact_properties_of_predicates_are_those_that_biolink_gives(
    predicates: dict[str, Any], biolink: dict[str, Any]
) -> None:
    """Two are ours alone: Biolink has no property for RO:0004003, and none of its own for RO:0002203."""
    ours_alone = {"RO:0004003", "RO:0002203"}
    for name, slot in predicates.items():
        exact = [term for term in slot.exact_mappings if term.startswith("biolink:")]
        for term in set(slot.exact_mappings) - set(exact) - ours_alone:
            assert term in biolink["slots"][biolink_slot(exact[0])]["exact_mappings"], (name, term)


def test_the_treats_ladder_is_that_of_biolink(predicates: dict[str, Any], biolink: dict[str, Any]) -> None:
    parents = {
        "treats": LADDER_TOP,
        "applied_to_treat": LADDER_TOP,
        "studied_to_treat": LADDER_TOP,
        "in_clinical_trials_for": "studied_to_treat",
        "recommended_for": LADDER_TOP,
    }

    assert {name: slot.is_a for name, slot in predicates.items() if slot.is_a} == parents
    for name, parent in parents.items():
        if name != "recommended_for":
            assert biolink_slot(parent) in ancestors(biolink, biolink_slot(name))


def test_an_inverse_is_biolinks_where_biolink_has_one(
    view: Any, predicates: dict[str, Any], biolink: dict[str, Any]
) -> None:
    inverses = {slot.inverse: name for name, slot in view.all_slots().items() if slot.inverse}
    of_biolink: dict[str, str] = {}
    for name, slot in biolink["slots"].items():
        if slot and slot.get("inverse"):
            of_biolink |= {name: slot["inverse"], slot["inverse"]: name}
    for name, slot in predicates.items():
        assert name in inverses, name
        exact = [biolink_slot(term) for term in slot.exact_mappings if term.startswith("biolink:")]
        inverse = view.get_slot(inverses[name])
        if exact and name != "differentiates_into":  # whose inverse is not develops_from: see the schema
            assert f"biolink:{of_biolink[exact[0]].replace(' ', '_')}" in inverse.exact_mappings, name


def test_an_inverse_joins_the_same_ends_the_other_way(view: Any, predicates: dict[str, Any]) -> None:
    for slot in view.all_slots().values():
        if slot.inverse:
            straight = view.get_slot(slot.inverse)
            assert (slot.domain, slot.range) == (straight.range, straight.domain), slot.name


def test_knowledge_levels_and_agent_types_are_values_of_biolink(view: Any, biolink: dict[str, Any]) -> None:
    for ours, theirs in (("KnowledgeLevel", "KnowledgeLevelEnum"), ("AgentType", "AgentTypeEnum")):
        values = set(view.get_enum(ours).permissible_values)
        assert values <= set(biolink["enums"][theirs]["permissible_values"])


def test_study_designs_fall_under_terms_of_eco_that_were_looked_up(view: Any) -> None:
    values = view.get_enum("StudyDesign").permissible_values.values()

    assert {term for value in values for term in value.broad_mappings} == set(ECO_LABELS)


@pytest.mark.large
def test_categories_are_those_of_the_table(view: Any, tables: dict[str, dict[str, dict[str, str]]]) -> None:
    classes = {
        snake_case(name): each for name, each in view.all_classes().items() if "categories" in each.in_subset
    }

    assert set(classes) == set(tables["categories"])
    for name, row in tables["categories"].items():
        assert row["biolink_class"].split()[0] in mappings(classes[name]), name


@pytest.mark.large
def test_domains_and_ranges_are_those_of_the_table(
    view: Any, predicates: dict[str, Any], tables: dict[str, dict[str, dict[str, str]]]
) -> None:
    def members(name: str) -> set[str]:
        return {snake_case(each) for each in view.get_class(name).union_of or [name]}

    assert set(predicates) == set(tables["predicates"])
    for name, row in tables["predicates"].items():
        for end, text in (
            (predicates[name].domain, row["domain"]),
            (predicates[name].range, row["range"]),
        ):
            expected = {"entity"} if text in ("any", "any class", "same category") else set(text.split("|"))
            assert members(end) == expected, name
        assert bool(predicates[name].transitive) == row["transitive"].startswith("yes"), name
