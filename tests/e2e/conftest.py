"""A real service, started by the real command, for real clients."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Service:
    """A running ``stemgraph serve`` and its address."""

    url: str
    process: subprocess.Popen[bytes]

    def request(
        self,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
        method: str | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower-case names) and body of one request; redirects are not followed."""
        request = urllib.request.Request(self.url + path, headers=headers or {}, data=data, method=method)
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()

    def json(self, path: str, **parameters: Any) -> Any:
        """The decoded body of a GET that must succeed; a list gives a repeated parameter."""
        query = urllib.parse.urlencode(parameters, doseq=True)
        status, _, body = self.request(path + ("?" + query if query else ""))
        assert status == 200, (path, parameters, status, body[:500])
        return json.loads(body)

    def select(self, query: str) -> list[dict[str, str]]:
        """The rows of a SELECT, each variable's lexical value."""
        answer = self.json("/sparql", query=query, format="json")
        return [{name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"]]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:  # type: ignore[override]
        return None


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_service(directory: Path, *arguments: str, timeout: float = 240) -> Service:
    """Start ``stemgraph serve`` on a free port and wait until it says that it is ready."""
    port = free_port()
    log = (directory / "serve.log").open("wb")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "stemgraph.app",
            "serve",
            "--port",
            str(port),
            "--data",
            str(directory / "data"),
            *arguments,
        ],
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    log.close()
    service = Service(f"http://127.0.0.1:{port}", process)
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if service.request("/readyz")[0] == 200:
                return service
        except OSError:
            time.sleep(0.05)
    process.kill()
    process.wait()
    raise AssertionError((directory / "serve.log").read_text())


def stop_service(service: Service) -> None:
    """Ask the service to end, and insist after ten seconds."""
    service.process.terminate()
    try:
        service.process.wait(10)
    except subprocess.TimeoutExpired:
        service.process.kill()
        service.process.wait()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service over the bundle, as ``stemgraph serve`` starts it."""
    running = start_service(tmp_path_factory.mktemp("service"))
    yield running
    stop_service(running)
