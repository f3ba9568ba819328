"""The writer's own store: read-write, made of the release's files by hard links, and disposable.

It says of itself on which release it stands, which edit was its last and the digest of what it holds; all
three are written in the same transaction as the edit. A copy for readers is made without that: where the
writer is killed in the midst of it, the store says nothing and is made anew. What it holds can always be had
again from release and journal.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.release import ReleaseDirectory
from stemgraph.graph.state_digest import STATE_GRAPH, digest_text

StoreError = (OSError, RuntimeError, ValueError, SyntaxError)
"""What Oxigraph raises where its files fail it."""

_STATE: Final = ox.NamedNode(STATE_GRAPH)
_VOCABULARY: Final = "https://w3id.org/stemgraph/vocab/"
_NOT_NEEDED: Final = frozenset({"LOCK", "LOG"})


@dataclass(frozen=True, slots=True)
class State:
    """What a store says of itself."""

    release: str
    """Id of the release that it was made from."""
    base: int
    """Number of the last edit that was part of that release."""
    sequence: int
    """Number of the last edit in it."""
    digest: int
    """The digest of its quads, but for this state."""

    def edition_at(self, sequence: int) -> str:
        """Id of the edition after an edit."""
        return self.release if sequence <= self.base else f"{self.release}.{sequence}"

    @property
    def edition(self) -> str:
        """Id of the edition that it holds."""
        return self.edition_at(self.sequence)

    def to_triples(self) -> str:
        """The state as triples for an update."""
        values = {
            "release": f'"{self.release}"',
            "base": str(self.base),
            "sequence": str(self.sequence),
            "digest": f'"{digest_text(self.digest)}"',
        }
        return " ".join(f"<{STATE_GRAPH}> <{_VOCABULARY}{name}> {value} ." for name, value in values.items())


def state_of(store: ox.Store) -> State | None:
    """What a store says of itself; None where it says nothing whole."""
    found = {
        quad.predicate.value.removeprefix(_VOCABULARY): quad.object.value
        for quad in store.quads_for_pattern(_STATE, None, None, _STATE)
        if isinstance(quad.object, ox.Literal)
    }
    try:
        return State(
            found["release"], int(found["base"]), int(found["sequence"]), int(found["digest"], base=16)
        )
    except (KeyError, ValueError):
        return None


class WorkingStore:
    """The store in a directory; it is there after ``build`` or ``open``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._store: ox.Store | None = None

    @property
    def store(self) -> ox.Store:
        """The store itself."""
        assert self._store is not None  # noqa: S101  # used once built or opened
        return self._store

    def open(self) -> State | None:
        """Open what is there; what it says of itself, or None where it cannot be used."""
        if not (self.directory / "CURRENT").exists():
            return None
        try:
            self._store = ox.Store(str(self.directory))
            state = state_of(self._store)
        except StoreError:
            state = None
        if state is None:
            self.close()
        return state

    def build(self, release: ReleaseDirectory) -> None:
        """Make it anew from a release: its tables by hard links, the rest by copies.

        Raises:
            OSError: There is no room, or it cannot be written.
        """
        self.discard()
        partial = self.directory.with_name(f".{self.directory.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for file in release.store.iterdir():
            if file.name not in _NOT_NEEDED and not file.name.startswith("LOG.old"):
                _link_or_copy(file, partial / file.name, link=file.suffix == ".sst")
        partial.rename(self.directory)
        self._store = ox.Store(str(self.directory))

    def apply(self, diff: QuadDiff, state: State) -> None:
        """Make a change, and say of which state it is now, in one transaction.

        Raises:
            OSError: There is no room, or the disk fails; the store must be opened again.
        """
        self.store.update(update_text(diff, state))

    def normalised(self, diff: QuadDiff) -> QuadDiff:
        """The part of a difference that changes something here."""
        return QuadDiff(
            frozenset(line for line, quad in _quads_of(diff.added) if quad not in self.store),
            frozenset(line for line, quad in _quads_of(diff.removed) if quad in self.store),
        )

    def back_up(self, target: Path) -> None:
        """A copy of the store as it is now for readers, by hard links, without what it says of itself.

        Raises:
            OSError: There is no room, or the disk fails; the store must be made anew.
        """
        state = state_of(self.store)
        assert state is not None  # noqa: S101  # it stands on a release
        self.store.update(f"DROP SILENT GRAPH <{STATE_GRAPH}>")
        self.store.backup(str(target))
        self.store.update(_saying(state))

    def close(self) -> None:
        """Let go of the files; nothing else may hold the store."""
        self._store = None

    def discard(self) -> None:
        """Remove it, so that it is built anew."""
        self.close()
        # Without this file it is no store any more, whatever else cannot be removed.
        (self.directory / "CURRENT").unlink(missing_ok=True)
        shutil.rmtree(self.directory, ignore_errors=True)


def update_text(diff: QuadDiff, state: State) -> str:
    """A difference and the state after it as one SPARQL update, which is one transaction."""
    parts = [f"DROP SILENT GRAPH <{STATE_GRAPH}>"]
    if diff.removed:
        parts.append(f"DELETE DATA {{\n{_data(diff.removed)}}}")
    if diff.added:
        parts.append(f"INSERT DATA {{\n{_data(diff.added)}}}")
    parts.append(_saying(state))
    return " ;\n".join(parts)


def _saying(state: State) -> str:
    return f"INSERT DATA {{ GRAPH <{STATE_GRAPH}> {{ {state.to_triples()} }} }}"


def _data(lines: Iterable[str]) -> str:
    """Lines as the body of INSERT DATA, those of one graph together."""
    by_graph: dict[str, list[str]] = {}
    for line in lines:
        triple, graph = _split(line)
        by_graph.setdefault(graph, []).append(triple)
    text: list[str] = []
    for graph, triples in by_graph.items():
        body = " .\n".join(triples)
        text.append(f"GRAPH {graph} {{\n{body} }}\n" if graph else f"{body} .\n")
    return "".join(text)


def _split(line: str) -> tuple[str, str]:
    """The triple and the graph of a canonical line; the graph is empty for the default one."""
    predicate = line.index(" ")
    object_ = line.index(" ", predicate + 1)
    cut = line.rfind(" ", 0, -2)
    graph = line[cut + 1 : -2]
    if cut > object_ and graph.startswith("<") and '"' not in graph:
        return line[:cut], graph
    return line[:-2], ""


def _quads_of(lines: frozenset[str]) -> list[tuple[str, ox.Quad]]:
    ordered = sorted(lines)
    quads = ox.parse("\n".join(ordered), ox.RdfFormat.N_QUADS)
    return list(zip(ordered, quads, strict=True))


def _link_or_copy(source: Path, target: Path, *, link: bool) -> None:
    if link:
        try:
            os.link(source, target)
        except OSError:  # another file system, or one without links
            link = False
    if not link:
        shutil.copyfile(source, target)
