"""The store answers SPARQL over the union of its graphs and is an rdflib Dataset, both read only."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

from stemgraph.graph import DataDirectoryError, KnowledgeGraph, OxigraphStore, QueryError, UnknownFormatError
from stemgraph.graph.store import StoreLoad, load_store

# rdflib's Dataset calls what it has itself deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")

MS = "http://purl.obolibrary.org/obo/MONDO_0005301"
CURATED = rdflib.URIRef("https://w3id.org/stemgraph/graph/curated")


def test_queries_see_the_union_of_the_graphs(small_graph: KnowledgeGraph) -> None:
    answer = small_graph.sparql("SELECT ?other { MONDO:0005301 rdfs:label ?l ; skos:exactMatch ?other }")
    assert list(answer) == [{"other": "DOID:2377"}]


def test_a_graph_can_still_be_named(small_graph: KnowledgeGraph) -> None:
    answer = small_graph.sparql("SELECT DISTINCT ?g { GRAPH ?g { MONDO:0005301 ?p ?o } } ORDER BY ?g")
    assert [row["g"] for row in answer if isinstance(row, dict)] == ["sgg:mappings", "sgg:mondo"]


def test_an_answer_can_be_read_again(small_graph: KnowledgeGraph) -> None:
    answer = small_graph.sparql("SELECT ?s { ?s a sgv:CellType } ORDER BY ?s")
    first = list(answer)
    assert list(answer) == first
    assert len(answer.to_pandas()) == len(first) == 7
    assert answer.serialize("csv").count(b"\r\n") == 8
    assert "<table>" in answer._repr_html_()
    assert (answer.kind, answer.variables) == ("solutions", ("s",))


def test_a_negated_association_has_no_plain_triple(small_graph: KnowledgeGraph) -> None:
    treats = "ASK { STEMGRAPH:autologous-hsct sgv:treats %s }"
    assert small_graph.sparql(treats % "MONDO:0005314")
    assert not small_graph.sparql(treats % "MONDO:0005301")


def test_answers_are_written_in_their_formats(small_graph: KnowledgeGraph) -> None:
    yes = small_graph.sparql("ASK { ?s ?p ?o }")
    assert (yes.kind, yes.serialize("json")) == ("boolean", b'{"head":{},"boolean":true}')
    graph = small_graph.sparql("CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s rdfs:label ?l ; a sgv:Gene }")
    assert graph.serialize("ntriples") == (
        b'<http://identifiers.org/hgnc/1633> <http://www.w3.org/2000/01/rdf-schema#label> "CD19" .\n'
    )
    assert list(graph.to_pandas().columns) == ["subject", "predicate", "object"]
    with pytest.raises(UnknownFormatError, match="solutions answer cannot be written as 'turtle'"):
        small_graph.sparql("SELECT * { ?s a sgv:Gene }").serialize("turtle")
    with pytest.raises(UnknownFormatError, match="graph answer cannot be written as 'csv'"):
        graph.serialize("csv")


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [("SELEC *", 1, 9), ("SELECT * WHERE {\n ?s ?p ?o . FOO }", 2, 18), ("", 1, 1)],
)
def test_a_query_that_does_not_parse_is_located(
    small_graph: KnowledgeGraph, query: str, line: int, column: int
) -> None:
    with pytest.raises(QueryError, match="does not parse") as caught:
        small_graph.sparql(query)
    assert caught.value.line == line
    assert abs((caught.value.column or 0) - column) < 10


def test_quads_match_a_pattern(small_graph: KnowledgeGraph) -> None:
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    (quad,) = small_graph.store.quads(ox.NamedNode(MS), label)
    assert quad.object.value == "multiple sclerosis"
    assert small_graph.store.graphs()[0] == "https://w3id.org/stemgraph/graph/cl"


def test_rdflib_reads_the_same_store(small_graph: KnowledgeGraph) -> None:
    dataset = small_graph.rdf
    assert dataset.default_union
    assert (rdflib.URIRef(MS), rdflib.RDFS.label, rdflib.Literal("multiple sclerosis")) in dataset
    assert len(dataset) == len(set(dataset.triples((None, None, None))))
    curated = dataset.graph(CURATED)
    assert 0 < len(curated) < len(dataset)
    assert {str(graph.identifier) for graph in dataset.graphs()} >= set(small_graph.store.graphs())


def test_rdflib_queries_run_in_oxigraph_with_our_prefixes(small_graph: KnowledgeGraph) -> None:
    (row,) = small_graph.rdf.query("SELECT ?label { MONDO:0005301 rdfs:label ?label }")
    assert isinstance(row, rdflib.query.ResultRow)
    assert str(row.label) == "multiple sclerosis"


def test_a_prepared_query_gives_the_same_answer(small_graph: KnowledgeGraph) -> None:
    prepared = prepareQuery("SELECT ?l { ?s a <https://w3id.org/stemgraph/vocab/Gene> ; rdfs:label ?l }")
    assert [str(row[0]) for row in small_graph.rdf.query(prepared)] == ["CD19"]  # type: ignore[index]


def test_rdflib_cannot_write(small_graph: KnowledgeGraph) -> None:
    quad = (rdflib.URIRef(MS), rdflib.RDFS.label, rdflib.Literal("x"))
    curated = small_graph.rdf.graph(CURATED)
    with pytest.raises(TypeError, match="a release never changes"):
        curated.add(quad)
    with pytest.raises(TypeError, match="a release never changes"):
        curated.remove(quad)
    with pytest.raises(TypeError, match="a release never changes"):
        small_graph.rdf.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    assert quad not in small_graph.rdf


def test_two_stores_may_be_open_at_once(small_graph: KnowledgeGraph) -> None:
    other = OxigraphStore(small_graph.directory.store)
    assert other.graphs() == small_graph.store.graphs()
    other.close()
    with pytest.raises(DataDirectoryError, match="closed"):
        other.graphs()


def test_a_directory_that_is_no_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryError, match="cannot be opened"):
        OxigraphStore(tmp_path / "nothing")


@pytest.mark.parametrize("own_process", [True, False])
def test_files_are_loaded_in_this_process_or_another(tmp_path: Path, *, own_process: bool) -> None:
    files = [tmp_path / "a.nq", tmp_path / "b.nq"]
    for number, file in enumerate(files):
        file.write_text(f"<urn:s{number}> <urn:p> <urn:o> <urn:g> .\n", encoding="utf-8")
    load = StoreLoad(tmp_path / "store", own_process=own_process)
    for file in files:
        load.add(file)
    load.finish()
    load.cancel()
    store = OxigraphStore(tmp_path / "store")
    assert len(list(store.quads())) == 2
    store.close()


@pytest.mark.parametrize("own_process", [True, False])
def test_a_file_that_cannot_be_loaded_is_an_error(tmp_path: Path, *, own_process: bool) -> None:
    file = tmp_path / "bad.nq"
    file.write_text("nonsense\n", encoding="utf-8")
    load = StoreLoad(tmp_path / "store", own_process=own_process)
    load.add(file)
    with pytest.raises(DataDirectoryError, match="loading failed"):
        load.finish()


def test_loading_keeps_every_quad(tmp_path: Path, small_file: Path) -> None:
    quads = list(ox.parse(path=str(small_file)))
    file = tmp_path / "small.nq"
    file.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    load_store([file], tmp_path / "store")
    store = OxigraphStore(tmp_path / "store")
    assert set(store.quads()) == set(quads)
    store.close()
