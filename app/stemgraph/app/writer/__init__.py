"""The writer: one process for each data directory, through which every edit goes.

Web processes submit writes with a ``WriterClient``; what a write may be is registered in ``ACTIONS``.
"""

from stemgraph.app.writer.actions import ACTIONS, EVERYTHING, VALIDATORS, Action, Validator, action
from stemgraph.app.writer.client import WriterClient
from stemgraph.app.writer.committed import Committed
from stemgraph.app.writer.proposal import Head, Payload, Proposal

__all__ = [
    "ACTIONS",
    "EVERYTHING",
    "VALIDATORS",
    "Action",
    "Committed",
    "Head",
    "Payload",
    "Proposal",
    "Validator",
    "WriterClient",
    "action",
]
