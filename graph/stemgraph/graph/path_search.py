"""The k best simple paths between two nodes of the arrays, within a number of steps and a time.

First, the least cost from each useful node to the target is worked out for each number of steps that may be
left: whole frontiers at once, backwards from the target, and near the source only over nodes that the source
reaches. Then best-first search (A*) extends simple paths from the source, with those costs as its lower
bound, so that paths come out in the order of their cost and hardly one is tried in vain. A node's neighbours
are ranked once and handed out one by one: a hub costs one sort, and not one heap entry for each neighbour.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stemgraph.graph.path_pattern import StepFilter
from stemgraph.graph.path_score import Costs, PathCosts
from stemgraph.graph.view import GraphView, Numbers

LOOKING_SHARE: Final = 0.7
"""Part of the time that may go into the lower bounds; the rest is for the paths themselves."""

_AT_ONCE: Final = 100_000
"""Edges looked at between two looks at the clock."""
_PATIENCE: Final = 100
"""Partial paths tried for the first whole one after the clock has run out."""


@dataclass(frozen=True, slots=True, eq=False)
class _Branch:
    """A simple path, what it has cost, and its possible next nodes in the order of their estimates."""

    nodes: tuple[int, ...]
    cost: float
    next_nodes: list[int]
    estimates: list[float]
    next_costs: list[float]


class PathSearch:
    """One search; ``complete`` says afterwards whether it ended before its deadline.

    Args:
        view: The arrays.
        source: Where paths begin.
        goals: Where they may end.
        filters: What each step may be; as many as a path may have steps.
        exact: Whether a path has exactly so many steps, each with its own filter.
        deadline: Moment of ``perf_counter`` at which to stop.
    """

    def __init__(
        self,
        view: GraphView,
        source: int,
        goals: NDArray[np.bool_],
        *,
        filters: Sequence[StepFilter],
        exact: bool,
        deadline: float,
    ) -> None:
        self._view = view
        self._source = source
        self._goals = goals
        self._filters = filters
        self._exact = exact
        self._deadline = deadline
        begun = perf_counter()
        self._looking_deadline = begun + LOOKING_SHARE * (deadline - begun)
        self._costs = PathCosts(view)
        self._neighbors: dict[tuple[int, int], tuple[Numbers, Costs]] = {}
        self.complete = True

    def best(self, k: int) -> list[tuple[float, tuple[int, ...]]]:
        """Up to ``k`` pairs of cost and nodes, cheapest first; to several goals, the best path to each.

        The first is found even when time has run out meanwhile, if the lower bounds lead to it.
        """
        reach = self._reach()
        bounds = self._bounds(reach)
        if not bounds or not np.isfinite(bounds[-1][self._source]):
            return [] if self.complete or not bounds else self._meeting(reach, bounds)
        one_goal = int(self._goals.sum()) == 1
        found: list[tuple[float, tuple[int, ...]]] = []
        ends: set[int] = set()
        for cost, nodes in self._in_order_of_cost(bounds, at_least=1):
            if one_goal or nodes[-1] not in ends:
                found.append((cost, nodes))
                ends.add(nodes[-1])
            if len(found) == k:
                break
        return found

    def _expired(self, deadline: float) -> bool:
        if perf_counter() > deadline:
            self.complete = False
            return True
        return False

    def _bounds(self, reach: Sequence[NDArray[np.bool_]]) -> list[Costs]:
        """For each number of steps left, the least cost from a node, itself included, to a goal.

        Cut short by the clock, there are fewer of them: then paths of so many steps are found, and no longer
        ones. Where the number of steps is fixed there are none.
        """
        bounds, fresh = [np.where(self._goals, 0.0, np.inf)], np.flatnonzero(self._goals).astype(np.int32)
        for left in range(1, len(self._filters) + 1):
            place = len(self._filters) - left
            if place + 1 < len(reach):
                fresh = fresh[reach[place + 1][fresh]]
            bound = self._one_step_more(bounds[-1], fresh, self._filters[place])
            if bound is None:
                return [] if self._exact else bounds
            if place < len(reach):
                bound[~reach[place]] = np.inf
            if self._exact:
                fresh = np.flatnonzero(np.isfinite(bound)).astype(np.int32)
            else:
                np.minimum(bound, bounds[-1], out=bound)
                fresh = np.flatnonzero(bound < bounds[-1]).astype(np.int32)
            bounds.append(bound)
        return bounds

    def _one_step_more(self, bound: Costs, fresh: Numbers, step_filter: StepFilter) -> Costs | None:
        """The least cost by way of one of the fresh nodes; None when the time is over."""
        view = self._view
        found = np.full(view.node_count, np.inf)
        for chunk in self._chunks(fresh):
            if self._expired(self._looking_deadline):
                return None
            steps = view.steps(chunk)
            kept = step_filter.returned(view, steps)
            costs = self._costs.of_edges(steps.edges[kept]) + bound[steps.origins[kept]]
            np.minimum.at(found, steps.neighbors[kept], costs)
        reached = np.flatnonzero(np.isfinite(found)).astype(np.int32)
        found[reached] += self._costs.of_nodes(reached)
        if not self._exact:
            found[self._goals] = 0.0
        return found

    def _reach(self) -> list[NDArray[np.bool_]]:
        """By number of steps, which nodes the source reaches: in so many steps, or in so many at most.

        Half of the steps are enough to keep the rest from the target short; with many targets, all are.
        """
        view, many = self._view, int(self._goals.sum()) > 1
        radius = len(self._filters) if many else len(self._filters) // 2
        here = np.zeros(view.node_count, dtype=np.bool_)
        here[self._source] = True
        reach, fresh = [here], np.array([self._source], dtype=np.int32)
        for place in range(radius):
            there = np.zeros_like(here) if self._exact else reach[-1].copy()
            for chunk in self._chunks(fresh):
                if perf_counter() > self._looking_deadline:
                    return reach
                steps = view.steps(chunk)
                there[steps.neighbors[self._filters[place].walked(view, steps)]] = True
            fresh = np.flatnonzero(there if self._exact else there & ~reach[-1]).astype(np.int32)
            reach.append(there)
        return reach

    def _meeting(
        self, reach: Sequence[NDArray[np.bool_]], bounds: Sequence[Costs]
    ) -> list[tuple[float, tuple[int, ...]]]:
        """A path through a node that both sides had come to when time ran out; not always the best one."""
        known = np.isfinite(bounds[-1])
        level = next((level for level, reached in enumerate(reach) if (reached & known).any()), None)
        if level is None:
            return []
        met = np.flatnonzero(reach[level] & known)
        nodes = [int(met[np.argmin(bounds[-1][met])])]
        for earlier in reach[:level][::-1]:
            steps = self._view.steps(np.array(nodes[:1], dtype=np.int32))
            before = steps.neighbors[self._filters[0].returned(self._view, steps)]
            nodes.insert(0, int(before[earlier[before]][0]))
        for bound in bounds[:-1][::-1]:
            if self._goals[nodes[-1]]:
                break
            neighbors, costs = self._distinct_neighbors(nodes[-1], 0)
            nodes.append(int(neighbors[np.argmin(costs + bound[neighbors])]))
        if len(set(nodes)) < len(nodes) or len(nodes) > len(self._filters) + 1:
            return []
        return [(self._cost_of(nodes), tuple(nodes))]

    def _cost_of(self, nodes: Sequence[int]) -> float:
        cost = float(self._costs.of_nodes(np.array(nodes[1:-1], dtype=np.int32)).sum())
        for here, there in pairwise(nodes):
            neighbors, costs = self._distinct_neighbors(here, 0)
            cost += float(costs[np.searchsorted(neighbors, there)])
        return cost

    def _chunks(self, nodes: Numbers) -> Iterator[Numbers]:
        """The nodes in groups that have not too many edges together."""
        ends = np.cumsum(self._view.degrees(nodes))
        start = 0
        while start < len(nodes):
            before = int(ends[start - 1]) if start else 0
            stop = max(start + 1, int(np.searchsorted(ends, before + _AT_ONCE, side="right")))
            yield nodes[start:stop]
            start = stop

    def _in_order_of_cost(
        self, bounds: Sequence[Costs], *, at_least: int
    ) -> Iterator[tuple[float, tuple[int, ...]]]:
        """Every simple path to a goal, cheapest first, until the deadline."""
        heap: list[tuple[float, int, int, _Branch]] = []
        made = found = 0

        def offer(branch: _Branch, place: int) -> None:
            nonlocal made
            if place < len(branch.next_nodes):
                made += 1
                heapq.heappush(heap, (branch.estimates[place], -made, place, branch))

        offer(self._branch((self._source,), 0.0, bounds), 0)
        tried = 0
        while heap:
            tried += 1
            if self._expired(self._deadline) and (found >= at_least or tried > _PATIENCE):
                return
            _, _, place, branch = heapq.heappop(heap)
            offer(branch, place + 1)
            nodes = (*branch.nodes, branch.next_nodes[place])
            cost = branch.next_costs[place]
            if self._is_end(nodes, bounds):
                found += 1
                yield cost, nodes
            else:
                offer(self._branch(nodes, cost, bounds), 0)

    def _is_end(self, nodes: tuple[int, ...], bounds: Sequence[Costs]) -> bool:
        return len(nodes) == len(bounds) if self._exact else bool(self._goals[nodes[-1]])

    def _branch(self, nodes: tuple[int, ...], cost: float, bounds: Sequence[Costs]) -> _Branch:
        """A path with its possible continuations ranked."""
        left = len(bounds) - 1 - len(nodes)
        neighbors, steps = self._distinct_neighbors(nodes[-1], len(nodes) - 1)
        bound = bounds[left][neighbors]
        fits = np.isfinite(bound) & ~np.isin(neighbors, nodes)
        neighbors, steps, bound = neighbors[fits], steps[fits], bound[fits]
        passing = np.where(self._goals[neighbors], 0.0, self._costs.of_nodes(neighbors))
        if self._exact:
            passing = self._costs.of_nodes(neighbors) if left else np.zeros(len(neighbors))
        estimates = cost + steps + bound
        order = np.lexsort((neighbors, estimates))
        return _Branch(
            nodes,
            cost,
            neighbors[order].tolist(),
            estimates[order].tolist(),
            (cost + steps + passing)[order].tolist(),
        )

    def _distinct_neighbors(self, node: int, place: int) -> tuple[Numbers, Costs]:
        """The nodes one step on, each with the cost of the cheapest edge to it."""
        key = (node, place if self._exact else 0)
        if key not in self._neighbors:
            steps = self._view.steps(np.array([node], dtype=np.int32))
            kept = self._filters[place].walked(self._view, steps)
            neighbors, costs = steps.neighbors[kept], self._costs.of_edges(steps.edges[kept])
            order = np.lexsort((costs, neighbors))
            distinct, first = np.unique(neighbors[order], return_index=True)
            self._neighbors[key] = distinct, costs[order][first]
        return self._neighbors[key]
