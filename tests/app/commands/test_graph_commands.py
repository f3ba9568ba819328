"""``load``, ``query`` and ``export`` on the small graph."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from tests.app.commands.conftest import current_release

Run = Callable[..., Any]
TREATED = "SELECT ?name { ?x sgv:treats ?y . ?y rdfs:label ?name } ORDER BY ?name"
TURTLE = '<https://w3id.org/stemgraph/entity/mine> <http://www.w3.org/2000/01/rdf-schema#label> "mine" .'


def test_a_query_prints_a_table(run: Run) -> None:
    result = run("query", TREATED)
    assert result.exit_code == 0
    assert "name" in result.stdout
    assert "rows" in result.stderr


def test_a_query_comes_from_argument_file_and_standard_input(run: Run, tmp_path: Path) -> None:
    (tmp_path / "question.rq").write_text(TREATED)
    answers = [
        run("query", TREATED, "--format", "csv"),
        run("query", "question.rq", "--format", "csv"),
        run("query", "-", "--format", "csv", input=TREATED),
    ]
    assert len({each.stdout for each in answers}) == 1
    assert next(csv.reader(io.StringIO(answers[0].stdout))) == ["name"]


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_solutions_are_printed_in_every_format(run: Run, name: str) -> None:
    result = run("query", TREATED, "--format", name)
    assert result.exit_code == 0
    assert result.stdout


def test_ask_prints_yes_or_no_and_a_graph_prints_turtle(run: Run) -> None:
    assert run("query", "ASK { ?s ?p ?o }").stdout == "yes\n"
    assert run("query", "ASK { ?s ?p 42 }").stdout == "no\n"
    printed = run("query", "CONSTRUCT WHERE { ?s rdfs:label ?o }").stdout
    assert len(list(ox.parse(printed, format=ox.RdfFormat.TURTLE))) > 10


@pytest.mark.parametrize(
    "extension", ["ttl", "trig", "nt", "nq", "jsonld", "rdf", "graphml", "cyjs", "json", "csv"]
)
def test_an_export_takes_its_format_from_the_files_name(run: Run, tmp_path: Path, extension: str) -> None:
    result = run("export", "-o", f"graph.{extension}")
    assert result.exit_code == 0, result.output
    assert (tmp_path / f"graph.{extension}").stat().st_size > 500
    assert [each.name for each in tmp_path.iterdir()] == [f"graph.{extension}"]


def test_an_export_to_standard_output_can_be_piped(run: Run) -> None:
    result = run("export", "--format", "node-link")
    assert json.loads(result.stdout)["nodes"]
    assert result.stderr == ""


def test_an_export_has_what_is_inferred_when_it_is_wanted(run: Run) -> None:
    graph = "<https://w3id.org/stemgraph/graph/inferred>"
    assert graph not in run("export", "--format", "nquads").stdout
    assert graph in run("export", "--format", "nquads", "--inferred").stdout


def test_an_export_is_filtered(run: Run) -> None:
    everything = run("export", "--format", "csv").stdout.splitlines()
    negated = run("export", "--format", "csv", "--negated").stdout.splitlines()
    treats = run("export", "--format", "csv", "--predicate", "treats", "--not-negated").stdout.splitlines()
    assert 1 < len(negated) < len(everything)
    assert 1 < len(treats) < len(everything)
    assert all("treats" in line for line in treats[1:])


def test_a_loaded_file_joins_what_is_there_as_a_new_current_release(run: Run, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    assert run("load", "-", "--format", "turtle", "--data", data, input=TURTLE).exit_code == 0
    first = current_release(tmp_path / "data")
    (tmp_path / "more.nt").write_text(TURTLE.replace("mine", "more"))
    result = run("load", "more.nt", "--data", data, "--graph", "extra")
    assert "release 2" in result.stderr
    assert current_release(tmp_path / "data") != first
    query = "SELECT ?name ?g { GRAPH ?g { ?x rdfs:label ?name } } ORDER BY ?name"
    printed = run("query", query, "--data", data, "--format", "csv").stdout.split()
    assert printed[1:] == [
        "mine,https://w3id.org/stemgraph/graph/loaded",
        "more,https://w3id.org/stemgraph/graph/extra",
    ]


def test_replace_keeps_only_the_files(run: Run, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    run("load", "-", "--format", "turtle", "--data", data, input=TURTLE)
    run("load", "-", "--format", "turtle", "--data", data, "--replace", input=TURTLE.replace("mine", "other"))
    printed = run("query", "SELECT ?n { ?x rdfs:label ?n }", "--data", data, "--format", "csv").stdout.split()
    assert printed[1:] == ["other"]


def test_a_file_that_does_not_parse_names_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text(TURTLE + "\n<a> oops .\n")
    result = run("load", "broken.ttl", "--data", str(tmp_path / "data"))
    assert result.exit_code == 1
    assert "broken.ttl, line 2, column" in result.stderr
    assert not (tmp_path / "data" / "current").exists()


def test_kgx_is_loaded(run: Run, tmp_path: Path) -> None:
    run("export", "--format", "kgx-jsonl", "-o", "small.zip")
    result = run("load", "small.zip", "--data", str(tmp_path / "data"))
    assert result.exit_code == 0, result.output
    assert run("query", "ASK { ?x a sgv:Association }", "--data", str(tmp_path / "data")).stdout == "yes\n"


def test_a_query_file_may_begin_with_a_byte_order_mark(run: Run, tmp_path: Path) -> None:
    (tmp_path / "windows.rq").write_bytes(b"\xef\xbb\xbfASK { ?s ?p ?o }")
    assert run("query", "windows.rq").stdout == "yes\n"
    assert run("query", "-", input=b"\xef\xbb\xbfASK { ?s ?p ?o }").stdout == "yes\n"


def test_an_export_writes_to_what_is_no_plain_file_and_leaves_it_what_it_is(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_bytes)
        assert run("export", "-o", str(pipe)).exit_code == 0
        assert read.result(10).startswith(b"id,")
    assert pipe.is_fifo()
