"""The stemgraph library."""
