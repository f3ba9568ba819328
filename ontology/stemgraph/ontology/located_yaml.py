"""YAML that remembers its lines, so that every complaint can name file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from stemgraph.ontology.compressed import open_text
from stemgraph.ontology.errors import ContentError


@dataclass(frozen=True, slots=True)
class Located:
    """A YAML value and where it stands."""

    value: str | int | float | bool | tuple[Located, ...] | dict[str, Located] | None
    place: str
    """``file:line``."""

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
            node = yaml.compose(stream, Loader=_LinesLoader)
        except yaml.YAMLError as problem:
            raise _broken(problem, shown) from problem
    if node is None:
        raise ContentError("the file is empty", place=shown)
    return _located(node, shown)


class _LinesLoader(yaml.CSafeLoader):
    """The safe loader without timestamps: a date must stay as partial as it was written."""


_LinesLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _located(node: yaml.Node, name: str) -> Located:
    place = f"{name}:{node.start_mark.line + 1}"
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Located] = {}
        for key, value in node.value:
            if key.value in mapping:
                raise ContentError(
                    f"the key '{key.value}' stands twice in one mapping",
                    place=f"{name}:{key.start_mark.line + 1}",
                    mend="keep one of them",
                )
            mapping[str(key.value)] = _located(value, name)
        return Located(mapping, place)
    if isinstance(node, yaml.SequenceNode):
        return Located(tuple(_located(each, name) for each in node.value), place)
    return Located(_scalar(node, place), place)


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
            return float(text)
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
