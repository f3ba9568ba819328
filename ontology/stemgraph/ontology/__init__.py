"""What stemgraph knows."""
