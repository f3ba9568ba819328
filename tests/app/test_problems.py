from __future__ import annotations

import inspect
import json

import pytest

from stemgraph.app import errors as app_errors
from stemgraph.app.errors import NotAcceptableError, ParameterError
from stemgraph.app.problems import problem_of, status_problem
from stemgraph.graph import errors
from stemgraph.graph.errors import (
    AmbiguousNameError,
    CursorError,
    DataDirectoryError,
    QueryError,
    StemgraphError,
    UnknownIdentifierError,
)


def test_an_unknown_identifier_is_404_with_suggestions() -> None:
    problem = problem_of(UnknownIdentifierError("MONDO:1", suggestions=["MONDO:0005301"])).at(
        "/api/v1/entity/MONDO:1"
    )
    record = json.loads(problem.to_bytes())
    assert record["status"] == 404
    assert record["type"] == "https://w3id.org/stemgraph/problem/unknown-identifier"
    assert record["suggestions"] == ["MONDO:0005301"]
    assert record["instance"] == "/api/v1/entity/MONDO:1"
    assert record["mend"]


def test_a_class_that_is_not_listed_has_the_status_of_its_base() -> None:
    problem = problem_of(CursorError("garbled", place="cursor", mend="begin again"))
    assert (problem.status, problem.place) == (422, "cursor")


def test_a_query_error_says_line_and_column() -> None:
    record = problem_of(QueryError("does not parse", line=2, column=7)).to_record()
    assert (record["status"], record["line"], record["column"]) == (400, 2, 7)


def test_candidates_of_an_ambiguous_name_are_suggested() -> None:
    error = AmbiguousNameError("graft", [("A:1", "graft"), ("B:2", "graft")])
    assert problem_of(error).suggestions == ("A:1", "B:2")


def test_offers_are_suggested_where_none_is_accepted() -> None:
    assert problem_of(NotAcceptableError(["text/turtle"])).suggestions == ("text/turtle",)


def test_a_failure_of_ours_tells_nothing_of_its_inside() -> None:
    problem = problem_of(DataDirectoryError("cannot be read", place="/secret/place"))
    assert problem.status == 500
    assert b"secret" not in problem.to_bytes()


def test_the_instance_is_a_uri_reference_whatever_the_path() -> None:
    problem = status_problem(404).at("/a b/\x00/é/\udcff")
    assert problem.instance == "/a%20b/%00/%C3%A9/%3F"


def test_text_that_is_no_unicode_is_still_answered() -> None:
    error = ParameterError("'\udcff' is not a parameter", place="\udcff")
    assert json.loads(problem_of(error).to_bytes())["status"] == 422


def test_service_unavailable_says_when_to_come_back() -> None:
    assert problem_of(app_errors.UnavailableError("busy")).headers == {"Retry-After": "1"}


@pytest.mark.parametrize(
    "kind",
    [
        each
        for module in (errors, app_errors)
        for each in vars(module).values()
        if inspect.isclass(each) and issubclass(each, StemgraphError) and each not in (StemgraphError,)
    ],
)
def test_every_error_has_a_status(kind: type[StemgraphError]) -> None:
    error = kind.__new__(kind)
    StemgraphError.__init__(error, "message", place="place", mend="mend")
    vars(error).setdefault("suggestions", ())
    for name in ("candidates", "offers", "known", "violations", "errors"):
        vars(error).setdefault(name, ())
    for name in ("line", "column", "retry_after"):
        vars(error).setdefault(name, None)
    assert 400 <= problem_of(error).status <= 599


def test_a_refused_method_is_told_with_those_that_are_taken() -> None:
    problem = status_problem(405, headers={"Allow": "GET, HEAD"})
    assert problem.mend == "use GET, HEAD"
