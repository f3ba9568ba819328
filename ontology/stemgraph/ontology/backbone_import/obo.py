"""The little of the OBO format that the backbone needs: definitions and is_a."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stemgraph.ontology.compressed import open_text

_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE: Final = re.compile(r"\\(.)")


@dataclass(slots=True)
class Stanza:
    """One term of an OBO file."""

    definition: str | None = None
    parents: list[str] = field(default_factory=list[str])


def read_obo(path: Path) -> dict[str, Stanza]:
    """The terms of an OBO file by identifier."""
    terms: dict[str, Stanza] = {}
    current: Stanza | None = None
    inside_term = False
    with open_text(path) as stream:
        for line in stream:
            text = line.strip()
            if text.startswith("["):
                inside_term, current = text == "[Term]", None
            elif inside_term and text.startswith("id: "):
                current = terms.setdefault(text.removeprefix("id: "), Stanza())
            elif current is not None and text.startswith("def: "):
                quoted = _QUOTED.search(text)
                current.definition = _ESCAPE.sub(r"\1", quoted.group(1)) if quoted else None
            elif current is not None and text.startswith("is_a: "):
                current.parents.append(text.split()[1])
    return terms
