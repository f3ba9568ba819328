"""The generated pages by their place in the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stemgraph.app.application import create_router, openapi_document
from stemgraph.app.reference.answers import answers_page
from stemgraph.app.reference.commands import commands_page
from stemgraph.app.reference.contents import contents_page
from stemgraph.app.reference.rest import rest_page
from stemgraph.app.reference.settings import settings_page

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph


def reference_pages(graph: KnowledgeGraph) -> dict[str, str]:
    """The text of every generated page by its path below ``docs``; the graph is the one that is counted."""
    document = openapi_document(create_router(graph))
    return {
        "reference/rest.md": rest_page(document),
        "reference/answers.md": answers_page(document),
        "reference/commands.md": commands_page(),
        "reference/settings.md": settings_page(),
        "explanation/what-is-inside.md": contents_page(graph),
    }


def differences(pages: dict[str, str], directory: Path) -> list[str]:
    """One line for each page that is missing from the directory or differs from what it should be."""
    found: list[str] = []
    for name, text in pages.items():
        path = directory / name
        if not path.exists():
            found.append(f"{path}: missing")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{path}: differs from what the code and the content give")
    return found


def write_pages(pages: dict[str, str], directory: Path) -> None:
    """Write the pages below a directory."""
    for name, text in pages.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
