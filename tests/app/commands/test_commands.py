"""What every command has in common: help, version, completion, and how they fail."""

from __future__ import annotations

import subprocess
import sys
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


def test_help_lists_every_command_and_the_exit_codes(run: Callable[..., Any]) -> None:
    output = run("--help").output
    assert all(command in output for command in COMMANDS)
    assert "Exit codes" in output


def test_the_version_is_printed(run: Callable[..., Any]) -> None:
    assert run("--version").output.startswith("stemgraph 0.")


@pytest.mark.parametrize("arguments", [["nothing"], ["query"], ["serve", "--port", "x"], ["load", "--what"]])
def test_wrong_usage_is_exit_code_2(run: Callable[..., Any], arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


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
