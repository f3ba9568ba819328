"""Committing: from proposals to one edition that is journalled, applied and readable."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stemgraph.app.errors import MalformedRequestError, UnavailableError
from stemgraph.app.writer.actions import ACTIONS, EVERYTHING, VALIDATORS
from stemgraph.app.writer.committed import Committed
from stemgraph.app.writer.opening import edition_of
from stemgraph.app.writer.proposal import Head, Payload, Proposal
from stemgraph.app.writer.recovery import REMEMBERED, Recovered, is_full, recover, storage_full
from stemgraph.app.writer.snapshots import CurrentEdition
from stemgraph.app.writer.working_store import State, StoreError
from stemgraph.graph.errors import BadRequestError, DataDirectoryError, StemgraphError
from stemgraph.graph.journal import JournalEntry
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.state_digest import STATE_GRAPH, digest_text

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph

logger = logging.getLogger("stemgraph.writer")

ROOM: Final = 4 * 1024 * 1024
"""Bytes that must be free for a commit to be tried, beside some times the length of its journal lines."""
_STATE_END: Final = f" <{STATE_GRAPH}> ."


@dataclass(frozen=True, slots=True)
class Write:
    """One write that waits: its id, and what is asked."""

    request: str
    action: str
    body: dict[str, Any]
    if_match: str | None
    key: str
    reason: str | None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """What an action proposes of a write, not yet held against the rules."""

    head: Head
    payload: Payload
    proposal: Proposal


@dataclass(slots=True)
class Group:
    """Writes that are committed together: each changes other things than the others."""

    writes: list[tuple[Write, Proposal, QuadDiff]] = field(
        default_factory=list[tuple[Write, Proposal, QuadDiff]]
    )
    dependencies: set[str] = field(default_factory=set[str])

    def takes(self, dependencies: frozenset[str]) -> bool:
        """Whether a write that depends on these may be committed with them."""
        if not self.writes:
            return True
        if EVERYTHING in dependencies or EVERYTHING in self.dependencies:
            return False
        return self.dependencies.isdisjoint(dependencies)


Outcome = Committed | StemgraphError


@dataclass(slots=True)
class Commit:
    """What came of writes: an outcome for each that was decided, and the change that readers must follow."""

    outcomes: dict[str, Outcome] = field(default_factory=dict[str, Outcome])
    waiting: list[Write] = field(default_factory=list[Write])
    """Writes that depend on others of this commit and are asked again after it."""
    diff: QuadDiff = field(default_factory=QuadDiff)
    before: str = ""
    """Id of the edition that the change is made to."""
    edition: CurrentEdition | None = None
    """The edition that readers follow to; None where nothing changed."""
    broken: bool = False
    """Whether the store failed: this process ends once the outcomes are told, and the next one replays."""


@dataclass(slots=True)
class Metrics:
    """Counters and last timings of this writer process."""

    commits: int = 0
    edits: int = 0
    refused: int = 0
    journal_bytes: int = 0
    sync_seconds: float = 0.0
    store_seconds: float = 0.0
    snapshot_seconds: float = 0.0
    start_seconds: float = 0.0
    replayed: int = 0
    full: bool = False


class Committer:
    """Holds the head of a data directory and moves it on; used by one thread at a time.

    Args:
        data: The data directory; the caller holds its lock.
        room: Bytes that must be free for a commit to be tried; 0 tries in any case.
    """

    def __init__(self, data: Path, *, room: int = ROOM) -> None:
        self.data = data
        self.room = room
        self.metrics = Metrics()
        self._recovered: Recovered | None = None
        self._graph: KnowledgeGraph | None = None
        self._behind = QuadDiff()
        """What has been edited since ``_graph``."""
        self._done: OrderedDict[str, int] = OrderedDict()

    def start(self) -> None:
        """Start where the last writer ended: mend the journal, replay it, and make the edition readable.

        Raises:
            DataDirectoryError: The journal or the release is damaged.
            StorageFullError: There is no room.
        """
        begun = time.perf_counter()
        self.close()
        try:
            self._recovered = recovered = recover(self.data)
        except StoreError as error:
            self.metrics.full = is_full(error)
            if self.metrics.full:
                raise storage_full(self.data) from error
            raise
        self._done = OrderedDict((each, number) for each, number in recovered.requests if each)
        self._behind = QuadDiff()
        self.metrics.replayed = recovered.replayed
        self.metrics.start_seconds = time.perf_counter() - begun
        self.metrics.full = False

    def close(self) -> None:
        """Let go of everything."""
        if self._recovered is not None:
            self._recovered.close()
            self._recovered = None
        if self._graph is not None:
            self._graph.close()
            self._graph = None

    @property
    def started(self) -> bool:
        """Whether it holds a head."""
        return self._recovered is not None

    @property
    def date(self) -> str:
        """The day of the last edit; empty where the release has none after it."""
        return self._recovered.time[:10] if self._recovered is not None else ""

    @property
    def edition(self) -> CurrentEdition:
        """The edition that readers open."""
        assert self._recovered is not None  # noqa: S101  # used once started
        return self._recovered.edition

    @property
    def head(self) -> Head:
        """The last state, for actions."""
        assert self._recovered is not None  # noqa: S101  # used once started
        working, state = self._recovered.working, self._state
        return Head(self._open_graph, working.store, state.sequence, state.edition)

    def _open_graph(self) -> KnowledgeGraph:
        """The graph of the head; the last one is taken along, for most of it stays as it was."""
        recovered = self._recovered
        assert recovered is not None  # noqa: S101  # used once started
        sequence = recovered.state.sequence
        if self._graph is None:
            self._graph = edition_of(recovered.release, self.data, sequence, recovered.snapshot)
        elif self._behind:
            store = recovered.snapshots.store(recovered.snapshot)
            self._graph = self._graph.edited(
                self._behind, sequence=sequence, store=store, date=recovered.time[:10]
            )
        self._behind = QuadDiff()
        return self._graph

    @property
    def _state(self) -> State:
        assert self._recovered is not None  # noqa: S101  # used once started
        return self._recovered.state

    @property
    def base_changed(self) -> bool:
        """Whether another release has become current."""
        assert self._recovered is not None  # noqa: S101  # used once started
        return self._recovered.base_changed(self.data)

    def remove_unused(self) -> None:
        """Remove the snapshots that no one reads any more."""
        if self._recovered is not None:
            self._recovered.snapshots.remove_unused()

    def commit(self, writes: Sequence[Write]) -> Commit:
        """Decide waiting writes, in their order: those that depend on others of them are left waiting."""
        done = Commit(before=self._state.edition)
        group = Group()
        for place, write in enumerate(writes):
            if write.request in self._done:
                number = self._done[write.request]
                done.outcomes[write.request] = Committed(number, self._state.edition_at(number))
                continue
            try:
                proposed = self._proposed(write, self._state.sequence + len(group.writes) + 1)
                if not write.dry_run and not group.takes(proposed.proposal.dependencies):
                    # Before the rules, which take longest: it is proposed again after this commit.
                    done.waiting.extend(writes[place:])
                    break
                proposal, diff = self._validated(proposed)
                if write.dry_run:
                    done.outcomes[write.request] = self._rehearsed(proposal, diff)
                    continue
            except StemgraphError as refusal:
                done.outcomes[write.request] = refusal
                self.metrics.refused += 1
                continue
            if not diff:
                result = proposal.result(self.head.graph) if proposal.result else None
                done.outcomes[write.request] = Committed(
                    self._state.sequence, self._state.edition, result, changed=False
                )
                continue
            group.writes.append((write, proposal, diff))
            group.dependencies |= proposal.dependencies
        if group.writes:
            self._commit(group, done)
        return done

    def _proposed(self, write: Write, sequence: int) -> Proposed:
        """What the action of a write proposes."""
        action = ACTIONS.get(write.action)
        if action is None:
            raise MalformedRequestError(f"there is no action '{write.action}'", place="action")
        payload = Payload(write.action, write.body, write.if_match, write.key, write.reason, _now(), sequence)
        head = self.head
        proposal = action(head, payload)
        for line in proposal.diff.added | proposal.diff.removed:
            if line.endswith(_STATE_END):
                raise BadRequestError("the state of the store is not edited", place=STATE_GRAPH)
        return Proposed(head, payload, proposal)

    def _validated(self, proposed: Proposed) -> tuple[Proposal, QuadDiff]:
        """A proposal that the validators let pass, and what it changes."""
        assert self._recovered is not None  # noqa: S101  # used once started
        diff = self._recovered.working.normalised(proposed.proposal.diff)
        for validate in VALIDATORS:
            validate(proposed.head, proposed.payload, replace(proposed.proposal, diff=diff))
        return proposed.proposal, diff

    def _rehearsed(self, proposal: Proposal, diff: QuadDiff) -> Committed:
        """What a write would come to."""
        head = self.head
        if not diff:
            result = proposal.result(head.graph) if proposal.result else None
            return Committed(head.sequence, head.edition, result, dry_run=True, changed=False)
        number = head.sequence + 1
        if proposal.result is None:
            return Committed(number, self._state.edition_at(number), dry_run=True)
        graph = head.graph.edited(diff, sequence=number, store=head.graph.edition.store, date=_now()[:10])
        try:
            return Committed(number, graph.edition.id, proposal.result(graph), dry_run=True)
        finally:
            graph.close()

    def _commit(self, group: Group, done: Commit) -> None:
        recovered = self._recovered
        assert recovered is not None  # noqa: S101  # used once started
        entries, after = self._journalled(group, recovered.state)
        for entry in entries:
            done.diff = done.diff.then(entry.diff)
        try:
            self._make_sure_of_room(entries)
            size = self._append(entries)
        except DataDirectoryError as error:  # what the journal holds is known only by reading it again
            logger.error("the journal failed: %s", error)  # noqa: TRY400  # one line
            done.broken = True
            done.outcomes.clear()
            return
        except OSError as error:
            self._refuse(group, done, error)
            return
        try:
            self._apply(done.diff, after)
        except StoreError as error:
            self._take_back(group, done, size, error)
            return
        recovered.time = entries[-1].time
        done.edition = self.edition
        self.metrics.commits += 1
        self.metrics.edits += len(entries)
        self._follow(group, entries, done)

    def _journalled(self, group: Group, state: State) -> tuple[list[JournalEntry], State]:
        """The entries of a group, and the state after them."""
        digest, sequence, time_ = state.digest, state.sequence, _now()
        first = sequence + 1 if len(group.writes) > 1 else 0
        entries: list[JournalEntry] = []
        for write, proposal, diff in group.writes:
            sequence += 1
            digest = diff.digest_after(digest)
            entries.append(
                JournalEntry(
                    sequence,
                    time_,
                    write.key,
                    write.action,
                    write.reason,
                    diff,
                    digest_text(digest),
                    undoes=proposal.undoes,
                    touched=tuple(sorted(proposal.dependencies - {EVERYTHING})),
                    request=write.request,
                    group=first,
                    release=state.release,
                )
            )
        return entries, replace(state, sequence=sequence, digest=digest)

    def _make_sure_of_room(self, entries: Sequence[JournalEntry]) -> None:
        """Refuse what is likely not to fit before anything is written."""
        size = sum(len(line) for each in entries for line in (*each.diff.added, *each.diff.removed))
        if self.room and shutil.disk_usage(self.data).free < self.room + 8 * size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _append(self, entries: Sequence[JournalEntry]) -> int:
        assert self._recovered is not None  # noqa: S101  # used once started
        begun = time.perf_counter()
        size = self._recovered.journal.append(entries)
        self.metrics.sync_seconds = time.perf_counter() - begun
        self.metrics.journal_bytes += size
        return size

    def _apply(self, diff: QuadDiff, after: State) -> None:
        """The store, the snapshot, and the name of the edition that is read."""
        recovered = self._recovered
        assert recovered is not None  # noqa: S101  # used once started
        begun = time.perf_counter()
        recovered.working.apply(diff, after)
        stored = time.perf_counter()
        recovered.make_readable(after)
        self.metrics.store_seconds = stored - begun
        self.metrics.snapshot_seconds = time.perf_counter() - stored

    def _take_back(self, group: Group, done: Commit, size: int, error: Exception) -> None:
        """Cut off again what was journalled and could not be applied; the next process makes the store anew.

        The store goes first: where only that happens, the entries are whole, no one was told of them, and
        they are replayed.
        """
        recovered = self._recovered
        assert recovered is not None  # noqa: S101  # used once started
        done.broken = True
        recovered.working.discard()
        try:
            recovered.journal.take_back(size)
        except OSError as worse:
            logger.error("the journal cannot be cut back: %s", worse)  # noqa: TRY400  # one line
            done.outcomes.clear()
            return
        self._refuse(group, done, error)

    def _refuse(self, group: Group, done: Commit, error: Exception) -> None:
        """Tell that nothing of a group was done."""
        full = self.metrics.full = is_full(error)
        if not full:
            logger.error("a commit failed, nothing of it was done: %s", error)
        refusal = (
            storage_full(self.data)
            if full
            else UnavailableError("the store failed; nothing of the write was done", mend="send it again")
        )
        done.diff = QuadDiff()
        for write, _, _ in group.writes:
            done.outcomes[write.request] = refusal
            self.metrics.refused += 1

    def _follow(self, group: Group, entries: Sequence[JournalEntry], done: Commit) -> None:
        """Remember what was done, and make the answers."""
        self.metrics.full = False
        self._behind = self._behind.then(done.diff)
        for entry in entries:
            self._done[entry.request] = entry.sequence
        while len(self._done) > REMEMBERED:
            self._done.popitem(last=False)
        edition = self._state.edition
        for (write, proposal, _), entry in zip(group.writes, entries, strict=True):
            result = None
            if proposal.result is not None:
                try:
                    result = proposal.result(self._open_graph())
                except Exception:  # the edit is done, whatever this is
                    logger.exception("the answer of a write cannot be made")
            done.outcomes[write.request] = Committed(entry.sequence, edition, result)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
