import copy
import pickle
import random

import networkx as nx
import pytest
from networkx.algorithms.link_analysis.pagerank_alg import _pagerank_python

from stemgraph.graph.model import Association, EntityReference
from stemgraph.graph.networkx_view import ReadOnlyMultiDiGraph, associations_graph
from stemgraph.graph.view import GraphView
from stemgraph.graph.view_columns import ViewColumns

PREDICATES = ("treats", "subclass_of", "causes", "related_to")


def statements(nodes: int, edges: int, seed: int) -> tuple[list[EntityReference], list[Association]]:
    """A random multigraph with parallel edges, loops, isolated nodes and negated rows."""
    chance = random.Random(seed)  # noqa: S311  # a repeatable graph, no secret
    entities = [
        EntityReference(f"MONDO:{number:07d}", f"disease {number}", ("disease", "risk_or_adverse_outcome"))
        for number in range(nodes)
    ]
    associations = [
        Association(
            id=f"sga:{number:024x}",
            subject=chance.choice(entities[2:]),
            predicate=chance.choice(PREDICATES),
            object=chance.choice(entities[2:]),
            negated=number % 10 == 0,
            qualifiers={},
            status=chance.choice(("approved", "reported")),
            evidence=(),
        )
        for number in range(edges)
    ]
    return entities, associations


def plain_graph(entities: list[EntityReference], associations: list[Association]) -> nx.MultiDiGraph:
    """What the view must equal, made the usual way."""
    graph = nx.MultiDiGraph()
    for each in entities:
        graph.add_node(
            each.id, label=each.label, category=each.categories[0], categories=list(each.categories)
        )
    for each in associations:
        if not each.negated:
            graph.add_edge(
                each.subject.id,
                each.object.id,
                key=each.id,
                association=each.id,
                predicate=each.predicate,
                biolink_predicate=each.biolink_predicate,
                status=each.status,
                source=each.source,
            )
    return graph


@pytest.fixture(scope="module", params=[(30, 60), (12, 80), (40, 20)], ids=["usual", "dense", "sparse"])
def graphs(request) -> tuple[nx.MultiDiGraph, nx.MultiDiGraph]:
    nodes, edges = request.param
    entities, associations = statements(nodes, edges, seed=nodes)
    columns = ViewColumns.from_associations(associations, entities=entities)
    return ReadOnlyMultiDiGraph(GraphView.from_columns(columns)), plain_graph(entities, associations)


def distances(graph: nx.MultiDiGraph) -> dict[str, dict[str, int]]:
    return {node: dict(lengths) for node, lengths in nx.all_pairs_shortest_path_length(graph)}


def rounded(scores: dict[str, float]) -> dict[str, float]:
    return {node: round(score, 9) for node, score in scores.items()}


def groups(found) -> set[frozenset[str]]:
    return {frozenset(group) for group in found}


def first_edge_weight(graph: nx.MultiDiGraph) -> dict[str, float]:
    return nx.single_source_dijkstra_path_length(
        graph, "MONDO:0000005", weight=lambda u, v, keys: 1 + len(keys) + int(u < v)
    )


ALGORITHMS = {
    "nodes with data": lambda g: dict(g.nodes(data=True)),
    "edges with keys and data": lambda g: sorted(
        g.edges(keys=True, data=True), key=lambda edge: (edge[0], edge[1], edge[2])
    ),
    "in edges": lambda g: sorted(g.in_edges(keys=True)),
    "degree": lambda g: dict(g.degree()),
    "in degree": lambda g: dict(g.in_degree()),
    "out degree": lambda g: dict(g.out_degree()),
    "size": lambda g: (g.number_of_nodes(), g.number_of_edges(), g.size(), g.order()),
    "density": nx.density,
    "adjacency": lambda g: {node: dict(neighbors) for node, neighbors in g.adjacency()},
    "predecessors": lambda g: {node: set(g.predecessors(node)) for node in g},
    "successors": lambda g: {node: set(g.successors(node)) for node in g},
    "pagerank": lambda g: rounded(_pagerank_python(g)),
    "hits by degree": lambda g: rounded(nx.in_degree_centrality(g)),
    "closeness": lambda g: rounded(nx.closeness_centrality(g)),
    "betweenness": lambda g: rounded(nx.betweenness_centrality(nx.DiGraph(g))),
    "harmonic": lambda g: rounded(nx.harmonic_centrality(g)),
    "shortest path lengths": distances,
    "bidirectional search": lambda g: [
        nx.has_path(g, "MONDO:0000003", f"MONDO:{n:07d}") for n in range(g.number_of_nodes())
    ],
    "dijkstra over parallel edges": first_edge_weight,
    "weak components": lambda g: groups(nx.weakly_connected_components(g)),
    "strong components": lambda g: groups(nx.strongly_connected_components(g)),
    "attracting components": lambda g: groups(nx.attracting_components(g)),
    "condensation": lambda g: sorted(dict(nx.condensation(nx.DiGraph(g)).degree()).values()),
    "breadth first": lambda g: {v for _, v in nx.bfs_edges(g, "MONDO:0000004")},
    "breadth first against the edges": lambda g: {
        v for _, v in nx.bfs_edges(g, "MONDO:0000004", reverse=True)
    },
    "depth first": lambda g: set(nx.dfs_preorder_nodes(g, "MONDO:0000004")),
    "ancestors": lambda g: nx.ancestors(g, "MONDO:0000004"),
    "descendants": lambda g: nx.descendants(g, "MONDO:0000004"),
    "simple cycles exist": nx.is_directed_acyclic_graph,
    "ego graph": lambda g: set(nx.ego_graph(g, "MONDO:0000004", radius=2).edges(keys=True)),
    "subgraph": lambda g: set(g.subgraph([f"MONDO:{n:07d}" for n in range(8)]).edges(keys=True)),
    "subgraph of edges": lambda g: sorted(g.edge_subgraph(sorted(g.edges(keys=True))[:5]).nodes()),
    "subgraph by predicate": lambda g: set(
        nx.subgraph_view(g, filter_edge=lambda u, v, k: g.edges[u, v, k]["predicate"] == "treats").edges
    ),
    "copied subgraph": lambda g: dict(
        g.subgraph([f"MONDO:{n:07d}" for n in range(8)]).copy().nodes(data=True)
    ),
    "reverse": lambda g: set(g.reverse().edges(keys=True)),
    "reverse view": lambda g: set(g.reverse(copy=False).edges(keys=True)),
    "undirected": lambda g: {frozenset((u, v)) for u, v in g.to_undirected().edges()},
    "undirected view": lambda g: {node: set(g.to_undirected(as_view=True)[node]) for node in g},
    "components of the undirected": lambda g: groups(nx.connected_components(g.to_undirected())),
    "plain directed": lambda g: set(nx.DiGraph(g).edges()),
    "core numbers": lambda g: nx.core_number(loopless(nx.Graph(g))),
    "communities": lambda g: groups(nx.community.greedy_modularity_communities(nx.Graph(g))),
    "triangles": lambda g: nx.triangles(nx.Graph(g)),
    "compose": lambda g: nx.compose(g, nx.MultiDiGraph([("MONDO:0000001", "x")])).number_of_edges(),
    "relabel": lambda g: sorted(nx.relabel_nodes(g, {"MONDO:0000004": "renamed"}).nodes()),
    "convert labels": lambda g: nx.convert_node_labels_to_integers(g).number_of_edges(),
    "empty copy": lambda g: dict(nx.create_empty_copy(g).nodes(data=True)),
    "difference with itself": lambda g: nx.difference(g, g).number_of_edges(),
    "line graph": lambda g: nx.line_graph(g).number_of_nodes(),
    "transitive closure": lambda g: set(nx.transitive_closure(nx.DiGraph(g)).edges()),
    "isolates": lambda g: set(nx.isolates(g)),
    "loops": lambda g: set(nx.selfloop_edges(g, keys=True)),
    "node link": lambda g: sorted(edge["key"] for edge in nx.node_link_data(g, edges="edges")["edges"]),
    "adjacency matrix rows": lambda g: {n: len(neighbors) for n, neighbors in g.adj.items()},
    "edge attributes": lambda g: nx.get_edge_attributes(g, "predicate"),
    "node attributes": lambda g: nx.get_node_attributes(g, "label"),
    "edge lookups": lambda g: [
        (g.has_edge(u, v), g.has_edge(u, v, "absent"), g.number_of_edges(u, v), dict(g[u][v]))
        for u, v in sorted(set(g.edges()))
    ],
    "boundary": lambda g: set(nx.edge_boundary(g, ["MONDO:0000004", "MONDO:0000005"], keys=True)),
}


def loopless(graph: nx.Graph) -> nx.Graph:
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    return graph


@pytest.mark.parametrize("algorithm", ALGORITHMS.values(), ids=ALGORITHMS)
def test_an_algorithm_answers_as_on_a_plain_graph(graphs, algorithm):
    view, plain = graphs
    assert algorithm(view) == algorithm(plain)


def test_the_two_graphs_are_equal_by_networkx_itself(graphs):
    assert nx.utils.graphs_equal(*graphs)


def test_a_copy_is_plain_and_can_be_changed(graphs):
    view, plain = graphs
    changed = view.copy()
    assert type(changed) is nx.MultiDiGraph
    changed.add_edge("MONDO:0000004", "new")
    changed.nodes["MONDO:0000004"]["label"] = "renamed"
    assert "new" not in view
    assert view.nodes["MONDO:0000004"]["label"] == plain.nodes["MONDO:0000004"]["label"]


@pytest.mark.parametrize(
    "mutation",
    [
        lambda g: g.add_node("x"),
        lambda g: g.add_nodes_from(["x"]),
        lambda g: g.add_edge("x", "y"),
        lambda g: g.add_edges_from([("x", "y")]),
        lambda g: g.add_weighted_edges_from([("x", "y", 1)]),
        lambda g: g.remove_node("MONDO:0000004"),
        lambda g: g.remove_nodes_from(["MONDO:0000004"]),
        lambda g: g.remove_edge(*next(iter(g.edges()))),
        lambda g: g.remove_edges_from(list(g.edges())[:1]),
        lambda g: g.update(edges=[("x", "y")]),
        lambda g: g.clear(),
        lambda g: g.clear_edges(),
        lambda g: g.nodes["MONDO:0000004"].update(label="other"),
        lambda g: nx.set_node_attributes(g, 1, "weight"),
        lambda g: nx.set_edge_attributes(g, 1, "weight"),
        lambda g: g.reverse(copy=False).add_node("x"),
        lambda g: g.subgraph(["MONDO:0000004"]).add_node("x"),
    ],
)
def test_changing_the_view_is_refused(graphs, mutation):
    view, _ = graphs
    with pytest.raises(nx.NetworkXError, match=r"[Ff]rozen"):
        mutation(view)


def test_the_view_says_that_it_is_frozen(graphs):
    assert nx.is_frozen(graphs[0])


def test_the_graph_of_some_associations_is_plain_and_has_the_ids_of_the_release(small_graph):
    chosen = list(small_graph.associations(entity="STEMGRAPH:casgevy"))
    graph = associations_graph(chosen)
    assert type(graph) is nx.MultiDiGraph
    assert {key for _, _, key in graph.edges(keys=True)} == {each.id for each in chosen}
    for u, v, key, attributes in graph.edges(keys=True, data=True):
        assert small_graph.networkx.edges[u, v, key] == attributes
    assert graph.nodes["STEMGRAPH:casgevy"]["label"] == "Casgevy"


def test_deep_copies_and_pickles_are_plain_graphs(graphs):
    view, plain = graphs
    for made in (copy.deepcopy(view), pickle.loads(pickle.dumps(view))):  # noqa: S301  # our own bytes
        assert type(made) is nx.MultiDiGraph
        assert nx.utils.graphs_equal(made, plain)
    assert type(copy.deepcopy(view.nodes["MONDO:0000004"])) is dict


def test_unknown_nodes_and_neighbors_raise_as_in_networkx(graphs):
    view, _ = graphs
    with pytest.raises(KeyError):
        view["absent"]
    with pytest.raises(KeyError):
        view["MONDO:0000004"]["absent"]
    with pytest.raises(KeyError):
        view["MONDO:0000004"][7]
    with pytest.raises(nx.NetworkXError):
        list(view.successors("absent"))
    u, v = next(iter(view.edges()))
    with pytest.raises(KeyError):
        view[u][v]["absent"]


def test_views_over_opened_files_answer_alike(graphs, tmp_path):
    view, plain = graphs
    view._view.write(tmp_path)
    opened = ReadOnlyMultiDiGraph(GraphView.open(tmp_path))
    assert nx.utils.graphs_equal(opened, plain)
