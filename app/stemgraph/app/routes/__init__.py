"""The read routes, one noun per file; ``OPERATIONS`` is all of them, the more particular path first."""

from __future__ import annotations

from typing import Any, Final

from stemgraph.app.operation import Operation
from stemgraph.app.routes import (
    action,
    association,
    documents,
    entity,
    export,
    health,
    hierarchy,
    identifier,
    neighborhood,
    page,
    path,
    question,
    release,
    releases,
    risk,
    schema,
    search,
    statistics,
    status,
    therapy,
    timeline,
)

OPERATIONS: Final[tuple[Operation[Any], ...]] = (
    association.get_entity_associations,
    hierarchy.get_hierarchy,
    neighborhood.get_neighborhood,
    entity.get_entity,
    entity.list_entities,
    association.list_associations,
    association.get_association,
    search.search_entities,
    search.autocomplete_entities,
    path.find_paths,
    question.ask_question,
    therapy.list_therapies,
    status.get_status,
    timeline.get_timeline,
    action.list_actions,
    risk.list_risks,
    schema.get_schema,
    statistics.get_statistics,
    release.get_release,
    releases.list_releases,
    releases.follow_releases,
    releases.compare_releases,
    export.export_graph,
    identifier.resolve_identifier,
    page.show_entity,
    health.get_health,
    health.get_readiness,
    documents.get_openapi,
    documents.get_docs,
    documents.get_docs_asset,
)
