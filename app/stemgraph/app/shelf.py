"""A few things kept open at once, each by its key: the longest unused goes first, what is in use stays."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from stemgraph.app.errors import UnavailableError

KeyType = TypeVar("KeyType", bound=Hashable)
ThingType = TypeVar("ThingType")


@dataclass(slots=True)
class _Place(Generic[ThingType]):
    thing: ThingType
    users: int = 0


class Shelf(Generic[KeyType, ThingType]):
    """Things that are opened when they are first asked for, and closed when others need their place.

    It is for one event loop, on which nothing else happens between its lines.

    Args:
        most: Number of things that are open at once.
        open_thing: Opens the thing of a key.
        close_thing: Closes one that nobody uses.
    """

    def __init__(
        self,
        most: int,
        open_thing: Callable[[KeyType], ThingType],
        close_thing: Callable[[ThingType], object],
    ) -> None:
        self._most = most
        self._open = open_thing
        self._close = close_thing
        self._places: OrderedDict[KeyType, _Place[ThingType]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: KeyType) -> bool:
        return key in self._places

    def take(self, key: KeyType) -> ThingType:
        """The thing of a key, opened if it is not; it stays open until it is given back.

        Raises:
            UnavailableError: As many as may be open are all in use.
        """
        place = self._places.get(key)
        if place is None:
            self._make_room()
            place = self._places[key] = _Place(self._open(key))
        self._places.move_to_end(key)
        place.users += 1
        return place.thing

    def give_back(self, key: KeyType) -> None:
        """One who took it needs it no more."""
        place = self._places.get(key)
        if place is not None:  # else everything has been closed meanwhile
            place.users -= 1

    def close(self) -> None:
        """Close everything, in use or not."""
        while self._places:
            _, place = self._places.popitem()
            self._close(place.thing)

    def _make_room(self) -> None:
        if len(self._places) < self._most:
            return
        unused = next((key for key, place in self._places.items() if place.users == 0), None)
        if unused is None:
            raise UnavailableError(
                f"{self._most} other releases are being read, which is as many as are open at once",
                mend="try again in a moment",
            )
        self._close(self._places.pop(unused).thing)
