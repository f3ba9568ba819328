"""The SPARQL endpoint: user queries run in the jail, never in the web process."""

from stemgraph.app.sparql.endpoint import PATH as SPARQL_PATH
from stemgraph.app.sparql.endpoint import Endpoint
from stemgraph.app.sparql.router import create_sparql_router

__all__ = ["SPARQL_PATH", "Endpoint", "create_sparql_router"]
