"""What schemathesis must be told: SPARQL goes over the wire as its own text."""

from __future__ import annotations

import schemathesis

schemathesis.serializer.alias("application/sparql-query", "text/plain")
schemathesis.serializer.alias("application/sparql-update", "text/plain")
