"""What an action is given and gives back: the head, the request, and the change that it proposes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stemgraph.app.errors import PreconditionFailedError, PreconditionRequiredError
from stemgraph.graph.quad_diff import QuadDiff

if TYPE_CHECKING:
    import pyoxigraph as ox

    from stemgraph.graph import KnowledgeGraph


@dataclass(frozen=True, slots=True)
class Head:
    """The last state of the graph, as the writer process sees it."""

    open_graph: Callable[[], KnowledgeGraph]
    """Gives ``graph``."""
    store: ox.Store
    """Its quads, trusted and read-write: an action reads it and never writes."""
    sequence: int
    """Number of the last edit."""
    edition: str
    """Id of the edition."""

    @property
    def graph(self) -> KnowledgeGraph:
        """The edition with its records, names and view; made when it is first asked for after an edit."""
        return self.open_graph()


@dataclass(frozen=True, slots=True)
class Payload:
    """One write as it was asked for: what to do, on what version, by whom and why."""

    action: str
    body: Mapping[str, Any]
    """JSON; the action's own."""
    if_match: str | None
    """The If-Match header, as it was sent."""
    key: str
    """Id of the key."""
    reason: str | None
    time: str
    """Date and time in UTC that the journal will say."""
    sequence: int
    """Number that the edit gets if it is the next one."""

    def require(self, version: str) -> None:
        """Refuse the write unless If-Match names this version (a tag in quotation marks) or ``*``.

        Raises:
            PreconditionRequiredError: There is no If-Match.
            PreconditionFailedError: It names others.
        """
        if self.if_match is None:
            raise PreconditionRequiredError(
                "a write must say which version it changes",
                place="If-Match",
                mend="send the ETag that reading it gave",
            )
        given = [each.strip() for each in self.if_match.split(",")]
        if "*" not in given and version not in given:
            raise PreconditionFailedError(
                "it was changed since this version was read",
                place="If-Match",
                mend=f"read it again; its version is {version}",
            )


@dataclass(frozen=True, slots=True)
class Proposal:
    """The change that an action makes of a request: explicit, not yet done."""

    diff: QuadDiff
    touched: frozenset[str] = frozenset()
    """IRIs of what it depends on or changes; writes that touch different things are committed together.

    The subjects of the diff belong to it in any case.
    """
    result: Callable[[KnowledgeGraph], bytes] | None = None
    """Makes the answer's body from the edition after the write."""
    versions: Mapping[str, str] = field(default_factory=dict[str, str])
    """Versions by IRI that the action has found to be as If-Match demands."""
    undoes: int | None = None
    """Number of the edit that it takes back."""

    @property
    def dependencies(self) -> frozenset[str]:
        """Everything that must not be changed by another write of the same commit."""
        return self.touched | self.diff.subjects
