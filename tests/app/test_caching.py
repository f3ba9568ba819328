from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from stemgraph.app.caching import KeptResponse, KeptResponses, ResponseCache, canonical_query

OURS = [(b"etag", b'"t"'), (b"stemgraph-release", b"r; date=2026-11-23"), (b"content-type", b"text/plain")]


class Origin:
    """An app that counts how often it is asked, and answers with its count."""

    def __init__(
        self, *, status: int = 200, headers: list[tuple[bytes, bytes]] | None = None, pieces: int = 1
    ) -> None:
        self.asked = 0
        self.status = status
        self.headers = OURS if headers is None else headers
        self.pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        for piece in range(self.pieces):
            more = piece < self.pieces - 1
            await send({"type": "http.response.body", "body": b"%d" % self.asked, "more_body": more})


def ask(
    app: ResponseCache,
    *,
    path: str = "/a",
    query: bytes = b"",
    method: str = "GET",
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": list(headers)}
    asyncio.run(app(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def cached(origin: Origin, capacity: int = 1_000_000) -> ResponseCache:
    return ResponseCache(origin, KeptResponses(capacity), edition=lambda: "r")


def test_a_repeated_read_is_answered_without_the_app() -> None:
    origin = Origin()
    app = cached(origin)
    first, second = ask(app), ask(app)
    assert origin.asked == 1
    assert first[2] == second[2] == b"1"
    assert (first[1][b"stemgraph-cache"], second[1][b"stemgraph-cache"]) == (b"miss", b"hit")
    assert second[1][b"etag"] == b'"t"'


def test_the_order_of_parameters_does_not_matter() -> None:
    origin = Origin()
    app = cached(origin)
    ask(app, query=b"a=1&b=2")
    assert ask(app, query=b"b=2&a=1")[1][b"stemgraph-cache"] == b"hit"
    assert canonical_query(b"b=2&a=1") == b"a=1&b=2"


def test_a_kept_answer_is_not_modified_for_who_has_it() -> None:
    app = cached(Origin())
    ask(app)
    status, headers, body = ask(app, headers=((b"if-none-match", b'"t"'),))
    assert (status, body) == (304, b"")
    assert headers[b"etag"] == b'"t"'
    assert b"content-type" not in headers


def test_head_is_answered_from_what_get_left_without_a_body() -> None:
    origin = Origin()
    app = cached(origin)
    ask(app)
    assert ask(app, method="HEAD")[2] == b""
    assert origin.asked == 1


def test_another_release_is_another_answer() -> None:
    origin = Origin()
    current = ["r"]
    app = ResponseCache(origin, KeptResponses(1_000_000), edition=lambda: current[0])
    ask(app)
    current[0] = "s"
    assert ask(app)[1][b"stemgraph-cache"] == b"miss"
    assert origin.asked == 2


def test_requests_for_the_same_answer_share_its_bytes() -> None:
    app = cached(Origin())
    ask(app)
    before = app.kept.size
    ask(app, headers=((b"accept", b"*/*"),))
    assert len(app.kept) == 2
    assert app.kept.size - before < 700


@pytest.mark.parametrize(
    "origin",
    [
        Origin(status=404),
        Origin(headers=[(b"etag", b'"t"')]),
        Origin(headers=[*OURS, (b"set-cookie", b"a=b")]),
        Origin(headers=OURS[1:]),
        Origin(pieces=2),
    ],
    ids=["not 200", "not ours", "a cookie", "no tag", "a stream"],
)
def test_only_whole_answers_of_ours_are_kept(origin: Origin) -> None:
    app = cached(origin)
    ask(app)
    ask(app)
    assert origin.asked == 2
    assert len(app.kept) == 0


def test_post_is_never_kept() -> None:
    origin = Origin()
    app = cached(origin)
    ask(app, method="POST")
    ask(app, method="POST")
    assert origin.asked == 2


def test_the_longest_unused_is_dropped_and_the_bound_holds() -> None:
    kept = KeptResponses(20_000)
    for number in range(100):
        name = b"%d" % number
        kept.keep(("r", str(number), b"", b""), KeptResponse(name, [], b"x" * 500))
        kept.get(("r", "0", b"", b""))
        assert kept.size <= 20_000
    assert kept.get(("r", "0", b"", b"")) is not None
    assert kept.get(("r", "1", b"", b"")) is None
    assert kept.get(("r", "99", b"", b"")) is not None


def test_an_answer_that_would_fill_the_cache_is_not_kept() -> None:
    kept = KeptResponses(8_000)
    kept.keep(("r", "/", b"", b""), KeptResponse(b"t", [], b"x" * 2_000))
    assert (len(kept), kept.size) == (0, 0)


def test_a_cache_of_no_capacity_keeps_nothing() -> None:
    origin = Origin()
    app = cached(origin, capacity=0)
    ask(app)
    ask(app)
    assert origin.asked == 2
