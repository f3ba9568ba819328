"""JSON Schema in plain words: what a parameter takes and what a field holds."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from stemgraph.app.parameters import EntityId
from stemgraph.app.reference.markdown import code, link

Json = dict[str, Any]

ANSWERS: Final = "answers.md"
"""The page that describes the models."""

_KINDS: Final = {
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "string": "text",
    "null": "null",
    "object": "object",
}
_FEW: Final = 8
"""Words of an enumeration that a cell names; a longer one is listed once, elsewhere."""


class WordLists:
    """The long enumerations of a page: each is listed once, under the name it was first met with."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], str] = {}

    def name(self, words: list[str], wanted: str) -> str:
        """The heading under which these words are listed."""
        key = tuple(words)
        if key not in self._names:
            taken = sum(name.partition(", ")[0] == wanted for name in self._names.values())
            self._names[key] = f"{wanted}, {taken + 1}" if taken else wanted
        return self._names[key]

    def sections(self) -> list[str]:
        """A section for each."""
        return [
            f"### Words: {name}\n\n{', '.join(map(code, words))}."
            for words, name in sorted(self._names.items(), key=lambda item: item[1])
        ]


def kind_of(schema: Json, name: str, lists: WordLists, page: str = "") -> str:
    """What a schema takes, in words; ``name`` is what it describes, ``page`` where models are described."""
    choices: list[Json] = schema.get("anyOf") or schema.get("oneOf") or []
    if choices:
        return " or ".join(dict.fromkeys(kind_of(each, name, lists, page) for each in choices))
    if "$ref" in schema:
        model = schema["$ref"].rpartition("/")[2]
        return link(model, model, page)
    if "enum" in schema or "const" in schema:
        return _words(schema.get("enum") or [schema["const"]], name, lists)
    if schema.get("type") == "array":
        return "list of " + kind_of(schema.get("items", {}), name, lists, page)
    inner: Json | bool = schema.get("additionalProperties", False)
    if isinstance(inner, dict):
        return "object whose values are " + kind_of(inner, name, lists, page)
    return _plain(schema)


def _words(words: list[object], name: str, lists: WordLists) -> str:
    if len(words) <= _FEW:
        return ", ".join(map(code, words))
    listed = lists.name([str(word) for word in words], name)
    return "one of the " + link(f"words of {listed}", f"Words: {listed}")


def _plain(schema: Json) -> str:
    if schema.get("pattern") == _identifier_pattern():
        return "CURIE or IRI"
    kind = "path" if schema.get("format") == "path" else _KINDS.get(schema.get("type", ""), "anything")
    if "exclusiveMinimum" in schema:
        kind += f", more than {schema['exclusiveMinimum']:g}"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        kind += f", {low} to {high}"
    elif low is not None:
        kind += f", at least {low}"
    elif high is not None:
        kind += f", at most {high}"
    elif schema.get("type") == "string" and "maxLength" in schema:
        kind += f", at most {schema['maxLength']} characters"
    return kind


@cache
def _identifier_pattern() -> str:
    pattern: str = TypeAdapter(EntityId).json_schema()["pattern"]
    return pattern
