import random
import time

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.graph.statements import evidence, graph_stating, stated

from stemgraph.graph.errors import BadRequestError, UnknownIdentifierError, UnknownPredicateError
from stemgraph.graph.model import Association, EntityReference
from stemgraph.graph.networkx_view import ReadOnlyMultiDiGraph
from stemgraph.graph.path_score import PathCosts, predicate_factor, score_of, specificity
from stemgraph.graph.paths import find_paths
from stemgraph.graph.string_table import StringTable
from stemgraph.graph.support import SCALE
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


ROWS = st.lists(
    st.builds(
        "n{} {}{} n{}".format,
        st.integers(0, 5),
        st.sampled_from(["", "!"]),
        st.sampled_from(["treats", "causes", "studied_to_treat"]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=25,
    unique=True,
)


@given(rows=ROWS, direction=st.sampled_from(["any", "forward", "backward"]))
def test_no_path_ever_leans_on_a_negated_association_or_goes_the_wrong_way(rows, direction):
    view = graph_of("n0 causes n9", "n5 causes n9", *rows)
    stated_rows = {f"sga:{number:024x}" for number, row in enumerate(rows, start=2) if "!" not in row} | {
        f"sga:{number:024x}" for number in range(2)
    }
    answer = find_paths(view, "STEMGRAPH:n0", "STEMGRAPH:n5", k=20, direction=direction, budget_ms=5000)
    scores = [path.score for path in answer.items]
    assert scores == sorted(scores, reverse=True)
    for path in answer.items:
        for step in path.steps:
            assert {step.association, *step.also} <= stated_rows
            assert direction in {"any", step.direction}


def test_between_equally_long_paths_the_one_through_a_hub_comes_last():
    spokes = [f"d{number} subclass_of hub" for number in range(50)]
    view = graph_of("a subclass_of hub", "b subclass_of hub", "a treats x", "b treats x", *spokes)
    paths = find_paths(view, "STEMGRAPH:a", "STEMGRAPH:b", k=2).items
    assert [path.steps[0].object.label for path in paths] == ["x", "hub"]
    assert paths[0].score > paths[1].score


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
    assert (item["hops"], item["sentence"]) == (1, "a causes b.")
    assert item["score"] == pytest.approx(score_of(item["cost"]), rel=1e-2)
    assert item["end"]["id"] == "STEMGRAPH:b"
    assert item["cautions"] == []
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

    costs = PathCosts(view)

    def cost(nodes: list[str]) -> float:
        inner = np.array([view.node(each) for each in nodes[1:-1]], dtype=np.int32)
        step = float(costs.of_edges(np.array([0], dtype=np.int32))[0])  # all claim and weigh the same
        return step * (len(nodes) - 1) + float(costs.of_nodes(inner).sum())

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
        node_ids=StringTable.from_strings(ids),
        node_labels=StringTable.from_strings(ids),
        node_categories=Coded(np.zeros(size, dtype=np.int32), (("disease",),)),
        association_ids=StringTable.from_strings([f"sga:{number:024x}" for number in range(len(subjects))]),
        subjects=subjects.astype(np.int32),
        objects=objects.astype(np.int32),
        negated=np.zeros(len(subjects), dtype=np.bool_),
        predicates=constant,
        biolink_predicates=constant,
        statuses=constant,
        sources=constant,
        support=np.full(len(subjects), SCALE, dtype=np.int32),
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


def test_a_step_that_claims_more_scores_higher():
    strengths = ["studied_to_treat", "applied_to_treat", "recommended_for", "treats"]
    scores = []
    for predicate in strengths:
        (path,) = find_paths(graph_of(f"a {predicate} b"), "STEMGRAPH:a", "STEMGRAPH:b").items
        scores.append(path.score)
    assert scores == sorted(scores)
    assert len(set(scores)) == len(scores)


def test_the_score_is_the_product_that_is_documented():
    view = graph_of("a treats b", "c treats b")
    (path,) = find_paths(view, "STEMGRAPH:a", "STEMGRAPH:c").items
    step = 0.5 * predicate_factor("treats") * 0.6 * 0.5  # reported, and without evidence
    assert path.score == pytest.approx(step * step * specificity(2))


def test_paths_may_be_asked_for_in_one_direction_only():
    view = graph_of("a causes b", "c causes b", "c causes d")
    assert find_paths(view, "STEMGRAPH:a", "STEMGRAPH:d", direction="forward").items == ()
    assert find_paths(view, "STEMGRAPH:b", "STEMGRAPH:a", direction="forward").items == ()
    (path,) = find_paths(view, "STEMGRAPH:b", "STEMGRAPH:a", direction="backward").items
    assert path.steps[0].direction == "backward"
    assert path.end.id == "STEMGRAPH:a"


def test_without_a_target_the_best_connected_entities_are_given():
    view = graph_of("a studied_to_treat b", "a treats c", "a treats b", "c causes d")
    answer = find_paths(view, "STEMGRAPH:a", None, k=5)
    assert [path.end.label for path in answer.items] == ["b", "c"]
    assert answer.items[0].steps[0].predicate == "treats"
    assert answer.reason == "no other path has at most 1 step"


def test_an_unknown_direction_is_refused():
    with pytest.raises(BadRequestError, match="sideways"):
        find_paths(graph_of("a causes b"), "STEMGRAPH:a", "STEMGRAPH:b", direction="sideways")


THREE_HOPS = ("corrects_gene", "^has_causal_gene", "^treats|^applied_to_treat")


def test_a_sequence_of_predicates_leads_from_a_product_to_the_other_treatments():
    view = graph_of(
        "product corrects_gene gene",
        "disease has_causal_gene gene",
        "hsct treats disease",
        "drug applied_to_treat disease",
        "product treats disease",
        "diet prevents disease",
    )
    answer = find_paths(view, "STEMGRAPH:product", None, via=THREE_HOPS, k=10)
    assert [path.end.id for path in answer.items] == ["STEMGRAPH:hsct", "STEMGRAPH:drug"]
    assert answer.reason == "no other path goes so"
    assert [step.direction for step in answer.items[0].steps] == ["forward", "backward", "backward"]


def test_a_sequence_may_have_a_target_too():
    view = graph_of("a causes b", "b causes c", "a causes c")
    (path,) = find_paths(view, "STEMGRAPH:a", "STEMGRAPH:c", via=("causes", "causes")).items
    assert len(path.steps) == 2
    assert find_paths(view, "STEMGRAPH:a", "STEMGRAPH:c", via=("^causes",)).reason == "no path goes ^causes"


def test_to_each_end_of_a_sequence_the_best_path_is_given_once():
    view = graph_of("a causes b", "b treats c", "a causes d", "d studied_to_treat c")
    (path,) = find_paths(view, "STEMGRAPH:a", None, via=("causes", "treats|studied_to_treat"), k=5).items
    assert path.steps[1].predicate == "treats"


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ({"via": ("causes",), "predicates": ["causes"]}, "via"),
        ({"via": ("causes",), "direction": "forward"}, "via"),
        ({"via": ("causes|",)}, "via"),
        ({"via": ("causes",) * 9}, "via"),
        ({"via": ("cures",)}, "via"),
    ],
)
def test_parameters_that_do_not_go_together_are_refused_by_name(arguments, place):
    asked = {"target": "STEMGRAPH:b"} | arguments
    with pytest.raises(BadRequestError) as refusal:
        find_paths(graph_of("a causes b"), "STEMGRAPH:a", asked.pop("target"), **asked)
    assert refusal.value.place == place


@pytest.mark.parametrize("seed", range(8))
def test_a_sequence_finds_what_trying_all_walks_would_find(seed):
    chance = random.Random(seed)  # noqa: S311  # a repeatable graph, no secret
    rows = {
        f"n{chance.randrange(9)} {chance.choice(['causes', 'treats', 'prevents'])} n{chance.randrange(9)}"
        for _ in range(30)
    }
    view = graph_of(*sorted(rows))
    edges = {tuple(row.split()) for row in rows}
    expected = {
        third
        for first, predicate, second in edges
        for other, second_predicate, third in [(o, p, s) for s, p, o in edges]
        if (first, predicate) == ("n0", "causes") and other == second and second_predicate == "treats"
        if len({first, second, third}) == 3
    }
    answer = find_paths(view, "STEMGRAPH:n0", None, via=("causes", "^treats"), k=50)
    assert {path.end.label for path in answer.items} == expected


def test_the_first_path_is_told_even_where_the_clock_has_run_out():
    view = random_graph(3000, 20_000, 1)
    answer = find_paths(view, view.node_ids[0], view.node_ids[-1], max_hops=8, k=50, budget_ms=30)
    assert answer.complete or len(answer.items) < 50


def test_why_tocilizumab_is_given_after_car_t_cells_is_a_path_of_two_steps(bundled):
    (path, *_) = bundled.paths(
        bundled.find("CAR T-cell therapy").id, bundled.find("tocilizumab").id, max_hops=2
    ).items
    assert path.sentence == (
        "CAR T-cell therapy has the adverse event cytokine release syndrome; "
        "tocilizumab treats cytokine release syndrome."
    )
    assert all(step.evidence for step in path.steps)


def test_between_two_hubs_of_the_bundle_the_budget_is_kept(bundled):
    begun = time.perf_counter()
    answer = bundled.paths("MONDO:0000001", "STEMGRAPH:fda", max_hops=8, k=50, budget_ms=1000)
    assert time.perf_counter() - begun < 2
    assert answer.items
    assert answer.complete or answer.reason == "the time budget of 1000 ms ended the search"


FALSIFIED = evidence("falsified", reference="PMID:1")
SOUND = evidence("sound", reference="PMID:2")
NOTICE = evidence("notice", reference="PMID:3", retracts=("PMID:1",))


@pytest.fixture(scope="module")
def retracted(tmp_path_factory):
    rows = (
        stated("hsct treats ms", FALSIFIED, status="rct_supported"),
        stated("rrms caused_by ms", SOUND),
        stated("drug studied_to_treat ms", SOUND, status="investigational", qualifiers={"line": "second"}),
        stated("drug causes harm", NOTICE, SOUND),
    )
    with graph_stating(tmp_path_factory.mktemp("paths"), *rows) as graph:
        yield graph


def test_a_path_that_leans_on_retracted_evidence_comes_last_and_says_so(retracted):
    answer = retracted.paths("STEMGRAPH:ms", None, via=("^treats|^studied_to_treat",), k=5)
    assert [path.end.label for path in answer.items] == ["drug", "hsct"]
    last = answer.items[-1]
    assert last.cautions == ("step 1: its evidence was retracted",)
    assert last.sentence == "hsct treats ms (its evidence was retracted)."
    assert last.steps[0].status == "evidence_retracted"
    assert last.steps[0].evidence[0].retracted


def test_each_step_names_its_evidence_and_qualifiers(retracted):
    (path,) = retracted.paths("STEMGRAPH:drug", "STEMGRAPH:ms").items
    (step,) = path.steps
    assert [(each.reference, each.stance) for each in step.evidence] == [("PMID:2", "supports")]
    assert step.qualifiers == {"line": "second"}
    assert path.to_record()["steps"][0]["evidence"][0]["source_tier"] == 1
