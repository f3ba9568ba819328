"""What a path costs: a step for what it claims and how well it is supported, an entity for being a hub.

The score of a path is a product of factors between 0 and 1, and its cost is the negative logarithm of that to
the base 2, so that costs add up and a step without any fault costs exactly 1. The factors are explained, with
their reasons, in docs/explanation/how-paths-are-ranked.md.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stemgraph.graph.support import SCALE
from stemgraph.graph.view import GraphView, Numbers
from stemgraph.ontology import vocabulary
from stemgraph.ontology.closure_rules import closure_rules

STEP_FACTOR: Final = 0.5
"""Of every step: of two equally good paths the one with a step less scores twice as much."""
WEAKEST_CLAIM: Final = 0.5
"""Of a predicate below the treats ladder; its highest step, ``treats``, has 1."""
RELATION_FACTOR: Final = 0.9
"""Of a predicate that is not on the treats ladder, such as *is a kind of*."""
FOREIGN_FACTOR: Final = 0.8
"""Of a predicate that the vocabulary does not have."""

Costs = NDArray[np.float64]


@cache
def predicate_factor(name: str) -> float:
    """How much a predicate claims: by its strength on the treats ladder, else that of any relation."""
    strengths = closure_rules().strengths
    if name in strengths:
        return WEAKEST_CLAIM + (1 - WEAKEST_CLAIM) * strengths[name] / max(strengths.values())
    return RELATION_FACTOR if name in vocabulary.predicates() else FOREIGN_FACTOR


def specificity(degree: float) -> float:
    """How much is said by passing through an entity of so many associations: little, if they are many."""
    return float(1 / (1 + np.log10(max(degree, 1))))


def score_of(cost: float) -> float:
    """The score, above 0 and at most 1, of a path with this cost."""
    return float(2.0**-cost)


class PathCosts:
    """The costs of the edges and nodes of a view."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        factors = [predicate_factor(name) for name in view.predicates]
        self._by_predicate = -np.log2(np.array(factors, dtype=np.float64)) - np.log2(STEP_FACTOR)
        support = np.maximum(np.arange(SCALE + 1), 1) / SCALE
        self._by_support = -np.log2(support)

    def of_edges(self, edges: Numbers) -> Costs:
        """The cost of a step along each edge."""
        view = self._view
        costs: Costs = (
            self._by_predicate[view.edge_predicate[edges]] + self._by_support[view.edge_support[edges]]
        )
        return costs

    def of_nodes(self, nodes: Numbers) -> Costs:
        """The cost of passing through each node."""
        costs: Costs = np.log2(1 + np.log10(np.maximum(self._view.degrees(nodes), 1)))
        return costs
