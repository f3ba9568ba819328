"""Starting: the journal is mended, what the working store lacks is replayed, the edition made readable."""

from __future__ import annotations

import errno
import logging
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from stemgraph.app.errors import StorageFullError
from stemgraph.app.writer.snapshots import CurrentEdition, Snapshots
from stemgraph.app.writer.working_store import State, StoreError, WorkingStore
from stemgraph.graph.durability import write_whole
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.journal import NAME, Journal, JournalEntry
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.release import DataDirectory, ReleaseDirectory
from stemgraph.graph.state_digest import digest_of_release, digest_text

logger = logging.getLogger("stemgraph.writer")

ROTATED_FROM: Final = 64 * 1024 * 1024
"""Bytes of the journal from which a start gives it a name of its own and begins another."""
REMEMBERED: Final = 4096
"""Writes whose ids are remembered, so that one that is asked for again is not done again."""
_FULL_NUMBERS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FULL_WORDS: Final = ("No space left", "Disk quota exceeded", "File too large")


def is_full(error: Exception) -> bool:
    """Whether an error says that there is no room; Oxigraph tells it by words alone."""
    if isinstance(error, OSError) and error.errno in _FULL_NUMBERS:
        return True
    return any(words in str(error) for words in _FULL_WORDS)


def storage_full(place: Path) -> StorageFullError:
    """The refusal of a write for which there is no room."""
    return StorageFullError(
        "there is no room for the write; nothing of it was done",
        place=str(place),
        mend="make room on that disk and send it again; nothing needs to be restarted",
    )


@dataclass(slots=True)
class Recovered:
    """A data directory as the writer holds it."""

    release: ReleaseDirectory
    journal: Journal
    working: WorkingStore
    snapshots: Snapshots
    state: State
    snapshot: str
    """Name of the snapshot that readers open; empty where they open the release itself."""
    time: str
    """When the last edit was made; empty where the release has none after it."""
    requests: list[tuple[str, int]]
    """Ids of the last writes, with the numbers of their edits."""
    replayed: int

    @property
    def edition(self) -> CurrentEdition:
        """What readers open."""
        return _edition(self.state, self.snapshot)

    def make_readable(self, state: State) -> None:
        """Have readers open the state that the working store now has, in a snapshot of its own.

        Raises:
            OSError: There is no room, or the disk fails; they open what they did before.
        """
        snapshot = self.snapshots.make(state.edition, self.working.back_up)
        self.snapshots.publish(_edition(state, snapshot))
        self.state, self.snapshot = state, snapshot

    def base_changed(self, data: Path) -> bool:
        """Whether another release has become current, or the same one says that it holds other edits."""
        release = DataDirectory(data).current().release
        return (release.id, release.sequence) != (self.state.release, self.state.base)

    def close(self) -> None:
        """Let go of the files."""
        self.journal.close()
        self.working.close()


def recover(data: Path) -> Recovered:
    """Bring the working store and the readable edition to the end of the journal.

    Raises:
        DataDirectoryError: The release or the journal is damaged.
        OSError: There is no room, or the disk fails.
        RuntimeError: The store fails.
    """
    release = DataDirectory(data).current()
    journal = Journal(data / NAME)
    snapshots = Snapshots(data)
    working = WorkingStore(data / "working" / "store")
    try:
        found = working.open()
        signs = (found.sequence if found else 0, _last_seen(snapshots, release))
        torn = journal.mend(max(signs) if journal.parts() else 0)
        if torn:
            logger.warning("the last line of the journal was torn: %d bytes that no one was told of", torn)
        if journal.size >= ROTATED_FROM:
            journal.rotate()
        entries, requests = _entries(journal, release.release.sequence)
        last = max(release.release.sequence, requests[-1][1] if requests else 0)
        state = found if found is not None and _fits(found, release, last) else None
        if state is None:
            working.build(release)
            base = release.release.sequence
            state = State(release.release.id, base, base, base_digest(release, data))
        after = _replay(working, state, entries, last)
        _check_digest(after, entries, journal)
        time = entries[-1].time if entries else ""
        replayed = after.sequence - state.sequence
        recovered = Recovered(release, journal, working, snapshots, after, "", time, requests, replayed)
        if after.sequence == after.base:
            snapshots.withdraw()  # the release itself is what is read
        else:
            recovered.make_readable(after)
        snapshots.remove_unused()
    except BaseException:
        journal.close()
        working.close()
        raise
    return recovered


def _edition(state: State, snapshot: str) -> CurrentEdition:
    return CurrentEdition(state.release, state.sequence, digest_text(state.digest), snapshot)


def _last_seen(snapshots: Snapshots, release: ReleaseDirectory) -> int:
    current = snapshots.current()
    return current.sequence if current is not None and current.sequence > release.release.sequence else 0


def _entries(journal: Journal, after: int) -> tuple[list[JournalEntry], list[tuple[str, int]]]:
    """The entries that the release does not hold, and the ids of the last writes of all."""
    last = journal.last
    newest = last.sequence if last else 0
    entries: list[JournalEntry] = []
    requests: deque[tuple[str, int]] = deque(maxlen=REMEMBERED)
    for entry in journal.entries(min(after, max(0, newest - REMEMBERED))):
        requests.append((entry.request, entry.sequence))
        if entry.sequence > after:
            entries.append(entry)
    if entries and entries[0].sequence != after + 1:
        raise DataDirectoryError(
            f"edit {after + 1} is missing: the journal begins with edit {entries[0].sequence}",
            place=str(journal.path),
            mend="restore a backup with `stemgraph restore`",
        )
    return entries, list(requests)


def _fits(state: State, release: ReleaseDirectory, last: int) -> bool:
    own = release.release
    return (state.release, state.base) == (own.id, own.sequence) and own.sequence <= state.sequence <= last


def _replay(working: WorkingStore, state: State, entries: list[JournalEntry], last: int) -> State:
    """Apply what the store lacks, as one transaction."""
    missing = [entry.diff for entry in entries if entry.sequence > state.sequence]
    net = QuadDiff()
    for diff in missing:
        net = net.then(diff)
    net = working.normalised(net)
    after = State(state.release, state.base, last, net.digest_after(state.digest))
    if missing or state.sequence == state.base:
        working.apply(net, after)
    return after


def _check_digest(state: State, entries: list[JournalEntry], journal: Journal) -> None:
    """Hold the state against the digest that its last edit was journalled with.

    Edits that were made on another release are replayed on this one and have other digests here.
    """
    if entries and entries[-1].release == state.release and entries[-1].digest != digest_text(state.digest):
        raise DataDirectoryError(
            f"replaying it does not give the state that edit {state.sequence} left",
            place=str(journal.path),
            mend="restore a backup with `stemgraph restore`",
        )


def base_digest(release: ReleaseDirectory, data: Path) -> int:
    """The digest of a release's state, reckoned once and kept beside the working store."""
    place = data / "working" / "base.json"
    try:
        kept = orjson.loads(place.read_bytes())
        if kept["digest_of_file"] == release.release.digest:
            return int(kept["digest"], base=16)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    digest = digest_of_release(release.export)
    record = {"digest_of_file": release.release.digest, "digest": digest_text(digest)}
    place.parent.mkdir(exist_ok=True)
    write_whole(place, orjson.dumps(record))
    return digest


__all__ = ["Recovered", "StoreError", "base_digest", "is_full", "recover", "storage_full"]
