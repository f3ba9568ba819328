"""What is found in a text: annotations with offsets, ids and how each was matched."""

from __future__ import annotations

import html
from dataclasses import dataclass

from stemgraph.graph.model import EntityReference, Record


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a piece of text may mean: ``match`` is label or synonym, ``name`` what matched."""

    entity: EntityReference
    name: str
    match: str

    def to_record(self) -> Record:
        """The JSON shape: the entity's reference with ``name`` and ``match``."""
        return {**self.entity.to_record(), "name": self.name, "match": self.match}


@dataclass(frozen=True, slots=True)
class Annotation:
    """Characters ``start`` to ``end`` of a text, and the entities they may mean, the likeliest first."""

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
    """The annotations of a text in order; ``complete`` is False where time ended after ``checked``."""

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
        head = "".join(f"<th>{name}</th>" for name in ("from", "to", "text", "entity"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, self.items))}</tbody></table>"


def _row(item: Annotation) -> str:
    meant = ", ".join(f"{each.entity.label} ({each.entity.id})" for each in item.candidates)
    cells = (str(item.start), str(item.end), item.text, meant)
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
