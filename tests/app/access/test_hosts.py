from __future__ import annotations

import socket

import pytest

from stemgraph.app.access.hosts import Hosts

EVERYWHERE = "0.0.0.0"  # noqa: S104  # what is tested


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "localhost.", "127.0.0.1", "127.0.0.1:80", "127.1.2.3", "[::1]:9"]
)
def test_this_machine_may_always_be_called_by_its_own_names(host: str) -> None:
    for bound in ("127.0.0.1", EVERYWHERE, "::", "192.0.2.1", "kg.example.org"):
        assert Hosts((), bound).allow(host.encode())


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.0.2.1",
        "[2001:db8::1]",
        "",
        "127.0.0.1@evil.example",
        "2130706433",
        "0",
        "*",
        "\xff",
    ],
)
def test_another_name_is_refused(host: str) -> None:
    assert not Hosts((), "127.0.0.1").allow(host.encode("latin-1"))


def test_who_listens_everywhere_may_be_called_by_any_address_and_the_machines_name_only() -> None:
    hosts = Hosts((), EVERYWHERE)
    assert hosts.allow(b"192.0.2.1:8000")
    assert hosts.allow(b"[2001:db8::1]:8000")
    assert hosts.allow(socket.gethostname().encode())
    assert not hosts.allow(b"evil.example")


def test_the_address_and_the_names_that_are_set_are_taken_with_any_port() -> None:
    hosts = Hosts(("KG.example.org",), "192.0.2.1")
    for host in (b"kg.example.org", b"kg.example.org:8443", b"192.0.2.1:1"):
        assert hosts.allow(host)
    assert not hosts.allow(b"192.0.2.2")
    assert not hosts.allow(b"www.kg.example.org")


def test_a_star_takes_any() -> None:
    assert Hosts(("*",), "127.0.0.1").allow(b"anything.example")


def test_what_is_remembered_is_bounded() -> None:
    hosts = Hosts((), EVERYWHERE)
    assert all(hosts.allow(f"10.0.{high}.{low}".encode()) for high in range(8) for low in range(256))
    assert len(hosts._known) <= 256
