"""``stemgraph serve`` as a real process."""

from __future__ import annotations

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


@pytest.mark.parametrize("what", ["records", "store", "manifest", "current", "foreign", "garbled store"])
def test_a_damaged_data_directory_is_one_line(run_program: Program, damaged: Path, what: str) -> None:
    (release,) = (damaged / "releases").iterdir()
    if what == "manifest":
        (release / "compiled.json").write_text("{")
    elif what == "current":
        (damaged / "current").write_text("../../etc")
    elif what == "foreign":
        (damaged / "current").unlink()
        (damaged / "thesis.docx").touch()
    elif what == "garbled store":
        for file in (release / "store").glob("MANIFEST-*"):
            file.write_bytes(os.urandom(file.stat().st_size))
    else:
        next(each for each in (release / what).iterdir() if each.stat().st_size).unlink()
    finished = run_program("serve", "--port", "0", "--data", str(damaged))
    assert finished.returncode == 1, finished.stderr
    assert len(finished.stderr.splitlines()) == 1, finished.stderr
    assert finished.stderr.startswith(f"stemgraph: {damaged}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_cannot_be_written_is_one_line(run_program: Program, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    finished = run_program("serve", "--port", "0", "--data", str(tmp_path / "data"))
    tmp_path.chmod(0o700)
    assert finished.returncode == 1
    assert len(finished.stderr.splitlines()) == 2
