"""The page of the routes, from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from stemgraph.app.reference.curl import curl_example
from stemgraph.app.reference.markdown import code, console, link, page, table
from stemgraph.app.reference.schema_words import ANSWERS, WordLists, kind_of

Json = dict[str, Any]

CURATING: Final = "../how-to/curate-over-the-api.md"

INTRODUCTION: Final = """\
Written by `make generate` from the OpenAPI document, which the service serves at `/openapi.json`; its page
`/docs` lets you try every route. The examples ask a service that `make serve` started. What the JSON answers
hold is on the page [Answers](answers.md).

What answers GET answers HEAD. Lists come in pages, `{items, total, next_cursor}`: give `next_cursor` as
`cursor` to get the next one, or follow the `Link` header. Every answer names its release in the header
`Stemgraph-Release`. An answer that depends on release and request alone has a strong `ETag`; who sends it
back in `If-None-Match` gets 304. The `Accept` header chooses among the media types of a route. A parameter
that a route does not have is refused, and so is one that is given twice and may not be repeated."""


def rest_page(document: Json) -> str:
    """The page: all routes in a table, each in a section of its own, and the problems."""
    lists = WordLists()
    operations = list(_operations(document))
    overview = table(
        ("Route", "What"),
        [
            (link(code(f"{method} {path}"), f"{method} {path}"), operation["summary"])
            for method, path, operation in operations
        ],
    )
    sections: list[str] = []
    for tag in dict.fromkeys(_tag(operation) for _, _, operation in operations):
        sections.append(f"## {tag[0].upper()}{tag[1:]}")
        sections += [_section(*each, lists) for each in operations if _tag(each[2]) == tag]
    words = lists.sections()
    return page(
        "REST",
        INTRODUCTION,
        overview,
        *sections,
        _problems(operations),
        "## Words" if words else "",
        *words,
    )


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _tag(operation: Json) -> str:
    return str(operation.get("tags", ["other"])[0])


def _section(method: str, path: str, operation: Json, lists: WordLists) -> str:
    parts = [f"### {code(f'{method} {path}')}", operation.get("description", operation["summary"])]
    parameters = operation.get("parameters", [])
    if parameters:
        parts.append(
            table(
                ("Parameter", "Takes", "Default", "What"),
                [_parameter(each, lists) for each in parameters],
            )
        )
    if "requestBody" in operation:
        parts.append(_body(operation["requestBody"], lists))
    parts += [_returns(operation["responses"]), _refusals(operation["responses"])]
    if "security" in operation:  # it needs a key, and changes what is there: the guide goes through it
        parts.append(f"Needs a key: see [Curate over the API]({CURATING}).")
    else:
        parts.append(console(curl_example(method, path, operation)))
    return "\n\n".join(part for part in parts if part)


def _parameter(parameter: Json, lists: WordLists) -> tuple[str, str, str, str]:
    schema: Json = parameter["schema"]
    if parameter["in"] == "path":
        given = "in the path"
    elif parameter.get("required"):
        given = "required"
    else:
        default = schema.get("default")
        written = str(default).lower() if isinstance(default, bool) else default
        given = code(written) if written not in (None, []) else ""
    return (
        code(parameter["name"]),
        kind_of(schema, parameter["name"], lists, ANSWERS),
        given,
        _described(parameter),
    )


def _described(parameter: Json) -> str:
    example = parameter.get("example")
    described: str = parameter.get("description", "")
    return described if example is None else f"{described} Example: {code(' '.join(str(example).split()))}."


def _body(body: Json, lists: WordLists) -> str:
    parts = [f"Takes a body: {', '.join(map(code, body['content']))}."]
    for content in body["content"].values():
        schema: Json = content.get("schema", {})
        required = schema.get("required", ())
        rows = [
            (
                code(name),
                kind_of(field, name, lists, ANSWERS),
                "required" if name in required else "",
                field.get("description", ""),
            )
            for name, field in schema.get("properties", {}).items()
        ]
        if rows:
            parts.append(table(("Field", "Takes", "", "What"), rows))
    return "\n\n".join(parts)


def _returns(responses: Json) -> str:
    sentences: list[str] = []
    for status, response in responses.items():
        if status.startswith("2") and response.get("content"):
            said = "; or ".join(_contents(response["content"]))
            sentences.append(f"Returns {said}.")
    if "303" in responses:
        sentences.append("Answers 303; the header `Location` says where to go.")
    return " ".join(sentences)


def _contents(contents: Json) -> Iterator[str]:
    """The models among what is returned, and then the other media types."""
    models = {
        media_type: content.get("schema", {}).get("$ref", "") for media_type, content in contents.items()
    }
    for media_type, reference in models.items():
        if reference:
            model = reference.rpartition("/")[2]
            yield f"{link(model, model, ANSWERS)} as {code(media_type)}"
    others = [code(media_type) for media_type, reference in models.items() if not reference]
    if others:
        yield ", ".join(others)


def _refusals(responses: Json) -> str:
    statuses = [int(status) for status in responses if int(status) >= 400]
    return f"{link('Problems', 'Problems')}: {', '.join(map(str, sorted(statuses)))}." if statuses else ""


def _problems(operations: list[tuple[str, str, Json]]) -> str:
    meanings: dict[int, list[str]] = {}
    for _, _, operation in operations:
        for status, response in operation["responses"].items():
            if int(status) >= 400 and response["description"] not in meanings.setdefault(int(status), []):
                meanings[int(status)].append(response["description"])
    rows = [(str(status), " ".join(found)) for status, found in sorted(meanings.items())]
    model = link("StemgraphProblem", "StemgraphProblem", ANSWERS)
    told = (
        f"Every refusal is a {model} (RFC 9457), sent as `application/problem+json`: it says what is wrong, "
        "where, and how to mend it. A path that is no route is answered with 404, a method that a route does "
        "not have with 405. What is no request yet is refused by the server itself, in the same form: "
        "malformed HTTP with 400, one that arrives too slowly with 408, too long a body with 413, address "
        "with 414 or headers with 431, and one connection too many with 503."
    )
    return "\n\n".join(("## Problems", told, table(("Status", "When"), rows)))
