// Builds what the service's pages load, each page into one script and one style sheet of package data.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const pages = "../app/stemgraph/app/pages";

await build({
  entryPoints: { sparql: "sparql/page.js" },
  outdir: `${pages}/sparql`,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  logLevel: "info",
});
writeFileSync(`${pages}/sparql/LICENSES.txt`, licenses("@zazuko/yasgui", "build/yasgui.esm.js.map"));

/** The licences of a package and of what its own bundle holds, which its source map names. */
function licenses(name, map) {
  const { sources } = JSON.parse(readFileSync(`node_modules/${name}/${map}`, "utf8"));
  const inside = sources.map((each) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(each)?.[1]).filter(Boolean);
  const names = [...new Set([name, ...inside])].filter((each) => existsSync(`node_modules/${each}/package.json`));
  return names
    .sort()
    .map((each) => {
      const { version, license, author } = JSON.parse(readFileSync(`node_modules/${each}/package.json`, "utf8"));
      const file = readdirSync(`node_modules/${each}`).find((one) => /^licen[cs]e/i.test(one));
      const text = file ? readFileSync(`node_modules/${each}/${file}`, "utf8") : author?.name ?? author ?? "";
      return `${each} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
