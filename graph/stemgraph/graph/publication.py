"""Publishing: a source becomes the next release of a data directory.

A release states of every association in which release it first stood. A source cannot know that, so it is
carried forward here: what stood before keeps its number, what is new gets that of the new release.
"""

from __future__ import annotations

import gzip
import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from stemgraph.graph.aside import Aside
from stemgraph.graph.compilation import add_release, alone_in
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.first_release import FirstReleases
from stemgraph.graph.nquads import Block, blocks
from stemgraph.graph.release import DataDirectory, Release, ReleaseDirectory, read_release
from stemgraph.graph.renewal import renew_releases
from stemgraph.graph.statements_file import STATEMENTS, text_of
from stemgraph.graph.tables import Progress


@dataclass(frozen=True, slots=True)
class Publication:
    """What came of publishing: the release that is served now, and the one that was served before."""

    directory: ReleaseDirectory
    previous: Release | None
    is_new: bool
    """Whether it was made; a release that says exactly the same is served again instead."""

    @property
    def release(self) -> Release:
        """The release that is served now."""
        return self.directory.release


def publish_release(
    source: Path, data: DataDirectory, *, sequence: int = 0, progress: Progress | None = None
) -> Publication:
    """Publish a source as the next release of a data directory, and serve it from now on.

    The first release of an empty directory is the source as it is. Every later one gets the next number,
    and its associations keep the ``first_release`` that they have in the releases before.

    Args:
        source: Holds ``graph.nq.gz`` and ``release.json``.
        data: Is made where it is not there.
        sequence: Number of the last edit that is part of it, or is given up; later ones are made on it.
        progress: Is told how far the work is.

    Raises:
        DataDirectoryError: The source is unreadable or damaged, or the directory cannot be written.
    """
    try:
        data.path.mkdir(parents=True, exist_ok=True)
        with alone_in(data.path):
            if data.is_empty:
                added = add_release(source, data, progress=progress)
                data.make_current(added.release.id, sequence=sequence)
                return Publication(data.current(), None, is_new=True)
            renew_releases(data, progress=progress)
            with tempfile.TemporaryDirectory(prefix="stemgraph-publish-") as temporary:
                return _publish_next(source, data, Path(temporary), sequence, progress)
    except OSError as error:
        raise DataDirectoryError(
            f"cannot be written: {error.strerror or error}",
            place=str(data.path),
            mend="check permissions and free space",
        ) from error


def _publish_next(
    source: Path, data: DataDirectory, temporary: Path, sequence: int, progress: Progress | None
) -> Publication:
    current = data.current()
    if progress:
        progress("comparing with the releases before", 0.0)
    earlier = _earlier(data, current)
    number = max(each.release.number for each in earlier) + 1
    given = read_release(source)
    known = FirstReleases(earlier, number, _blocks(source, given), Aside(given.aside))
    described = _rewrite(source, replace(given, number=number, sequence=sequence), temporary, known)
    if data.release_path(described.id).exists():
        # Said before, to the last byte: the release that said it is that release.
        data.make_current(described.id, sequence=sequence)
        return Publication(data.current(), current.release, is_new=False)
    added = add_release(temporary, data, progress=progress)
    return Publication(added, current.release, is_new=True)


def _earlier(data: DataDirectory, current: ReleaseDirectory) -> list[ReleaseDirectory]:
    """The releases of a data directory, the current one first, then from the last to the first."""
    others: list[ReleaseDirectory] = []
    for identifier in data.releases():
        if identifier != current.release.id:
            try:
                others.append(ReleaseDirectory(data.release_path(identifier)))
            except DataDirectoryError:  # a damaged one says nothing
                continue
    others.sort(key=lambda each: each.release.number, reverse=True)
    return [current, *others]


def _rewrite(source: Path, given: Release, target: Path, known: FirstReleases) -> Release:
    """Write the source with the first releases carried forward; the release that it is now."""
    digest = hashlib.sha256()
    added: Counter[str] = Counter()
    with (target / STATEMENTS).open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        for block in _blocks(source, given):
            lines, graph = known.carried(block)
            if graph is not None:
                added[graph] += 1
            text = lines.encode()
            digest.update(text)
            packed.write(text)
    release = replace(given, digest=digest.hexdigest())
    release = replace(release, counts=_counts(release, added), sources=_sources(release, added))
    record = release.to_record()
    del record["id"]
    (target / "release.json").write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2))
    return release


def _blocks(source: Path, release: Release) -> Iterator[Block]:
    return blocks(text_of(source / STATEMENTS, release), place=STATEMENTS)


def _counts(release: Release, added: Counter[str]) -> Mapping[str, Any]:
    counts = dict(release.counts)
    if isinstance(counts.get("quads"), int):
        counts["quads"] += added.total()
    return counts


def _sources(release: Release, added: Counter[str]) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {**each, "quads": each["quads"] + added[str(each["name"])]}
        if isinstance(each.get("quads"), int)
        else each
        for each in release.sources
    )
