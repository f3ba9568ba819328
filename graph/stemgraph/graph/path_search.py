"""The k best simple paths between two nodes of the arrays, within a number of hops and a time.

First, breadth-first search over whole frontiers says how far each useful node is from the target:
backwards from the target, and once past the middle only through nodes that are near enough to the source.
Then best-first search (A*, with those distances as its lower bound) extends simple paths from the source, so
that paths come out in the order of their cost. A node's neighbours are ranked once and handed out one by
one: a hub costs one sort, and not one heap entry for each neighbour.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stemgraph.graph.view import GraphView, Numbers, Steps

HUB_PENALTY: Final = 0.15
"""Cost of passing through a node, for each power of ten of its edges: a hub explains little."""

_UNREACHED: Final = 127

Costs = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Branch:
    """A simple path, what it has cost, and its possible next nodes in the order of their estimates."""

    nodes: tuple[int, ...]
    cost: float
    next_nodes: list[int]
    estimates: list[float]
    next_costs: list[float]


class PathSearch:
    """One search; ``complete`` says afterwards whether it ended before its deadline."""

    def __init__(
        self,
        view: GraphView,
        source: int,
        target: int,
        *,
        max_hops: int,
        allowed: NDArray[np.bool_] | None,
        deadline: float,
    ) -> None:
        self._view = view
        self._source = source
        self._target = target
        self._max_hops = max_hops
        self._allowed = allowed
        self._deadline = deadline
        self._neighbors: dict[int, Numbers] = {}
        self.complete = True

    def best(self, k: int) -> list[tuple[float, tuple[int, ...]]]:
        """Up to ``k`` pairs of cost and nodes, cheapest first."""
        remaining = self._hops_to_target()
        if remaining is None or remaining[self._source] > self._max_hops:
            return []
        found: list[tuple[float, tuple[int, ...]]] = []
        for pair in self._in_order_of_cost(remaining):
            found.append(pair)
            if len(found) == k:
                break
        return found

    def _expired(self) -> bool:
        if perf_counter() > self._deadline:
            self.complete = False
        return not self.complete

    def _steps(self, nodes: Numbers) -> Steps:
        steps = self._view.steps(nodes)
        if self._allowed is None:
            return steps
        kept = self._allowed[self._view.edge_predicate[steps.edges]]
        return Steps(steps.origins[kept], steps.neighbors[kept], steps.edges[kept], steps.forward[kept])

    def _hops_to_target(self) -> NDArray[np.int8] | None:
        """For each node that can be on a path, its distance to the target; None when time ran out."""
        middle = self._max_hops // 2
        from_source = self._levels(self._source, middle, None)
        if from_source is None:
            return None
        return self._levels(self._target, self._max_hops, from_source)

    def _levels(
        self, start: int, radius: int, from_source: NDArray[np.int8] | None
    ) -> NDArray[np.int8] | None:
        """Breadth-first distances up to a radius; past the middle only nodes near enough to the source."""
        distances = np.full(self._view.node_count, _UNREACHED, dtype=np.int8)
        distances[start] = 0
        frontier = np.array([start], dtype=np.int32)
        for distance in range(1, radius + 1):
            if self._expired():
                return None
            fresh = np.unique(self._steps(frontier).neighbors)
            fresh = fresh[distances[fresh] == _UNREACHED]
            if from_source is not None and distance > self._max_hops - self._max_hops // 2:
                fresh = fresh[from_source[fresh] <= self._max_hops - distance]
            distances[fresh] = distance
            frontier = fresh
        return distances

    def _in_order_of_cost(self, remaining: NDArray[np.int8]) -> Iterator[tuple[float, tuple[int, ...]]]:
        """Every simple path to the target, cheapest first, until the deadline."""
        heap: list[tuple[float, int, int, _Branch]] = []
        made = 0

        def offer(branch: _Branch, place: int) -> None:
            nonlocal made
            if place < len(branch.next_nodes):
                made += 1
                heapq.heappush(heap, (branch.estimates[place], -made, place, branch))

        offer(self._branch((self._source,), 0.0, remaining), 0)
        while heap:
            if self._expired():
                return
            _, _, place, branch = heapq.heappop(heap)
            offer(branch, place + 1)
            nodes = (*branch.nodes, branch.next_nodes[place])
            cost = branch.next_costs[place]
            if nodes[-1] == self._target:
                yield cost, nodes
            else:
                offer(self._branch(nodes, cost, remaining), 0)

    def _branch(self, nodes: tuple[int, ...], cost: float, remaining: NDArray[np.int8]) -> _Branch:
        """A path with its possible continuations ranked."""
        neighbors = self._distinct_neighbors(nodes[-1])
        left = remaining[neighbors].astype(np.int64)
        fits = (left + len(nodes) <= self._max_hops) & ~np.isin(neighbors, nodes)
        neighbors, left = neighbors[fits], left[fits]
        costs = cost + 1 + np.where(neighbors == self._target, 0.0, self._penalties(neighbors))
        estimates = costs + left
        order = np.lexsort((neighbors, estimates))
        return _Branch(
            nodes,
            cost,
            neighbors[order].tolist(),
            estimates[order].tolist(),
            costs[order].tolist(),
        )

    def _distinct_neighbors(self, node: int) -> Numbers:
        if node not in self._neighbors:
            self._neighbors[node] = np.unique(self._steps(np.array([node], dtype=np.int32)).neighbors)
        return self._neighbors[node]

    def _penalties(self, nodes: Numbers) -> Costs:
        return HUB_PENALTY * np.log10(np.maximum(self._view.degrees(nodes), 1))
