// The part "Vulnerabilities": those that a scanner's file names.
import { nameMatches, packages, vulnerabilities } from "./data.js";
import { h, packageLink, webLink } from "./dom.js";
import { count } from "./format.js";
import { sortableTable } from "./tables.js";

const LEVELS = ["", "low", "moderate", "medium", "high", "critical"];

function columns() {
  return [
    { title: "Package", value: (one) => one.package, show: (one) => (packages.has(one.package) ? packageLink(one.package, `${one.package} ${one.version}`) : `${one.package} ${one.version}`) },
    { title: "Vulnerability", value: (one) => one.id, show: (one) => h("span", {}, webLink(one.url, one.id), h("small", { class: "muted summary" }, one.aliases.join(", "))) },
    { title: "Severity", value: (one) => LEVELS.indexOf(one.severity.toLowerCase()), show: (one) => one.severity || "not given", falling: true },
    { title: "What", value: (one) => one.summary },
    { title: "Mended in", value: (one) => one.fixed.join(", "), show: (one) => one.fixed.join(", ") || "no version yet" },
  ];
}

export function showFindings(query) {
  const fits = (one) => query === "" || nameMatches(one.package, query);
  const found = vulnerabilities.found.filter(fits);
  const others = vulnerabilities.others.filter(fits);
  return [h("h2", {}, "Known vulnerabilities"),
    h("p", { class: "muted" }, `${count(found.length, "finding")} in ${vulnerabilities.source}.`),
    ...(found.length ? [sortableTable("Known vulnerabilities", columns(), found, { sort: 2, descending: true })] : []),
    ...(others.length ? [h("h3", {}, "Of other versions"), h("p", { class: "muted" }, "The file names these, but this environment has other versions of them, or none."), sortableTable("Vulnerabilities of other versions", columns(), others)] : [])];
}

/** Make a list of findings, for a package. */
export function findingList(found) {
  return h("ul", {}, found.map((one) => h("li", {}, h("strong", {}, webLink(one.url, one.id)), one.severity ? ` (${one.severity})` : "", one.summary ? ` ${one.summary}` : "", h("span", { class: "muted" }, one.fixed.length ? ` (mended in ${one.fixed.join(", ")})` : ""))));
}
