"""The figures of the service, for Prometheus."""

from __future__ import annotations

from typing import Final

from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import Parameters

TEXT: Final = "text/plain"
EXPOSITION: Final = "text/plain; version=0.0.4"


@get("/metrics", tag="operations", parameters=Parameters, offers=(TEXT,), kept=False, slow=True)
def get_metrics(call: Call[Parameters]) -> Answer:
    """Figures of the service in the text format of Prometheus: those of all its processes together.

    They hold no secrets, no text of queries and no addresses; the setting `STEMGRAPH_METRICS` turns them off.
    """
    return Answer(call.service.instance.metrics.to_text(), EXPOSITION, lasting=False)
