"""One key: what is kept of it, and the secret that is shown once."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from stemgraph.app.access.scopes import LADDER

SECRET_BYTES: Final = 32
PREFIX: Final = "sg_"
_KEY: Final = re.compile(r"sg_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NO_SECRET: Final = sha256(b"").hexdigest()
"""What an unknown id is compared with, so that it takes as long as a known one."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: all but its secret."""

    id: str
    label: str
    scopes: frozenset[str]
    digest: str = field(repr=False)
    """SHA-256 of the secret, in hexadecimal digits; 256 random bits need no slower hash."""
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None

    def state(self, now: datetime) -> str:
        """``valid``, ``expired`` or ``revoked``."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= now else "valid"

    def to_record(self) -> dict[str, Any]:
        """The JSON object that ``keys.json`` holds."""
        return {
            "id": self.id,
            "label": self.label,
            "scopes": [each for each in LADDER if each in self.scopes],
            "sha256": self.digest,
            "created": self.created.isoformat(),
            "expires": self.expires and self.expires.isoformat(),
            "revoked": self.revoked and self.revoked.isoformat(),
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Key:
        """The key of a JSON object; raises KeyError, TypeError or ValueError where it is none."""
        moments = {
            name: None if record[name] is None else _moment(record[name]) for name in ("expires", "revoked")
        }
        return cls(
            str(record["id"]),
            str(record["label"]),
            frozenset(map(str, record["scopes"])),
            str(record["sha256"]),
            _moment(record["created"]),
            **moments,
        )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def new_key(label: str, scopes: frozenset[str], expires: datetime | None) -> tuple[Key, str]:
    """A new key, and the text that its holder sends."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    identifier = secrets.token_hex(6)
    now = datetime.now(UTC).replace(microsecond=0)
    key = Key(identifier, label, scopes, sha256(secret.encode()).hexdigest(), now, expires)
    return key, f"{PREFIX}{identifier}_{secret}"


def split_key(text: str) -> tuple[str, str] | None:
    """Id and secret of what a client sent, or None where it has not the form of a key."""
    found = _KEY.fullmatch(text)
    return None if found is None else (found[1], found[2])


def holds_secret(key: Key | None, secret: str) -> bool:
    """Whether the secret is the key's; it takes as long for no key at all."""
    given = sha256(secret.encode()).hexdigest()
    same = hmac.compare_digest(given, _NO_SECRET if key is None else key.digest)
    return same and key is not None
