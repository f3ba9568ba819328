"""The parameters of the routes as pydantic models: read strictly, and documented from the same declaration.

A model's fields that stand in the route's path come from there, the others from the query string. Unknown
and repeated parameters are refused; a field typed as a tuple may be repeated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, TypeVar, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from stemgraph.app.errors import ParameterError
from stemgraph.graph.errors import MalformedIdentifierError
from stemgraph.graph.suggestions import closest
from stemgraph.ontology import vocabulary
from stemgraph.ontology.identifiers import PREFIXES, normalise

MOST_ITEMS: Final = 200
"""Largest ``limit`` of any list."""

_MOST_LISTED: Final = 20
"""Words of a vocabulary that a refusal lists; it may be longer than anyone reads."""

_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
# No control characters, and something beside blanks.
_PRINTABLE: Final = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f\ufeff][^\x00-\x1f\x7f-\x9f]*$"
_LOCAL: Final = r'[^\s<>"{}|\\^`\x00-\x1f\x7f-\x9f\ufeff\ufffd]{1,300}'
_CURIE: Final = re.compile(f"(?:{'|'.join(sorted(PREFIXES))}):{_LOCAL}")
_ASSOCIATION: Final = re.compile(r"sga:[0-9a-f]{24}")


def _read_whole(value: object) -> object:
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise PydanticCustomError("whole_number", "it must be a whole number")
    return value


def _read_flag(value: object) -> object:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise PydanticCustomError("flag", "it must be true or false")
        return value == "true"
    return value


@dataclass(frozen=True)
class Word:
    """Marks a string as a word out of a vocabulary, which is looked up when first needed, not at import."""

    noun: str
    words: Callable[[], Collection[str]]

    def check(self, value: str) -> str:
        """The word itself; a pydantic error with suggestions where it is none of the vocabulary's."""
        words = self.words()
        if value in words:
            return value
        raise PydanticCustomError(
            "word",
            "'{value}' is not {article} {noun}",
            {
                "value": value[:100],
                "noun": self.noun,
                "article": "an" if self.noun[0] in "aeiou" else "a",
                "near": closest(value[:100], sorted(words)),
                "mend": _listed(words),
            },
        )

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "enum": sorted(self.words())}


def _listed(words: Collection[str]) -> str:
    shown = sorted(words)[:_MOST_LISTED]
    return f"use one of {', '.join(shown)}" + (
        ", …: see GET /api/v1/schema" if len(words) > len(shown) else ""
    )


@dataclass(frozen=True)
class Identifier:
    """Marks a string as an identifier: a CURIE, or an IRI of a known namespace, read as its CURIE."""

    pattern: re.Pattern[str]
    example: str

    def check(self, value: str, context: ValidationInfo) -> str:
        """The CURIE.

        Raises:
            MalformedIdentifierError: It is none; pydantic lets this pass through.
        """
        curie = normalise(value)
        if self.pattern.fullmatch(curie):
            return curie
        meant = normalise(value.strip().replace("_", ":", 1))
        mend = f"write a CURIE with a prefix of GET /api/v1/schema, such as {self.example}"
        raise MalformedIdentifierError(
            f"'{value[:100]}' is not an identifier that is read here",
            place=context.field_name,
            mend=f"did you mean {meant}?" if self.pattern.fullmatch(meant) else mend,
        )

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^{self.pattern.pattern}$", "examples": [self.example]}


WHOLE: Final = BeforeValidator(_read_whole)
"""Marks a whole number: only digits and a sign are read as one. It follows the bounds."""
Flag = Annotated[bool, BeforeValidator(_read_flag)]
Text = Annotated[str, Field(min_length=1, max_length=300, pattern=_PRINTABLE)]
EntityId = Annotated[str, Identifier(_CURIE, "MONDO:0005301")]
AssociationId = Annotated[str, Identifier(_ASSOCIATION, "sga:ee0c3aeedd68986d8def1726")]
CategoryName = Annotated[str, Word("category", vocabulary.categories)]
PredicateName = Annotated[str, Word("predicate", vocabulary.predicates)]
StatusName = Annotated[str, Word("status", lambda: vocabulary.enumeration("status"))]
JurisdictionName = Annotated[str, Word("jurisdiction", lambda: vocabulary.enumeration("jurisdiction"))]
DonorTypeName = Annotated[str, Word("donor type", lambda: vocabulary.enumeration("donor_type"))]
SourceName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class Parameters(BaseModel):
    """The parameters of a route that takes none; the base of those that do."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Paging(Parameters):
    """A page of a list."""

    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS, description="Most items of a page."), WHOLE] = 50
    cursor: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=500,
            pattern=r"^[A-Za-z0-9_=-]+$",
            description="The next_cursor of the page before.",
        ),
    ] = None


ModelType = TypeVar("ModelType", bound=Parameters)


@cache
def _repeatable(model: type[Parameters]) -> Mapping[str, bool]:
    return {
        field.alias or name: get_origin(field.annotation) is tuple
        for name, field in model.model_fields.items()
    }


def read_parameters(
    model: type[ModelType],
    path: Mapping[str, str],
    query: list[tuple[str, str]],
    *,
    beside: Collection[str] = (),
) -> ModelType:
    """The parameters of a request; ``beside`` are those that the route takes too and that are read already.

    Raises:
        ParameterError: One is unknown, repeated, missing, or outside its vocabulary or range.
        MalformedIdentifierError: One should be an identifier and is not.
    """
    repeatable = _repeatable(model)
    values: dict[str, Any] = dict(path)
    for name, value in query:
        if name not in repeatable or name in path:
            raise _unknown(name, [*(each for each in repeatable if each not in path), *beside])
        if repeatable[name]:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise ParameterError("it is given more than once", place=name, mend="give it once")
        else:
            values[name] = value
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise invalid(error.errors(include_url=False)[0]) from error


def _unknown(name: str, known: list[str]) -> ParameterError:
    near = closest(name[:100], known)
    if near:
        mend = f"did you mean {', '.join(near)}?"
    else:
        mend = f"this route takes {', '.join(known)}" if known else "this route takes no query parameters"
    return ParameterError(
        f"'{name[:100]}' is not a parameter of this route", place=name[:100], mend=mend, suggestions=near
    )


_MENDS: Final[Mapping[str, str]] = {
    "whole_number": "write it in digits, such as 10",
    "flag": "write true or false",
    "string_too_short": "give it a value, or leave it out",
    "string_too_long": "shorten it",
    "string_type": "write it in quotes",
    "list_type": "write it as a list: [ ]",
    "too_long": "ask in several requests",
    "greater_than_equal": "see /docs for its range",
    "less_than_equal": "see /docs for its range",
}
"""What to do about pydantic's findings, by their type."""


def invalid(details: ErrorDetails) -> ParameterError:
    """The refusal that one of pydantic's findings becomes."""
    place = str(details["loc"][0]) if details["loc"] else None
    if details["type"] == "missing":
        return ParameterError("it is missing", place=place, mend=f"give {place}")
    if details["type"] == "string_pattern_mismatch":
        return ParameterError(
            "it has a form that is not taken here", place=place, mend="see /docs for its form"
        )
    context = details.get("ctx", {})
    near = context.get("near", ())
    mend = f"did you mean {', '.join(near)}?" if near else context.get("mend", _MENDS.get(details["type"]))
    return ParameterError(details["msg"], place=place, mend=mend, suggestions=near)


def describe_parameters(model: type[Parameters], path_names: Collection[str]) -> list[dict[str, Any]]:
    """The parameters in the terms of OpenAPI."""
    schema = model.model_json_schema()
    required = schema.get("required", ())
    described: list[dict[str, Any]] = []
    for name, declared in schema.get("properties", {}).items():
        field = _without_null({key: value for key, value in declared.items() if key != "title"})
        examples = field.pop("examples", field.get("items", {}).pop("examples", None))
        entry: dict[str, Any] = {
            "name": name,
            "in": "path" if name in path_names else "query",
            "required": name in path_names or name in required,
            "description": field.pop("description", ""),
            "schema": field,
        }
        if examples:
            entry["example"] = examples[0]
        if field.get("type") == "array":
            entry |= {"style": "form", "explode": True}
        described.append(entry)
    return described


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of an optional parameter: it is absent, never null."""
    if schema.get("default", ...) is None:
        del schema["default"]
    kinds = schema.pop("anyOf", None)
    if kinds is None:
        return schema
    given = [kind for kind in kinds if kind != {"type": "null"}]
    return (given[0] if len(given) == 1 else {"anyOf": given}) | schema
