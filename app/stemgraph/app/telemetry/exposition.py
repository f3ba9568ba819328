"""Metrics as text, in the form that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from stemgraph.app.telemetry.family import Family
from stemgraph.app.telemetry.traffic import BOUNDS

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric


def exposition(families: Iterable[Family]) -> bytes:
    """The text: version 0.0.4 of the format, which every version of Prometheus takes."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415  # start-up time
    from prometheus_client.registry import Collector  # noqa: PLC0415

    class Families(Collector):
        """These families, for one registry of their own: nothing is shared between instances."""

        def collect(self) -> Iterator[Metric]:
            """Each as prometheus_client has it."""
            return map(_metric, families)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Families())
    return generate_latest(registry)


def _metric(family: Family) -> Metric:
    from prometheus_client import core  # noqa: PLC0415

    if family.kind == "histogram":
        histogram = core.HistogramMetricFamily(family.name, family.help, labels=family.labels)
        for labels, value in family.values.items():
            assert isinstance(value, list)  # noqa: S101  # as every histogram has it
            histogram.add_metric(list(labels), list(_cumulated(value[:-1])), value[-1])
        return histogram
    metric: core.CounterMetricFamily | core.GaugeMetricFamily
    if family.kind == "counter":
        metric = core.CounterMetricFamily(family.name, family.help, labels=family.labels)
    else:
        metric = core.GaugeMetricFamily(family.name, family.help, labels=family.labels)
    for labels, value in family.values.items():
        assert not isinstance(value, list)  # noqa: S101  # only histograms are
        metric.add_metric(list(labels), value)
    return metric


def _cumulated(buckets: list[float]) -> Iterator[tuple[str, float]]:
    total = 0.0
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), buckets, strict=True):
        total += count
        yield bound, total
