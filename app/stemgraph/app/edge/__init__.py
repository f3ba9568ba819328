"""The edge: what a connection may take of the service before, while and after it is answered."""

from stemgraph.app.edge.configuration import EdgeConfig
from stemgraph.app.edge.limits import EdgeLimits
from stemgraph.app.edge.processes import ServerProcesses
from stemgraph.app.edge.server import EdgeServer

__all__ = ["EdgeConfig", "EdgeLimits", "EdgeServer", "ServerProcesses"]
