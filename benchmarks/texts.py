"""Reading texts: precision and recall of entities and claims, and the time that a long text takes."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.figure import Figure
from benchmarks.text_gold import GOLD, Score, Scores, score_article, score_sentences
from stemgraph.graph import KnowledgeGraph

MEGABYTE = 1_000_000


def run() -> Iterator[Figure]:
    """Entities and claims of the article, the development and the held-out sentences; 1 MB of text."""
    with KnowledgeGraph.bundled() as graph:
        begun = time.perf_counter()
        graph.check("A first sentence, for which the name index is built.")
        yield Figure("names indexed, once per process", time.perf_counter() - begun, "s", at_most=10)
        yield from _figures("article", score_article(graph), at_least=0.9)
        yield from _figures("development", score_sentences(graph, "development"), at_least=0.9)
        yield from _figures("held out", score_sentences(graph, "held_out"), at_least=0.7)
        yield from _long_text(graph)


def _figures(name: str, scores: Scores, *, at_least: float) -> Iterator[Figure]:
    for kind, score in (("entities", scores.entities), ("claims", scores.claims)):
        yield Figure(
            f"{name}: precision of {kind}", score.precision, "", at_least=at_least, note=_note(score)
        )
        yield Figure(f"{name}: recall of {kind}", score.recall, "", at_least=at_least)
    yield Figure(f"{name}: verdicts right, of the claims read", scores.verdicts.recall, "", at_least=at_least)
    yield Figure(f"{name}: hedges right, of the claims read", scores.hedges.recall, "")


def _note(score: Score) -> str:
    return f"{score.right} right, {len(score.wrong)} wrong, {len(score.missed)} missed"


def _long_text(graph: KnowledgeGraph) -> Iterator[Figure]:
    article = (GOLD / "article.txt").read_text(encoding="utf-8") + "\n\n"
    text = (article * (MEGABYTE // len(article) + 1))[:MEGABYTE]
    begun = time.perf_counter()
    annotated = graph.annotate(text)
    seconds = time.perf_counter() - begun
    yield Figure("1 MB annotated", seconds, "s", at_most=11, note=f"{len(annotated.items)} names")
    begun = time.perf_counter()
    checked = graph.check(text)
    seconds = time.perf_counter() - begun
    note = f"{len(checked.items)} items, {checked.checked} characters, complete: {checked.complete}"
    yield Figure("1 MB checked", seconds, "s", at_most=21, note=note)
    begun = time.perf_counter()
    partial = graph.check(text, budget_ms=500)
    seconds = time.perf_counter() - begun
    yield Figure(
        "1 MB checked within half a second", seconds, "s", at_most=1.5, note=partial.reason or "complete"
    )
