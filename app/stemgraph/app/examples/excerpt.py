"""Shortening an answer to what shows its shape: the same answer always gives the same excerpt."""

from __future__ import annotations

from typing import Any, Final, cast

MOST_ITEMS: Final = 2
"""Items that are shown of a list."""
MOST_MEMBERS: Final = 24
"""Members from which an object is taken for a table, of which as many are shown as of a list."""
MOST_LINES: Final = 24
"""Lines that are shown of a text."""
LONGEST_LINE: Final = 240
"""Characters that are shown of a line."""


def excerpt(value: Any) -> Any:  # noqa: ANN401  # any JSON
    """JSON with its lists and tables cut short."""
    if isinstance(value, list):
        items = cast("list[Any]", value)  # type: ignore[redundant-cast]  # pyright wants it
        return [excerpt(each) for each in items[:MOST_ITEMS]]
    if isinstance(value, dict):
        members = list(cast("dict[str, Any]", value).items())
        shown = members if len(members) < MOST_MEMBERS else members[:MOST_ITEMS]
        return {name: excerpt(each) for name, each in shown}
    return value


def text_excerpt(text: str, most: int = MOST_LINES) -> str:
    """The first lines of a text, and the beginning of each."""
    lines = text.split("\n")
    shown = [line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + "…" for line in lines[:most]]
    return "\n".join(shown if len(lines) <= most else [*shown, "…"])
