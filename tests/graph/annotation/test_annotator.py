from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.annotation.annotator import PIECE, pieces_of
from stemgraph.graph.errors import BadRequestError, UnknownCategoryError


def named(graph: KnowledgeGraph, text: str, **options: str) -> list[tuple[str, str]]:
    return [(each.text, each.entity.id) for each in graph.annotate(text, **options).items]


def test_names_are_found_with_their_places(small_graph: KnowledgeGraph) -> None:
    text = "Casgevy treats sickle-cell diseases."
    items = small_graph.annotate(text).items
    assert [(each.start, each.end, each.entity.id) for each in items] == [
        (0, 7, "STEMGRAPH:casgevy"),
        (15, 35, "MONDO:0011382"),
    ]
    assert all(text[each.start : each.end] == each.text for each in items)


def test_the_longest_name_from_the_left_is_taken(small_graph: KnowledgeGraph) -> None:
    found = named(small_graph, "autologous hematopoietic stem cell transplantation")
    assert found == [("autologous hematopoietic stem cell transplantation", "STEMGRAPH:autologous-hsct")]


def test_a_category_never_finds_a_name_within_a_longer_one(small_graph: KnowledgeGraph) -> None:
    text = "Hematopoietic stem cell transplantation moves stem cells."
    assert named(small_graph, text, category="cell_type") == [("stem cells", "CL:0000034")]


def test_an_ambiguous_name_keeps_every_meaning(small_graph: KnowledgeGraph) -> None:
    (item,) = small_graph.annotate("Does MS worsen?").items
    assert item.ambiguous
    assert {each.entity.id for each in item.candidates} == {"MONDO:0005301", "MONDO:0005852"}


def test_an_acronym_that_the_text_explains_means_what_it_says(small_graph: KnowledgeGraph) -> None:
    text = "Mitral valve stenosis (MVS) is rare. MVS can be treated."
    assert named(small_graph, text) == [
        ("Mitral valve stenosis", "MONDO:0005852"),
        ("MVS", "MONDO:0005852"),
        ("MVS", "MONDO:0005852"),
    ]


def test_acronyms_must_be_written_in_capitals(small_graph: KnowledgeGraph) -> None:
    assert named(small_graph, "the fda and ms") == []


def test_capitals_tell_nothing_where_all_is_in_capitals(bundled: KnowledgeGraph) -> None:
    assert bundled.annotator  # made first, however long that takes: it counts against a text's budget
    assert "MONDO:0004967" in {
        each.entity.id for each in bundled.annotate("a child with ALL in remission").items
    }
    shouted = "WE TREAT ALL PATIENTS WHO COME TO US WITH CARE"
    assert "MONDO:0004967" not in {each.entity.id for each in bundled.annotate(shouted).items}


@pytest.mark.parametrize(
    "text", ["let us fed the cat", "a common and inherited trait", "at first the cap was rich"]
)
def test_ordinary_words_are_no_diseases(bundled: KnowledgeGraph, text: str) -> None:
    assert named(bundled, text) == []


def test_what_is_obsolete_leads_to_what_stands_in_for_it(small_graph: KnowledgeGraph) -> None:
    assert named(small_graph, "a metazoan cell") == [("metazoan cell", "CL:0000000")]


def test_non_before_a_name_is_another_thing(small_graph: KnowledgeGraph) -> None:
    assert named(small_graph, "non-lymphocyte") == []


def test_an_unknown_category_is_refused(small_graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownCategoryError):
        small_graph.annotate("MS", category="illness")


@pytest.mark.parametrize("budget", [0, -1, 10**9])
def test_a_budget_out_of_range_is_refused(small_graph: KnowledgeGraph, budget: int) -> None:
    with pytest.raises(BadRequestError, match="is not from 1"):
        small_graph.annotate("MS", budget_ms=budget)


def test_the_time_budget_cuts_a_long_text_and_says_where(bundled: KnowledgeGraph) -> None:
    bundled.annotate("The index is made first.")
    text = "Multiple sclerosis and leukemia. " * 30_000
    found = bundled.annotate(text, budget_ms=50)
    assert not found.complete
    assert f"character {found.checked}" in str(found.reason)
    assert all(each.end <= found.checked for each in found.items)


@given(st.text(alphabet="ab \n", max_size=3 * PIECE // 1000).map(lambda text: text * 1500))
@settings(max_examples=20, deadline=None)
def test_pieces_join_to_the_whole_text(text: str) -> None:
    pieces = list(pieces_of(text))
    assert "".join(text[start:end] for start, end in pieces) == text
    assert all(0 < end - start <= PIECE for start, end in pieces)


@given(
    st.lists(
        st.sampled_from(["MS", "Casgevy", "(", ")", "stem cells", ",", "GVHD", "non-", "x", "\n\n"]),
        max_size=12,
    )
)
def test_annotations_are_in_order_and_do_not_overlap(small_graph: KnowledgeGraph, parts: list[str]) -> None:
    text = " ".join(parts)
    items = small_graph.annotate(text).items
    assert all(text[each.start : each.end] == each.text for each in items)
    assert all(one.end <= other.start for one, other in pairwise(items))


def test_a_long_text_gives_what_its_parts_give(small_graph: KnowledgeGraph) -> None:
    part = "Casgevy treats sickle cell disease. "
    found = small_graph.annotate(part * 4000)
    assert len(found.items) == 8000
    assert {each.entity.id for each in found.items} == {"STEMGRAPH:casgevy", "MONDO:0011382"}


def test_annotations_show_as_a_table_in_a_notebook(small_graph: KnowledgeGraph) -> None:
    shown = small_graph.annotate("MS <b>")._repr_html_()
    assert "<th>entity</th>" in shown
    assert "multiple sclerosis (MONDO:0005301)" in shown
