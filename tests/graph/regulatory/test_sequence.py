from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stemgraph.graph.regulatory.sequence import Step, possible_states

TYPES = [
    "approval",
    "conditional_approval",
    "accelerated_approval",
    "restriction",
    "withdrawal",
    "refusal",
    "complete_response_letter",
]
FIRST = date(2019, 1, 1)
DAYS = st.integers(0, 1500).map(lambda days: FIRST + timedelta(days=days))


@st.composite
def steps(draw: st.DrawFn, *, most: int = 5) -> list[Step]:
    found: list[Step] = []
    for number in range(draw(st.integers(0, most))):
        first, length = draw(DAYS), draw(st.sampled_from([0, 0, 30, 364]))
        is_open = draw(st.booleans()) and draw(st.booleans())
        earliest = None if is_open else first
        found.append(
            Step(f"sgr:{number}", draw(st.sampled_from(TYPES)), earliest, first + timedelta(days=length))
        )
    return found


def statuses(actions: list[Step], day: date) -> set[str]:
    return {state.status for state in possible_states(actions, day)}


def exact(kind: str, day: str, name: str = "") -> Step:
    when = date.fromisoformat(day)
    return Step(name or f"sgr:{kind}-{day}", kind, when, when)


def year(kind: str, text: int) -> Step:
    return Step(f"sgr:{kind}-{text}", kind, date(text, 1, 1), date(text, 12, 31))


def seen(kind: str, day: str) -> Step:
    return Step(f"sgr:{kind}-seen", kind, None, date.fromisoformat(day))


@given(steps(), st.permutations(range(5)), DAYS)
def test_the_order_in_which_actions_are_given_does_not_matter(
    actions: list[Step], order: list[int], day: date
) -> None:
    shuffled = [actions[number] for number in order if number < len(actions)]
    assert statuses(actions, day) == statuses(shuffled, day)


@given(steps(), DAYS, st.sampled_from(TYPES), st.integers(1, 400), st.integers(0, 400))
def test_an_action_after_the_day_changes_nothing(
    actions: list[Step], day: date, kind: str, after: int, length: int
) -> None:
    first = day + timedelta(days=after)
    later = Step("sgr:later", kind, first, first + timedelta(days=length))
    assert possible_states([*actions, later], day) == possible_states(actions, day)


@given(steps(), DAYS)
def test_there_is_always_an_answer(actions: list[Step], day: date) -> None:
    assert possible_states(actions, day)


@given(st.lists(st.tuples(st.sampled_from(TYPES), DAYS), max_size=5), DAYS)
def test_exact_dates_leave_no_doubt(actions: list[tuple[str, date]], day: date) -> None:
    known = [Step(f"sgr:{number}", kind, when, when) for number, (kind, when) in enumerate(actions)]
    assert len(statuses(known, day)) == 1


@given(st.lists(st.tuples(st.sampled_from(TYPES), DAYS, st.booleans()), max_size=4), DAYS)
def test_knowing_only_the_year_never_loses_the_true_status(
    actions: list[tuple[str, date, bool]], day: date
) -> None:
    true: list[Step] = []
    vague: list[Step] = []
    for number, (kind, when, is_vague) in enumerate(actions):
        true.append(Step(f"sgr:{number}", kind, when, when))
        first, last = date(when.year, 1, 1), date(when.year, 12, 31)
        vague.append(Step(f"sgr:{number}", kind, first, last) if is_vague else true[-1])
    # A restriction of what was never authorised is read as a sign that an order is wrong.
    assume(all(state.proper for state in possible_states(true, day)))
    assert statuses(true, day) <= statuses(vague, day)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("approval", "authorised"),
        ("conditional_approval", "conditional"),
        ("accelerated_approval", "conditional"),
        ("restriction", "restricted"),
        ("withdrawal", "withdrawn"),
        ("refusal", "refused"),
        ("complete_response_letter", "refused"),
        ("label_update", "not stated"),
    ],
)
def test_each_type_of_action_has_its_status(kind: str, status: str) -> None:
    assert statuses([exact(kind, "2020-01-01")], date(2020, 1, 1)) == {status}


def test_a_refusal_of_more_does_not_end_an_authorisation() -> None:
    actions = [exact("approval", "2020-01-01"), exact("complete_response_letter", "2021-01-01")]
    assert statuses(actions, date(2022, 1, 1)) == {"authorised"}


def test_a_year_that_could_fall_on_either_side_leaves_both_open() -> None:
    assert statuses([year("approval", 2022)], date(2022, 6, 1)) == {"authorised", "not stated"}
    assert statuses([year("approval", 2022)], date(2021, 12, 31)) == {"not stated"}
    assert statuses([year("approval", 2022)], date(2022, 12, 31)) == {"authorised"}


def test_what_was_seen_on_a_day_may_have_come_at_any_time_before() -> None:
    actions = [exact("approval", "2019-05-29"), seen("withdrawal", "2023-12-05")]
    assert statuses(actions, date(2021, 1, 1)) == {"authorised", "withdrawn"}
    assert statuses(actions, date(2023, 12, 5)) == {"withdrawn"}


def test_a_withdrawal_seen_later_presupposes_an_authorisation() -> None:
    actions = [exact("approval", "2019-05-29"), seen("withdrawal", "2023-12-05")]
    assert statuses(actions, date(2018, 1, 1)) == {"not stated"}


def test_a_withdrawal_seen_later_came_after_every_authorisation_that_was_seen_before() -> None:
    actions = [
        exact("approval", "2016-01-01"),
        exact("approval", "2018-01-01"),
        seen("withdrawal", "2023-12-05"),
    ]
    assert statuses(actions, date(2024, 1, 1)) == {"withdrawn"}


def test_the_order_within_a_year_is_open_unless_only_one_makes_sense() -> None:
    both = [year("approval", 2020), year("withdrawal", 2020)]
    assert statuses(both, date(2021, 1, 1)) == {"withdrawn"}
    either = [exact("approval", "2019-01-01"), year("restriction", 2020), year("approval", 2020)]
    assert statuses(either, date(2021, 1, 1)) == {"restricted", "authorised"}


def test_a_restriction_on_the_day_of_the_approval_restricts_it() -> None:
    actions = [exact("restriction", "2020-01-01"), exact("approval", "2020-01-01")]
    assert statuses(actions, date(2020, 1, 1)) == {"restricted"}


def test_an_authorisation_for_a_time_ends_with_it_unless_it_was_renewed() -> None:
    granted = exact("conditional_approval", "2020-01-01", "sgr:1")
    lapse = Step("sgr:1", "lapse", date(2023, 1, 1), date(2023, 1, 1))
    assert statuses([granted, lapse], date(2022, 12, 31)) == {"conditional"}
    assert statuses([granted, lapse], date(2023, 1, 1)) == {"not stated"}
    renewed = exact("approval", "2022-01-01")
    assert statuses([granted, lapse, renewed], date(2023, 1, 1)) == {"authorised"}


def test_very_many_open_dates_are_answered_at_once_and_lose_nothing() -> None:
    many = [Step(f"sgr:{n}", TYPES[n % len(TYPES)], date(2020, 1, 1), date(2020, 12, 31)) for n in range(60)]
    found = statuses(many, date(2020, 6, 1))
    assert found >= {"authorised", "conditional", "restricted", "withdrawn", "refused", "not stated"}
    assert statuses(many, date(2021, 1, 1)) >= {"authorised", "withdrawn"}
