"""What makes a statement the same statement: the digests behind association, evidence and action ids."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final

DIGEST_LENGTH: Final = 24
"""Hexadecimal digits kept of a SHA-256: 96 bits, ample for billions of statements."""


def digest(value: object) -> str:
    """The first 24 hexadecimal digits of the SHA-256 of a value's canonical JSON.

    Canonical: sorted keys, no spaces, UTF-8, as in RFC 8785 for the strings, integers, booleans, lists
    and objects that qualifiers hold.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def association_id(
    subject: str, predicate: str, object_: str, *, negated: bool, qualifiers: Mapping[str, object]
) -> str:
    """The CURIE ``sga:…`` of the statement with these CURIEs, predicate name and qualifiers."""
    return "sga:" + digest([subject, predicate, object_, negated, dict(qualifiers)])


def evidence_id(association: str, fields: Mapping[str, object]) -> str:
    """The CURIE ``sge:…`` of a piece of evidence for one association."""
    return "sge:" + digest([association, dict(fields)])


def action_id(fields: Mapping[str, object]) -> str:
    """The CURIE ``sgr:…`` of a regulatory action, from its product, type, agency, date and indication."""
    return "sgr:" + digest(dict(fields))
