"""Texts with known answers: the article, the development sentences, and those that were kept for testing."""

from __future__ import annotations

import pytest
import yaml
from benchmarks.text_gold import GOLD, TITLES, Scores, score_article, score_sentences

from stemgraph.graph import KnowledgeGraph


@pytest.fixture(scope="module")
def article(bundled: KnowledgeGraph) -> Scores:
    """The scores of the founding article."""
    return score_article(bundled)


def test_every_name_of_the_article_is_found_and_nothing_else(article: Scores) -> None:
    assert (article.entities.missed, article.entities.wrong) == ([], [])


def test_the_article_is_read_as_its_seed_assertions_have_it(article: Scores) -> None:
    assert article.claims.wrong == []
    # Said by two sentences together, or by "guidelines ... to ensure that": see the gold file.
    assert len(article.claims.missed) <= 5


def test_every_claim_of_the_article_is_judged_as_expected(article: Scores) -> None:
    assert article.verdicts.missed == []
    assert len(article.hedges.missed) <= 1


def test_each_sentence_of_the_article_is_judged(bundled: KnowledgeGraph) -> None:
    found = bundled.check((GOLD / "article.txt").read_text(encoding="utf-8"))
    assert found.sentences == 26 + TITLES
    assert {each.item.sentence for each in found.items} == set(range(1, 26 + TITLES + 1))


def test_the_development_sentences_are_read_and_judged(bundled: KnowledgeGraph) -> None:
    scores = score_sentences(bundled, "development")
    for score in (scores.entities, scores.claims, scores.verdicts, scores.hedges):
        assert (score.missed, score.wrong) == ([], [])


def test_most_of_the_held_out_sentences_are_read_and_judged(bundled: KnowledgeGraph) -> None:
    scores = score_sentences(bundled, "held_out")
    assert min(scores.entities.precision, scores.entities.recall) >= 0.95
    assert min(scores.claims.precision, scores.claims.recall) >= 0.85
    assert scores.verdicts.recall >= 0.85


def test_half_of_the_sentences_are_held_out_and_none_is_in_both() -> None:
    texts = {
        name: [row["text"] for row in yaml.safe_load((GOLD / f"{name}.yaml").read_text(encoding="utf-8"))]
        for name in ("development", "held_out")
    }
    assert len(texts["held_out"]) >= len(texts["development"])
    assert len(texts["held_out"]) + len(texts["development"]) >= 60
    assert not set(texts["held_out"]) & set(texts["development"])
