"""Whether the process lives, and whether it can answer: for load balancers and container health checks."""

from __future__ import annotations

import orjson

from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import Parameters
from stemgraph.app.readiness import NotReadyError, service_checks
from stemgraph.app.responses import HealthAnswer, ReadyAnswer


@get("/healthz", tag="operations", parameters=Parameters, returns=HealthAnswer, kept=False)
def get_health(call: Call[Parameters]) -> Answer:
    """Whether the process lives."""
    return Answer(b'{"alive":true}')


@get("/readyz", tag="operations", parameters=Parameters, returns=ReadyAnswer, kept=False, problems=(503,))
def get_readiness(call: Call[Parameters]) -> Answer:
    """Whether the service can answer, and what was looked at.

    A check that warns, such as that writes are refused or room is short, leaves the service ready; one that
    fails makes it 503, and the problem holds the checks.
    """
    checks = service_checks(call.service)
    if any(check.state == "fail" for check in checks):
        raise NotReadyError(checks)
    told = {
        "ready": True,
        "release": call.service.release_id,
        "edition": call.service.edition_id,
        "checks": [check.to_record() for check in checks],
    }
    return Answer(orjson.dumps(told))
