from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from stemgraph.app import Settings, create_router
from stemgraph.app.application import openapi_document
from stemgraph.app.commands import application
from stemgraph.app.reference import differences, reference_pages, write_pages
from stemgraph.app.reference.__main__ import main
from stemgraph.app.reference.curl import MissingExampleError, curl_example
from stemgraph.app.reference.markdown import anchor, table
from stemgraph.app.reference.schema_words import WordLists, kind_of
from stemgraph.graph import KnowledgeGraph

ANY: dict[str, Any] = {"operationId": "ask", "responses": {"200": {}}}


@pytest.fixture(scope="module")
def pages(bundled: KnowledgeGraph) -> dict[str, str]:
    """The pages as the code and the content give them now."""
    return reference_pages(bundled)


def test_the_committed_pages_are_what_the_code_and_the_content_give(
    pages: dict[str, str], repository: Path
) -> None:
    assert differences(pages, repository / "docs") == []


def test_every_route_is_documented_with_an_example(pages: dict[str, str], bundled: KnowledgeGraph) -> None:
    paths = openapi_document(create_router(bundled))["paths"]
    sections = pages["reference/rest.md"].split("\n### ")
    for path, methods in paths.items():
        for method, operation in methods.items():
            (section,) = [each for each in sections if each.startswith(f"`{method.upper()} {path}`\n")]
            assert ("curate-over-the-api.md" if "security" in operation else "$ curl ") in section
            for parameter in operation.get("parameters", ()):
                assert f"| `{parameter['name']}` |" in section, (path, parameter["name"])


def test_every_model_is_documented(pages: dict[str, str], bundled: KnowledgeGraph) -> None:
    models = openapi_document(create_router(bundled))["components"]["schemas"]
    headings = {line.removeprefix("## ") for line in pages["reference/answers.md"].splitlines()}
    assert set(models) <= headings


def test_every_command_is_documented_with_its_options(pages: dict[str, str]) -> None:
    root: Any = get_command(application)
    sections = pages["reference/commands.md"].split("\n## ")
    for name, command in root.commands.items():
        (section,) = [each for each in sections if each.startswith(f"`stemgraph {name}`\n")]
        for option in (each for each in command.params if each.param_type_name == "option"):
            assert max(option.opts, key=len) in section, (name, option.name)


def test_every_setting_is_documented(pages: dict[str, str]) -> None:
    page = pages["reference/settings.md"]
    for name, field in Settings.model_fields.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `STEMGRAPH_{name.upper()}` |")]
        assert str(field.description) in row


def test_what_is_inside_counts_every_predicate_and_source(
    pages: dict[str, str], bundled: KnowledgeGraph
) -> None:
    page = pages["explanation/what-is-inside.md"]
    for name, count in bundled.statistics()["associations"]["by_predicate"].items():
        assert f"| `{name}` | {count:,} |" in page
    for source in bundled.release.sources:
        assert f"| `{source['name']}` | {source['title']} |" in page


def test_the_check_fails_where_a_page_is_missing_or_old_and_passes_where_all_are_written(
    bundled: KnowledgeGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check", str(tmp_path)]) == 1
    assert "rest.md: missing (run `make generate`" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 0
    assert main(["--check", str(tmp_path)]) == 0
    (tmp_path / "reference" / "settings.md").write_text("old", encoding="utf-8")
    assert main(["--check", str(tmp_path)]) == 1
    assert "settings.md: differs" in capsys.readouterr().err


def test_what_is_written_is_what_is_checked(tmp_path: Path) -> None:
    write_pages({"reference/rest.md": "# REST\n"}, tmp_path)
    assert differences({"reference/rest.md": "# REST\n"}, tmp_path) == []


def parameter(name: str, *, place: str = "query", **rest: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": {"type": "string"}, **rest}


def test_an_example_gives_what_is_required_and_one_more_that_has_an_example_of_its_own() -> None:
    given = [
        parameter("id", place="path", required=True, example="MONDO:1"),
        parameter("q", required=True, example="CD19"),
        parameter("entity", example="MONDO:0005301"),
        parameter("source", example="curated"),
        parameter("format", example="turtle"),
    ]
    assert curl_example("GET", "/of/{id}", {**ANY, "parameters": given}) == (
        "curl 'http://127.0.0.1:8000/of/MONDO:1?q=CD19&source=curated'"
    )


def test_an_example_leaves_escaping_to_curl() -> None:
    given = [parameter("q", required=True, example="multiple sclerosis")]
    assert curl_example("GET", "/search", {**ANY, "parameters": given}) == (
        "curl -G http://127.0.0.1:8000/search --data-urlencode 'q=multiple sclerosis'"
    )


def test_an_example_of_a_list_repeats_the_parameter() -> None:
    given = [parameter("therapy", required=True, example=["A:1", "A:2"])]
    assert curl_example("GET", "/risks", {**ANY, "parameters": given}).endswith("?therapy=A:1&therapy=A:2'")


def test_an_example_sends_the_body_that_is_documented() -> None:
    body = {"content": {"application/json": {"example": {"ids": ["A:1"]}}}}
    assert curl_example("POST", "/entities", {**ANY, "requestBody": body}) == (
        "curl -H 'Content-Type: application/json' --data '{\"ids\": [\"A:1\"]}' "
        "http://127.0.0.1:8000/entities"
    )


def test_an_example_follows_a_redirect() -> None:
    redirecting = {"operationId": "resolve", "responses": {"303": {}}}
    assert curl_example("GET", "/id", redirecting) == "curl -L http://127.0.0.1:8000/id"


def test_a_required_parameter_without_an_example_is_named() -> None:
    with pytest.raises(MissingExampleError, match="ask: give the parameter 'q' an example"):
        curl_example("GET", "/ask", {**ANY, "parameters": [parameter("q", required=True)]})


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 200}, "whole number, 1 to 200"),
        ({"type": "number", "exclusiveMinimum": 0}, "number, more than 0"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "text or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Entity"}}, "list of [Entity](#entity)"),
        ({"enum": ["US", "EU"]}, "`US`, `EU`"),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            "object whose values are whole number",
        ),
        ({}, "anything"),
    ],
)
def test_a_schema_is_told_in_plain_words(schema: dict[str, Any], words: str) -> None:
    assert kind_of(schema, "name", WordLists()) == words


def test_a_long_enumeration_is_listed_once() -> None:
    lists = WordLists()
    words = [f"word{number}" for number in range(20)]
    assert kind_of({"enum": words}, "status", lists) == "one of the [words of status](#words-status)"
    assert kind_of({"enum": words}, "other", lists) == "one of the [words of status](#words-status)"
    assert kind_of({"enum": words[1:]}, "status", lists) == "one of the [words of status, 2](#words-status-2)"
    assert len(lists.sections()) == 2


def test_a_cell_may_hold_a_bar() -> None:
    assert table(("A",), [("x | y",)]).splitlines()[-1] == "| x \\| y |"


def test_an_anchor_is_what_github_makes_of_a_heading() -> None:
    assert anchor("GET /api/v1/entity/{id}") == "get-apiv1entityid"
    assert anchor("Words: status, 2") == "words-status-2"
