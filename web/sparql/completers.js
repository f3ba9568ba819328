// What is suggested while a query is typed: prefixes, classes and predicates of this graph, from its own schema.

/** Puts completers that read the schema in the place of those that ask other hosts. */
export function useOwnCompleters(Yasqe, { prefixes, categories, predicates }) {
  const put = (name, found) => Yasqe.forkAutocompleter(name, { name, bulk: true, persistenceId: null, get: () => found });
  put("prefixes", Object.entries(prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`));
  put("class", categories.map(({ iri }) => iri));
  put("property", [...predicates.map(({ iri }) => iri), ...OTHER_PREDICATES.map((each) => expand(each, prefixes))]);
}

const OTHER_PREDICATES = [
  ...["rdf:type", "rdf:subject", "rdf:predicate", "rdf:object", "rdfs:label", "rdfs:subClassOf"],
  ...["sgv:negated", "sgv:status", "sgv:has_evidence", "sgv:reference", "sgv:stance", "sgv:summary", "sgv:population"],
];

function expand(curie, prefixes) {
  const [prefix, local] = curie.split(":");
  return prefixes[prefix] + local;
}
