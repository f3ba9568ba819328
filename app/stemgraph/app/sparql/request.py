"""What the SPARQL 1.1 Protocol says in a request, read from its query string, form or body."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from stemgraph.app.asked_release import RELEASE, split_release
from stemgraph.app.errors import (
    MalformedRequestError,
    ParameterError,
    UnsupportedMediaTypeError,
)
from stemgraph.app.jail.guard import QUERIES_ONLY, known_graphs_mend
from stemgraph.app.query_string import query_pairs
from stemgraph.app.request_body import receive_bytes, refuse_compressed
from stemgraph.graph.errors import QueryForbiddenError

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

DATASET: Final[Mapping[str, tuple[str, str]]] = {
    "query": ("default-graph-uri", "named-graph-uri"),
    "update": ("using-graph-uri", "using-named-graph-uri"),
}
"""The parameters that give the dataset of each operation (SPARQL 1.1 Protocol, sections 2.1 and 2.2)."""
PARAMETERS: Final = ("query", *DATASET["query"], "update", *DATASET["update"], "format", RELEASE)
# What clients send to other servers without being asked; it changes nothing here.
IGNORED: Final = frozenset(
    {"output", "results", "timeout", "debug", "infer", "sameAs", "maxrows", "run", "should-sponge"}
)


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """A request to the endpoint: a query, an update, or neither, which asks for the service description."""

    query: str | None = None
    update: str | None = None
    default_graphs: tuple[str, ...] = ()
    """Of an update those that ``using-graph-uri`` names."""
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    release: str | None = None


def read_request(request: Request, body: bytes) -> ProtocolRequest:
    """What a request asks; the body is that of a POST, read before.

    Raises:
        MalformedRequestError: It is not encoded as it should be, holds both a query and an update, is a POST
            of neither, or a GET of an update.
        ParameterError: A parameter is unknown, given twice, or belongs to the other operation.
        UnsupportedMediaTypeError: The body is neither a form nor a query nor an update.
    """
    given = query_pairs(request.scope["query_string"])
    if request.method != "POST":
        read = _of_pairs(given)
        if read.update is not None:
            raise MalformedRequestError(
                "an update is sent by POST, never by GET", place="update", mend=f"POST a form, or {UPDATE}"
            )
        return read
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (FORM, DIRECT, UPDATE):
        raise UnsupportedMediaTypeError(
            f"the body is '{kind[:100]}'" if kind else "the body has no Content-Type",
            place="Content-Type",
            mend=f"send {FORM} with a field 'query', or {DIRECT}",
        )
    text = _decode(body)
    name = "update" if kind == UPDATE else "query"
    read = _of_pairs([*given, *(_form_pairs(text) if kind == FORM else [(name, text)])])
    if read.query is None and read.update is None:
        raise MalformedRequestError("the form has no field 'query'", place="body", mend="send query=SELECT…")
    return read


async def read_body(request: Request, most_bytes: int) -> bytes:
    """The body of a POST.

    Raises:
        PayloadTooLargeError: It is too long.
        UnsupportedMediaTypeError: It is compressed.
    """
    refuse_compressed(request)
    return await receive_bytes(request, most_bytes, mend="write a shorter query")


def check_graphs(asked: Collection[str], graphs: Collection[str]) -> None:
    """Refuse a dataset that names a graph which is not here.

    Raises:
        QueryForbiddenError: It does.
    """
    for graph in asked:
        if graph not in graphs:
            raise QueryForbiddenError(
                f"default-graph-uri and named-graph-uri: the graph <{graph[:200]}> is not here",
                mend=known_graphs_mend(graphs),
            )


def no_updates() -> QueryForbiddenError:
    """The refusal of an update where none is taken."""
    return QueryForbiddenError("updates are refused: this endpoint answers queries only", mend=QUERIES_ONLY)


def _of_pairs(pairs: Sequence[tuple[str, str]]) -> ProtocolRequest:
    if len(pairs) == 1 and pairs[0][0] == "query":  # as most are
        return ProtocolRequest(pairs[0][1])
    values: dict[str, list[str]] = {name: [] for name in PARAMETERS}
    for name, value in pairs:
        if name in values:
            values[name].append(value)
        elif name not in IGNORED:
            raise ParameterError(
                f"'{name[:100]}' is not a parameter of this route",
                place=name[:100],
                mend=f"this route takes {', '.join(PARAMETERS)}",
            )
    release, _ = split_release([(RELEASE, value) for value in values[RELEASE]])
    for name in ("query", "update", "format"):
        if len(values[name]) > 1:
            raise ParameterError("it is given more than once", place=name, mend="give it once")
    if values["query"] and values["update"]:
        raise MalformedRequestError(
            "it holds both a query and an update", place="update", mend="send each by itself"
        )
    kind, other = ("update", "query") if values["update"] else ("query", "update")
    for name in DATASET[other]:
        if values[name]:
            raise ParameterError(
                f"it belongs to requests with '{other}'",
                place=name,
                mend=f"use {' and '.join(DATASET[kind])}",
            )
    default, named = DATASET[kind]
    return ProtocolRequest(
        next(iter(values["query"]), None),
        next(iter(values["update"]), None),
        tuple(values[default]),
        tuple(values[named]),
        next(iter(values["format"]), None),
        release,
    )


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")  # a byte order mark, which Windows editors write, is no part of it
    except UnicodeDecodeError as error:
        raise _not_utf8() from error


def _form_pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    except ValueError as error:
        raise MalformedRequestError(str(error), place="body", mend="send fewer fields") from error


def _not_utf8() -> MalformedRequestError:
    return MalformedRequestError("the body is not UTF-8", place="body", mend="send UTF-8")
