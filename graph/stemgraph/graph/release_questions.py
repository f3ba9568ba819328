"""The questions about other releases than the one that is open, as methods of the knowledge graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from stemgraph.graph.knowledge_graph import KnowledgeGraph
    from stemgraph.graph.release import Release, ReleaseDirectory
    from stemgraph.graph.release_diff import ReleaseDiff
    from stemgraph.graph.release_history import ReleaseHistory


class ReleaseQuestions:
    """What a knowledge graph knows of the releases beside its own: those of its data directory."""

    directory: ReleaseDirectory
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
        """What changed from one release to another; to this one where no other is named.

        Raises:
            UnknownReleaseError: There is no such release, or several; ``known`` lists them.
            DataDirectoryError: One of them is damaged.
        """
        return self.history.diff(before, self.directory.release.id if after is None else after)
