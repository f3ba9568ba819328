from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.regulatory.period import Period


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2018-03-23", date(2018, 3, 23), date(2018, 3, 23)),
    ],
)
def test_a_partial_date_is_the_days_it_may_mean(text: str, earliest: date, latest: date) -> None:
    assert (Period.parse(text).earliest, Period.parse(text).latest) == (earliest, latest)


@pytest.mark.parametrize(
    "text", ["", "22", "2022-13", "2022-02-30", "0000", "2022-1-1", "2022-01-01T00", "٢٠٢٢", "2022\n"]
)
def test_what_is_no_date_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(BadRequestError) as refusal:
        Period.parse(text, place="as_of")
    assert refusal.value.place == "as_of"


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_lies_within_its_month_and_its_year(day: date) -> None:
    text = day.isoformat()
    for part in (text, text[:7], text[:4]):
        period = Period.parse(part)
        assert period.earliest is not None
        assert period.latest is not None
        assert period.earliest <= day <= period.latest
        assert period.year == day.year


def test_a_source_read_within_the_period_tells_that_nothing_came_after_it() -> None:
    assert Period.parse("2026").capped(date(2026, 11, 22)).latest == date(2026, 11, 22)


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2027, 1, 1), None])
def test_a_source_read_before_or_after_the_period_tells_nothing(day: date | None) -> None:
    assert Period.parse("2026").capped(day) == Period.parse("2026")


def test_an_open_period_has_no_year() -> None:
    assert Period.until(date(2023, 12, 5)).year is None
