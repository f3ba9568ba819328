"""The documents of the repository, taken apart: their code blocks, commands, headings and links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """One Markdown file."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The text without its code blocks."""
        return _FENCE.sub("", self.text)

    def blocks(self, language: str) -> list[str]:
        """The code blocks of a language."""
        return [body for found, body in _FENCE.findall(self.text) if found == language]

    @property
    def commands(self) -> list[str]:
        """What its console blocks type, lines that go on joined with newlines."""
        return [
            command.strip()
            for block in self.blocks("console")
            for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
        ]

    @property
    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """The anchors of its headings, as GitHub makes them."""
        return {_anchor(heading) for heading in _HEADING.findall(self.prose)}


def _anchor(heading: str) -> str:
    text = _LINK.sub(lambda found: found[0].partition("]")[0].lstrip("["), heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def documents(repository: Path) -> list[Document]:
    """README, CONTRIBUTING and everything under docs/."""
    found = [
        repository / "README.md",
        repository / "CONTRIBUTING.md",
        *sorted((repository / "docs").rglob("*.md")),
    ]
    return [Document(path) for path in found]
