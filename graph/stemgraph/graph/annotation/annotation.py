"""What is found in a text: annotations with offsets, ids and how each was matched."""

from __future__ import annotations

import html
from dataclasses import dataclass

from stemgraph.graph.model import EntityReference, Record


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a piece of text may mean: ``match`` is label or synonym, ``name`` the one that matched."""

    entity: EntityReference
    name: str
    match: str

    def to_record(self) -> Record:
        """The JSON shape: the entity's reference with ``name`` and ``match``."""
        return {**self.entity.to_record(), "name": self.name, "match": self.match}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A piece of text, ``start`` to ``end`` in characters, and the entities it may mean, the likeliest first."""

    start: int
    end: int
    text: str
    candidates: tuple[Candidate, ...]

    @property
    def entity(self) -> EntityReference:
        """The likeliest entity."""
        return self.candidates[0].entity

    @property
    def ambiguous(self) -> bool:
        """Whether it may mean several entities."""
        return len(self.candidates) > 1

    def to_record(self) -> Record:
        """The JSON shape ``{start, end, text, ambiguous, candidates}``."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "ambiguous": self.ambiguous,
            "candidates": [candidate.to_record() for candidate in self.candidates],
        }


@dataclass(frozen=True, slots=True)
class Annotations:
    """The annotations of a text in order; ``complete`` is False where time ended at ``checked`` characters."""

    items: tuple[Annotation, ...]
    checked: int
    complete: bool = True
    reason: str | None = None

    def to_record(self) -> Record:
        """The JSON shape: a list with how far the text was read."""
        return {
            "items": [item.to_record() for item in self.items],
            "total": len(self.items),
            "next_cursor": None,
            "checked_characters": self.checked,
            "complete": self.complete,
            "reason": self.reason,
        }

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{item.start}–{item.end}</td><td>{html.escape(item.text)}</td>"
            f"<td>{html.escape(', '.join(f'{c.entity.label} ({c.entity.id})' for c in item.candidates))}</td></tr>"
            for item in self.items
        )
        return f"<table><thead><tr><th>where</th><th>text</th><th>entity</th></tr></thead><tbody>{rows}</tbody></table>"
