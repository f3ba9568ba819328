"""Traces of requests over OpenTelemetry, where its standard variables ask for them (extra ``otel``).

The spans of a request are made when it has been answered, from what its record says; so nothing of
OpenTelemetry is touched, or even imported, on the way of a request of a service that keeps no traces.
"""

from __future__ import annotations

import logging
import os
import time
from importlib.util import find_spec
from threading import Thread
from typing import TYPE_CHECKING, Final

from stemgraph.app.telemetry.request_record import RequestRecord, current_request

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.sdk.trace.id_generator import IdGenerator

logger = logging.getLogger("stemgraph.traces")

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_SECONDS_TO_END: Final = 2.0


def wanted() -> bool:
    """Whether the environment names where traces go, and does not turn them off."""
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    off = off or os.environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp"
    return not off and any(os.environ.get(each) for each in _ENDPOINTS)


def open_traces() -> Traces | None:
    """The traces that the environment asks for; None without, or where the extra is not installed."""
    if not wanted():
        return None
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        logger.warning("no traces are kept, though OTEL_… asks for them: pip install 'stemgraph[otel]'")
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

    return Traces(OTLPSpanExporter())


class Traces:
    """Keeps a span of each request and of each step of its work.

    Args:
        exporter: Where the spans go.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  # only where traces are kept
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "stemgraph"}
        self._provider: TracerProvider = TracerProvider(
            resource=Resource.create(named), id_generator=_request_ids(), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("stemgraph.app")

    def keep(self, record: RequestRecord, route: str, seconds: float) -> None:
        """Keep the spans of a request that has just been answered."""
        from opentelemetry.trace import SpanKind, StatusCode, set_span_in_context  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415
            TraceContextTextMapPropagator,
        )

        ended = time.time_ns()
        sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in record.scope["headers"]}
        method = record.scope["method"]
        span = self._tracer.start_span(
            f"{method} {route}",
            context=TraceContextTextMapPropagator().extract(sent),
            kind=SpanKind.SERVER,
            start_time=ended - int(seconds * 1e9),
            attributes={
                "http.request.method": method,
                "http.route": route,
                "url.path": record.scope["path"],
                "http.response.status_code": record.status,
                "http.response.body.size": record.bytes,
                "stemgraph.request_id": record.id,
            },
        )
        if record.status >= 500:
            span.set_status(StatusCode.ERROR)
        inside = set_span_in_context(span)
        for step in record.steps:
            child = self._tracer.start_span(
                step.name, context=inside, start_time=step.began, attributes=step.attributes
            )
            child.end(step.ended)
        span.end(ended)

    def close(self) -> None:
        """Send what is kept, for at most two seconds: who receives it may be gone."""
        ending = Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(_SECONDS_TO_END)


def _request_ids() -> IdGenerator:
    """An id generator by which a trace has the id that the log gives its request, where that is one."""
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator  # noqa: PLC0415

    class RequestIds(RandomIdGenerator):
        """Names traces as the log names their requests."""

        def generate_trace_id(self) -> int:
            """The id of the request."""
            record = current_request.get()
            if record is not None and len(record.id) == 32:
                try:
                    return int(record.id, 16) or super().generate_trace_id()
                except ValueError:
                    pass
            return super().generate_trace_id()

    return RequestIds()
