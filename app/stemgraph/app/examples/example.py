"""One example: what was asked, and what the service answered to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson

ANSWERS: Final = "answers.json"
"""The file of this package that holds the examples, by operation."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A request and its answer."""

    request: str
    """Method and address; a body follows it after a space."""
    status: int
    media_type: str
    body: Any
    """Decoded JSON, or text; long ones are shortened."""
    location: str | None = None
    """Where a redirect leads."""

    def to_record(self) -> Json:
        """The JSON shape."""
        return {name: getattr(self, name) for name in self.__slots__}


@cache
def _examples() -> Mapping[str, Example]:
    file = files("stemgraph.app.examples").joinpath(ANSWERS)
    if not file.is_file():  # before they are written for the first time
        return {}
    return {name: Example(**record) for name, record in orjson.loads(file.read_bytes()).items()}


def example_of(operation: str) -> Example | None:
    """The example of an operation by its name, or None where there is none."""
    return _examples().get(operation)


def with_example(operation: str, response: Json) -> Json:
    """The response of an operation as OpenAPI documents it, with its example where there is one."""
    example = example_of(operation)
    if example is None:
        return response
    if example.location is not None:
        headers = response.get("headers", {})
        location = {**headers.get("Location", {}), "example": example.location}
        return {**response, "headers": {**headers, "Location": location}}
    content = response.get("content", {})
    shown = {"bundle": {"summary": example.request, "value": example.body}}
    described = {**content.get(example.media_type, {}), "examples": shown}
    return {**response, "content": {**content, example.media_type: described}}
