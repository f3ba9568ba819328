"""Checking a whole text: read piece by piece, each sentence's claims judged, within a time budget."""

from __future__ import annotations

import html
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stemgraph.graph.annotation.annotator import pieces_of
from stemgraph.graph.claims.arguments import History
from stemgraph.graph.claims.claim import VERDICTS, Claim, Remark
from stemgraph.graph.claims.judgement import MOST_SHOWN, Judge, Judged
from stemgraph.graph.claims.passage import Passage, PassageReader
from stemgraph.graph.claims.reading import read_sentence
from stemgraph.graph.claims.slots import Scene
from stemgraph.graph.model import Association, Record

if TYPE_CHECKING:
    from stemgraph.graph.annotation.names import Name
    from stemgraph.graph.knowledge_graph import KnowledgeGraph

BUDGET_MS: Final = 20_000
"""Milliseconds after which the check of a text gives what it has, and says how far it came."""

Progress = Callable[[float], None]
"""Told how far the check is, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Check:
    """The judged sentences of a text in order; ``complete`` is False where time ended."""

    items: tuple[Judged, ...]
    sentences: int
    checked: int
    """Characters that were read."""
    complete: bool = True
    reason: str | None = None

    def count(self) -> dict[str, int]:
        """How many items there are of each verdict."""
        counted = Counter(each.verdict for each in self.items)
        return {verdict: counted[verdict] for verdict in VERDICTS}

    def associations(self) -> tuple[Association, ...]:
        """The associations that the items name, each once as it is stated."""
        found: dict[str, Association] = {}
        for item in self.items:
            for weighed in (*item.supporting[:MOST_SHOWN], *item.opposing[:MOST_SHOWN]):
                found.setdefault(weighed.association.id, weighed.association)
            for association in item.related:
                found.setdefault(association.id, association)
        return tuple(found.values())

    def to_record(self) -> Record:
        """The JSON shape: a list of items, and the associations they name with their evidence."""
        associations: Record = {}
        for association in self.associations():
            record = association.to_record()
            record.pop("inherited", None)
            associations[association.id] = record
        return {
            "items": [item.to_record() for item in self.items],
            "total": len(self.items),
            "next_cursor": None,
            "verdicts": self.count(),
            "sentences": self.sentences,
            "associations": associations,
            "checked_characters": self.checked,
            "complete": self.complete,
            "reason": self.reason,
        }

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("sentence", "claim", "hedge", "verdict", "because"))
        rows = "".join(_html_row(item) for item in self.items)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


class Checker:
    """Checks texts by one graph."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._reader = PassageReader(graph.annotator, graph.records)

    def check(
        self,
        text: str,
        *,
        without: Collection[str] = (),
        budget_ms: int = BUDGET_MS,
        progress: Progress | None = None,
    ) -> Check:
        """Each claim of a text, and what the graph says of it.

        Args:
            text: Running text.
            without: Names of sources whose associations do not count, such as ``article``.
            budget_ms: Milliseconds after which the rest is left unchecked.
            progress: Is told how far the check is.
        """
        deadline = time.monotonic() + budget_ms / 1000
        judge = Judge(self._graph, text, without)
        history = History(self._reader.meanings)
        abbreviations: dict[str, tuple[Name, ...]] = {}
        items: list[Judged] = []
        number = 0
        for start, end in pieces_of(text):
            if progress is not None:
                progress(start / len(text))
            passage = self._reader.read(text[start:end], start, abbreviations)
            for found in self._read(passage, history, number):
                if time.monotonic() >= deadline:
                    reached = passage.offset + passage.words[passage.sentences[found.place].first].start
                    reason = f"the time budget ended at character {reached} of {len(text)}"
                    return Check(tuple(items), found.number - 1, reached, complete=False, reason=reason)
                items.extend(judge.judge(item) for item in found.items)
            number += len(passage.sentences)
        return Check(tuple(items), number, len(text))

    def _read(self, passage: Passage, history: History, before: int) -> Iterator[_Read]:
        for place, sentence in enumerate(passage.sentences):
            scene = Scene(passage, sentence, self._reader.lexicon, self._reader.meanings, history)
            read = read_sentence(scene, before + place + 1)
            items = tuple(read) if isinstance(read, list) else (read,)
            yield _Read(place, before + place + 1, items)
            history.add(scene.arguments)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read from one sentence of a passage."""

    place: int
    number: int
    items: tuple[Claim | Remark, ...]


def _html_row(item: Judged) -> str:
    claim = item.item
    cells = [claim.text, "", "", item.verdict, item.reason]
    if isinstance(claim, Claim):
        object_ = "" if claim.object is None else claim.object.text
        cells[1] = f"{claim.subject.text} | {claim.relation} | {object_}"
        cells[2] = claim.hedge
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
