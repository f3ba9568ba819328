"""Nodes, neighbours and parallel edges as read-only mappings over the arrays, in the shape NetworkX reads."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, Sequence, ValuesView
from copy import deepcopy
from functools import cached_property
from itertools import groupby
from typing import Any, NoReturn, TypeVar

import networkx as nx

from stemgraph.graph.view import GraphView, Numbers

Key = TypeVar("Key")
Value = TypeVar("Value")

# Attribute values are strings and lists of strings; NetworkX itself types them as Any.
Attributes = dict[str, Any]


def refuse(*_: object, **__: object) -> NoReturn:
    """Stand in for every method that would change the graph."""
    raise nx.NetworkXError("Frozen graph can't be modified; .copy() gives a graph that can")


class ReadOnlyAttributes(dict[str, Any]):
    """The attributes of a node or an edge; copies of them are plain dictionaries."""

    __setitem__ = __delitem__ = __ior__ = refuse
    clear = pop = popitem = setdefault = update = refuse

    def copy(self) -> Attributes:
        """A plain dictionary with the same attributes."""
        return dict(self)

    def __deepcopy__(self, memo: dict[int, object]) -> Attributes:
        return deepcopy(dict(self), memo)

    def __reduce__(self) -> tuple[type[Attributes], tuple[Attributes]]:
        return dict, (dict(self),)


class _Items(ItemsView[Key, Value]):
    """Pairs in one pass, without looking each key up again."""

    def __init__(self, mapping: _Streamed[Key, Value]) -> None:
        super().__init__(mapping)
        self._pairs = mapping.pairs

    def __iter__(self) -> Iterator[tuple[Key, Value]]:
        return self._pairs()


class _Values(ValuesView[Value]):
    """Values in one pass, without looking each key up."""

    def __init__(self, mapping: _Streamed[Any, Value]) -> None:
        super().__init__(mapping)
        self._pairs = mapping.pairs

    def __iter__(self) -> Iterator[Value]:
        return (value for _, value in self._pairs())


class _Streamed(Mapping[Key, Value]):
    """A mapping that can give its pairs in one pass."""

    def pairs(self) -> Iterator[tuple[Key, Value]]:
        raise NotImplementedError

    def items(self) -> ItemsView[Key, Value]:
        return _Items(self)

    def values(self) -> ValuesView[Value]:
        return _Values(self)

    def copy(self) -> dict[Key, Value]:
        return dict(self.pairs())


class NamedView:
    """The arrays with every node id as one string object, so that hashing and comparing are quick."""

    def __init__(self, view: GraphView) -> None:
        self.view = view

    @cached_property
    def ids(self) -> list[str]:
        """Node ids by number."""
        return list(self.view.node_ids)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Node numbers by id."""
        return {identifier: number for number, identifier in enumerate(self.ids)}

    def edge(self, number: int) -> ReadOnlyAttributes:
        """The attributes of an edge."""
        view = self.view
        return ReadOnlyAttributes(
            association=view.association_ids[number],
            predicate=view.predicates[int(view.edge_predicate[number])],
            biolink_predicate=view.biolink_predicates[int(view.edge_biolink_predicate[number])],
            status=view.statuses[int(view.edge_status[number])],
            source=view.sources[int(view.edge_source[number])],
        )

    def node(self, number: int) -> ReadOnlyAttributes:
        """The attributes of a node; its category is the first of its categories."""
        categories = self.view.categories[int(self.view.node_categories[number])]
        return ReadOnlyAttributes(
            label=self.view.node_labels[number],
            category=categories[0] if categories else "",
            categories=list(categories),
        )


class NodeMapping(_Streamed[str, ReadOnlyAttributes]):
    """Node id → attributes."""

    def __init__(self, names: NamedView) -> None:
        self._names = names

    def __len__(self) -> int:
        return self._names.view.node_count

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.ids)

    def __contains__(self, key: object) -> bool:
        return key in self._names.numbers

    def __getitem__(self, key: str) -> ReadOnlyAttributes:
        return self._names.node(self._names.numbers[key])

    def pairs(self) -> Iterator[tuple[str, ReadOnlyAttributes]]:
        """Every node and its attributes."""
        for number, identifier in enumerate(self._names.ids):
            yield identifier, self._names.node(number)


class _ParallelEdges(_Streamed[str, ReadOnlyAttributes]):
    """Association id → attributes, for the edges between two nodes."""

    def __init__(self, names: NamedView, edges: Sequence[int]) -> None:
        self._names = names
        self._edges = edges

    def __len__(self) -> int:
        return len(self._edges)

    def __iter__(self) -> Iterator[str]:
        return map(self._names.view.association_ids.__getitem__, self._edges)

    def __getitem__(self, key: str) -> ReadOnlyAttributes:
        for number in self._edges:
            if self._names.view.association_ids[number] == key:
                return self._names.edge(number)
        raise KeyError(key)

    def pairs(self) -> Iterator[tuple[str, ReadOnlyAttributes]]:
        for number in self._edges:
            attributes = self._names.edge(number)
            yield attributes["association"], attributes


class _Neighbors(_Streamed[str, _ParallelEdges]):
    """Neighbour id → parallel edges, for one node and direction; equal neighbours are adjacent.

    The edges are numbers, or for a slice of consecutive ones only the first number.
    """

    def __init__(self, names: NamedView, edges: Numbers | int, neighbors: Numbers) -> None:
        self._names = names
        self._edges = edges
        self._neighbors = neighbors

    def __len__(self) -> int:
        return len(set(self._neighbors.tolist()))

    def __iter__(self) -> Iterator[str]:
        distinct: dict[int, None] = dict.fromkeys(self._neighbors.tolist())
        return map(self._names.ids.__getitem__, distinct)

    def __contains__(self, key: object) -> bool:
        start, stop = self._between(key)
        return start < stop

    def __getitem__(self, key: str) -> _ParallelEdges:
        start, stop = self._between(key)
        if start == stop:
            raise KeyError(key)
        return self._parallel(start, stop)

    def pairs(self) -> Iterator[tuple[str, _ParallelEdges]]:
        start = 0
        for number, repeated in groupby(self._neighbors.tolist()):
            stop = start + sum(1 for _ in repeated)
            yield self._names.ids[number], self._parallel(start, stop)
            start = stop

    def _parallel(self, start: int, stop: int) -> _ParallelEdges:
        if isinstance(self._edges, int):
            return _ParallelEdges(self._names, range(self._edges + start, self._edges + stop))
        return _ParallelEdges(self._names, self._edges[start:stop].tolist())

    def _between(self, key: object) -> tuple[int, int]:
        """Where a neighbour's edges begin and end."""
        number = self._names.numbers.get(key) if isinstance(key, str) else None
        if number is None:
            return 0, 0
        return (
            int(self._neighbors.searchsorted(number)),
            int(self._neighbors.searchsorted(number, side="right")),
        )


class AdjacencyMapping(_Streamed[str, _Neighbors]):
    """Node id → neighbours, along the edges or against them."""

    def __init__(self, names: NamedView, *, forward: bool) -> None:
        self._names = names
        self._forward = forward

    @cached_property
    def _offsets(self) -> list[int]:
        view = self._names.view
        offsets: list[int] = (view.out_offsets if self._forward else view.in_offsets).tolist()
        return offsets

    def __len__(self) -> int:
        return self._names.view.node_count

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.ids)

    def __contains__(self, key: object) -> bool:
        return key in self._names.numbers

    def __getitem__(self, key: str) -> _Neighbors:
        return self._neighbors(self._names.numbers[key])

    def pairs(self) -> Iterator[tuple[str, _Neighbors]]:
        """Every node and its neighbours."""
        for number, identifier in enumerate(self._names.ids):
            yield identifier, self._neighbors(number)

    def _neighbors(self, number: int) -> _Neighbors:
        view = self._names.view
        start, stop = self._offsets[number], self._offsets[number + 1]
        if self._forward:
            return _Neighbors(self._names, start, view.edge_object[start:stop])
        edges = view.in_edges[start:stop]
        return _Neighbors(self._names, edges, view.edge_subject[edges])
