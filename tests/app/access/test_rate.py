from __future__ import annotations

from stemgraph.app.access.rate import MOST_CLIENTS, Budget


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_budget_may_be_spent_at_once_and_then_refills_steadily() -> None:
    clock = Clock()
    budget = Budget(60, clock)
    assert [budget.spend("a") for _ in range(60)] == [0] * 60
    assert budget.spend("a") == 1
    clock.now += 1
    assert budget.spend("a") == 0
    assert budget.spend("a") == 1
    clock.now += 3600
    assert [budget.spend("a") for _ in range(60)] == [0] * 60
    assert budget.spend("a") == 1


def test_each_client_has_its_own() -> None:
    budget = Budget(1, Clock())
    assert budget.spend("a") == 0
    assert budget.spend("a") > 0
    assert budget.spend("b") == 0


def test_what_costs_less_is_had_more_often() -> None:
    budget = Budget(10, Clock())
    assert [budget.spend("a", 0.1) for _ in range(99)] == [0] * 99


def test_what_is_refused_costs_nothing() -> None:
    clock = Clock()
    budget = Budget(60, clock)
    for _ in range(1000):
        budget.spend("a")
    clock.now += 1
    assert budget.spend("a") == 0


def test_as_many_clients_as_there_are_take_bounded_memory() -> None:
    clock = Clock()
    budget = Budget(60, clock)
    for number in range(3 * MOST_CLIENTS):
        budget.spend(str(number))
    assert len(budget._spent_until) <= MOST_CLIENTS
