"""Markdown as the pages are written in: tables, code, and the anchors of headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells may hold inline Markdown."""
    lines = [_row(header), "|" + "---|" * len(header), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def code(text: object) -> str:
    """Inline code."""
    return f"`{text}`"


def console(command: str) -> str:
    """A command as one types it."""
    return f"```console\n$ {command}\n```"


def anchor(heading: str) -> str:
    """The anchor that GitHub and its like give a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def link(text: str, heading: str, page: str = "") -> str:
    """A link to a heading, of the same page unless another is named."""
    return f"[{text}]({page}#{anchor(heading)})"


def page(title: str, *parts: str) -> str:
    """A whole page: blocks are parted by blank lines."""
    return "\n\n".join([f"# {title}", *(part for part in parts if part)]) + "\n"
