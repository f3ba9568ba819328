from __future__ import annotations

from stemgraph.app.access import SCOPES, including
from stemgraph.app.access.scopes import LADDER


def test_each_scope_includes_those_before_it() -> None:
    assert including(["read"]) == {"read"}
    assert including(["update"]) == {"read", "write", "update"}
    assert including(["read", "admin"]) == set(LADDER)


def test_what_is_no_scope_allows_nothing() -> None:
    assert including([]) == set()
    assert including(["root", "WRITE"]) == set()


def test_the_ladder_is_the_order_in_which_scopes_are_described() -> None:
    assert tuple(SCOPES) == LADDER
