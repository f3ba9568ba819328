from __future__ import annotations

import pytest

from stemgraph.app.access.hosts import Hosts
from stemgraph.app.access.origins import Origins

HOST = b"127.0.0.1:8000"


def origins(*listed: str, hosts: tuple[str, ...] = ()) -> Origins:
    return Origins(listed, Hosts(hosts, "127.0.0.1"))


def test_programs_that_send_no_origin_may_write() -> None:
    assert origins().allow(None, None, HOST)
    assert origins().allow(None, b"none", HOST)
    assert origins().allow(None, b"same-origin", HOST)


@pytest.mark.parametrize("site", [b"cross-site", b"same-site", b"Cross-Site", b"whatever"])
def test_a_browser_that_says_another_site_asks_is_refused(site: bytes) -> None:
    assert not origins().allow(None, site, HOST)


def test_our_own_pages_may_write() -> None:
    assert origins().allow(b"http://127.0.0.1:8000", b"same-origin", HOST)
    assert origins().allow(b"https://kg.example.org", None, b"kg.example.org")
    assert origins().allow(b"http://kg.example.org", None, b"kg.example.org:80")


@pytest.mark.parametrize(
    "origin",
    [
        b"https://evil.example",
        b"null",
        b"",
        b"http://127.0.0.1:3000",
        b"http://127.0.0.1:8000.evil.example",
        b"http://evil.example#127.0.0.1:8000",
        b"127.0.0.1:8000",
        b"file://",
    ],
)
def test_other_pages_may_not(origin: bytes) -> None:
    assert not origins().allow(origin, b"cross-site", HOST)
    assert not origins().allow(origin, None, None)


def test_origins_that_are_set_may_write_and_a_star_lets_all() -> None:
    assert origins("https://app.example.org/").allow(b"https://APP.example.org", b"cross-site", HOST)
    assert not origins("https://app.example.org").allow(b"http://app.example.org", None, HOST)
    assert origins("*").allow(b"https://evil.example", b"cross-site", HOST)


def test_a_page_under_a_name_that_was_set_is_ours_behind_a_proxy_too() -> None:
    ours = origins(hosts=("kg.example.org",))
    assert ours.allow(b"https://kg.example.org", b"same-origin", HOST)
    assert not ours.allow(b"https://evil.example", None, HOST)
