import gzip
import json
import zipfile
from pathlib import Path

import pytest

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.compilation import compile_release
from stemgraph.graph.errors import FormatError
from stemgraph.graph.formats import Selection, read_dataset
from stemgraph.graph.formats.kgx import write_kgx_files
from stemgraph.graph.release import ReleaseDirectory
from stemgraph.graph.source import write_source

NODES = (
    "id\tcategory\tname\n"
    "MONDO:0005301\tbiolink:Disease\tmultiple sclerosis\n"
    "CHEBI:28901\tbiolink:Drug\tbusulfan\n"
)
EDGES = "id\tsubject\tpredicate\tobject\nuuid:1\tCHEBI:28901\tbiolink:treats\tMONDO:0005301\n"


def write(directory: Path, nodes: str = NODES, edges: str = EDGES) -> Path:
    directory.mkdir(exist_ok=True)
    (directory / "my_nodes.tsv").write_text(nodes)
    (directory / "my_edges.tsv").write_text(edges)
    return directory


def load(path: Path, directory: Path) -> KnowledgeGraph:
    """A graph of what is read from a path."""
    write_source(read_dataset(path), directory / "source")
    compile_release(directory / "source", directory / "release")
    return KnowledgeGraph(ReleaseDirectory(directory / "release"))


def test_a_kgx_directory_becomes_a_graph_with_our_ids(tmp_path):
    with load(write(tmp_path / "kgx"), tmp_path) as graph:
        (association,) = graph.associations()
        assert association.predicate == "treats"
        assert association.subject.label == "busulfan"
        assert association.object.categories == ("disease",)
        assert association.id.startswith("sga:")
        assert association.source == "kgx"
        assert association.evidence


def test_either_file_leads_to_the_other(tmp_path):
    directory = write(tmp_path / "kgx")
    expected = set(read_dataset(directory))
    assert set(read_dataset(directory / "my_nodes.tsv")) == expected
    assert set(read_dataset(directory / "my_edges.tsv")) == expected


def test_compressed_files_are_read_alike(tmp_path):
    expected = set(read_dataset(write(tmp_path / "plain")))
    directory = tmp_path / "packed"
    directory.mkdir()
    for name, content in (("nodes", NODES), ("edges", EDGES)):
        (directory / f"{name}.tsv.gz").write_bytes(gzip.compress(content.encode()))
    assert set(read_dataset(directory)) == expected
    assert set(read_dataset(directory / "edges.tsv.gz")) == expected


def test_json_lines_are_read_alike(tmp_path):
    directory = tmp_path / "lines"
    directory.mkdir()
    for name, content in (("nodes", NODES), ("edges", EDGES)):
        header, *rows = (line.split("\t") for line in content.splitlines())
        lines = [json.dumps(dict(zip(header, row, strict=True))) for row in rows]
        (directory / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    assert set(read_dataset(directory)) == set(read_dataset(write(tmp_path / "plain")))


@pytest.mark.parametrize("name", ["kgx-tsv", "kgx-jsonl"])
def test_our_own_export_comes_back_with_the_same_associations(small_graph, exported, tmp_path, name):
    (tmp_path / "export.zip").write_bytes(exported(name))
    with load(tmp_path / "export.zip", tmp_path) as back:
        for association in small_graph.records.associations():
            read = back.association(association.id)
            assert (read.subject, read.predicate, read.object) == (
                association.subject,
                association.predicate,
                association.object,
            )
            assert read.negated == association.negated
            assert read.qualifiers.keys() == association.qualifiers.keys()
            assert (read.status, read.source) == (association.status, association.source)
            assert read.regulatory_action == association.regulatory_action
            if name == "kgx-jsonl":
                assert read.evidence == association.evidence
        assert back.records.association_count == small_graph.records.association_count
        for entity in small_graph.records.entities():
            read = back.entity(entity.id)
            assert (read.label, read.categories, read.synonyms) == (
                entity.label,
                entity.categories,
                entity.synonyms,
            )
            assert read.attributes == entity.attributes


def test_two_written_files_come_back(small_graph, tmp_path):
    write_kgx_files(Selection(small_graph.records), tmp_path / "kgx")
    with load(tmp_path / "kgx", tmp_path) as back:
        assert back.records.association_count == small_graph.records.association_count


def refusal(directory: Path) -> FormatError:
    with pytest.raises(FormatError) as caught:
        list(read_dataset(directory))
    return caught.value


def test_predicates_that_we_do_not_have_are_listed_with_their_counts(tmp_path):
    edges = EDGES + "".join(
        f"u\tCHEBI:28901\tbiolink:{name}\tMONDO:0005301\n"
        for name in ("affects", "has_phenotype", "has_phenotype", "related_to")
    )
    error = refusal(write(tmp_path / "kgx", edges=edges))
    assert "biolink:has_phenotype (2), biolink:affects (1), biolink:related_to (1)" in error.message
    assert error.place == str(tmp_path / "kgx" / "my_edges.tsv")


def test_our_own_predicate_is_read_before_the_broader_one_of_biolink(tmp_path):
    edges = (
        "subject\tpredicate\toriginal_predicate\tobject\n"
        "CHEBI:28901\tbiolink:related_to\tsgv:contraindicated_in\tMONDO:0005301\n"
    )
    with load(write(tmp_path / "kgx", edges=edges), tmp_path) as graph:
        assert graph.associations()[0].predicate == "contraindicated_in"


def test_categories_that_we_do_not_have_are_listed(tmp_path):
    error = refusal(write(tmp_path / "kgx", nodes=NODES + "NCIT:C1\tbiolink:NamedThing|biolink:Device\tx\n"))
    assert "biolink:NamedThing biolink:Device (1)" in error.message


def test_the_ancestors_of_a_class_are_no_categories_of_their_own(tmp_path):
    nodes = NODES.replace(
        "biolink:Disease", "biolink:NamedThing|biolink:DiseaseOrPhenotypicFeature|biolink:Disease"
    )
    with load(write(tmp_path / "kgx", nodes=nodes), tmp_path) as graph:
        assert graph.entity("MONDO:0005301").categories == ("disease",)


def test_a_node_of_no_class_gets_the_category_of_its_prefix(tmp_path):
    nodes = NODES + "CL:0000037\tbiolink:NamedThing\thematopoietic stem cell\n"
    with load(write(tmp_path / "kgx", nodes=nodes), tmp_path) as graph:
        assert graph.entity("CL:0000037").categories == ("cell_type",)


def test_cells_left_out_at_the_end_of_a_line_are_empty(tmp_path):
    nodes = NODES + "CL:0000037\tbiolink:Cell\n"
    with load(write(tmp_path / "kgx", nodes=nodes), tmp_path) as graph:
        assert graph.entity("CL:0000037").label == "CL:0000037"


def test_publications_become_evidence(tmp_path):
    edges = (
        "subject\tpredicate\tobject\tpublications\tprimary_knowledge_source\n"
        "CHEBI:28901\tbiolink:treats\tMONDO:0005301\tPMID:1|pmid:2\tinfores:hetionet\n"
    )
    with load(write(tmp_path / "kgx", edges=edges), tmp_path) as graph:
        (association,) = graph.associations()
        assert [each.reference for each in association.evidence] == ["PMID:1", "PMID:2"]
        assert association.primary_knowledge_source == "infores:hetionet"


@pytest.mark.parametrize(
    ("nodes", "edges", "message", "place"),
    [
        (NODES, EDGES.replace("MONDO:0005301", "MONDO:0000001"), "not among the nodes", "edges.tsv, line 2"),
        (NODES + "MONDO:1\n", EDGES, "has no category", "nodes.tsv, line 4"),
        (NODES + "\tbiolink:Disease\tx\n", EDGES, "has no id", "nodes.tsv, line 4"),
        (NODES + "NOPE:1\tbiolink:Disease\tx\n", EDGES, "prefix 'NOPE'", "nodes.tsv, line 4"),
        (NODES + "nonsense\tbiolink:Disease\tx\n", EDGES, "is not a CURIE", "nodes.tsv, line 4"),
        ("", EDGES, "is empty", "nodes.tsv, line 1"),
        (
            NODES,
            "subject\tpredicate\tobject\tqualifiers\nCHEBI:28901\tbiolink:treats\tMONDO:0005301\tMESH:1\n",
            "qualifier 'MESH:1'",
            "edges.tsv, line 2",
        ),
        (
            NODES,
            "subject\tpredicate\tobject\tqualifiers\n"
            "CHEBI:28901\tbiolink:treats\tMONDO:0005301\tfrequency=many\n",
            "cannot be read",
            "edges.tsv, line 2",
        ),
        (NODES + "MONDO:7\tbiolink:Disease\tx\ty\n", EDGES, "has 4 cells", "nodes.tsv, line 4"),
    ],
)
def test_a_bad_line_is_refused_with_its_place(tmp_path, nodes, edges, message, place):
    error = refusal(write(tmp_path / "kgx", nodes, edges))
    assert message in error.message
    assert str(error.place).endswith(place)


def test_a_line_that_is_not_json_is_refused_with_its_place(tmp_path):
    (tmp_path / "nodes.jsonl").write_text('{"id": "MONDO:0005301", "category": "biolink:Disease"}\n{oops\n')
    (tmp_path / "edges.jsonl").write_text("")
    error = refusal(tmp_path)
    assert "is not JSON" in error.message
    assert str(error.place).endswith("nodes.jsonl, line 2")


def test_a_directory_or_archive_without_the_two_tables_is_refused(tmp_path):
    assert "no file of KGX nodes" in refusal(tmp_path).message
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "")
    assert "no file of KGX nodes" in refusal(tmp_path / "other.zip").message
    (tmp_path / "broken.zip").write_bytes(b"PK nonsense")
    assert "is not a zip archive" in refusal(tmp_path / "broken.zip").message
    (tmp_path / "my_nodes.tsv").write_text(NODES)
    assert "is missing" in refusal(tmp_path / "my_nodes.tsv").message
    (tmp_path / "table.tsv").write_text(NODES)
    assert "neither a KGX nodes file nor an edges file" in refusal(tmp_path / "table.tsv").message
