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
└── UnavailableError                 the service cannot answer now
"""

from __future__ import annotations

from collections.abc import Sequence

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


class UnavailableError(StemgraphError):
    """The service cannot answer at the moment."""


__all__ = [
    "MalformedRequestError",
    "NotAcceptableError",
    "ParameterError",
    "PayloadTooLargeError",
    "QueryEndedError",
    "ResultTooLargeError",
    "UnavailableError",
    "UnsupportedMediaTypeError",
]
