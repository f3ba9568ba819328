"""The tool ``validate``: the model's rules, as SHACL and plain checks, on a few statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from stemgraph.app.curation.rules import violations_in
from stemgraph.app.errors import UnavailableError
from stemgraph.graph.errors import StemgraphError


def validate(_payload: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """The violations in N-Quads, as a JSON list.

    Raises:
        UnavailableError: pyshacl is not installed.
    """
    if _REFUSAL is not None:
        raise UnavailableError(f"writes cannot be checked: {_REFUSAL.message}", mend=_REFUSAL.mend)
    found = violations_in(body)
    return {"violations": len(found)}, orjson.dumps(found)


def _warmed() -> StemgraphError | None:
    """Import pyshacl and read the shapes, before the worker is locked in; what keeps it from that."""
    try:
        violations_in(b"")
    except StemgraphError as error:
        return error
    return None


_REFUSAL: Final = _warmed()
