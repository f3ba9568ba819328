"""Secrets are nowhere but with who holds them: not in what a service prints, nor in the list of processes."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stemgraph.app.access.key_file import KeyFile

SMALL = Path(__file__).parent.parent.parent / "graph" / "fixtures" / "small.trig"

# A service as `serve` runs it, with the most that it logs, and a route that fails.
SERVICE = """
import socket, sys
from pathlib import Path
from stemgraph.app import Settings, create_app
from stemgraph.app.edge import EdgeConfig, EdgeLimits, EdgeServer
from stemgraph.app.telemetry.lines import configure_logging
from stemgraph.graph import KnowledgeGraph

def fail(*_, **__):
    raise RuntimeError("a failure")

settings = Settings(data=Path(sys.argv[2]), sparql_workers=1, access_log=True, log_format=sys.argv[3],
                    log_level="debug", writes=False)
configure_logging(settings.log_format, settings.log_level)
with KnowledgeGraph.memory(Path(sys.argv[1])) as graph:
    KnowledgeGraph.statistics = fail
    listening = socket.create_server(("127.0.0.1", 0))
    app = create_app(settings, knowledge_graph=graph)
    config = EdgeConfig(app, EdgeLimits(), access_log=False, log_config=None, log_level=settings.log_level)
    EdgeServer(config, lambda: print(listening.getsockname()[1], flush=True)).run(sockets=[listening])
"""


def ask(port: int, path: str, authorization: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Authorization": authorization})
    answer = connection.getresponse()
    told = answer.read().decode()
    connection.close()
    assert authorization.partition(" ")[2] not in told
    return answer.status


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_is_printed_and_answered_holds_no_secret(tmp_path: Path, form: str) -> None:
    key, text = KeyFile.of_data(tmp_path).create("", frozenset({"admin"}), None)
    secret = text.rpartition(f"sg_{key.id}_")[2]
    log = tmp_path / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-c", SERVICE, str(SMALL), str(tmp_path), form],
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            env={**os.environ, "STEMGRAPH_HOSTS": ""},
        ) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert line, log.read_text()
            port = int(line)
            assert ask(port, "/api/v1/entity/MONDO:0005301", f"Bearer {text}") == 200
            assert ask(port, "/api/v1/stats", f"Bearer {text}") == 500
            assert ask(port, "/healthz", f"Bearer {text[:-4]}AAAA") == 401
            assert ask(port, "/healthz", f"Bearer {secret}") == 401
            (tmp_path / "keys.json").write_text("{")
            assert ask(port, "/healthz", f"Bearer {text}") == 503
            commands = [each.read_bytes() for each in Path("/proc").glob("[0-9]*/cmdline") if readable(each)]
        finally:
            process.terminate()
    said = log.read_text()
    assert "a failure" in said
    assert secret not in said
    assert secret[:20] not in said
    assert not any(secret.encode() in command for command in commands)


def readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:
        return False
    return True
