from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
import pytest
from benchmarks.reliability import fuzz
from benchmarks.reliability.languages import RDF, SPARQL
from benchmarks.reliability.mutation import Language


def test_no_mutated_input_gets_an_answer_that_is_not_documented(hold: Callable[[Any], object]) -> None:
    hold(fuzz)


@pytest.mark.parametrize("language", [SPARQL, *RDF], ids=lambda each: each.name)
def test_a_mutant_is_the_same_each_time_and_seldom_another(language: Language) -> None:
    mutants = [language.mutant(number) for number in range(200)]
    assert mutants == [language.mutant(number) for number in range(200)]
    assert len(set(mutants)) > 150


@pytest.mark.parametrize("language", RDF, ids=lambda each: each.name)
def test_the_first_seed_of_a_language_is_right(language: Language) -> None:
    format_ = ox.RdfFormat.from_media_type(language.media_type)
    assert format_ is not None
    assert list(ox.parse(language.seeds[0], format_))
