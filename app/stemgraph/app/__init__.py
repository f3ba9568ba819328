"""The stemgraph service."""
