"""Who may do what: keys, tokens and their scopes; hosts, origins and rates."""

from stemgraph.app.access.authentication import Access
from stemgraph.app.access.permission import permit
from stemgraph.app.access.principal import ANONYMOUS, PRINCIPAL, Principal
from stemgraph.app.access.scopes import SCOPES, ScopeName, including

__all__ = ["ANONYMOUS", "PRINCIPAL", "SCOPES", "Access", "Principal", "ScopeName", "including", "permit"]
