"""What `python -m stemgraph.ontology.generate` writes; nothing here is edited by hand."""
