from __future__ import annotations

import pytest

from stemgraph.graph.annotation.words import words_of_text
from stemgraph.graph.claims.sentences import sentences_of


def sentences(text: str) -> list[str]:
    words = words_of_text(text)
    return [text[words[each.first].start : words[each.last - 1].end] for each in sentences_of(text, words)]


def test_sentences_end_at_marks_and_blank_lines() -> None:
    assert sentences("One. Two! Three?\n\nA title\n\nFour") == ["One", "Two", "Three", "A title", "Four"]


@pytest.mark.parametrize(
    "text",
    ["Cells, e.g. stem cells, live", "Approved in the U.S. in 2020", "E. coli grew", "It cost 3.5 million"],
)
def test_an_abbreviation_or_a_number_ends_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_what_holds_no_word_is_no_sentence() -> None:
    assert sentences("... !!! ((( \n\n ;;;") == []


def test_a_text_without_marks_is_cut() -> None:
    assert len(sentences("word " * 1000)) > 5


def test_a_question_keeps_its_mark() -> None:
    words = words_of_text("Is it so?")
    assert [each.mark for each in sentences_of("Is it so?", words)] == ["?"]
