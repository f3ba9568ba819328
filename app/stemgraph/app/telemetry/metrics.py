"""The figures of one service: what is counted where it happens, gathered when it is asked for."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import TYPE_CHECKING

from stemgraph.app.telemetry.exchange import Exchange
from stemgraph.app.telemetry.exposition import exposition
from stemgraph.app.telemetry.family import Family
from stemgraph.app.telemetry.processes import process_families
from stemgraph.app.telemetry.traffic import Traffic

if TYPE_CHECKING:
    from stemgraph.app.service import Instance


class Metrics:
    """The metrics of an instance.

    Args:
        instance: What is served.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.exchange = Exchange(instance.settings.metrics_directory, self.families)

    def to_text(self) -> bytes:
        """The figures of all processes, in the form of Prometheus."""
        return exposition(self.exchange.families())

    def families(self) -> list[Family]:
        """The figures of this process."""
        groups = {"web": [os.getpid()]}
        found = [self._edition(), *process_families(groups)]
        if self.instance.observer is not None:
            found += traffic_families(self.instance.observer.traffic)
        return found

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
