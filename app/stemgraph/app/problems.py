"""Problem details (RFC 9457) for every refusal: the one place where exceptions become HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import orjson

from stemgraph.app.errors import (
    BatchRefusedError,
    ConflictError,
    ContentRefusedError,
    ForbiddenError,
    MalformedRequestError,
    MisdirectedError,
    NotAcceptableError,
    ParameterError,
    PayloadTooLargeError,
    PreconditionFailedError,
    PreconditionRequiredError,
    QueryEndedError,
    ResultTooLargeError,
    StorageFullError,
    TooManyRequestsError,
    UnauthorizedError,
    UnavailableError,
    UnsupportedMediaTypeError,
)
from stemgraph.app.readiness import NotReadyError
from stemgraph.graph.errors import (
    AmbiguousNameError,
    BadRequestError,
    FormatError,
    MalformedIdentifierError,
    QueryError,
    QueryForbiddenError,
    QueryTimeoutError,
    StemgraphError,
    UnknownIdentifierError,
    UnknownNameError,
    UnknownReleaseError,
)
from stemgraph.ontology.identifiers import BASE

MEDIA_TYPE: Final = "application/problem+json"
TYPE_BASE: Final = BASE + "problem/"
_PATH_CHARACTERS: Final = "/:@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: what RFC 9457 defines, plus ``place``, ``mend`` and ``suggestions``."""

    status: int
    name: str
    """Last part of the type's IRI, such as ``unknown-identifier``."""
    title: str
    detail: str
    instance: str = ""
    place: str | None = None
    mend: str | None = None
    suggestions: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    request_id: str | None = None
    """What the log calls the request."""
    members: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Further members, such as ``line`` and ``column`` of a SPARQL query."""

    def at(self, instance: str) -> Problem:
        """The same problem, met at this path."""
        return replace(self, instance=quote(instance, safe=_PATH_CHARACTERS, errors="replace"))

    def to_record(self) -> dict[str, Any]:
        """The members of the JSON object."""
        return {
            "type": TYPE_BASE + self.name,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": self.instance,
            "place": self.place,
            "mend": self.mend,
            "suggestions": list(self.suggestions),
            "request_id": self.request_id,
            **self.members,
        }

    def to_bytes(self) -> bytes:
        """The JSON object as UTF-8; text that cannot be encoded is shown as replacement characters."""
        try:
            return orjson.dumps(self.to_record())
        except TypeError:
            printable = {
                key: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
                for key, value in self.to_record().items()
            }
            return orjson.dumps(printable)


_KINDS: Final[Mapping[type, tuple[int, str, str]]] = {
    MalformedRequestError: (400, "malformed-request", "The request cannot be read"),
    MalformedIdentifierError: (400, "malformed-identifier", "Not an identifier"),
    UnknownIdentifierError: (404, "unknown-identifier", "Not in this release"),
    UnknownReleaseError: (404, "unknown-release", "There is no such release"),
    UnknownNameError: (404, "unknown-name", "No entity has this name"),
    AmbiguousNameError: (422, "ambiguous-name", "Several entities have this name"),
    NotAcceptableError: (406, "not-acceptable", "No offered media type is accepted"),
    PayloadTooLargeError: (413, "payload-too-large", "The request body is too large"),
    UnsupportedMediaTypeError: (415, "unsupported-media-type", "This media type is not read here"),
    UnavailableError: (503, "unavailable", "The service cannot answer now"),
    UnauthorizedError: (401, "unauthorized", "A key is needed"),
    MisdirectedError: (421, "misdirected-request", "This service has another name"),
    ForbiddenError: (403, "forbidden", "This may not be done"),
    PreconditionRequiredError: (428, "precondition-required", "If-Match is needed"),
    PreconditionFailedError: (412, "precondition-failed", "It was changed meanwhile"),
    ConflictError: (409, "conflict", "It conflicts with what is there"),
    ContentRefusedError: (422, "content-refused", "The content breaks rules of the model"),
    BatchRefusedError: (422, "batch-refused", "Something of the batch is refused"),
    TooManyRequestsError: (429, "too-many-requests", "Too much was asked at once"),
    StorageFullError: (507, "storage-full", "There is no room for the write"),
    BadRequestError: (422, "invalid-parameter", "A parameter is outside its vocabulary or range"),
    QueryTimeoutError: (504, "query-timeout", "The query ran out of time"),
    QueryForbiddenError: (403, "query-forbidden", "The query is not allowed"),
    ResultTooLargeError: (422, "result-too-large", "The result is too large"),
    QueryEndedError: (422, "query-ended", "The query took more than one query may"),
    QueryError: (400, "query-error", "The query cannot be answered"),
    FormatError: (400, "format-error", "The data does not parse"),
    StemgraphError: (500, "internal-error", "The service failed"),
}
"""Status, name and title of each class; a class that is not listed has those of its base."""


_RELEASE: Final = ("number", "id", "date")
"""What the problem of an unknown release says of those that there are."""


def problem_of(error: StemgraphError) -> Problem:
    """The problem that an exception of stemgraph's tree becomes."""
    status, name, title = next(_KINDS[kind] for kind in type(error).__mro__ if kind in _KINDS)
    if status == 500:
        return internal_problem()
    members: dict[str, Any] = {}
    if isinstance(error, QueryError) and error.line is not None:
        members = {"line": error.line, "column": error.column}
    if isinstance(error, UnknownReleaseError):
        members = {"releases": [dict(zip(_RELEASE, each, strict=True)) for each in error.known]}
    if isinstance(error, NotReadyError):
        members = {"checks": error.checks}
    if isinstance(error, ContentRefusedError):
        members = {"violations": [dict(each) for each in error.violations]}
    if isinstance(error, BatchRefusedError):
        members = {"errors": [dict(each) for each in error.errors]}
    return Problem(
        status,
        name,
        title,
        error.message,
        place=error.place,
        mend=error.mend,
        suggestions=_suggestions_of(error),
        headers=_headers_of(error, status),
        members=members,
    )


def _headers_of(error: StemgraphError, status: int) -> Mapping[str, str]:
    if isinstance(error, TooManyRequestsError):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, UnauthorizedError):
        return {"WWW-Authenticate": 'Bearer realm="stemgraph"'}
    return {"Retry-After": "1"} if status == 503 else {}


def _suggestions_of(error: StemgraphError) -> tuple[str, ...]:
    if isinstance(error, AmbiguousNameError):
        return tuple(curie for curie, _ in error.candidates)
    if isinstance(error, NotAcceptableError):
        return error.offers
    if isinstance(error, UnknownReleaseError):
        return tuple(str(number) for number, _, _ in error.known[-20:])
    if isinstance(error, UnknownIdentifierError | UnknownNameError | ParameterError):
        return error.suggestions
    return ()


def internal_problem() -> Problem:
    """The problem of a failure on our side; what failed is in the log, never in the answer."""
    return Problem(
        500,
        "internal-error",
        "The service failed",
        "an unexpected failure; it has been logged",
        mend="try again, and report it if it stays",
    )


def status_problem(
    status: int, *, detail: str | None = None, headers: Mapping[str, str] | None = None
) -> Problem:
    """The problem of a bare HTTP status, such as the 404 of a path that no route has."""
    phrase = HTTPStatus(status).phrase
    allowed = (headers or {}).get("Allow") or (headers or {}).get("allow") or "a method of the Allow header"
    details = {
        404: ("no route has this path", "see /docs for the routes"),
        405: ("this route does not take this method", f"use {allowed}"),
    }
    text, mend = details.get(status, (detail or phrase, None))
    return Problem(status, phrase.lower().replace(" ", "-"), phrase, text, mend=mend, headers=headers or {})
