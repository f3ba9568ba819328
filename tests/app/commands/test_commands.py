"""What every command has in common: help, version, completion, and how they fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

COMMANDS = ("serve", "load", "query", "export", "validate", "idcheck", "build", "doctor")

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_with_examples(run: Callable[..., Any], command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"stemgraph {command}" in result.output


def test_naming_the_commands_imports_neither_pydantic_nor_the_web_framework() -> None:
    heavy = "{'fastapi', 'numpy', 'pydantic', 'rdflib'}"
    code = f"import sys, stemgraph.app.commands; print(sorted({heavy} & sys.modules.keys()))"
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed == "[]\n"


def test_help_lists_every_command_and_the_exit_codes(run: Callable[..., Any]) -> None:
    output = run("--help").output
    assert all(command in output for command in COMMANDS)
    assert "Exit codes" in output


def test_the_version_is_printed(run: Callable[..., Any]) -> None:
    assert run("--version").output.startswith("stemgraph 0.")


@pytest.mark.parametrize("arguments", [["nothing"], ["query"], ["serve", "--port", "x"], ["load", "--what"]])
def test_wrong_usage_is_exit_code_2(run: Callable[..., Any], arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.fixture
def hostile_files(tmp_path: Path) -> None:
    """Files that no command can do anything with."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.nt").touch()
    (tmp_path / "whole.nt").write_text("<urn:a> <urn:b> <urn:c> .\n")
    (tmp_path / "latin.rq").write_bytes("ASK { ?s ?p 'é' }".encode("latin-1"))
    (tmp_path / "itself.yaml").write_text("a: &a [*a, *a]\n")
    (tmp_path / "deep.yaml").write_text("[" * 300_000)
    (tmp_path / "key.yaml").write_text("? [a, b]\n: c\n")
    tens = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (tmp_path / "copies.yaml").write_text("\n".join(["a0: &a0 [x]", *tens]))


@pytest.mark.usefixtures("hostile_files")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["query", "SELECT * { ?s ?p }"], "line 1, column"),
        (["query", "missing.rq"], "missing.rq: cannot be read"),
        (["query", "ASK {}", "--format", "docx"], "'docx' is not a format"),
        (["query", "ASK {}", "--format", "turtle"], "cannot be written as 'turtle'"),
        (["export", "--format", "docx"], "'docx' is not an export format"),
        (["export", "-o", "graph.docx"], "does not say a format"),
        (["export", "-o", "missing/graph.ttl"], "missing"),
        (["export", "--entity", "MONDO:9999999"], "MONDO:9999999"),
        (["export", "--entity", "nonsense"], "nonsense"),
        (["export", "--predicate", "heals"], "heals"),
        (["load", "missing.ttl"], "missing.ttl"),
        (["load", "graph.docx"], "does not say its format"),
        (["load", "-"], "name it with --format"),
        (["load", "empty.nt"], "empty.nt: no statement was found (check that the file is whole)"),
        (["load", "whole.nt", "--graph", "two words"], "--graph: 'two words' cannot name a graph"),
        (["load", "whole.nt", "--graph", ""], "--graph: '' cannot name a graph"),
        (["query", ""], "the query: holds no query"),
        (["query", "empty.nt"], "empty.nt: holds no query"),
        (["query", "empty"], "empty: cannot be read: Is a directory"),
        (["query", "latin.rq"], "latin.rq: is not UTF-8 (save it as UTF-8)"),
        (["query", "ASK { ?s ?p '\udce9' }"], "the query: is not UTF-8"),
        (["query", "SELECT (<urn:f>(1) AS ?x) {}"], "the query cannot be evaluated"),
        (["export", "-o", "empty", "--format", "csv"], "empty: is a directory (name a file in it)"),
        (["validate", "empty"], "empty: holds no content"),
        (["idcheck", "-"], "standard input: no identifier with a label was found"),
        (["idcheck", "itself.yaml"], "itself.yaml:1: it comes to more than 100 levels"),
        (["idcheck", "copies.yaml"], "1,000,000 values (write out what its aliases stand for)"),
        (["idcheck", "deep.yaml"], "deep.yaml:1: it is nested more than 100 levels deep"),
        (["idcheck", "key.yaml"], "key.yaml:1: a key is a text"),
        (["idcheck", "missing.tsv"], "missing.tsv"),
        (["idcheck", "file.docx"], "is not one that identifiers are read from"),
        (["validate", "missing.ttl"], "does not exist"),
        (["build", "--content", "missing", "--output", "out"], "missing"),
        (["query", "ASK {}", "--data", "/dev/null"], "/dev/null"),
        (["query", "ASK {}", "--release", "missing"], "missing"),
        (["serve", "--release", "missing", "--port", "0"], "missing: does not exist"),
        (["serve", "--host", "no.such.host.invalid", "--port", "0"], "is no address"),
    ],
)
def test_a_failure_is_one_clear_line_and_exit_code_1(
    run: Callable[..., Any], arguments: list[str], said: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("stemgraph: ")
    assert said in last
    assert "Traceback" not in result.output


def test_completion_is_offered_for_the_shell(run_program: Program) -> None:
    finished = run_program("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert finished.returncode == 0
    assert "complete" in finished.stdout


def test_a_reader_that_has_enough_is_no_failure_to_tell_of(small_data: Path) -> None:
    finished = subprocess.run(
        [
            "sh",
            "-c",
            f"{sys.executable} -m stemgraph.app export --format nquads --data {small_data} | head -1",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stderr == ""
    assert len(finished.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        "load secret.ttl",
        "load secret-nodes.tsv secret-edges.tsv",
        "validate secret.ttl",
        "validate secret.yaml",
        "idcheck secret.tsv",
        "idcheck secret.ttl",
        "query secret.rq",
    ],
)
def test_a_file_that_may_not_be_read_is_one_clear_line_and_exit_code_1(
    run_program: Program, tmp_path: Path, bound_by_permissions: Callable[[], None] | None, command: str
) -> None:
    arguments = command.split()
    for name in arguments[1:]:
        (tmp_path / name).touch(mode=0)
    finished = run_program(*arguments, STEMGRAPH_DATA=str(tmp_path / "data"), first=bound_by_permissions)
    assert finished.returncode == 1, finished.stderr
    assert "ermission denied" in finished.stdout + finished.stderr.splitlines()[-1]
    assert "Traceback" not in finished.stderr


def test_standard_output_may_be_closed_or_full(small_data: Path) -> None:
    for command, said in (
        ("export --format csv >&-", "standard output: is closed"),
        ("export --format csv > /dev/full", "No space left on device"),
        ("query 'SELECT * { ?s ?p ?o }' > /dev/full", "No space left on device"),
        ("export --format csv -o /dev/full", "/dev/full: cannot be written: No space left on device"),
    ):
        shell = f"exec {sys.executable} -m stemgraph.app {command}"
        finished = subprocess.run(
            ["sh", "-c", shell],
            env={**os.environ, "STEMGRAPH_DATA": str(small_data)},
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert finished.returncode == 1
        assert said in finished.stderr.splitlines()[-1]
        assert "Traceback" not in finished.stderr
    assert Path("/dev/full").is_char_device()


def test_a_terminal_without_our_letters_gets_marks_for_them(run_program: Program, small_data: Path) -> None:
    finished = run_program(
        "query",
        "SELECT ('Sjögren' AS ?name) {}",
        STEMGRAPH_DATA=str(small_data),
        PYTHONIOENCODING="ascii",
        PYTHONUTF8="1",
    )
    assert finished.returncode == 0, finished.stderr
    assert "Sj?gren" in finished.stdout


def test_ctrl_c_ends_a_query_that_would_take_for_ever(small_data: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }"
    process = subprocess.Popen(
        [sys.executable, "-m", "stemgraph.app", "query", endless, "--data", str(small_data)],
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
    process.kill()
    _, said = process.communicate()
    assert process.returncode in (-signal.SIGINT, 130)
    assert "Traceback" not in said
