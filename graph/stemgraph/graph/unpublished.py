"""The edits that stand in the journal of a data directory and in none of its releases yet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pyoxigraph as ox

from stemgraph.graph.aside import Aside
from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.journal import NAME, Journal
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.release import DataDirectory, Release

if TYPE_CHECKING:
    from stemgraph.graph.publication import Publication
    from stemgraph.graph.tables import Progress


@dataclass(frozen=True, slots=True)
class UnpublishedEdits:
    """The edits after those of a release: how many, the number of the last, and what they come to."""

    release: Release
    count: int
    last: int
    """Number of the last edit; that of the release where there is none after it."""
    net: QuadDiff
    aside: tuple[str, ...] = ()
    """IRIs of the named graphs that no record of the release after them is made of."""

    @classmethod
    def of(cls, data: DataDirectory) -> UnpublishedEdits:
        """Those of a data directory, as far as they have been made readable.

        Raises:
            DataDirectoryError: The release or the journal is damaged.
        """
        directory = data.current()
        release = directory.release
        net, count, last = QuadDiff(), 0, release.sequence
        for entry in Journal(data.path / NAME).entries(release.sequence, until=_readable(data, release)):
            net, count, last = net.then(entry.diff), count + 1, entry.sequence
        edited = Aside.of_edits(directory).among(str(quad.graph_name) for quad in _quads(net.added))
        return cls(release, count, last, net, tuple(sorted({*release.aside, *edited})))

    def made_on(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Quads of the release as they are after the edits."""
        touched = self.net.subjects
        changed = self.net.added | self.net.removed
        for quad in quads:
            subject = quad.subject
            is_touched = isinstance(subject, ox.NamedNode) and subject.value in touched
            if not (is_touched and _line(quad) in changed):
                yield quad
        yield from _quads(self.net.added)


def publish_edits(data: DataDirectory, *, progress: Progress | None = None) -> Publication:
    """Publish the current release with its edits as the next release; the journal stays as it is.

    Edits that are made meanwhile stand on the new release afterwards.

    Raises:
        BadRequestError: Nothing has been edited since the current release.
        DataDirectoryError: The directory is damaged or cannot be written.
    """
    from stemgraph.graph.formats import read_dataset  # noqa: PLC0415  # needed here alone
    from stemgraph.graph.publication import publish_release  # noqa: PLC0415
    from stemgraph.graph.source import write_source  # noqa: PLC0415

    current = data.current()
    edits = UnpublishedEdits.of(data)
    if not edits.count:
        raise BadRequestError(
            f"nothing has been edited since release {edits.release.number}",
            place=str(data.path),
            mend="make an edit first",
        )
    with tempfile.TemporaryDirectory(prefix="stemgraph-publish-") as temporary:
        if progress:
            progress("making the edits", 0.0)
        write_source(edits.made_on(read_dataset(current.export)), Path(temporary), aside=edits.aside)
        return publish_release(Path(temporary), data, sequence=edits.last, progress=progress)


def _quads(lines: Iterable[str]) -> Iterator[ox.Quad]:
    yield from ox.parse("\n".join(sorted(lines)), ox.RdfFormat.N_QUADS)


def _readable(data: DataDirectory, release: Release) -> int | None:
    """The last edit that readers were told of; None where none says so, and every whole line counts."""
    try:
        record: dict[str, Any] = orjson.loads((data.path / "editions" / "current").read_bytes())
        return int(record["sequence"]) if record["release"] == release.id else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _line(quad: ox.Quad) -> str:
    """A quad as the line that an edit names it by."""
    kept = ox.Store()
    kept.add(quad)
    return "".join(f"{each} ." for each in kept)
