"""Regulatory actions by product, agency, place, kind and year, and how many there are of what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final, overload

from stemgraph.graph.association_query import LARGEST_PAGE, check_word
from stemgraph.graph.cursor import decode_cursor, encode_cursor
from stemgraph.graph.errors import BadRequestError, CursorError, UnknownCategoryError
from stemgraph.graph.model import Record
from stemgraph.graph.regulatory.action import RegulatoryAction
from stemgraph.graph.regulatory.coverage import DiseaseCoverage
from stemgraph.graph.subclass_walk import SubclassWalk
from stemgraph.ontology import vocabulary

if TYPE_CHECKING:
    from stemgraph.graph.knowledge_graph import KnowledgeGraph

UNKNOWN: Final = "not stated"
"""The group of the actions of which a thing is not stated."""

_ABOUT: Final = (
    "targets",
    "corrects_gene",
    "uses_cell_type",
    "derived_from",
    "produced_by",
    "uses_technique",
    "subclass_of",
)
"""Predicates by which a product is of a kind: what it is, is made of, is made with or acts on."""


@dataclass(frozen=True, slots=True)
class ActionQuery:
    """A filter of regulatory actions; what is None filters nothing.

    ``category`` is the product's. ``kind`` is an entity that makes the product one of a kind: a class that it
    belongs to, its target, its cell type or source, a technique, the gene it corrects. ``disease`` takes its
    kinds along. ``year`` takes only actions that cannot have been in another year.
    """

    product: str | None = None
    agency: str | None = None
    jurisdiction: str | None = None
    type: str | None = None
    year: int | None = None
    category: str | None = None
    kind: str | None = None
    disease: str | None = None
    by: tuple[str, ...] = ()
    limit: int | None = 50
    cursor: str | None = None

    @property
    def key(self) -> str:
        """What is asked for, apart from the page."""
        return repr([getattr(self, name) for name in self.__slots__ if name not in {"limit", "cursor"}])


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """The actions that agree in what they were grouped by: how many there are, and of how many products."""

    values: tuple[str, ...]
    actions: int
    products: int


class Actions(Sequence[RegulatoryAction]):
    """A page of regulatory actions, how many there are in all, and their counts by what was asked."""

    def __init__(self, graph: KnowledgeGraph, query: ActionQuery) -> None:
        self.query = query
        self._labels = _Labels(graph)
        passes = _Filter(graph, query)
        self._found = [each for each in graph.regulatory_register.actions if passes(each)]
        self.total = len(self._found)
        digest = graph.edition.digest
        start = decode_cursor(query.cursor, query.key, digest) if query.cursor else 0
        if start > self.total:
            raise CursorError(
                "the cursor is past the end", place="cursor", mend="ask for the first page again"
            )
        end = self.total if query.limit is None else min(start + query.limit, self.total)
        self._page = self._found[start:end]
        self.next_cursor = encode_cursor(query.key, digest, end) if end < self.total else None

    @property
    def groups(self) -> tuple[ActionGroup, ...]:
        """Counts by ``query.by``, over all pages, in the order of the values; empty where that is empty.

        An action with several values of one thing, such as indications, counts in each of their groups.
        """
        if not self.query.by:
            return ()
        found: dict[tuple[str, ...], list[RegulatoryAction]] = {}
        for action in self._found:
            keys: list[tuple[str, ...]] = [()]
            for name in self.query.by:
                keys = [(*key, value) for key in keys for value in GROUPINGS[name](self._labels, action)]
            for key in dict.fromkeys(keys):
                found.setdefault(key, []).append(action)
        return tuple(
            ActionGroup(key, len(actions), len({each.product.id for each in actions}))
            for key, actions in sorted(found.items())
        )

    def __len__(self) -> int:
        return len(self._page)

    @overload
    def __getitem__(self, index: int) -> RegulatoryAction: ...
    @overload
    def __getitem__(self, index: slice) -> list[RegulatoryAction]: ...
    def __getitem__(self, index: int | slice) -> RegulatoryAction | list[RegulatoryAction]:
        return self._page[index]

    def all(self) -> Iterator[RegulatoryAction]:
        """Every action that was found, whatever the page."""
        return iter(self._found)

    def to_record(self) -> Record:
        """The JSON shape ``{items, total, next_cursor, groups}``."""
        return {
            "items": [each.to_record() for each in self],
            "total": self.total,
            "next_cursor": self.next_cursor,
            "groups": [
                {
                    "values": dict(zip(self.query.by, each.values, strict=True)),
                    "actions": each.actions,
                    "products": each.products,
                }
                for each in self.groups
            ],
        }

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("date", "product", "type", "jurisdiction", "agency"))
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td>{escape(cell)}</td>"
                for cell in (
                    each.date or each.when,
                    each.product.label,
                    each.type.replace("_", " "),
                    ", ".join(each.jurisdictions),
                    each.agency.label if each.agency else "",
                )
            )
            + "</tr>"
            for each in self
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"{table}<p>{len(self)} of {self.total} actions</p>"


class _Labels:
    """What groups need of a product beyond its action."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._classes: dict[str, tuple[str, ...]] = {}

    def categories(self, product: str) -> tuple[str, ...]:
        """The categories of a product."""
        entity = self._graph.records.entity(product)
        return (entity.categories if entity else ()) or (UNKNOWN,)

    def classes(self, product: str) -> tuple[str, ...]:
        """The labels of the classes in which a product is named."""
        if product not in self._classes:
            found: tuple[str, ...] = ()
            if (
                self._graph.records.entity_row(product) is not None
                and "subclass_of" in self._graph.records.names["predicate"]
            ):
                rows = self._graph.associations(
                    subject=product, predicate="subclass_of", negated=False, limit=None
                )
                found = tuple(sorted({each.object.label for each in rows}))
            self._classes[product] = found or (UNKNOWN,)
        return self._classes[product]


Grouping = Callable[[_Labels, RegulatoryAction], Sequence[str]]

GROUPINGS: Final[dict[str, Grouping]] = {
    "year": lambda _, action: [
        str(action.occurred.year) if action.date and action.occurred.year else UNKNOWN
    ],
    "type": lambda _, action: [action.type],
    "jurisdiction": lambda _, action: action.jurisdictions or [UNKNOWN],
    "agency": lambda _, action: [action.agency.label if action.agency else UNKNOWN],
    "product": lambda _, action: [action.product.label],
    "category": lambda labels, action: labels.categories(action.product.id),
    "product_class": lambda labels, action: labels.classes(action.product.id),
    "disease": lambda _, action: [each.label for each in action.indications] or [UNKNOWN],
    "status": lambda _, action: [action.status or UNKNOWN],
}
"""What actions can be counted by."""


def checked(query: ActionQuery, graph: KnowledgeGraph) -> ActionQuery:
    """The query itself, once every value is found in its vocabulary.

    Raises:
        UnknownCategoryError: Not one of the categories.
        BadRequestError: Another value outside its vocabulary or range.
    """
    if query.category is not None:
        check_word("category", query.category, vocabulary.categories(), UnknownCategoryError)
    for name, words in (
        ("jurisdiction", [*vocabulary.enumeration("jurisdiction"), *graph.records.names["jurisdiction"]]),
        ("type", vocabulary.enumeration("action_type")),
    ):
        value: str | None = getattr(query, name)
        if value is not None:
            check_word(name, value, words, BadRequestError)
    for name in query.by:
        check_word("by", name, GROUPINGS, BadRequestError)
    if query.limit is not None and not 1 <= query.limit <= LARGEST_PAGE:
        raise BadRequestError(f"{query.limit} is not from 1 to {LARGEST_PAGE}", place="limit")
    return query


class _Filter:
    """Whether an action passes a query."""

    def __init__(self, graph: KnowledgeGraph, query: ActionQuery) -> None:
        self._query = query
        self._graph = graph
        self._of_kind = None if query.kind is None else _Kinds(graph, query.kind)
        self._coverage = None
        if query.disease is not None:
            disease = graph.entity(query.disease).reference
            self._coverage = DiseaseCoverage(graph.records, disease, graph.regulatory_register.versions)

    def __call__(self, action: RegulatoryAction) -> bool:
        query = self._query
        return (
            query.product in (None, action.product.id)
            and (query.agency is None or (action.agency is not None and action.agency.id == query.agency))
            and (query.jurisdiction is None or query.jurisdiction in action.jurisdictions)
            and query.type in (None, action.type)
            and (query.year is None or (action.date is not None and action.occurred.year == query.year))
            and (query.category is None or query.category in self._categories(action))
            and (self._of_kind is None or action.product.id in self._of_kind)
            and (self._coverage is None or self._coverage.of(action).relation in {"exact", "narrower"})
        )

    def _categories(self, action: RegulatoryAction) -> Sequence[str]:
        entity = self._graph.records.entity(action.product.id)
        return entity.categories if entity else ()


class _Kinds:
    """The products of a kind: in a class, or by what they target, correct, use or come from."""

    def __init__(self, graph: KnowledgeGraph, kind: str) -> None:
        self._graph = graph
        self._kind = kind
        self._walk = SubclassWalk(graph.records, {})
        self._predicates = tuple(name for name in _ABOUT if name in graph.records.names["predicate"])
        self._known: dict[str, bool] = {}

    def __contains__(self, product: str) -> bool:
        if product not in self._known:
            self._known[product] = self._kind in self._things(product)
        return self._known[product]

    def _things(self, product: str) -> set[str]:
        """What makes the product one of a kind, and everything that stands above that."""
        things = {product, *self._walk.above(product)}
        if self._predicates and self._graph.records.entity_row(product) is not None:
            rows = self._graph.associations(
                subject=product, predicate=self._predicates, negated=False, limit=None
            )
            things |= {each.object.id for each in rows}
        return things.union(*(self._walk.above(each) for each in things))
