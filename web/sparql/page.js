// The page at /sparql: YASGUI with this service as its only endpoint, and examples to begin with.
import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import { useOwnCompleters } from "./completers.js";
import examples from "./examples.json";
import "./page.css";

const endpoint = new URL(document.location.pathname, document.location.href).href;
const home = new URL(".", endpoint);

async function open() {
  const schema = await (await fetch(new URL("api/v1/schema", home))).json();
  useOwnCompleters(Yasgui.Yasqe, schema);
  Object.assign(Yasgui.Yasqe.defaults, { value: examples[0].query, createShareableLink: linkTo });
  const yasgui = new Yasgui(document.getElementById("editor"), {
    requestConfig: { endpoint, method: "POST" },
    endpointCatalogueOptions: { getData: () => [], keys: [], renderItem: () => {} },
    // Of a link only its query is taken: where it is asked is not for the link to say.
    populateFromUrl: false,
    yasr: { ...Yasgui.Yasr.defaults, prefixes: schema.prefixes },
  });
  for (const tab of Object.values(yasgui._tabs)) tab.setEndpoint(endpoint);
  offerExamples(yasgui);
  leadToOwnPages(schema);
  const asked = new URLSearchParams(document.location.search).get("query");
  if (asked) run(yasgui, "Linked query", asked);
}

/** A link that opens the page with the query and runs it; a program gets the answer itself there. */
function linkTo(yasqe) {
  return `${endpoint}?${new URLSearchParams({ query: yasqe.getValue() })}`;
}

function offerExamples(yasgui) {
  const choice = document.getElementById("examples");
  for (const { name } of examples) choice.append(new Option(name));
  choice.addEventListener("change", () => {
    const chosen = examples[choice.selectedIndex - 1];
    choice.selectedIndex = 0;
    if (chosen) run(yasgui, chosen.name, chosen.query);
  });
}

/** Runs a query in the tab of its name, which is opened where there is none. */
function run(yasgui, name, query) {
  const known = Object.values(yasgui._tabs).find((tab) => tab.getName() === name);
  const tab = known ?? yasgui.addTab(false, { ...Yasgui.Tab.getDefaults(), name });
  yasgui.selectTabId(tab.getId());
  tab.setEndpoint(endpoint);
  tab.setQuery(query);
  tab.query().catch(() => {}); // what is wrong is shown below the query
}

/** Links of entities in a result lead to their pages here. */
function leadToOwnPages({ prefixes, categories }) {
  const ours = [...new Set(categories.flatMap((each) => each.id_prefixes))].filter((each) => prefixes[each]);
  document.getElementById("editor").addEventListener(
    "click",
    ({ target }) => {
      const link = target.closest("a.iri");
      const prefix = link && ours.find((each) => link.href.startsWith(prefixes[each]));
      if (prefix) link.href = new URL(`id/${prefix}:${link.href.slice(prefixes[prefix].length)}`, home);
    },
    true,
  );
}

open();
