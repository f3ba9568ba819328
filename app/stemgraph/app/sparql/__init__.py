"""The SPARQL endpoint: user queries run in the jail, never in the web process."""

from stemgraph.app.sparql.endpoint import create_sparql_router

__all__ = ["create_sparql_router"]
