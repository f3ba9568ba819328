"""Finding entities by name: tantivy finds, rapidfuzz ranks.

Exact label before exact synonym before prefix before words before a typo of one edit; what is obsolete comes
last. Pages are cut from windows of 200 candidates, each ranked within itself, so that turning pages never
shows an entity twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, cast
from uuid import UUID

import orjson
import tantivy

from stemgraph.graph.errors import BadRequestError, DataDirectoryError
from stemgraph.graph.model import Entity, Record
from stemgraph.graph.names import normalise_name, words_of

if TYPE_CHECKING:
    from stemgraph.graph.records import Records

WINDOW: Final = 200
LONGEST_TEXT: Final = 500
"""Characters of a text that is searched for; the rest could only slow the search."""
MOST_WORDS: Final = 12
SHORTEST_TYPO: Final = 4
"""Letters from which a word may be one edit off; one less where other words are there to tell."""

_BASES: Final = {"identifier": 1.0, "label": 0.99, "synonym": 0.9, "prefix": 0.55, "words": 0.3, "typo": 0.1}
_ROOM: Final = {"prefix": 0.15, "words": 0.2, "typo": 0.15}
_WHOLE_WORDS: Final = 0.1
"""More for a prefix that ends where a word ends: *cell in vitro* before *cellulitis*."""
_IN_LABEL: Final = 0.05
"""More for a prefix of the label than of a synonym."""


class _Bucket(TypedDict):
    key: str
    doc_count: float


class _Buckets(TypedDict):
    buckets: list[_Bucket]


class _Aggregate(TypedDict):
    categories: _Buckets


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One entity found: the name that matched, how (``match``), and a score from 0 to 1."""

    id: str
    label: str
    categories: tuple[str, ...]
    matched: str
    match: str
    """One of identifier, label, synonym (exact), prefix, words, typo."""
    score: float
    deprecated: bool = False

    def to_record(self) -> Record:
        """The JSON shape: one key for each field."""
        return {name: getattr(self, name) for name in self.__slots__} | {"categories": list(self.categories)}


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """One page of hits, how many there are in all, and how many of each category."""

    items: tuple[SearchHit, ...]
    total: int
    facets: dict[str, int]

    def to_record(self) -> Record:
        """The JSON shape ``{items, total, facets}``."""
        return {
            "items": [hit.to_record() for hit in self.items],
            "total": self.total,
            "facets": self.facets,
        }


class LabelIndex:
    """The tantivy index of a release's names.

    Raises:
        DataDirectoryError: The directory holds no index or a damaged one.
    """

    def __init__(self, directory: Path, records: Records) -> None:
        try:
            self._index = tantivy.Index.open(str(directory))
        except (OSError, ValueError) as error:
            raise DataDirectoryError(
                f"the name index cannot be opened: {error}",
                place=str(directory),
                mend="compile the release again",
            ) from error
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._records = records

    def search(
        self, text: str, *, category: str | None = None, limit: int = 20, offset: int = 0
    ) -> SearchAnswer:
        """Entities by name; facets count what the text finds in every category."""
        query = self._query(text)
        if query is None:
            return SearchAnswer((), 0, {})
        filtered = self._within(query, category)
        total = self._count(filtered)
        return SearchAnswer(self._page(filtered, text, limit, offset), total, self._facets(query))

    def autocomplete(
        self, prefix: str, *, category: str | None = None, limit: int = 10
    ) -> tuple[SearchHit, ...]:
        """Entities whose names continue what has been typed."""
        query = self._query(prefix)
        return () if query is None else self._page(self._within(query, category), prefix, limit, 0)

    def named(self, name: str, *, category: str | None = None, synonyms: bool = False) -> list[Entity]:
        """The entities that carry exactly this label or synonym; obsolete ones only if no other does."""
        term = normalise_name(name)
        field = "synonym" if synonyms else "label"
        if not term:
            return []
        query = self._within(tantivy.Query.term_query(self._schema, field, term), category)
        found = [self._records.entity_at(row) for row in self._rows(query, WINDOW, 0)]
        current = [entity for entity in found if not entity.deprecated]
        return sorted(current or found, key=lambda entity: entity.id)

    def _query(self, text: str) -> tantivy.Query | None:
        text = text[:LONGEST_TEXT]
        words = words_of(text)[:MOST_WORDS]
        if not words:
            return None
        name = " ".join(words)
        start = re.escape(name) + ".*"
        ask, schema, should = tantivy.Query, self._schema, tantivy.Occur.Should
        whole = [
            (ask.term_query(schema, "identifier", text.strip()), 4000.0),
            (ask.term_query(schema, "label", name), 2000.0),
            (ask.term_query(schema, "synonym", name), 1000.0),
            (ask.regex_query(schema, "label", start), 500.0),
            (ask.regex_query(schema, "synonym", start), 250.0),
        ]
        parts = [(should, ask.const_score_query(query, score)) for query, score in whole]
        parts.append((should, self._all_words(words)))
        current = ask.const_score_query(ask.term_query(schema, "deprecated", 0), 10_000.0)
        return ask.boolean_query([(tantivy.Occur.Must, ask.boolean_query(parts)), (should, current)])

    def _all_words(self, words: list[str]) -> tantivy.Query:
        """Every word occurs, exactly or one edit off; the last may be unfinished."""
        ask, schema = tantivy.Query, self._schema
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for position, word in enumerate(words):
            ways = [ask.boost_query(ask.term_query(schema, "words", word), 3.0)]
            if position == len(words) - 1:
                start = ask.regex_query(schema, "words", re.escape(word) + ".*")
                ways.append(ask.const_score_query(start, 1.0))
            if len(word) >= SHORTEST_TYPO - (len(words) > 1):
                typo = ask.fuzzy_term_query(schema, "words", word, 1, transposition_cost_one=True)
                ways.append(ask.const_score_query(typo, 0.1))
            clauses.append((tantivy.Occur.Must, ask.disjunction_max_query(ways)))
        return ask.boolean_query(clauses)

    def _within(self, query: tantivy.Query, category: str | None) -> tantivy.Query:
        if category is None:
            return query
        restriction = tantivy.Query.term_query(self._schema, "category", category)
        free = tantivy.Query.const_score_query(restriction, 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, free)])

    def _count(self, query: tantivy.Query) -> int:
        """How many entities a query finds."""
        return count_of(self._searcher, query)

    def _facets(self, query: tantivy.Query) -> dict[str, int]:
        """How many of each category a query finds, the most first."""
        return facets_of(self._searcher, query)

    def _rows(self, query: tantivy.Query, limit: int, offset: int) -> list[int]:
        """The rows of the entities that a query finds, the best first."""
        return [row for _, row in rows_of(self._searcher, query, limit, offset)]

    def _page(self, query: tantivy.Query, text: str, limit: int, offset: int) -> tuple[SearchHit, ...]:
        page: list[SearchHit] = []
        while len(page) < limit:
            window, inside = divmod(offset + len(page), WINDOW)
            rows = self._rows(query, WINDOW, window * WINDOW)
            ranked = sorted(
                (_rank(self._records.entity_at(row), text) for row in rows),
                key=lambda hit: (hit.deprecated, -hit.score, len(hit.label), hit.id),
            )
            page.extend(ranked[inside : inside + limit - len(page)])
            if len(rows) < WINDOW:
                break
        return tuple(page)


def count_of(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """How many documents a query finds."""
    return searcher.search(query, 1).count  # type: ignore[attr-defined, no-any-return]  # not in the stubs


def facets_of(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[str, int]:
    """How many of each category a query finds, the most first."""
    wanted = {"categories": {"terms": {"field": "category", "size": 64}}}
    answer = cast("_Aggregate", searcher.aggregate(query, wanted))  # pyright: ignore[reportUnknownMemberType]  # the stub says only dict
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in answer["categories"]["buckets"]}


def rows_of(
    searcher: tantivy.Searcher, query: tantivy.Query, limit: int, offset: int = 0
) -> list[tuple[float, int]]:
    """Score and row of what a query finds, the best first."""
    hits = searcher.search(query, limit, count=False, offset=offset).hits
    return [(float(score), searcher.doc(address)["row"][0]) for score, address in hits]


def write_label_index(records: Iterable[Record], directory: Path) -> None:
    """Write the name index of entity records, given in row order."""
    directory.mkdir()
    index = tantivy.Index(_schema(), path=str(directory))
    _fill(index, enumerate(records), heap_size=60_000_000)
    _name_segments(directory)


def index_labels(records: Iterable[tuple[int, Record]]) -> tantivy.Index:
    """A name index in memory of a few entity records, each with its row."""
    index = tantivy.Index(_schema())
    _fill(index, records, heap_size=15_000_000)
    index.reload()
    return index


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # 'integer', for tantivy's Python binding panics on 'unsigned' fields.
    builder.add_integer_field("row", stored=True, indexed=False)
    builder.add_integer_field("deprecated", indexed=True)
    builder.add_text_field("identifier", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("label", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("synonym", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="default", index_option="basic")
    builder.add_text_field("category", tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


def _fill(index: tantivy.Index, records: Iterable[tuple[int, Record]], *, heap_size: int) -> None:
    writer = index.writer(heap_size=heap_size, num_threads=1)
    for row, record in records:
        label = normalise_name(record["label"])
        synonyms = list(dict.fromkeys(map(normalise_name, record["synonyms"])))
        document = tantivy.Document(
            row=row,
            deprecated=int(record["deprecated"]),
            identifier=[record["id"], *record["equivalent_ids"]],
            label=label,
            synonym=synonyms,
            words=[label, *synonyms],
            category=record["categories"],
        )
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _name_segments(directory: Path) -> None:
    """Name each segment after what it holds: tantivy draws lots, but the same names make the same bytes."""
    described = (directory / "meta.json").read_text(encoding="utf-8")
    for segment in orjson.loads(described)["segments"]:
        drawn = UUID(segment["segment_id"])
        files = sorted(directory.glob(f"{drawn.hex}.*"))
        digest = hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files))
        given = UUID(bytes=digest.digest()[:16])
        for file in files:
            file.rename(file.with_name(given.hex + file.suffix))
        described = described.replace(str(drawn), str(given))
    (directory / "meta.json").write_text(described, encoding="utf-8")
    managed = sorted(each.name for each in directory.iterdir() if not each.name.startswith("."))
    (directory / ".managed.json").write_bytes(orjson.dumps(managed))


def check_page(limit: int, offset: int) -> None:
    """Refuse a page outside its range.

    Raises:
        BadRequestError: The limit is not 1 to 200, or the offset is negative or past 10,000.
    """
    if not 1 <= limit <= 200:
        raise BadRequestError(f"{limit} is not from 1 to 200", place="limit")
    if not 0 <= offset <= 10_000:
        raise BadRequestError(f"{offset} is not from 0 to 10000", place="offset")


def _rank(entity: Entity, text: str) -> SearchHit:
    """How well the best of an entity's names matches."""
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  # 80 ms that only a search need pay

    wanted = words_of(text)[:MOST_WORDS]
    name = " ".join(wanted)
    best = (0.0, entity.label, "typo")
    for position, candidate in enumerate((entity.label, *entity.synonyms)):
        words = words_of(candidate)
        match = _match(name, wanted, " ".join(words), words, is_label=position == 0)
        score = _BASES[match] + _ROOM.get(match, 0.0) * ratio(name, " ".join(words)) / 100
        if match == "prefix":
            score += _IN_LABEL * (position == 0) + _WHOLE_WORDS * (words[: len(wanted)] == wanted)
        best = max(best, (score, candidate, match), key=lambda each: each[0])
    if text.strip() in {entity.id, *entity.equivalent_ids}:
        best = (1.0, text.strip(), "identifier")
    score, matched, match = best
    return SearchHit(
        entity.id, entity.label, entity.categories, matched, match, round(score, 4), entity.deprecated
    )


def _match(name: str, wanted: list[str], other: str, words: list[str], *, is_label: bool) -> str:
    if name == other:
        return "label" if is_label else "synonym"
    if other.startswith(name):
        return "prefix"
    finished = set(words)
    all_there = all(word in finished for word in wanted[:-1])
    return "words" if all_there and any(word.startswith(wanted[-1]) for word in words) else "typo"
