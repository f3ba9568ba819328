import gzip
import io

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.formats import Selection, export, read_dataset
from stemgraph.graph.formats.rdf_shape import association_quads, entity_quads, named, partial_date

RDF_EXTENSIONS = {
    "turtle": "ttl",
    "trig": "trig",
    "ntriples": "nt",
    "nquads": "nq",
    "jsonld": "jsonld",
    "rdfxml": "rdf",
}
WITH_GRAPHS = {"trig", "nquads", "jsonld"}


def canonical(quads) -> ox.Dataset:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def whole(graph: KnowledgeGraph) -> ox.Dataset:
    return canonical(read_dataset(graph.directory.export))


@pytest.mark.parametrize("name", sorted(WITH_GRAPHS))
def test_a_round_trip_through_a_fresh_store_gives_the_same_canonical_graph(
    small_graph, exported, tmp_path, name
):
    file = tmp_path / f"export.{RDF_EXTENSIONS[name]}"
    file.write_bytes(exported(name))
    with KnowledgeGraph.memory(file) as fresh:
        assert whole(fresh) == whole(small_graph)
        again = io.BytesIO()
        fresh.export(name, again)
        assert again.getvalue() == exported(name)
        assert list(fresh.records.associations()) == list(small_graph.records.associations())


@pytest.mark.parametrize("name", sorted(set(RDF_EXTENSIONS) - WITH_GRAPHS))
def test_a_format_without_named_graphs_has_every_triple(small_graph, exported, tmp_path, name):
    file = tmp_path / f"export.{RDF_EXTENSIONS[name]}"
    file.write_bytes(exported(name))
    triples = {quad.triple for quad in whole(small_graph)}
    assert {quad.triple for quad in read_dataset(file)} == triples


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml"])
def test_rdflib_reads_the_same_graph(exported, name):
    media_types = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml"}
    read = rdflib.Graph().parse(data=exported(name), format=media_types[name])
    expected = rdflib.Graph().parse(data=exported("ntriples"), format="nt")
    assert isomorphic(read, expected)


def test_the_whole_as_nquads_is_the_file_of_the_release(small_graph, exported):
    assert exported("nquads") == gzip.decompress(small_graph.directory.export.read_bytes())


def test_trig_has_one_block_for_each_named_graph(exported):
    text = exported("trig").decode()
    assert text.count("sgg:curated {") == 1
    assert text.count("sgg:mondo {") == 1


def test_turtle_uses_our_prefixes_in_order(exported):
    lines = [line for line in exported("turtle").decode().splitlines() if line.startswith("@prefix")]
    assert lines == sorted(lines)
    assert "@prefix MONDO: <http://purl.obolibrary.org/obo/MONDO_> ." in lines
    assert "MONDO:0005301" in exported("turtle").decode()


def test_an_association_is_stated_as_the_bundle_states_it(small_graph):
    stated = set(read_dataset(small_graph.directory.export))
    full = [
        each
        for each in small_graph.records.associations()
        if ox.Quad(named(each.id), named("sgv:negated"), ox.Literal(each.negated), graph(each.source))
        in stated
    ]
    assert len(full) > 8
    for association in full:
        quads = set(association_quads(association))
        for node in (association.id, *(evidence.id for evidence in association.evidence)):
            assert {quad.triple for quad in quads if quad.subject == named(node)} == {
                quad.triple for quad in stated if quad.subject == named(node)
            }
        assert {quad for quad in quads if quad.subject == named(association.subject.id)} <= stated


def test_a_negated_association_has_no_plain_triple(small_graph):
    for association in small_graph.records.associations():
        plain = [
            quad
            for quad in association_quads(association)
            if quad.subject == named(association.subject.id) and quad.object == named(association.object.id)
        ]
        assert len(plain) == (0 if association.negated else 1)


def test_a_lean_backbone_axiom_is_filled_in(small_graph):
    lean = small_graph.association("sga:9d035de12e7b69820c27de78")
    quads = set(association_quads(lean))
    assert ox.Quad(named(lean.id), named("sgv:status"), ox.Literal("established"), graph("cl")) in quads


def test_an_entity_is_stated_as_the_bundle_states_it(small_graph):
    stated = {
        (quad.subject, quad.predicate, quad.object) for quad in read_dataset(small_graph.directory.export)
    }
    for entity in small_graph.records.entities():
        for quad in entity_quads(entity):
            triple = (quad.subject, quad.predicate, quad.object)
            assert triple in stated or entity.label == entity.id, triple


def test_a_regulatory_action_keeps_its_dates_and_ends(small_graph):
    action = small_graph.entity("sgr:b5fadc109fba07f65f8e387a")
    quads = {(quad.predicate, quad.object) for quad in entity_quads(action)}
    day = ox.Literal("2023-12-08", datatype=named("xsd:date"))
    assert (named("sgv:date"), day) in quads
    assert (named("sgv:product"), named("STEMGRAPH:casgevy")) in quads


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("2022", "gYear"), ("2022-09", "gYearMonth"), ("2022-09-05", "date"), ("spring 2022", "string")],
)
def test_a_partial_date_says_no_more_than_it_knows(text, datatype):
    assert partial_date(text) == ox.Literal(text, datatype=named(f"xsd:{datatype}"))


def test_without_the_file_of_the_release_the_records_are_stated(small_graph, tmp_path):
    for name in ("nquads", "trig", "turtle"):
        stream = io.BytesIO()
        export(small_graph.records, name, stream)
        file = tmp_path / f"records.{RDF_EXTENSIONS[name]}"
        file.write_bytes(stream.getvalue())
        assert {each.triple for each in read_dataset(file)} >= {
            quad.triple
            for association in small_graph.records.associations()
            for quad in association_quads(association)
        }


def test_shared_evidence_is_stated_once(small_graph):
    stream = io.BytesIO()
    export(small_graph.records, "nquads", stream, associations=small_graph.associations(source="cl").all())
    lines = stream.getvalue().splitlines()
    assert len(lines) == len(set(lines))


def test_a_selection_can_be_read_twice_from_a_generator(small_graph):
    selection = Selection(small_graph.records, associations=small_graph.associations(source="cl").all())
    assert list(selection.associations()) == list(selection.associations())
    assert {each.id for each in selection.entities()} == {
        end.id for each in selection.associations() for end in (each.subject, each.object)
    }


def graph(source: str) -> ox.NamedNode:
    return named(f"sgg:{source}")


def test_the_bundle_survives_a_round_trip_through_trig(bundled, tmp_path):
    file = tmp_path / "bundle.trig"
    with file.open("wb") as stream:
        bundled.export("trig", stream)
    with KnowledgeGraph.memory(file) as fresh:
        assert fresh.release.digest == bundled.release.digest
