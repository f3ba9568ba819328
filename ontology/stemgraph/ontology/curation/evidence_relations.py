"""What the content's evidence says of other evidence: which it supersedes, retracts, or is independent of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cached_property
from itertools import chain
from typing import Final, Protocol

from stemgraph.ontology.curation.records import CuratedEvidence
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.identity import evidence_id
from stemgraph.ontology.standing import Piece, Standing

RELATIONS: Final = ("supersedes", "retracts", "independent_of")
"""The fields of evidence that name other evidence."""

_NOT_IDENTIFYING: Final = frozenset({"place", "origin", *RELATIONS})

Owned = tuple[str, tuple[CuratedEvidence, ...]]
"""The CURIE of an association, action or entity, and its evidence."""


def curated_evidence_id(owner: str, evidence: CuratedEvidence) -> str:
    """The CURIE of evidence: a digest of all it says, but not of where our files say it.

    What it says of other evidence is no part of it either: two pieces may name each other.
    """
    fields = {
        name: value
        for name, value in asdict(evidence).items()
        if name not in _NOT_IDENTIFYING and value is not None
    }
    return evidence_id(owner, fields)


class EvidenceRelations:
    """The relations between all evidence of the content, rows of our files resolved to evidence."""

    def __init__(self, owned: Iterable[Owned]) -> None:
        self._by_id: dict[str, CuratedEvidence] = {}
        self._by_origin: defaultdict[str, list[str]] = defaultdict(list)
        for owner, evidence in owned:
            for each in evidence:
                identifier = curated_evidence_id(owner, each)
                self._by_id.setdefault(identifier, each)
                for origin in each.origin:
                    self._by_origin[origin].append(identifier)

    def named(self, identifier: str, names: Iterable[str]) -> tuple[str, ...]:
        """The CURIEs and references that evidence names, each row as the evidence made from it."""
        found = {each for name in names for each in self._by_origin.get(name, [name])}
        return tuple(sorted(found - {identifier}))

    @cached_property
    def standing(self) -> Standing:
        """What of the evidence stands."""
        return Standing.of(self.piece(identifier, each) for identifier, each in self._by_id.items())

    def piece(self, identifier: str, evidence: CuratedEvidence) -> Piece:
        """Evidence as the standing sees it."""
        return Piece(
            id=identifier,
            reference=evidence.reference,
            stance=evidence.stance,
            retracted=evidence.retracted,
            supersedes=self.named(identifier, evidence.supersedes),
            retracts=self.named(identifier, evidence.retracts),
        )

    def of_statement(self, owner: str, evidence: Iterable[CuratedEvidence], *others: Piece) -> str:
        """How the evidence of a statement stands: current, weakened, superseded or retracted."""
        own = [self.piece(curated_evidence_id(owner, each), each) for each in evidence]
        return self.standing.of_statement([*own, *others])

    def problems(self) -> Iterator[ContentError]:
        """What is named and is not there."""
        references = {each.reference for each in self._by_id.values()}
        told: set[tuple[str, str]] = set()
        for identifier, evidence in self._by_id.items():
            for relation in RELATIONS:
                for name in getattr(evidence, relation):
                    if name in self._by_origin:
                        known = bool(self.named(identifier, [name]))
                    else:
                        known = name in self._by_id or (name in references and name != evidence.reference)
                    if not known and (evidence.place, name) not in told:
                        told.add((evidence.place, name))
                        yield ContentError(
                            f"'{relation}' names {name}, which no other evidence of the content is or cites",
                            place=evidence.place,
                            mend="name a row such as curated:66, or the reference of other evidence",
                        )


class _Owner(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def evidence(self) -> tuple[CuratedEvidence, ...]: ...


def owned_evidence(*rows: Iterable[_Owner]) -> Iterator[Owned]:
    """The evidence of rows of entities, associations and actions, by what it is evidence of."""
    for each in chain.from_iterable(rows):
        yield each.id, each.evidence
