"""What only the service refuses: requests that never reach the library.

StemgraphError
├── MalformedRequestError            bytes that are no request: percent-encoding, UTF-8, JSON, Accept
├── ParameterError                   an unknown, repeated, missing or out-of-range parameter; .suggestions
├── NotAcceptableError               no offered media type is accepted; .offers
├── PayloadTooLargeError             a request body over the limit
├── UnsupportedMediaTypeError        a request body of a type that is not read
├── QueryError                       (of the library)
│   ├── ResultTooLargeError          a result over its cap
│   └── QueryEndedError              a query that ended the process which answered it
├── UnauthorizedError                a write without a key, or with one that does not hold
├── MisdirectedError                 a Host that is not ours
├── ForbiddenError                   a key without the scope, or an origin that is not ours
├── PreconditionRequiredError        a write without If-Match
├── PreconditionFailedError          a write whose If-Match names another version than there is
├── ConflictError                    a write that others overtook, or of something that is already there
├── ContentRefusedError              a write that breaks rules of the model; .violations
├── BatchRefusedError                a batch of which something is refused, and so all of it; .errors
├── TooManyRequestsError             a client over its share; .retry_after
├── StorageFullError                 no room for a write; it is not done, and reads go on
└── UnavailableError                 the service cannot answer now
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stemgraph.graph.errors import BadRequestError, QueryError, StemgraphError


class MalformedRequestError(StemgraphError):
    """A query string, header or body that does not parse."""


class ParameterError(BadRequestError):
    """A parameter that is unknown, repeated, missing or outside its range; ``place`` is its name."""

    def __init__(
        self,
        message: str,
        *,
        place: str | None = None,
        mend: str | None = None,
        suggestions: Sequence[str] = (),
    ) -> None:
        super().__init__(message, place=place, mend=mend)
        self.suggestions = tuple(suggestions)


class NotAcceptableError(StemgraphError):
    """The Accept header admits none of the media types that are offered."""

    def __init__(self, offers: Sequence[str]) -> None:
        super().__init__(
            "none of the media types in the Accept header is offered here",
            place="Accept",
            mend=f"accept one of {', '.join(offers)}",
        )
        self.offers = tuple(offers)


class PayloadTooLargeError(StemgraphError):
    """A request body longer than the service reads."""


class UnsupportedMediaTypeError(StemgraphError):
    """A request body of a media type that the route does not read."""


class ResultTooLargeError(QueryError):
    """The result of a query is over the cap; nothing of it is answered."""


class QueryEndedError(QueryError):
    """A query ended the process that was answering it, by its memory or its nesting."""


class UnauthorizedError(StemgraphError):
    """A request that needs a key has none, or one that is unknown, expired or revoked."""


class MisdirectedError(StemgraphError):
    """A request whose Host is not a name of this service."""


class ForbiddenError(StemgraphError):
    """A key without the scope that is needed, or an Origin that is not ours."""


class PreconditionRequiredError(StemgraphError):
    """A write that does not say, with If-Match, what it is about to change."""


class PreconditionFailedError(StemgraphError):
    """A write whose If-Match names another version than the one there is."""


class ConflictError(StemgraphError):
    """A write that others overtook too often, or of something that is already there."""


class ContentRefusedError(StemgraphError):
    """A write that breaks rules of the model; ``violations`` say each where and how to mend it."""

    def __init__(
        self,
        message: str,
        violations: Sequence[Mapping[str, object]] = (),
        *,
        place: str | None = None,
        mend: str | None = None,
    ) -> None:
        super().__init__(message, place=place, mend=mend)
        self.violations = tuple(violations)


class BatchRefusedError(StemgraphError):
    """A batch of which something is refused; ``errors`` are the problems, each with its index."""

    def __init__(self, errors: Sequence[Mapping[str, object]], operations: int) -> None:
        super().__init__(
            f"{len(errors)} of {operations} operations are refused, and so none is done",
            mend="mend those that 'errors' lists, then send the whole batch again",
        )
        self.errors = tuple(errors)


class TooManyRequestsError(StemgraphError):
    """A client that asks for more than its share; ``retry_after`` are the seconds to wait."""

    def __init__(self, message: str, *, retry_after: int = 1, mend: str | None = None) -> None:
        super().__init__(message, mend=mend or f"wait {retry_after} s, then try again")
        self.retry_after = retry_after


class StorageFullError(StemgraphError):
    """No room is left for a write; nothing of it is done, and reads go on."""


class UnavailableError(StemgraphError):
    """The service cannot answer at the moment."""


__all__ = [
    "BatchRefusedError",
    "ConflictError",
    "ContentRefusedError",
    "ForbiddenError",
    "MalformedRequestError",
    "MisdirectedError",
    "NotAcceptableError",
    "ParameterError",
    "PayloadTooLargeError",
    "PreconditionFailedError",
    "PreconditionRequiredError",
    "QueryEndedError",
    "ResultTooLargeError",
    "StorageFullError",
    "TooManyRequestsError",
    "UnauthorizedError",
    "UnavailableError",
    "UnsupportedMediaTypeError",
]
