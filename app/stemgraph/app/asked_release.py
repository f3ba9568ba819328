"""The parameter ``release``, which every read route takes: one reading and one documentation for all."""

from __future__ import annotations

import re
from typing import Any, Final

from stemgraph.app.errors import ParameterError

RELEASE: Final = "release"
_FORM: Final = re.compile(r"[0-9A-Fa-f]{1,64}")

RELEASE_PARAMETER: Final[dict[str, Any]] = {
    "name": RELEASE,
    "in": "query",
    "required": False,
    "description": "The release that is to answer: its number, its id, or the first four or more digits of "
    "its digest. Without it, the current one. A release that was published answers the same ever after.",
    "schema": {"type": "string", "pattern": f"^{_FORM.pattern}$"},
}
"""The parameter in the terms of OpenAPI."""


def split_release(pairs: list[tuple[str, str]]) -> tuple[str | None, list[tuple[str, str]]]:
    """The release that is asked for, or None, and the other parameters: the same list where none is.

    Raises:
        ParameterError: It is given more than once, or is neither a number nor hexadecimal digits.
    """
    asked = [value for name, value in pairs if name == RELEASE]
    if not asked:
        return None, pairs
    if len(asked) > 1:
        raise ParameterError("it is given more than once", place=RELEASE, mend="give it once")
    if not _FORM.fullmatch(asked[0]):
        raise ParameterError(
            f"'{asked[0][:100]}' is neither a number nor the digits of a digest",
            place=RELEASE,
            mend="see GET /api/v1/releases",
        )
    return asked[0], [pair for pair in pairs if pair[0] != RELEASE]
