"""The questions about texts, as methods of the knowledge graph."""

from __future__ import annotations

import time
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from stemgraph.graph.association_query import check_word
from stemgraph.graph.errors import BadRequestError, UnknownCategoryError
from stemgraph.ontology import vocabulary

if TYPE_CHECKING:
    from concurrent.futures import Future

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
_NOT_YET: Final = "the time ended while the names of this release were being indexed; ask again in a moment"


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
        left = self._wait_for_names(budget_ms)
        if left is None:
            from stemgraph.graph.annotation import Annotations

            return Annotations((), 0, complete=False, reason=_NOT_YET)
        return self.annotator.annotate(text, categories=categories, budget_ms=left)

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
        left = self._wait_for_names(budget_ms)
        if left is None:
            from stemgraph.graph.claims import Check

            return Check((), 0, 0, complete=False, reason=_NOT_YET)
        return self._checker.check(text, without=sources, budget_ms=left, progress=progress)

    @property
    def annotator(self) -> Annotator:
        """Finds the release's names in texts; made when first asked for, which takes about two seconds."""
        return self._names.result()

    @cached_property
    def _names(self) -> Future[Annotator]:
        """The annotator in the making: one thread makes it once, however many ask."""
        from concurrent.futures import ThreadPoolExecutor

        from stemgraph.graph.annotation import Annotator

        maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stemgraph-names")
        future = maker.submit(Annotator, self._graph.records)
        maker.shutdown(wait=False)
        return future

    def take_names(self, earlier: TextQuestions) -> None:
        """Use the names that another graph has indexed, where the entities of this one have the same."""
        names: Future[Annotator] | None = earlier.__dict__.get("_names")
        if names is None or not names.done() or names.exception() is not None:
            return
        annotator = names.result().on(self._graph.records)
        if annotator is not None:
            from concurrent.futures import Future

            taken: Future[Annotator] = Future()
            taken.set_result(annotator)
            self.__dict__["_names"] = taken

    def _wait_for_names(self, budget_ms: int) -> int | None:
        """Milliseconds that are left once the names are indexed; None if they did not suffice."""
        begun = time.monotonic()
        try:
            self._names.result(timeout=budget_ms / 1000)
        except TimeoutError:
            return None
        return max(1, budget_ms - round(1000 * (time.monotonic() - begun)))

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
