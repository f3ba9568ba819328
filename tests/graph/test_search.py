"""Names are found by label, synonym, prefix, words and typos, in that order; what is obsolete comes last."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemgraph.graph import BadRequestError, DataDirectoryError, KnowledgeGraph, UnknownCategoryError
from stemgraph.graph.names import normalise_name, words_of
from stemgraph.graph.search import LabelIndex


def labels(graph: KnowledgeGraph, text: str, **options: str) -> list[str]:
    return [hit.label for hit in graph.search(text, **options).items]  # type: ignore[arg-type]


def test_an_exact_label_comes_first(small_graph: KnowledgeGraph) -> None:
    hit = small_graph.search("multiple sclerosis").items[0]
    assert (hit.id, hit.match, hit.matched) == ("MONDO:0005301", "label", "multiple sclerosis")


def test_an_exact_synonym_says_which(small_graph: KnowledgeGraph) -> None:
    hit = small_graph.search("haemopoietic".replace("hae", "he") + " stem cell").items[0]
    assert (hit.id, hit.match, hit.matched) == ("CL:0000037", "synonym", "hemopoietic stem cell")


def test_case_hyphens_and_accents_do_not_matter(small_graph: KnowledgeGraph) -> None:
    for text in ("Multiple  Sclerosis", "MULTIPLE-SCLEROSIS", "múltiple sclerosis"):
        assert small_graph.search(text).items[0].match == "label"


def test_a_prefix_of_a_label_comes_before_a_word_within_one(small_graph: KnowledgeGraph) -> None:
    hits = small_graph.search("hematopoietic stem").items
    assert [hit.match for hit in hits] == sorted((hit.match for hit in hits), key=["prefix", "words"].index)
    assert hits[0].label == "hematopoietic stem cell"


@pytest.mark.parametrize(
    "text", ["multipel sclerosis", "multiple sclerosiss", "multple sclerosis", "sclerozis"]
)
def test_one_edit_is_forgiven(small_graph: KnowledgeGraph, text: str) -> None:
    hit = small_graph.search(text).items[0]
    assert (hit.label, hit.match) == ("multiple sclerosis", "typo")


def test_two_edits_are_not(small_graph: KnowledgeGraph) -> None:
    assert small_graph.search("mzltzple").total == 0


def test_what_is_obsolete_comes_last_and_is_marked(small_graph: KnowledgeGraph) -> None:
    hits = small_graph.search("46 xx").items
    assert [hit.deprecated for hit in hits] == [False, True]
    hits = small_graph.search("cell").items
    assert [hit.deprecated for hit in hits] == sorted(hit.deprecated for hit in hits)


def test_a_category_narrows_the_hits_but_not_the_facets(small_graph: KnowledgeGraph) -> None:
    free = small_graph.search("hematopoietic")
    narrowed = small_graph.search("hematopoietic", category="cell_type")
    assert free.facets == narrowed.facets == {"cell_type": 1, "therapy": 3}
    assert [hit.id for hit in narrowed.items] == ["CL:0000037"]
    assert narrowed.total == 1


def test_an_identifier_finds_its_entity(small_graph: KnowledgeGraph) -> None:
    assert [hit.match for hit in small_graph.search("MONDO:0005301").items] == ["identifier"]
    assert [hit.id for hit in small_graph.search("DOID:2377").items] == ["MONDO:0005301"]


def test_autocomplete_continues_what_was_typed(small_graph: KnowledgeGraph) -> None:
    assert small_graph.autocomplete("hem")[0].label == "hematopoietic stem cell"
    assert {hit.id for hit in small_graph.autocomplete("autologous hs")} == {"STEMGRAPH:autologous-hsct"}
    assert len(small_graph.autocomplete("c", limit=2)) == 2


def test_pages_join_to_the_whole(small_graph: KnowledgeGraph) -> None:
    whole = small_graph.search("cell", limit=200)
    pages = [
        small_graph.search("cell", limit=2, offset=offset).items for offset in range(0, whole.total + 2, 2)
    ]
    assert tuple(itertools.chain.from_iterable(pages)) == whole.items
    assert len(whole.items) == whole.total


@pytest.mark.parametrize(
    "text", ["", "   ", "!!!", "()[]*?", "\\", "a" * 5000, "AND OR NOT", "label:x", "\x00"]
)
def test_no_text_is_taken_for_query_syntax(small_graph: KnowledgeGraph, text: str) -> None:
    assert small_graph.search(text).total == len(small_graph.search(text).items)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_can_be_searched_for(small_graph: KnowledgeGraph, text: str) -> None:
    answer = small_graph.search(text)
    assert len(answer.items) == min(answer.total, 20)
    assert len({hit.id for hit in answer.items}) == len(answer.items)


def test_every_entity_is_found_by_its_own_names(small_graph: KnowledgeGraph) -> None:
    for entity in small_graph.records.entities():
        for name in (entity.label, *entity.synonyms):
            assert entity.id in {hit.id for hit in small_graph.search(name).items}


def test_scores_fall_from_first_to_last(small_graph: KnowledgeGraph) -> None:
    for text in ("cell", "sclerosis", "hematopoietic"):
        hits = [hit for hit in small_graph.search(text).items if not hit.deprecated]
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert all(0 <= hit.score <= 1 for hit in hits)


def test_bad_parameters_are_refused(small_graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownCategoryError, match="did you mean disease"):
        small_graph.search("x", category="disesae")
    with pytest.raises(BadRequestError, match="limit"):
        small_graph.search("x", limit=0)
    with pytest.raises(BadRequestError, match="offset"):
        small_graph.search("x", offset=-1)
    with pytest.raises(BadRequestError, match="limit"):
        small_graph.autocomplete("x", limit=201)


def test_a_missing_index_is_named(small_graph: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryError, match="name index"):
        LabelIndex(tmp_path, small_graph.records)


def test_the_record_is_plain(small_graph: KnowledgeGraph) -> None:
    record = small_graph.search("casgevy").to_record()
    assert record["items"][0]["categories"] == ["biologic_product"]
    assert (record["total"], record["facets"]) == (2, {"biologic_product": 1, "regulatory_action": 1})


def test_plus_signs_of_markers_are_kept() -> None:
    assert words_of("CD34+ cells (CD34-)") == ["cd34+", "cells", "cd34"]
    assert normalise_name("Graft-versus-Host  Disease") == "graft versus host disease"
