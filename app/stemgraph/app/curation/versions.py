"""The version of an association, which its entity tag begins with and If-Match is held against."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from stemgraph.app.errors import PreconditionFailedError, PreconditionRequiredError

ANY: Final = "*"
_DIGITS: Final = 8


def version_of(record: bytes) -> str:
    """The version of an association: a digest of its JSON record, which other edits leave as it is."""
    return blake2b(record, digest_size=_DIGITS).hexdigest()


def require_version(if_match: str | None, version: str, *, place: str = "If-Match") -> None:
    """Refuse a write unless its If-Match names this version, or is ``*``.

    A tag names the version by beginning with it, up to a hyphen: what follows tells representations apart.

    Raises:
        PreconditionRequiredError: There is none.
        PreconditionFailedError: It names others, or is weak.
    """
    if if_match is None:
        raise PreconditionRequiredError(
            "a write must say which version it changes",
            place=place,
            mend="read the association and send the ETag of that answer",
        )
    given = [each.strip() for each in if_match.split(",")]
    if ANY in given or version in {_version_in(each) for each in given}:
        return
    raise PreconditionFailedError(
        "it was changed since this version was read",
        place=place,
        mend=f'read it again; its version is "{version}"',
    )


def _version_in(tag: str) -> str | None:
    """The version that a strong tag names."""
    quoted = len(tag) > 2 and tag[0] == tag[-1] == '"'
    return tag[1:-1].partition("-")[0] if quoted else None
