"""How much the graph holds."""

from __future__ import annotations

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import Parameters
from stemgraph.app.responses import StatisticsAnswer


@get("/api/v1/stats", tag="what is in it", parameters=Parameters, returns=StatisticsAnswer)
def get_statistics(call: Call[Parameters]) -> Answer:
    """Totals, and entities, associations and evidence by what they are."""
    return Answer(enveloped(call.service, call.graph.statistics()))
