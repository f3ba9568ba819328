"""How the regulatory status of a product changed."""

from __future__ import annotations

from typing import Final

from stemgraph.app.envelope import enveloped
from stemgraph.app.negotiation import JSON
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.regulatory_responses import TimelineAnswer
from stemgraph.app.routes.status import ProductParameters

SVG: Final = "image/svg+xml"


@get(
    "/api/v1/timeline",
    tag="regulation",
    parameters=ProductParameters,
    returns=TimelineAnswer,
    offers=(JSON, SVG),
    entities=("product", "disease"),
    slow=True,
)
def get_timeline(call: Call[ProductParameters]) -> Answer:
    """The regulatory history of a product by jurisdiction; with `Accept: image/svg+xml` as a picture."""
    timeline = call.graph.timeline(call.parameters.product, disease=call.parameters.disease)
    if call.media_type == SVG:
        return Answer(timeline.to_svg().encode(), SVG)
    return Answer(enveloped(call.service, timeline.to_record()))
