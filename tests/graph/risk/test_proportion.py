from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemgraph.graph.risk.proportion import Proportion

counts = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


# Values of Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.0, 16.11), (1, 29, 0.61, 17.18)],
)
def test_the_wilson_interval_is_the_published_one(part: int, whole: int, low: float, high: float) -> None:
    assert Proportion(part, whole).interval() == (low, high)


@given(counts)
def test_the_interval_holds_the_share_and_stays_within_the_possible(count: tuple[int, int]) -> None:
    found = Proportion(*count)
    low, high = found.interval()
    assert 0 <= low <= found.percent <= high <= 100


@given(counts)
def test_the_interval_of_the_rest_is_its_mirror(count: tuple[int, int]) -> None:
    part, whole = count
    low, high = Proportion(part, whole).interval()
    other_low, other_high = Proportion(whole - part, whole).interval()
    assert low + other_high == pytest.approx(100, abs=0.011)
    assert high + other_low == pytest.approx(100, abs=0.011)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "10 of 67",
        {"numerator": 1},
        {"numerator": 1, "denominator": 0},
        {"numerator": 3, "denominator": 2},
        {"numerator": -1, "denominator": 2},
        {"numerator": True, "denominator": 2},
        {"numerator": "1", "denominator": "2"},
    ],
)
def test_what_is_no_proportion_gives_none(value: object) -> None:
    assert Proportion.from_qualifier(value) is None


def test_a_proportion_reads_as_a_sentence() -> None:
    assert str(Proportion(10, 67)) == "10 of 67 (14.93%, 95% interval 8.31 to 25.34%)"
