"""``stemgraph serve`` as a real process."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Program = Callable[..., subprocess.CompletedProcess[str]]
First = Callable[[], None] | None


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """A running service, its address as it was announced, and what else it said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "stemgraph.app", "serve", "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = []
    try:
        for line in process.stderr:
            said.append(line)
            if "is ready at" in line:
                break
        assert said, "it said nothing"
        assert "is ready at" in said[-1], said
        yield process, said[-1].split()[4], said
    finally:
        process.terminate()
        process.wait(10)
        process.stderr.close()


def fetch(url: str) -> bytes:
    """The body of a GET that must succeed."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.status == 200
        return bytes(answer.read())


def test_it_announces_its_address_and_answers(small_data: Path) -> None:
    with serving("--data", str(small_data)) as (_, url, _):
        assert fetch(f"{url}/readyz")
        answer = json.loads(fetch(f"{url}/sparql?query=ASK%20%7B%3Fs%20?p%20?o%7D&format=json"))
    assert answer["boolean"] is True


def test_it_serves_one_release_read_only(small_data: Path) -> None:
    (release,) = (small_data / "releases").iterdir()
    with serving("--release", str(release)) as (_, url, _):
        assert fetch(f"{url}/readyz")


def test_several_processes_share_the_port(small_data: Path) -> None:
    with serving("--data", str(small_data), "--workers", "2") as (_, url, _):
        assert all(fetch(f"{url}/readyz") for _ in range(10))


def test_it_ends_on_a_signal_with_its_workers(small_data: Path) -> None:
    with serving("--data", str(small_data)) as (process, _, _):
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    time.sleep(0.2)
    assert children
    assert not any(Path(f"/proc/{each}").exists() for each in children)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_setting_outside_its_range_is_one_line(
    run_program: Program, small_data: Path, workers: str
) -> None:
    finished = run_program(
        "serve",
        "--port",
        "0",
        "--workers",
        workers,
        "--data",
        str(small_data),
        STEMGRAPH_SPARQL_SECONDS="soon",
    )
    assert finished.returncode == 1
    (line,) = finished.stderr.splitlines()
    assert line.startswith("stemgraph: STEMGRAPH_SPARQL_SECONDS: 'soon'")


def test_an_impatient_ctrl_c_ends_it_in_good_order(small_data: Path) -> None:
    with serving("--data", str(small_data)) as (process, _, _):
        for _ in range(4):
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_a_port_in_use_is_one_line(run_program: Program, small_data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        finished = run_program("serve", "--port", str(port), "--data", str(small_data))
    assert finished.returncode == 1
    assert len(finished.stderr.splitlines()) == 1
    assert f"127.0.0.1:{port}: cannot listen there: address already in use" in finished.stderr


@pytest.fixture
def damaged(small_data: Path, tmp_path: Path) -> Path:
    """A copy of the small data directory, to be damaged."""
    directory = tmp_path / "damaged"
    shutil.copytree(small_data, directory)
    return directory


@pytest.mark.parametrize(
    "what",
    [
        "records",
        "store",
        "manifest",
        "list for a manifest",
        "current",
        "foreign",
        "garbled store",
        "garbled records",
        "garbled labels",
        "garbled view",
        "another digest",
    ],
)
def test_a_damaged_data_directory_is_one_line(run_program: Program, damaged: Path, what: str) -> None:
    (release,) = (damaged / "releases").iterdir()
    if what == "manifest":
        (release / "compiled.json").write_text("{")
    elif what == "list for a manifest":
        (release / "compiled.json").write_text("[]")
    elif what == "another digest":
        described = release / "release.json"
        described.write_text(described.read_text().replace(release.name[:8], "01234567"))
    elif what == "current":
        (damaged / "current").write_text("../../etc")
    elif what == "foreign":
        (damaged / "current").unlink()
        (damaged / "thesis.docx").touch()
    elif what == "garbled store":
        for file in (release / "store").glob("MANIFEST-*"):
            file.write_bytes(os.urandom(file.stat().st_size))
    elif what.startswith("garbled"):
        largest = max((release / what.split()[1]).iterdir(), key=lambda each: each.stat().st_size)
        largest.write_bytes(os.urandom(largest.stat().st_size))
    else:
        next(each for each in (release / what).iterdir() if each.stat().st_size).unlink()
    finished = run_program("serve", "--port", "0", "--data", str(damaged))
    assert finished.returncode == 1, finished.stderr
    assert len(finished.stderr.splitlines()) == 1, finished.stderr
    assert finished.stderr.startswith(f"stemgraph: {damaged}")


def test_a_directory_that_cannot_be_written_is_one_line(
    run_program: Program, tmp_path: Path, bound_by_permissions: First
) -> None:
    tmp_path.chmod(0o500)
    finished = run_program(
        "serve", "--port", "0", "--data", str(tmp_path / "data"), first=bound_by_permissions
    )
    tmp_path.chmod(0o700)
    assert finished.returncode == 1
    (line,) = finished.stderr.splitlines()
    assert line.startswith(f"stemgraph: {tmp_path / 'data'}")
    assert line.endswith("cannot be written: Permission denied (check permissions and free space)")


@pytest.mark.parametrize(
    ("closed", "named"),
    [
        ("", ""),
        ("current", "current"),
        ("releases", "releases"),
        ("releases/*/compiled.json", "compiled.json"),
        ("releases/*/records/entities.jsonl", "entities.jsonl"),
        ("releases/*/store/CURRENT", "store"),
    ],
)
def test_a_directory_that_cannot_be_read_is_one_line(
    run_program: Program, damaged: Path, bound_by_permissions: First, closed: str, named: str
) -> None:
    (place,) = damaged.glob(closed) if closed else [damaged]
    place.chmod(0)
    finished = run_program("serve", "--port", "0", "--data", str(damaged), first=bound_by_permissions)
    place.chmod(0o700)
    assert finished.returncode == 1, finished.stderr
    (line,) = finished.stderr.splitlines()
    assert line.startswith(f"stemgraph: {damaged}")
    assert "ermission denied" in line
    assert named in line


def test_a_release_may_be_served_from_a_disk_that_cannot_be_written(
    run_program: Program, damaged: Path, bound_by_permissions: First
) -> None:
    directories = [damaged, *(each for each in damaged.rglob("*") if each.is_dir())]
    for each in directories:
        each.chmod(0o500)
    finished = run_program("query", "ASK {?s ?p ?o}", "--data", str(damaged), first=bound_by_permissions)
    for each in directories:
        each.chmod(0o700)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "yes\n", "")


def test_who_listens_everywhere_is_called_by_addresses_and_the_names_that_are_set(
    small_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMGRAPH_HOSTS", "kg.example.org")
    with serving("--data", str(small_data), "--host", "0.0.0.0") as (_, url, _):  # noqa: S104  # as in a container
        for host, status in [
            ("", 200),
            ("192.0.2.7:8000", 200),
            ("kg.example.org", 200),
            ("evil.example", 421),
        ]:
            connection = http.client.HTTPConnection("127.0.0.1", int(url.rpartition(":")[2]), timeout=30)
            connection.request("GET", "/healthz/", headers={"Host": host} if host else {})
            answer = connection.getresponse()
            assert answer.status == (status if status == 421 else 404), host
            connection.close()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_stop_waits_for_no_slow_client(small_data: Path, workers: str) -> None:
    with serving("--data", str(small_data), "--workers", workers) as (process, url, _):
        slow = [socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) for _ in range(6)]
        for number, each in enumerate(slow):
            each.sendall(b"POST /api/v1/entities HTTP/1.1\r\nHost: localhost\r\n")
            if number % 2:
                each.sendall(b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
        assert fetch(f"{url}/readyz")
        begun = time.monotonic()
        process.terminate()
        process.wait(20)
        assert time.monotonic() - begun < 10
        for each in slow:
            each.close()


def test_a_server_process_that_is_killed_is_replaced(small_data: Path) -> None:
    with serving("--data", str(small_data), "--workers", "2") as (process, url, _):
        served = serving_children(process.pid)
        os.kill(served[0], signal.SIGKILL)
        until = time.monotonic() + 120
        while time.monotonic() < until and len(set(serving_children(process.pid)) - set(served)) == 0:
            time.sleep(0.1)
        assert len(serving_children(process.pid)) == 2
        assert all(fetch(f"{url}/readyz") for _ in range(5))


def serving_children(process: int) -> list[int]:
    """The processes that serve, among the children of one."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process)], capture_output=True, text=True, check=False
    ).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "spawn_main" in line]
