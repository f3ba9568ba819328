from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stemgraph.app.access import ANONYMOUS, PRINCIPAL, Access, Principal, ScopeName, permit
from stemgraph.app.access.key_file import KeyFile
from stemgraph.app.access.scopes import LADDER
from stemgraph.app.errors import ForbiddenError, UnauthorizedError, UnavailableError


def asked(access: Access, needed: ScopeName, *sent: str) -> tuple[Principal, dict[str, Any]]:
    scope: dict[str, Any] = {"headers": [(b"authorization", each.encode()) for each in sent]}
    return asyncio.run(permit(scope, access, needed)), scope


@pytest.fixture
def access(keys: KeyFile) -> Access:
    """That of a service that takes every kind of write."""
    return Access(keys, writes=True, updates=True)


def test_anyone_may_read(access: Access) -> None:
    assert asked(access, "read")[0] is ANONYMOUS


@pytest.mark.parametrize("needed", LADDER[1:])
def test_nothing_else_is_done_without_a_key(access: Access, needed: ScopeName) -> None:
    with pytest.raises(UnauthorizedError, match=f"scope '{needed}'"):
        asked(access, needed)


@pytest.mark.parametrize("needed", LADDER[1:])
@pytest.mark.parametrize("held", LADDER)
def test_a_key_allows_its_scope_and_those_before_it(
    access: Access, keys: KeyFile, held: ScopeName, needed: ScopeName
) -> None:
    key, text = keys.create("", frozenset({held}), None)
    if LADDER.index(held) >= LADDER.index(needed):
        principal, scope = asked(access, needed, f"Bearer {text}")
        assert principal.id == key.id
        assert scope[PRINCIPAL] is principal
    else:
        with pytest.raises(ForbiddenError, match=f"a key of scope '{needed}'"):
            asked(access, needed, f"Bearer {text}")


def test_a_wrong_secret_an_unknown_id_and_nonsense_are_refused_alike(access: Access, keys: KeyFile) -> None:
    key, text = keys.create("", frozenset({"admin"}), None)
    told = set()
    for wrong in (f"sg_{key.id}_{'A' * 43}", f"sg_{'0' * 12}_{text[-43:]}"):
        with pytest.raises(UnauthorizedError) as refusal:
            asked(access, "write", f"Bearer {wrong}")
        told.add(str(refusal.value))
    assert len(told) == 1
    for nonsense in ("", "sg_", "x" * 9000, text + "x"):
        with pytest.raises(UnauthorizedError):
            asked(access, "write", f"Bearer {nonsense}")


def test_a_key_is_refused_from_its_revocation_on_and_after_its_time(access: Access, keys: KeyFile) -> None:
    key, text = keys.create("", frozenset({"write"}), None)
    asked(access, "write", f"bearer {text}")
    keys.revoke(key.id)
    with pytest.raises(UnauthorizedError, match="is revoked"):
        asked(access, "write", f"Bearer {text}")
    _, old = keys.create("", frozenset({"write"}), datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(UnauthorizedError, match="is expired"):
        asked(access, "write", f"Bearer {old}")


def test_another_scheme_and_two_headers_are_no_key(access: Access, keys: KeyFile) -> None:
    _, text = keys.create("", frozenset({"write"}), None)
    for sent in ([f"Basic {text}"], [f"Bearer {text}", f"Bearer {text}"], [text]):
        with pytest.raises(UnauthorizedError):
            asked(access, "write", *sent)


def test_what_is_off_is_refused_with_a_key_too(keys: KeyFile) -> None:
    _, text = keys.create("", frozenset({"admin"}), None)
    with pytest.raises(ForbiddenError, match="takes no writes"):
        asked(Access(keys), "write", f"Bearer {text}")
    with pytest.raises(ForbiddenError, match="no SPARQL updates"):
        asked(Access(keys, writes=True), "update", f"Bearer {text}")


def test_a_service_without_a_data_directory_takes_no_key(keys: KeyFile) -> None:
    _, text = keys.create("", frozenset({"admin"}), None)
    with pytest.raises(UnauthorizedError):
        asked(Access(None, writes=True), "write", f"Bearer {text}")


def test_keys_that_cannot_be_read_let_nobody_in(access: Access, keys: KeyFile) -> None:
    _, text = keys.create("", frozenset({"admin"}), None)
    keys.path.write_text("{")
    with pytest.raises(UnavailableError):
        asked(access, "write", f"Bearer {text}")
