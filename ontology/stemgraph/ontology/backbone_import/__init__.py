"""Makes the backbone tables from ontology releases; run by hand when a release changes.

``python -m stemgraph.ontology.backbone_import --from DIRECTORY`` needs the development dependency
py-horned-owl. Nothing at run time imports this package.
"""
