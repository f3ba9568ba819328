"""The releases that can be asked beside the one that is open, and how a release is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from stemgraph.graph.errors import DataDirectoryError, UnknownReleaseError
from stemgraph.graph.model import Record
from stemgraph.graph.release import DataDirectory, Release, ReleaseDirectory, read_release
from stemgraph.graph.release_note import ReleaseNote

if TYPE_CHECKING:
    from stemgraph.graph.release_diff import ReleaseDiff

SHORTEST_PREFIX: Final = 4
"""Digits of a digest from which a release is recognised."""

_DIFFS: Final = 4
"""Differences that are remembered."""

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")


class ReleaseHistory:
    """The releases of a data directory; or one release alone, where there is no such directory.

    It is looked up anew each time, so that a release which was published meanwhile is among them.
    """

    def __init__(self, own: ReleaseDirectory, data: DataDirectory | None = None) -> None:
        self._own = own
        self._data = data
        self._known: dict[str, Release] = {}
        # One difference is asked for page by page, and takes half a second to find.
        self._diff = lru_cache(maxsize=_DIFFS)(self._compare)
        self._counts: dict[tuple[str, str], Record] = {}

    def __reduce__(self) -> tuple[type[ReleaseHistory], tuple[ReleaseDirectory, DataDirectory | None]]:
        """Another process looks for itself."""
        return ReleaseHistory, (self._own, self._data)

    def releases(self) -> tuple[Release, ...]:
        """Every release, the lowest number first."""
        known = {self._own.release.id: self._own.release}
        if self._data is not None:
            for identifier in self._data.releases():
                release = self._known.get(identifier) or _read(self._data, identifier)
                if release is not None:
                    known[identifier] = release
        self._known = known
        return tuple(sorted(known.values(), key=lambda each: (each.number, each.date, each.id)))

    def find(self, asked: int | str) -> Release:
        """The release of a number, an id, or the first digits of a digest.

        Raises:
            UnknownReleaseError: It names none of these releases, or several.
        """
        return find_release(asked, self.releases())

    def directory(self, asked: int | str) -> ReleaseDirectory:
        """Where a release is; raises as ``find``, and as ``ReleaseDirectory`` where it is damaged."""
        release = self.find(asked)
        if self._data is None or release.id == self._own.release.id:
            return self._own
        return ReleaseDirectory(self._data.release_path(release.id))

    def diff(self, before: int | str, after: int | str) -> ReleaseDiff:
        """What changed from one release to another; raises as ``directory``."""
        return self._diff(self.find(before).id, self.find(after).id)

    def before(self, release: Release) -> Release | None:
        """The release that came before another, if there is one."""
        earlier = [each for each in self.releases() if each.number < release.number]
        return earlier[-1] if earlier else None

    def notes(self, releases: Iterable[Release]) -> Iterator[ReleaseNote]:
        """What each of these releases changed, in a few words."""
        for release in releases:
            before = self.before(release)
            if before is None:
                yield ReleaseNote(release, None, {})
                continue
            key = (before.id, release.id)
            if key not in self._counts:
                self._counts[key] = self._diff(*key).to_record()["counts"]
            yield ReleaseNote(release, before, self._counts[key])

    def _compare(self, before: str, after: str) -> ReleaseDiff:
        from stemgraph.graph.release_diff import ReleaseDiff  # noqa: PLC0415  # only where it is asked for

        return ReleaseDiff.of_releases(self.directory(before), self.directory(after))


def find_release(asked: int | str, releases: Iterable[Release]) -> Release:
    """The release among these that a number, an id, or the first digits of a digest names.

    Raises:
        UnknownReleaseError: None of them, or several.
    """
    known = tuple(releases)
    text = str(asked).strip().lower().removeprefix("sha256:")
    if _NUMBER.fullmatch(text):
        # Of several with one number, which only a directory put together by hand can hold, the last.
        numbered = [each for each in known if each.number == int(text)]
        if numbered:
            return numbered[-1]
    found = [each for each in known if each.digest.startswith(text)] if len(text) >= SHORTEST_PREFIX else []
    if len(found) == 1:
        return found[0]
    raise UnknownReleaseError(
        str(asked)[:100], [(each.number, each.id, each.date) for each in known], several=len(found) > 1
    )


def _read(data: DataDirectory, identifier: str) -> Release | None:
    try:
        return read_release(data.release_path(identifier))
    except DataDirectoryError:  # a directory that was damaged or is being removed holds none
        return None
