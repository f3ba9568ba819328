"""One example of each route as a ``curl`` command, from the examples in the OpenAPI document."""

from __future__ import annotations

import json
import shlex
from functools import cache
from typing import Any, Final, cast
from urllib.parse import quote

from pydantic import TypeAdapter

from stemgraph.app.parameters import EntityId

Json = dict[str, Any]

ADDRESS: Final = "http://127.0.0.1:8000"
"""Where ``make serve`` serves."""

_FORM: Final = "application/x-www-form-urlencoded"


class MissingExampleError(ValueError):
    """A parameter or body that is required is documented without an example."""


def curl_example(method: str, path: str, operation: Json) -> str:
    """A command that asks the operation something it has an answer for.

    It gives what is required, and the first of the other parameters that has an example of its own.

    Raises:
        MissingExampleError: What is required has no example.
    """
    words = ["curl"]
    if not any(status.startswith("2") for status in operation["responses"]):
        words.append("-L")
    if method not in {"GET", "POST"}:
        words += ["-X", method]
    parameters: list[Json] = operation.get("parameters", [])
    for each in parameters:
        if each["in"] == "path":
            value = str(_value(each, operation))
            path = path.replace("{" + each["name"] + "}", quote(value, safe=":"))
    in_query = [each for each in parameters if each["in"] == "query"]
    given = [each for each in in_query if each.get("required")]
    if "requestBody" in operation:
        words += _body(operation["requestBody"]["content"], operation)
    else:
        given += [each for each in in_query if each not in given and _has_own_example(each)][:1]
    pairs = [(each["name"], item) for each in given for item in _items(_value(each, operation))]
    return " ".join([*map(shlex.quote, words), _address(path, pairs)])


def _address(path: str, pairs: list[tuple[str, str]]) -> str:
    """The address and its query; what would have to be escaped there is left to curl."""
    if any(quote(value, safe=":,") != value for _, value in pairs):
        return " ".join(
            [f"-G {ADDRESS}{path}", *(f"--data-urlencode {shlex.quote(f'{n}={v}')}" for n, v in pairs)]
        )
    query = "&".join(f"{name}={value}" for name, value in pairs)
    return shlex.quote(f"{ADDRESS}{path}?{query}" if query else f"{ADDRESS}{path}")


def _has_own_example(parameter: Json) -> bool:
    return parameter.get("example") not in (None, _example_of_any_entity())


@cache
def _example_of_any_entity() -> str:
    """The example that every parameter has which takes an identifier and names no other."""
    examples: list[str] = TypeAdapter(EntityId).json_schema()["examples"]
    return examples[0]


def _value(parameter: Json, operation: Json) -> object:
    if "example" in parameter:
        return parameter["example"]
    schema: Json = parameter["schema"]
    for known in ("enum", "examples"):
        if schema.get(known):
            return schema[known][0]
    raise MissingExampleError(
        f"{operation['operationId']}: give the parameter '{parameter['name']}' an example"
    )


def _items(value: object) -> list[str]:
    return [str(each) for each in cast("list[object]", value)] if isinstance(value, list) else [str(value)]


def _body(content: Json, operation: Json) -> list[str]:
    for media_type, described in content.items():
        if "example" in described:
            example: Any = described["example"]
            if media_type == _FORM:
                pairs = [f"{name}={value}" for name, value in example.items()]
                return [word for pair in pairs for word in ("--data-urlencode", pair)]
            text = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
            return ["-H", f"Content-Type: {media_type}", "--data", text]
    raise MissingExampleError(f"{operation['operationId']}: give its body an example")
