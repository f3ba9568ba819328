"""YAML that remembers its lines, so that every complaint can name file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO, cast

import yaml

from stemgraph.ontology.compressed import open_text
from stemgraph.ontology.errors import ContentError

_DEEPEST: Final = 100
_MOST_VALUES: Final = 1_000_000
_PLAIN_FLOAT: Final = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Located:
    """A YAML value and where it stands."""

    value: str | int | float | bool | tuple[Located, ...] | dict[str, Located] | None
    place: str
    """``file:line``."""

    @classmethod
    def of_json(cls, value: object, place: str = "") -> Located:
        """A decoded JSON value, each part placed by its path in it, such as ``evidence[0].tier``."""
        if isinstance(value, dict):
            named = cast("dict[str, object]", value)
            dot = "." if place else ""
            return cls({key: cls.of_json(each, f"{place}{dot}{key}") for key, each in named.items()}, place)
        if isinstance(value, list | tuple):
            listed = enumerate(cast("list[object]", value))
            return cls(tuple(cls.of_json(each, f"{place}[{index}]") for index, each in listed), place)
        assert value is None or isinstance(value, str | int | float)  # noqa: S101  # what JSON decodes to
        return cls(value, place)

    @property
    def mapping(self) -> dict[str, Located]:
        """The value as a mapping.

        Raises:
            ContentError: It is none.
        """
        if not isinstance(self.value, dict):
            raise ContentError("a mapping `key: value` is expected here", place=self.place)
        return self.value

    @property
    def items(self) -> tuple[Located, ...]:
        """The value as a list.

        Raises:
            ContentError: It is none.
        """
        if not isinstance(self.value, tuple):
            raise ContentError("a list `- item` is expected here", place=self.place)
        return self.value

    @property
    def text(self) -> str:
        """The value as a string.

        Raises:
            ContentError: It is another kind of value, or empty.
        """
        if not isinstance(self.value, str) or not self.value.strip():
            raise ContentError(
                f"a text is expected here, not {self.value!r}"
                if _is_scalar(self.value)
                else "a text is expected",
                place=self.place,
                mend="put it in quotes",
            )
        return self.value.strip()

    @property
    def plain(self) -> object:
        """The value without its places: strings, numbers, booleans, lists and dictionaries."""
        if isinstance(self.value, dict):
            return {key: each.plain for key, each in self.value.items()}
        if isinstance(self.value, tuple):
            return [each.plain for each in self.value]
        return self.value

    def walk(self) -> Iterator[Located]:
        """This value and every value inside it, in order."""
        yield self
        inside = self.value.values() if isinstance(self.value, dict) else self.value
        if isinstance(inside, str | int | float) or inside is None:
            return
        for each in inside:
            yield from each.walk()


def read_yaml(path: Path, *, name: str | None = None) -> Located:
    """Read a YAML file; dates stay text, as written.

    Args:
        path: The file, compressed or not.
        name: How messages call it; its path if not given.

    Raises:
        ContentError: It cannot be read, does not parse, or has a key twice in one mapping.
    """
    shown = name or str(path)
    with open_text(path) as stream:
        try:
            _check_depth(stream, shown)
            node = yaml.compose(stream, Loader=_LinesLoader)
        except yaml.YAMLError as problem:
            raise _broken(problem, shown) from problem
    if node is None:
        raise ContentError("the file is empty", place=shown)
    return _Reading(shown).located(node)


class _LinesLoader(yaml.CSafeLoader):
    """The safe loader without timestamps: a date must stay as partial as it was written."""


_LinesLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _check_depth(stream: TextIO, name: str) -> None:
    """Composing recurses in C, where too deep a file would end the process."""
    depth = 0
    for event in yaml.parse(stream, Loader=_LinesLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            line = "" if event.start_mark is None else f":{event.start_mark.line + 1}"
            raise ContentError(
                f"it is nested more than {_DEEPEST} levels deep", place=name + line, mend="write it flatter"
            )
    stream.seek(0)


class _Reading:
    """Nodes of one file as located values.

    An alias may hold itself, or a billion copies: what the file comes to, once written out, is bounded.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._values = 0

    def located(self, node: yaml.Node, depth: int = 0) -> Located:
        """The value of a node."""
        place = f"{self._name}:{node.start_mark.line + 1}"
        self._values += 1
        if depth > _DEEPEST or self._values > _MOST_VALUES:
            raise ContentError(
                f"it comes to more than {_DEEPEST} levels or {_MOST_VALUES:,} values",
                place=place,
                mend="write out what its aliases stand for",
            )
        if isinstance(node, yaml.MappingNode):
            return Located(self._mapping(node, depth), place)
        if isinstance(node, yaml.SequenceNode):
            return Located(tuple(self.located(each, depth + 1) for each in node.value), place)
        return Located(_scalar(node, place), place)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Located]:
        mapping: dict[str, Located] = {}
        for key, value in node.value:
            place = f"{self._name}:{key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                raise ContentError("a key is a text", place=place, mend="put it in quotes")
            if key.value in mapping:
                raise ContentError(
                    f"the key '{key.value}' stands twice in one mapping", place=place, mend="keep one of them"
                )
            mapping[str(key.value)] = self.located(value, depth + 1)
        return mapping


def _scalar(node: yaml.Node, place: str) -> str | int | float | bool | None:
    text = str(node.value)
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() in {"true", "yes", "on"}
        case "int":
            return int(text) if text.lstrip("+-").isdecimal() else text
        case "float":
            # Of YAML's further notations (.inf, 1:30.5, 1_0.5) the text is kept.
            return float(text) if _PLAIN_FLOAT.fullmatch(text) else text
        case "str":
            return text
        case tag:
            raise ContentError(f"a value of kind '{tag}' is not expected here", place=place)


def _is_scalar(value: object) -> bool:
    return not isinstance(value, dict | tuple)


def _broken(problem: yaml.YAMLError, name: str) -> ContentError:
    mark = getattr(problem, "problem_mark", None)
    place = f"{name}:{mark.line + 1}" if mark is not None else name
    reason = getattr(problem, "problem", None) or str(problem)
    return ContentError(
        f"the YAML does not parse: {reason}", place=place, mend="check indentation and quotes"
    )
