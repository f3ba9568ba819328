"""The questions about other releases than the one that is open, as methods of the knowledge graph."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from stemgraph.graph.edition import Edition
from stemgraph.graph.records import MappedRecords

if TYPE_CHECKING:
    from stemgraph.graph.knowledge_graph import KnowledgeGraph
    from stemgraph.graph.release import Release
    from stemgraph.graph.release_diff import ReleaseDiff
    from stemgraph.graph.release_history import ReleaseHistory


class ReleaseQuestions:
    """What a knowledge graph knows of the releases beside its own: those of its data directory."""

    edition: Edition
    records: MappedRecords
    history: ReleaseHistory
    """The releases that can be asked."""

    def releases(self) -> tuple[Release, ...]:
        """Every release of the data directory, the lowest number first; else only the one that is open."""
        return self.history.releases()

    def at(self, release: int | str) -> KnowledgeGraph:
        """The graph as it was in a release, opened anew: close it, or use ``with``.

        Args:
            release: A number, an id, or the first four or more digits of a digest.

        Raises:
            UnknownReleaseError: There is no such release, or several; ``known`` lists them.
            DataDirectoryError: It is damaged.
        """
        graph = cast("KnowledgeGraph", self)
        return type(graph)(self.history.directory(release), history=self.history)

    def diff(self, before: int | str, after: int | str | None = None) -> ReleaseDiff:
        """What changed from one release to another; to this edition where no other is named.

        Raises:
            UnknownReleaseError: There is no such release, or several; ``known`` lists them.
            DataDirectoryError: One of them is damaged.
        """
        if after is not None or self.edition.is_release:
            return self.history.diff(before, self.edition.release.id if after is None else after)
        from stemgraph.graph.release_diff import ReleaseDiff  # noqa: PLC0415  # only where it is asked for

        earlier = self.history.directory(before)
        kept = self._diffs.get(earlier.release.id)
        if kept is None:
            kept = ReleaseDiff(
                Edition.of_release(earlier), MappedRecords(earlier.records), self.edition, self.records
            )
            self._diffs[earlier.release.id] = kept
        return kept

    @cached_property
    def _diffs(self) -> dict[str, ReleaseDiff]:
        """The differences that were asked for, page by page, by the release that they begin with."""
        return {}
