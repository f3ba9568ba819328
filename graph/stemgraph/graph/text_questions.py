"""The questions about texts, as methods of the knowledge graph."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from stemgraph.graph.association_query import check_word
from stemgraph.graph.errors import BadRequestError, UnknownCategoryError
from stemgraph.ontology import vocabulary

if TYPE_CHECKING:
    from stemgraph.graph.annotation import Annotations, Annotator
    from stemgraph.graph.claims import Check, Checker
    from stemgraph.graph.claims.checking import Progress
    from stemgraph.graph.knowledge_graph import KnowledgeGraph

# Imports inside methods: see knowledge_graph.
# ruff: noqa: PLC0415

ANNOTATE_MS: Final = 10_000
"""Milliseconds after which annotating gives what it has."""
CHECK_MS: Final = 20_000
"""Milliseconds after which checking gives what it has."""
LONGEST_BUDGET: Final = 600_000


class TextQuestions:
    """What a knowledge graph answers about running text."""

    def annotate(
        self, text: str, *, category: str | Collection[str] | None = None, budget_ms: int = ANNOTATE_MS
    ) -> Annotations:
        """The entities that a text names, each with its place and every entity it may mean.

        Args:
            text: Running text.
            category: Only entities of this category, or of these; never a name within a longer name.
            budget_ms: Milliseconds after which the rest is left; ``complete`` says whether they sufficed.

        Raises:
            UnknownCategoryError: Not one of the categories.
            BadRequestError: The budget is out of range.
        """
        _check_budget(budget_ms)
        categories = (category,) if isinstance(category, str) else tuple(category or ())
        for name in categories:
            check_word("category", name, vocabulary.categories(), UnknownCategoryError)
        return self.annotator.annotate(text, categories=categories, budget_ms=budget_ms)

    def check(
        self,
        text: str,
        *,
        without: str | Collection[str] = (),
        budget_ms: int = CHECK_MS,
        progress: Progress | None = None,
    ) -> Check:
        """Each claim of a text: supported, supported more weakly, contradicted, unknown, or not a claim.

        Args:
            text: Running text in English.
            without: Sources whose associations do not count, such as ``article`` when it is itself checked.
            budget_ms: Milliseconds after which the rest is left; ``complete`` says whether they sufficed.
            progress: Is told how far the check is, from 0 to 1.

        Raises:
            BadRequestError: A source that this release does not have, or the budget is out of range.
        """
        _check_budget(budget_ms)
        sources = (without,) if isinstance(without, str) else tuple(without)
        for name in sources:
            check_word("source", name, self._graph.records.names["source"], BadRequestError)
        return self._checker.check(text, without=sources, budget_ms=budget_ms, progress=progress)

    @cached_property
    def annotator(self) -> Annotator:
        """Finds the release's names in texts; made when first asked for, which takes about two seconds."""
        from stemgraph.graph.annotation import Annotator

        return Annotator(self._graph.records)

    @cached_property
    def _checker(self) -> Checker:
        from stemgraph.graph.claims import Checker

        return Checker(self._graph)

    @property
    def _graph(self) -> KnowledgeGraph:
        return cast("KnowledgeGraph", self)


def _check_budget(budget_ms: int) -> None:
    if not 1 <= budget_ms <= LONGEST_BUDGET:
        raise BadRequestError(f"{budget_ms} is not from 1 to {LONGEST_BUDGET}", place="budget_ms")
