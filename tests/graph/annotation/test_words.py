from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemgraph.graph.annotation.words import FormText, form_of, forms_of, is_acronym, words_of_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leukaemias", "leukemia"),
        ("Crohn's", "Crohn"),
        ("Crohn\u2019s", "crohn"),
        ("HSCTs", "HSCT"),
        ("iPSCs", "iPSC"),
        ("therapies", "therapy"),
        ("abscesses", "abscess"),
        ("tumours", "tumor"),
        ("Ménière", "meniere"),
        ("vs", "versus"),
    ],
)
def test_spellings_of_one_word_have_one_form(one: str, other: str) -> None:
    assert form_of(one) == form_of(other)


@pytest.mark.parametrize("word", ["lupus", "sclerosis", "lens", "virus", "ALS"])
def test_what_ends_in_s_is_not_always_a_plural(word: str) -> None:
    assert form_of(word) == word.casefold()


def test_hyphens_part_words_as_blanks_do() -> None:
    assert forms_of("graft-versus-host disease") == forms_of("graft versus host diseases")


def test_a_comma_is_a_word_so_that_no_name_reaches_across_it() -> None:
    assert forms_of("leukemia, lymphoma") == ("leukemia", ",", "lymphoma")


@pytest.mark.parametrize(
    ("word", "expected"), [("GVHD", True), ("IL2RG", True), ("All", False), ("cell", False)]
)
def test_acronyms_have_two_capitals_or_one_beside_a_digit(word: str, expected: bool) -> None:
    assert is_acronym(word) is expected


@given(st.text(max_size=200))
def test_every_word_stands_where_it_says_it_does(text: str) -> None:
    words = words_of_text(text)
    for word in words:
        assert 0 <= word.start < word.end <= len(text)
        assert word.form == form_of(text[word.start : word.end])
    assert [word.start for word in words] == sorted(word.start for word in words)


@given(st.lists(st.text("abc-", min_size=1, max_size=4), min_size=1, max_size=8), st.data())
def test_a_run_of_forms_is_found_back_as_the_words_it_came_from(
    forms: list[str], data: st.DataObject
) -> None:
    text = FormText(forms)
    first = data.draw(st.integers(0, len(forms) - 1))
    last = data.draw(st.integers(first + 1, len(forms)))
    start = sum(len(form) + 2 for form in forms[:first])
    end = start + sum(len(form) + 2 for form in forms[first:last])
    assert text.span(start, end) == (first, last)
