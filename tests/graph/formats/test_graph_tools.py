import io
import json

import networkx as nx
import pytest

from stemgraph.graph.formats import export
from stemgraph.graph.model import Association, Entity


def expected(small_graph) -> nx.MultiDiGraph:
    """The NetworkX view with what these formats call by another name."""
    graph = small_graph.networkx.copy()
    for _, _, attributes in graph.edges(data=True):
        attributes["named_graph"] = attributes.pop("source")
    return graph


def test_graphml_is_read_by_networkx_as_the_same_graph(small_graph, exported):
    read = nx.read_graphml(io.BytesIO(exported("graphml")), force_multigraph=True)
    read.graph.clear()
    graph = expected(small_graph)
    for _, attributes in graph.nodes(data=True):
        attributes["categories"] = "|".join(attributes["categories"])
    for _, _, attributes in read.edges(data=True):
        attributes.pop("id", None)
    assert nx.utils.graphs_equal(read, graph)


def test_node_link_json_is_read_by_networkx_as_the_same_graph(small_graph, exported):
    read = nx.node_link_graph(json.loads(exported("node-link")), edges="edges")
    assert nx.utils.graphs_equal(read, expected(small_graph))


def test_cytoscape_json_is_read_by_networkx_as_the_same_graph(small_graph, exported):
    read = nx.cytoscape_graph(json.loads(exported("cytoscape")))
    graph = expected(small_graph)
    assert set(read.nodes) == set(graph.nodes)
    assert set(read.edges(keys=True)) == set(graph.edges(keys=True))
    for u, v, key, attributes in graph.edges(keys=True, data=True):
        assert attributes.items() <= read.edges[u, v, key].items()


@pytest.mark.parametrize("name", ["graphml", "node-link", "cytoscape"])
def test_a_negated_association_is_no_edge_for_graph_tools(small_graph, exported, name):
    text = exported(name).decode()
    for association in small_graph.records.associations():
        assert (association.id in text) != association.negated


class OddRecords:
    """Records whose names hold what XML must escape or cannot hold."""

    label = 'a <"b"> & \x00\x0bc ]]> \N{DNA DOUBLE HELIX}'
    entity_record = Entity(id="STEMGRAPH:odd", label=label, categories=("disease",))

    def entities(self):
        yield self.entity_record

    def associations(self):
        reference = self.entity_record.reference
        yield Association(
            id="sga:0",
            subject=reference,
            predicate="causes",
            object=reference,
            negated=False,
            qualifiers={},
            status='<odd & "quoted">',
            evidence=(),
        )


def test_graphml_escapes_markup_and_drops_what_xml_cannot_hold():
    stream = io.BytesIO()
    export(OddRecords(), "graphml", stream)
    read = nx.read_graphml(io.BytesIO(stream.getvalue()), force_multigraph=True)
    assert read.nodes["STEMGRAPH:odd"]["label"] == OddRecords.label.replace("\x00\x0b", "")
    assert read.edges["STEMGRAPH:odd", "STEMGRAPH:odd", "sga:0"]["status"] == '<odd & "quoted">'


@pytest.mark.parametrize(("name", "path"), [("node-link", ()), ("cytoscape", ("elements",))])
def test_json_keeps_any_text(name, path):
    stream = io.BytesIO()
    export(OddRecords(), name, stream)
    content = json.loads(stream.getvalue())
    for key in path:
        content = content[key]
    (node,) = content["nodes"]
    assert node.get("data", node)["label"] == OddRecords.label
