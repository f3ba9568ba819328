import io
import json
import zipfile

import pytest
import yaml

from stemgraph.graph.formats import Selection
from stemgraph.graph.formats.kgx import write_kgx_files
from stemgraph.graph.formats.kgx_records import (
    EDGE_COLUMNS,
    NODE_COLUMNS,
    biolink_classes,
    edge_record,
    node_record,
    qualifier_item,
    qualifier_values,
)
from stemgraph.ontology import vocabulary

OURS = {
    *(
        "stemgraph_category",
        "attributes",
        "status",
        "stated_status",
        "evidence_standing",
        "regulatory_action",
    ),
    *("refuting_publications", "named_graph", "evidence"),
}


def table(content: bytes, member: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        header, *lines = archive.read(member).decode().rstrip("\n").split("\n")
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def json_lines(content: bytes, member: str) -> list[dict]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [json.loads(line) for line in archive.read(member).splitlines()]


@pytest.fixture(scope="module")
def biolink() -> dict:
    """The Biolink Model of the pinned development dependency."""
    from importlib.resources import files

    return yaml.safe_load((files("biolink_model") / "schema" / "biolink_model.yaml").read_text())


def test_edges_carry_the_ids_of_the_associations(small_graph, exported):
    ids = {each.id for each in small_graph.records.associations()}
    assert {row["id"] for row in table(exported("kgx-tsv"), "edges.tsv")} == ids
    assert {row["id"] for row in json_lines(exported("kgx-jsonl"), "edges.jsonl")} == ids


def test_no_edge_dangles_also_when_filtered(exported):
    for content in (exported("kgx-tsv"), exported("kgx-tsv", predicate="treats")):
        nodes = {row["id"] for row in table(content, "nodes.tsv")}
        for row in table(content, "edges.tsv"):
            assert {row["subject"], row["object"]} <= nodes


def test_a_row_has_what_kgx_requires(exported):
    for row in table(exported("kgx-tsv"), "nodes.tsv"):
        assert row["id"]
        assert row["category"].endswith("biolink:NamedThing")
    for row in table(exported("kgx-tsv"), "edges.tsv"):
        assert row["category"] == "biolink:Association"
        assert row["predicate"].startswith("biolink:")
        assert row["knowledge_level"] == "knowledge_assertion"
        assert row["agent_type"] == "manual_agent"
        assert row["primary_knowledge_source"].startswith("infores:")


def test_negation_and_qualifiers_are_columns(exported):
    rows = {row["id"]: row for row in table(exported("kgx-tsv"), "edges.tsv")}
    assert rows["sga:deada0f7ce2d4abd796ed200"]["negated"] == "true"
    assert rows["sga:172fae9b15e4f73695b4de39"]["negated"] == "false"
    assert rows["sga:172fae9b15e4f73695b4de39"]["qualifiers"].split("|") == [
        "boxed_warning=true",
        "donor_type=autologous",
        "jurisdiction=EU,US",
    ]


def test_only_what_speaks_for_a_statement_is_among_its_publications(small_graph, exported):
    rows = {row["id"]: row for row in table(exported("kgx-tsv"), "edges.tsv")}
    refuted = rows["sga:2b92d20a395ec740ce6b81b5"]
    assert refuted["publications"] == ""
    assert refuted["refuting_publications"] == "PMID:30644983"


def test_json_lines_have_lists_and_all_the_evidence(small_graph, exported):
    rows = {row["id"]: row for row in json_lines(exported("kgx-jsonl"), "edges.jsonl")}
    row = rows["sga:3a6a9d175e36dc4bf8c4778c"]
    assert row["publications"] == ["PMID:30644983", "https://example.org/ebmt-2025"]
    association = small_graph.association(row["id"])
    assert row["evidence"] == [each.to_record() for each in association.evidence]


def test_two_files_are_the_two_members(small_graph, exported, tmp_path):
    nodes, edges = write_kgx_files(Selection(small_graph.records), tmp_path / "kgx")
    assert (nodes.name, edges.name) == ("nodes.tsv", "edges.tsv")
    with zipfile.ZipFile(io.BytesIO(exported("kgx-tsv"))) as archive:
        assert nodes.read_bytes() == archive.read("nodes.tsv")
        assert edges.read_bytes() == archive.read("edges.tsv")
    lines = write_kgx_files(Selection(small_graph.records), tmp_path / "lines", json_lines=True)
    assert [each.name for each in lines] == ["nodes.jsonl", "edges.jsonl"]


def test_every_column_is_a_biolink_slot_or_one_of_ours(biolink):
    slots = {name.replace(" ", "_") for name in biolink["slots"]}
    assert set(NODE_COLUMNS) | set(EDGE_COLUMNS) <= slots | OURS


def test_every_class_and_predicate_is_in_biolink(biolink):
    classes = {"".join(word[0].upper() + word[1:] for word in name.split()) for name in biolink["classes"]}
    for category in vocabulary.categories():
        assert {each.removeprefix("biolink:") for each in biolink_classes([category])} <= classes
    slots = {name.replace(" ", "_") for name in biolink["slots"]}
    for predicate in vocabulary.predicates().values():
        assert predicate.biolink_predicate.removeprefix("biolink:") in slots


def test_levels_and_agents_are_those_of_biolink(biolink, small_graph):
    levels = biolink["enums"]["KnowledgeLevelEnum"]["permissible_values"]
    agents = biolink["enums"]["AgentTypeEnum"]["permissible_values"]
    for association in small_graph.records.associations():
        record = edge_record(association)
        assert record["knowledge_level"] in levels
        assert record["agent_type"] in agents


def test_equivalent_ids_are_the_same_and_other_mappings_cross_references(small_graph):
    disease = node_record(small_graph.entity("MONDO:0005301"))
    assert disease["same_as"] == ["DOID:2377"]
    assert disease["xref"] == []
    assert node_record(small_graph.entity("STEMGRAPH:autologous-hsct"))["xref"] == ["NCIT:C16039"]


@pytest.mark.parametrize(
    "value", ["plain", "a|b", "tab\tand\nbreak", "50% of, all", "β", ["one", "two, three"], "=x"]
)
def test_a_qualifier_survives_a_tsv_list(value):
    item = qualifier_item("note", value)
    assert not set(item) & set("|\t\n")
    assert qualifier_values(item) == ("note", value if isinstance(value, list) else [value])
