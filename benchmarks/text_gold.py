"""Texts with known answers, and how far what was read agrees with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.claims import Claim, Judged

GOLD = Path(__file__).resolve().parent.parent / "tests" / "graph" / "claims" / "gold"
TITLES = 2
"""Sentences of the article's file before its first one: the title stands there twice."""


@dataclass
class Score:
    """What was found of what was wanted; what was found beyond that is wrong."""

    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The part of what was found that was wanted."""
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        """The part of what was wanted that was found."""
        return self.right / max(1, self.right + len(self.missed))


@dataclass
class Scores:
    """Entities, claims, and of the claims that were read rightly their verdicts and hedges."""

    entities: Score = field(default_factory=Score)
    claims: Score = field(default_factory=Score)
    verdicts: Score = field(default_factory=Score)
    hedges: Score = field(default_factory=Score)


def score_sentences(graph: KnowledgeGraph, name: str) -> Scores:
    """The scores of a file of sentences, ``development`` or ``held_out``."""
    scores = Scores()
    for row in yaml.safe_load((GOLD / f"{name}.yaml").read_text(encoding="utf-8")):
        wanted = list(row["entities"].items())
        found = [(each.text, each.entity.id) for each in graph.annotate(row["text"]).items]
        _score_entities(scores.entities, wanted, found, row["text"])
        _score_claims(scores, row["claims"], graph.check(row["text"]).items, row["text"])
    return scores


def score_article(graph: KnowledgeGraph) -> Scores:
    """The scores of the founding article."""
    scores = Scores()
    text = (GOLD / "article.txt").read_text(encoding="utf-8")
    gold = yaml.safe_load((GOLD / "article.yaml").read_text(encoding="utf-8"))
    body = text.index("\n", text.rindex("How Stem Cells"))
    found = [(each.text, each.entity.id) for each in graph.annotate(text).items if each.start > body]
    _score_entities(scores.entities, [tuple(each) for each in gold["entities"]], found, "article")
    items = graph.check(text).items
    for row in gold["sentences"]:
        number = row["sentence"]
        of_sentence = [each for each in items if each.item.sentence == number + TITLES]
        _score_claims(scores, row["claims"], of_sentence, f"sentence {number}")
    return scores


def _score_entities(
    score: Score, wanted: list[tuple[str, str]], found: list[tuple[str, str]], place: str
) -> None:
    rest = list(found)
    for each in wanted:
        if each in rest:
            rest.remove(each)
            score.right += 1
        else:
            score.missed.append(f"{place}: {each}")
    # A name found more often than the gold, which lists each once, is as right as the first time.
    score.wrong += [f"{place}: {each}" for each in rest if each not in wanted]


def _score_claims(scores: Scores, wanted: list[dict[str, Any]], items: Any, place: str) -> None:
    read = [each for each in items if isinstance(each.item, Claim)]
    for row in wanted:
        match = next((each for each in read if _says(each.item, row["says"])), None)
        if match is None:
            if not row.get("may"):
                scores.claims.missed.append(f"{place}: {row['says']}")
            continue
        read.remove(match)
        if row.get("may"):
            continue
        scores.claims.right += 1
        _compare(scores.verdicts, row["verdict"], match.verdict, f"{place}: {row['says']}")
        if "hedge" in row:
            _compare(scores.hedges, row["hedge"], match.item.hedge, f"{place}: {row['says']}")
    scores.claims.wrong += [f"{place}: {_sentence(each)}" for each in read]


def _compare(score: Score, wanted: str, found: str, place: str) -> None:
    if wanted == found:
        score.right += 1
    else:
        score.missed.append(f"{place}: {wanted}, not {found}")


def _says(claim: Claim, says: str) -> bool:
    subject, _, rest = says.partition(" ")
    relation, _, object_ = rest.rpartition(" ")
    negated, _, relation = relation.rpartition("not ")
    predicates = claim.predicates or (claim.relation,)
    return (
        subject in _meanings(claim.subject)
        and object_ in _meanings(claim.object)
        and relation in predicates
        and claim.negated == bool(negated or says.split()[1] == "not")
    )


def _meanings(end: Any) -> Iterator[str]:
    if end is not None:
        yield from (each.id for each in end.entities) if end.entities else ("?",)


def _sentence(item: Judged) -> str:
    claim = item.item
    assert isinstance(claim, Claim)
    ends = ["/".join(_meanings(end)) for end in (claim.subject, claim.object)]
    return f"{ends[0]} {'not ' if claim.negated else ''}{claim.relation} {ends[1]}"
