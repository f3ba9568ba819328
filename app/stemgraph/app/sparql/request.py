"""What the SPARQL 1.1 Protocol says in a request, read from its query string, form or body."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from stemgraph.app.asked_release import RELEASE, split_release
from stemgraph.app.errors import (
    MalformedRequestError,
    ParameterError,
    PayloadTooLargeError,
    UnsupportedMediaTypeError,
)
from stemgraph.app.jail.guard import QUERIES_ONLY, known_graphs_mend
from stemgraph.app.query_string import query_pairs
from stemgraph.app.request_body import refuse_compressed
from stemgraph.graph.errors import QueryForbiddenError

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

PARAMETERS: Final = ("query", "default-graph-uri", "named-graph-uri", "format", RELEASE)
# What clients send to other servers without being asked; it changes nothing here.
IGNORED: Final = frozenset(
    {"output", "results", "timeout", "debug", "infer", "sameAs", "maxrows", "run", "should-sponge"}
)


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """A request to the endpoint; without a query it asks for the service description."""

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    release: str | None = None


async def read_request(request: Request, most_bytes: int) -> ProtocolRequest:
    """Read a GET or POST.

    Raises:
        MalformedRequestError: It is not encoded as it should be, or a POST holds no query.
        ParameterError: A parameter is unknown or given twice.
        QueryForbiddenError: It is an update.
        PayloadTooLargeError: The body is too long.
        UnsupportedMediaTypeError: The body is neither a form nor a query.
    """
    given = query_pairs(request.scope["query_string"])
    if request.method != "POST":
        return _of_pairs(given)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == UPDATE:
        raise _no_updates()
    if kind not in (FORM, DIRECT):
        raise UnsupportedMediaTypeError(
            f"the body is '{kind[:100]}'" if kind else "the body has no Content-Type",
            place="Content-Type",
            mend=f"send {FORM} with a field 'query', or {DIRECT}",
        )
    text = await _body(request, most_bytes)
    pairs = [*given, *(_form_pairs(text) if kind == FORM else [("query", text)])]
    read = _of_pairs(pairs)
    if read.query is None:
        raise MalformedRequestError("the form has no field 'query'", place="body", mend="send query=SELECT…")
    return read


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


def _of_pairs(pairs: Sequence[tuple[str, str]]) -> ProtocolRequest:
    values: dict[str, list[str]] = {name: [] for name in PARAMETERS}
    for name, value in pairs:
        if name == "update":
            raise _no_updates()
        if name in values:
            values[name].append(value)
        elif name not in IGNORED:
            raise ParameterError(
                f"'{name[:100]}' is not a parameter of this route",
                place=name[:100],
                mend=f"this route takes {', '.join(PARAMETERS)}",
            )
    release, _ = split_release([(RELEASE, value) for value in values[RELEASE]])
    for name in ("query", "format"):
        if len(values[name]) > 1:
            raise ParameterError("it is given more than once", place=name, mend="give it once")
    return ProtocolRequest(
        next(iter(values["query"]), None),
        tuple(values["default-graph-uri"]),
        tuple(values["named-graph-uri"]),
        next(iter(values["format"]), None),
        release,
    )


async def _body(request: Request, most_bytes: int) -> str:
    refuse_compressed(request)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise PayloadTooLargeError(
                f"the body has more than {most_bytes} bytes", place="body", mend="write a shorter query"
            )
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


def _no_updates() -> QueryForbiddenError:
    return QueryForbiddenError("updates are refused: this endpoint answers queries only", mend=QUERIES_ONLY)
