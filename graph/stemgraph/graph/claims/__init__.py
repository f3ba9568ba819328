"""Claims of running text, and what the graph says of them."""

from stemgraph.graph.claims.checking import Check, Checker
from stemgraph.graph.claims.claim import VERDICTS, Claim, ClaimEnd, Remark
from stemgraph.graph.claims.judgement import Judged

__all__ = ["VERDICTS", "Check", "Checker", "Claim", "ClaimEnd", "Judged", "Remark"]
