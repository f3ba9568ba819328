import random
import time

import networkx as nx
import numpy as np
import pytest

from stemgraph.graph.errors import BadRequestError, UnknownIdentifierError, UnknownPredicateError
from stemgraph.graph.model import Association, EntityReference
from stemgraph.graph.networkx_view import ReadOnlyMultiDiGraph
from stemgraph.graph.path_search import HUB_PENALTY
from stemgraph.graph.paths import find_paths
from stemgraph.graph.view import GraphView
from stemgraph.graph.view_columns import Coded, ViewColumns


def entity(name: str) -> EntityReference:
    return EntityReference(f"STEMGRAPH:{name}", name.replace("-", " "), ("disease",))


def graph_of(*rows: str, source: str = "curated") -> GraphView:
    """A graph of rows such as ``hsct treats ms`` (``!`` negates; a fourth word names the source)."""
    associations = []
    for number, row in enumerate(rows):
        subject, predicate, target, *origin = row.split()
        associations.append(
            Association(
                id=f"sga:{number:024x}",
                subject=entity(subject),
                predicate=predicate.lstrip("!"),
                object=entity(target),
                negated=predicate.startswith("!"),
                qualifiers={},
                status="reported",
                evidence=(),
                source=origin[0] if origin else source,
            )
        )
    return GraphView.from_columns(ViewColumns.from_associations(associations))


def test_a_path_names_each_association_its_predicate_and_direction():
    view = graph_of("hsct treats ms", "ms subclass_of autoimmune-disease")
    (path,) = find_paths(view, "STEMGRAPH:hsct", "STEMGRAPH:autoimmune-disease").items
    assert [(step.association, step.predicate, step.direction) for step in path.steps] == [
        ("sga:000000000000000000000000", "treats", "forward"),
        ("sga:000000000000000000000001", "subclass_of", "forward"),
    ]
    assert path.sentence == "hsct treats ms; ms is a kind of autoimmune disease."


def test_edges_are_walked_against_their_direction_and_told_in_their_own():
    view = graph_of("hsct treats ms", "hsct treats lupus")
    answer = find_paths(view, "STEMGRAPH:ms", "STEMGRAPH:lupus")
    assert [step.direction for step in answer.items[0].steps] == ["backward", "forward"]
    assert answer.items[0].sentence == "hsct treats ms; hsct treats lupus."
    assert answer.complete
    assert answer.reason == "no other path has at most 4 steps"


def test_of_parallel_associations_the_curated_one_speaks_and_the_others_are_named():
    view = graph_of("a subclass_of b mondo", "a treats b", "b caused_by a")
    (path,) = find_paths(view, "STEMGRAPH:a", "STEMGRAPH:b").items
    assert path.steps[0].predicate == "treats"
    assert set(path.steps[0].also) == {"sga:000000000000000000000000", "sga:000000000000000000000002"}


def test_a_negated_association_is_no_step():
    answer = find_paths(graph_of("hsct !treats ms"), "STEMGRAPH:hsct", "STEMGRAPH:ms")
    assert answer.items == ()
    assert answer.complete
    assert answer.reason == "no path of at most 4 steps connects them"


def test_between_equally_long_paths_the_one_through_a_hub_comes_last():
    spokes = [f"d{number} subclass_of hub" for number in range(50)]
    view = graph_of("a subclass_of hub", "b subclass_of hub", "a treats x", "b treats x", *spokes)
    paths = find_paths(view, "STEMGRAPH:a", "STEMGRAPH:b", k=2).items
    assert [path.steps[0].object.label for path in paths] == ["x", "hub"]
    assert paths[0].cost < paths[1].cost


def test_only_the_predicates_asked_for_are_walked():
    view = graph_of("a treats b", "a causes c", "c causes b")
    paths = find_paths(view, "STEMGRAPH:a", "STEMGRAPH:b", predicates={"causes"}).items
    assert [[step.predicate for step in path.steps] for path in paths] == [["causes", "causes"]]


def test_a_longer_path_than_allowed_is_not_found():
    view = graph_of("a causes b", "b causes c", "c causes d")
    assert find_paths(view, "STEMGRAPH:a", "STEMGRAPH:d", max_hops=2).items == ()
    assert len(find_paths(view, "STEMGRAPH:a", "STEMGRAPH:d", max_hops=3).items) == 1


def test_an_entity_has_no_path_to_itself():
    answer = find_paths(graph_of("a causes a"), "STEMGRAPH:a", "STEMGRAPH:a")
    assert answer.items == ()
    assert answer.reason == "source and target are the same entity"


def test_paths_have_one_json_shape():
    record = find_paths(graph_of("a causes b"), "STEMGRAPH:a", "STEMGRAPH:b", k=1).to_record()
    assert record["complete"] is True
    assert record["reason"] is None
    (item,) = record["items"]
    assert (item["hops"], item["cost"], item["sentence"]) == (1, 1.0, "a causes b.")
    assert item["steps"][0]["subject"]["id"] == "STEMGRAPH:a"
    assert item["steps"][0]["also"] == []


@pytest.mark.parametrize(("name", "value"), [("max_hops", 0), ("max_hops", 9), ("k", 0), ("budget_ms", 0)])
def test_a_number_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(BadRequestError) as refusal:
        find_paths(graph_of("a causes b"), "STEMGRAPH:a", "STEMGRAPH:b", **{name: value})
    assert refusal.value.place == name


def test_unknown_entities_and_predicates_are_refused():
    view = graph_of("a causes b")
    with pytest.raises(UnknownIdentifierError):
        find_paths(view, "STEMGRAPH:a", "STEMGRAPH:z")
    with pytest.raises(UnknownPredicateError, match="cures"):
        find_paths(view, "STEMGRAPH:a", "STEMGRAPH:b", predicates=["cures"])


def random_graph(nodes: int, edges: int, seed: int) -> GraphView:
    chance = random.Random(seed)  # noqa: S311  # a repeatable graph, no secret
    names = [f"n{number}" for number in range(nodes)]
    return graph_of(*[f"{chance.choice(names)} causes {chance.choice(names)}" for _ in range(edges)])


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("max_hops", [1, 2, 3, 4, 5])
def test_the_best_paths_are_those_that_trying_all_would_find(seed, max_hops):
    view = random_graph(14, 24, seed)
    undirected = nx.Graph(ReadOnlyMultiDiGraph(view))
    source, target = view.node_ids[0], view.node_ids[-1]

    def cost(nodes: list[str]) -> float:
        inner = np.array([view.node(each) for each in nodes[1:-1]], dtype=np.int32)
        return len(nodes) - 1 + HUB_PENALTY * float(np.log10(view.degrees(inner)).sum())

    everything = sorted(map(cost, nx.all_simple_paths(undirected, source, target, cutoff=max_hops)))
    answer = find_paths(view, source, target, max_hops=max_hops, k=5, budget_ms=10_000)
    assert answer.complete
    assert [path.cost for path in answer.items] == pytest.approx(everything[:5])
    for path in answer.items:
        walked = [step.object.id if step.direction == "forward" else step.subject.id for step in path.steps]
        assert walked[-1] == target
        assert len({source, *walked}) == len(walked) + 1


def complete_graph(size: int) -> GraphView:
    """Every node connected to every other: far more simple paths than anyone can list."""
    ids = [f"STEMGRAPH:n{number:05d}" for number in range(size)]
    subjects, objects = np.triu_indices(size, 1)
    constant = Coded(np.zeros(len(subjects), dtype=np.int32), ("causes",))
    columns = ViewColumns(
        node_ids=ids,
        node_labels=ids,
        node_categories=Coded(np.zeros(size, dtype=np.int32), (("disease",),)),
        association_ids=[f"sga:{number:024x}" for number in range(len(subjects))],
        subjects=subjects.astype(np.int32),
        objects=objects.astype(np.int32),
        negated=np.zeros(len(subjects), dtype=np.bool_),
        predicates=constant,
        biolink_predicates=constant,
        statuses=constant,
        sources=constant,
    )
    return GraphView.from_columns(columns)


def test_at_the_end_of_the_time_budget_the_paths_so_far_are_answered():
    view = complete_graph(400)
    begun = time.perf_counter()
    answer = find_paths(view, "STEMGRAPH:n00000", "STEMGRAPH:n00399", max_hops=8, k=50, budget_ms=1)
    assert time.perf_counter() - begun < 2
    assert not answer.complete
    assert answer.reason == "the time budget of 1 ms ended the search"


def test_a_dense_graph_gives_its_best_paths_at_once():
    answer = find_paths(complete_graph(400), "STEMGRAPH:n00000", "STEMGRAPH:n00399", max_hops=8, k=5)
    assert answer.complete
    assert [len(path.steps) for path in answer.items] == [1, 2, 2, 2, 2]
