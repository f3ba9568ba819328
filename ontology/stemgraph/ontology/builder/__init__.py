"""Builds the bundle: curated content, backbone and vocabulary as one canonical file of statements."""

from stemgraph.ontology.builder.bundling import BundleSummary, build_bundle

__all__ = ["BundleSummary", "build_bundle"]
