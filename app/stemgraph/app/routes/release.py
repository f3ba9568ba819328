"""Which release is served."""

from __future__ import annotations

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import Parameters
from stemgraph.app.responses import ReleaseAnswer


@get("/api/v1/release", tag="what is in it", parameters=Parameters, returns=ReleaseAnswer)
def get_release(call: Call[Parameters]) -> Answer:
    """The release that is served: number, digest, date, and its sources with their versions and licences."""
    return Answer(enveloped(call.service, call.graph.release.to_record()))
