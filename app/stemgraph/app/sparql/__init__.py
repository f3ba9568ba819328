"""The SPARQL endpoint: user queries run in processes that can be killed, never in the web process."""

from stemgraph.app.sparql.endpoint import create_sparql_router
from stemgraph.app.sparql.pools import SparqlPools
from stemgraph.app.sparql.workers import SparqlWorkers, WorkerLimits

__all__ = ["SparqlPools", "SparqlWorkers", "WorkerLimits", "create_sparql_router"]
