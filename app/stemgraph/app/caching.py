"""A bounded cache of finished responses, in front of everything else.

A response is a function of (edition, method, path, canonical query, negotiated type), and an edition never
changes, so a kept answer never goes stale: a new release or edit has other keys. The query names the release
that is asked for, and the key also the one that answers where none is. Only whole 200 answers to GET that
carry our release header and an entity tag are kept, so an embedding app's own responses never are.
The SPARQL endpoint keeps the answers of queries in the same place, however they were sent.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stemgraph.app.conditional import matches, not_modified_headers

HeaderList = list[tuple[bytes, bytes]]
RequestKey = tuple[str, str, bytes, bytes]
"""Current edition, path, canonical query (with the release asked for) and Accept header."""

ENTRY_OVERHEAD: Final = 600
"""Bytes a key, its slot and the header lists take beyond their text, roughly."""

HIT: Final = (b"stemgraph-cache", b"hit")
MISS: Final = (b"stemgraph-cache", b"miss")

REQUEST_KEY: Final = "stemgraph.key"
"""Scope key of the key of a request that was looked for in vain."""

NOT_KEPT_HERE: Final = b"public, no-cache"
"""The cache control of an answer that may be kept elsewhere, but depends on more than its key."""

LARGEST_SHARE: Final = 8
"""A response larger than the cache's capacity divided by this is not kept."""


@dataclass(slots=True)
class KeptResponse:
    """A finished response: what is sent for it on 200 and on 304."""

    tag: bytes
    headers: HeaderList
    body: bytes
    holders: int = 0
    """Number of request keys that lead to it."""

    @property
    def size(self) -> int:
        """Bytes it takes, roughly."""
        return len(self.body) + ENTRY_OVERHEAD

    @property
    def not_modified(self) -> HeaderList:
        """The headers for whom it has not changed."""
        return [*not_modified_headers(self.headers), HIT]


class KeptResponses:
    """Responses by request, the longest unused dropped first, bounded by bytes.

    Requests that differ only in how they ask (another Accept header, another order of parameters) lead to
    one response with one entity tag, whose body is kept once.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self._by_request: OrderedDict[RequestKey, KeptResponse] = OrderedDict()
        self._by_tag: dict[bytes, KeptResponse] = {}

    def __len__(self) -> int:
        return len(self._by_request)

    def get(self, key: RequestKey) -> KeptResponse | None:
        """The response kept for a request, or None."""
        kept = self._by_request.get(key)
        if kept is not None:
            self._by_request.move_to_end(key)
        return kept

    def tagged(self, tag: bytes) -> KeptResponse | None:
        """The response with an entity tag, whatever request left it here, or None."""
        return self._by_tag.get(tag)

    def keep(self, key: RequestKey, response: KeptResponse) -> None:
        """Keep a response, and drop what it displaces; one that is too large is not kept."""
        if response.size > self.capacity // LARGEST_SHARE or key in self._by_request:
            return
        kept = self._by_tag.setdefault(response.tag, response)
        if kept.holders == 0:
            self.size += kept.size
        kept.holders += 1
        self._by_request[key] = kept
        self.size += _key_size(key)
        while self.size > self.capacity:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        key, kept = self._by_request.popitem(last=False)
        self.size -= _key_size(key)
        kept.holders -= 1
        if kept.holders == 0:
            del self._by_tag[kept.tag]
            self.size -= kept.size


def _key_size(key: RequestKey) -> int:
    return ENTRY_OVERHEAD + len(key[1]) + len(key[2]) + len(key[3])


def canonical_query(query: bytes) -> bytes:
    """The query string with its parameters sorted, so that their order does not matter."""
    return b"&".join(sorted(query.split(b"&"))) if b"&" in query else query


class ResponseCache:
    """ASGI middleware that answers repeated reads itself, with their entity tag.

    The header ``Stemgraph-Cache`` tells ``hit`` or ``miss``.

    Args:
        app: What answers otherwise.
        kept: Where answers are kept.
        edition: Gives the id of the edition being served, at each request.
        apart: Tells whose answers are kept, and told a hit or miss, by who gives them.
    """

    def __init__(
        self,
        app: ASGIApp,
        kept: KeptResponses,
        *,
        edition: Callable[[], str],
        apart: Callable[[Scope], bool] = lambda _: False,
    ) -> None:
        self.app = app
        self.kept = kept
        self._edition = edition
        self._apart = apart
        self.noted: Callable[[Scope, int, int, float], None] | None = None
        """Told of each request that is answered here: its status, bytes, and when it began."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a kept GET or HEAD; pass on and listen to any other."""
        began = perf_counter()
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        accept = b""
        if_none_match = None
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"if-none-match":
                if_none_match = if_none_match + b"," + value if if_none_match else value
        key = (self._edition(), scope["path"], canonical_query(scope["query_string"]), accept)
        kept = self.kept.get(key)
        if kept is None:
            scope[REQUEST_KEY] = key
            await self.app(scope, receive, send if self._apart(scope) else self._listen(key, scope, send))
            return
        if matches(if_none_match, kept.tag):
            status, headers, body = 304, kept.not_modified, b""
        else:
            status, headers, body = 200, kept.headers, kept.body if scope["method"] == "GET" else b""
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        if self.noted is not None:
            self.noted(scope, status, len(body), began)

    def _listen(self, key: RequestKey, scope: Scope, send: Send) -> Send:
        """A ``send`` that keeps what passes through it when it is a whole answer of ours."""
        headers: HeaderList | None = None

        async def listening(message: Message) -> None:
            nonlocal headers
            if message["type"] == "http.response.start":
                given: HeaderList = list(message.get("headers", ()))
                names = {name for name, _ in given}
                if b"etag" in names and b"stemgraph-release" in names and b"set-cookie" not in names:
                    to_keep = message["status"] == 200 and scope["method"] == "GET"
                    # Another edition may have taken its place since the key was made.
                    lasts = (b"cache-control", NOT_KEPT_HERE) not in given and key[0] == self._edition()
                    headers = given if to_keep and lasts else None
                    message = {**message, "headers": [*given, MISS]}
            elif headers is not None:
                if not message.get("more_body", False):
                    self.kept.keep(key, kept_response(headers, message.get("body", b"")))
                headers = None
            await send(message)

        return listening


def kept_response(headers: HeaderList, body: bytes) -> KeptResponse:
    """A response with an entity tag, as it is sent when it is asked for again."""
    tag = next(value for name, value in headers if name == b"etag")
    return KeptResponse(tag, [*headers, HIT], bytes(body))
