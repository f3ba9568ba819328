"""Lineages: how cells develop, step by step, as stated by the Cell Ontology and by what is curated."""
