"""A few things kept open at once: the longest unused is closed, what is in use never."""

from __future__ import annotations

import pytest

from stemgraph.app.errors import UnavailableError
from stemgraph.app.shelf import Shelf


class Opened:
    """A shelf of strings that remembers what was opened and closed."""

    def __init__(self, most: int) -> None:
        self.closed: list[str] = []
        self.opened: list[str] = []
        self.shelf = Shelf[str, str](most, self._open, self.closed.append)

    def _open(self, key: str) -> str:
        self.opened.append(key)
        return key.upper()

    def use(self, *keys: str) -> None:
        for key in keys:
            assert self.shelf.take(key) == key.upper()
            self.shelf.give_back(key)


def test_a_thing_is_opened_when_it_is_first_asked_for_and_then_kept() -> None:
    things = Opened(2)
    assert len(things.shelf) == 0
    things.use("a", "a", "b", "a")
    assert (things.opened, things.closed) == (["a", "b"], [])


def test_the_longest_unused_is_closed_for_another() -> None:
    things = Opened(2)
    things.use("a", "b", "a", "c")
    assert things.closed == ["B"]
    assert "a" in things.shelf
    assert len(things.shelf) == 2


def test_what_is_in_use_is_not_closed() -> None:
    things = Opened(2)
    things.shelf.take("a")
    things.use("b", "c")
    assert things.closed == ["B"]
    things.shelf.give_back("a")
    things.use("d")
    assert things.closed == ["B", "A"]


def test_when_all_are_in_use_another_is_refused_until_one_is_given_back() -> None:
    things = Opened(1)
    things.shelf.take("a")
    things.shelf.take("a")
    things.shelf.give_back("a")
    with pytest.raises(UnavailableError):
        things.shelf.take("b")
    things.shelf.give_back("a")
    things.use("b")
    assert things.closed == ["A"]


def test_everything_can_be_closed_and_given_back_later() -> None:
    things = Opened(2)
    things.shelf.take("a")
    things.shelf.close()
    assert things.closed == ["A"]
    things.shelf.give_back("a")
    things.use("a")
