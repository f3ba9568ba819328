"""Disagreement: statements with the statements that speak against them, and what separates the two."""
