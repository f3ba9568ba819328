"""The figures of one service: what is counted where it happens, gathered when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from stemgraph.app.telemetry.exchange import Exchange
from stemgraph.app.telemetry.exposition import exposition
from stemgraph.app.telemetry.family import Family
from stemgraph.app.telemetry.processes import process_families
from stemgraph.app.telemetry.traffic import Traffic

if TYPE_CHECKING:
    from stemgraph.app.jail import Jail
    from stemgraph.app.service import Instance


class Metrics:
    """The metrics of an instance.

    Args:
        instance: What is served.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.writer: dict[str, Any] = {}
        """What the writer last told of itself."""
        self.exchange = Exchange(instance.settings.metrics_directory, self.families)

    def to_text(self) -> bytes:
        """The figures of all processes, in the form of Prometheus."""
        return exposition(self.exchange.families())

    def families(self) -> list[Family]:
        """The figures of this process."""
        jail = self.instance.jail
        groups = {
            "web": [os.getpid()],
            "jail": [*jail.process_ids, *jail.holding.process_ids],
            "writer": self._writer_ids(),
        }
        found = [self._edition(), *process_families(groups), *jail_families(jail), *self._kept()]
        if self.instance.writer is not None:
            found += writer_families(self.writer, connected=self.instance.writer.connected)
        if self.instance.observer is not None:
            found += traffic_families(self.instance.observer.traffic)
        return found

    def _writer_ids(self) -> list[int]:
        writer = self.instance.writer
        return [] if writer is None or writer.process_id is None else [writer.process_id]

    def _kept(self) -> list[Family]:
        kept = self.instance.kept
        return [
            _single("stemgraph_cache_bytes", "gauge", "Bytes of the answers that are kept.", kept.size),
            _single("stemgraph_cache_requests", "gauge", "Requests whose answer is kept.", len(kept)),
        ]

    def _edition(self) -> Family:
        service = self.instance.current
        release = service.graph.release
        told = {
            "release": release.id,
            "number": str(release.number),
            "date": str(release.date),
            "edition": service.edition_id,
            "version": version("stemgraph"),
        }
        family = Family(
            "stemgraph_edition_info", "info", "What is served, in its labels; always 1.", tuple(told)
        )
        family.values[tuple(told.values())] = 1
        return family


def jail_families(jail: Jail) -> list[Family]:
    """The jail of this process."""
    running = Family("stemgraph_jail_running", "gauge", "Requests in a worker, by lane.", ("lane",))
    waiting = Family("stemgraph_jail_waiting", "gauge", "Requests that wait, by lane.", ("lane",))
    for lane, (in_worker, in_queue) in jail.lanes.items():
        running.values[lane,] = in_worker
        waiting.values[lane,] = in_queue
    ended = Family("stemgraph_jail_ended", "counter", "Workers ended in a request.", ("reason",))
    for reason, count in list(jail.ended.items()):
        ended.values[reason,] = count
    complete = _single(
        "stemgraph_jail_complete",
        "gauge",
        "Whether the kernel holds the workers.",
        int(jail.enforcement.complete),
    )
    complete.shared = True
    answered = _single("stemgraph_jail_answered", "counter", "Requests that workers answered.", jail.answered)
    in_memory = _single(
        "stemgraph_jail_in_memory",
        "gauge",
        "Whether queries of the edition are answered from memory.",
        int(jail.holding.answers_from_memory),
    )
    return [running, waiting, ended, answered, complete, in_memory]


def writer_families(told: Mapping[str, Any], *, connected: bool) -> list[Family]:
    """The one writer, as this process sees it."""
    families = [_single("stemgraph_writer_up", "gauge", "Whether the writer answers.", int(connected))]
    for name, (kind, meaning) in _WRITER.items():
        if name in told:
            families.append(_single(f"stemgraph_writer_{name}", kind, meaning, float(told[name])))
    for family in families:
        family.shared = True
    return families


_WRITER: Final = {
    "commits": ("counter", "Commits: one fdatasync, one transaction, one snapshot."),
    "edits": ("counter", "Edits that were committed."),
    "refused": ("counter", "Writes that were refused."),
    "waiting": ("gauge", "Writes that wait."),
    "replayed": ("gauge", "Edits that the last start replayed from the journal."),
    "journal_bytes": ("counter", "Bytes that were appended to the journal."),
    "sync_seconds": ("gauge", "Seconds that the last fdatasync took."),
    "store_seconds": ("gauge", "Seconds that the last transaction took."),
    "snapshot_seconds": ("gauge", "Seconds that the last snapshot took."),
    "start_seconds": ("gauge", "Seconds that the last start took."),
    "full": ("gauge", "Whether there was no room for the last write."),
}
"""What the writer tells, by its own names."""


def traffic_families(traffic: Traffic) -> list[Family]:
    """The requests of this process."""
    seconds = Family(
        "stemgraph_request_seconds",
        "histogram",
        "Requests and how long they took, by route, method and status.",
        ("route", "method", "status"),
    )
    for (route, method, status), durations in list(traffic.durations.items()):
        seconds.values[route, method, str(status)] = [*durations.buckets, durations.seconds]
    return [
        seconds,
        _single("stemgraph_requests_running", "gauge", "Requests that are being answered.", traffic.running),
        _single("stemgraph_cache_hits", "counter", "Requests answered from what is kept.", traffic.hits),
        _single(
            "stemgraph_slow_requests", "counter", "Requests over the slow log's threshold.", traffic.slow
        ),
        _single("stemgraph_response_bytes", "counter", "Bytes of the answers' bodies.", traffic.bytes),
    ]


def _single(name: str, kind: str, meaning: str, value: float) -> Family:
    return Family(name, kind, meaning, (), {(): value})  # type: ignore[arg-type]  # one of the kinds
