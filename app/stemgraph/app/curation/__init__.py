"""Curation over the API: associations with their evidence as JSON, turned into explicit, checked edits."""
