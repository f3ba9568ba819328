from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from stemgraph.app import Settings, create_app
from stemgraph.app.telemetry.request_record import RequestRecord
from stemgraph.app.telemetry.traces import open_traces
from stemgraph.graph import KnowledgeGraph

ENTITY = "/api/v1/entity/MONDO:0005301"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@contextmanager
def receiver() -> Iterator[tuple[str, Queue[Span]]]:
    """A collector that speaks OTLP over HTTP, and the spans that reach it."""
    spans: Queue[Span] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        spans.put(span)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", spans
        server.shutdown()


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue[Span]]:
    """What reaches a collector that the environment names."""
    with receiver() as (url, found):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        yield found


def drain(spans: Queue[Span]) -> list[Span]:
    return [spans.get_nowait() for _ in range(spans.qsize())]


def attributes(span: Span) -> dict[str, str | int]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_a_request_is_a_span_of_the_trace_that_asked_for_it(
    small_graph: KnowledgeGraph, spans: Queue[Span]
) -> None:
    with TestClient(create_app(Settings(sparql_workers=1), knowledge_graph=small_graph)) as client:
        client.get(ENTITY, headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    (span,) = drain(spans)
    assert span.name == "GET /api/v1/entity/{id:path}"
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
    assert span.start_time_unix_nano < span.end_time_unix_nano
    found = attributes(span)
    assert found["http.response.status_code"] == 200
    assert found["stemgraph.request_id"] == TRACE


def test_a_trace_that_begins_here_has_the_id_of_the_log(
    small_graph: KnowledgeGraph, spans: Queue[Span]
) -> None:
    with TestClient(create_app(Settings(sparql_workers=1), knowledge_graph=small_graph)) as client:
        refused = client.get("/no/such/path")
    (span,) = drain(spans)
    assert span.trace_id.hex() == refused.json()["request_id"]


def test_a_step_is_a_span_within_its_request(spans: Queue[Span]) -> None:
    traces = open_traces()
    assert traces is not None
    record = RequestRecord({"type": "http", "method": "GET", "path": "/sparql", "headers": []})
    with record.step("query", lane="fast"):
        pass
    traces.keep(record, "/sparql", 0.1)
    traces.close()
    inner, outer = sorted(drain(spans), key=lambda span: span.name, reverse=True)
    assert inner.name == "query"
    assert inner.parent_span_id == outer.span_id
    assert attributes(inner) == {"lane": "fast"}


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_without_being_asked_no_traces_are_kept(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert open_traces() is None


def test_without_being_asked_opentelemetry_is_not_even_imported() -> None:
    program = (
        "import sys; from stemgraph.app import create_app, Settings\n"
        "from stemgraph.app.telemetry import lifetime, observer, traces\n"
        "assert traces.open_traces() is None\n"
        "sys.exit(any(each.startswith('opentelemetry.sdk') for each in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
