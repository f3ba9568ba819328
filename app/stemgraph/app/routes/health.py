"""Whether the process lives, and whether it can answer: for load balancers and container health checks."""

from __future__ import annotations

import orjson

from stemgraph.app.errors import UnavailableError
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import Parameters
from stemgraph.app.responses import HealthAnswer, ReadyAnswer


@get("/healthz", tag="operations", parameters=Parameters, returns=HealthAnswer, kept=False)
def get_health(call: Call[Parameters]) -> Answer:
    """Whether the process lives."""
    return Answer(b'{"alive":true}')


@get("/readyz", tag="operations", parameters=Parameters, returns=ReadyAnswer, kept=False, problems=(503,))
def get_readiness(call: Call[Parameters]) -> Answer:
    """Whether the service can answer: the graph is open and the query workers run."""
    if not call.service.ready:
        raise UnavailableError(
            "the query workers do not run", mend="wait; where stemgraph is embedded, run its lifespan"
        )
    return Answer(orjson.dumps({"ready": True, "release": call.service.release_id}))
