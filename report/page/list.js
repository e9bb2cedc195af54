// The part "Packages": all of them in a table.
import { KINDS, askedBy, environment, findingsOf, kindOf, matches, neededBy, vulnerabilities } from "./data.js";
import { h, packageLink } from "./dom.js";
import { bytes, count } from "./format.js";
import { sortableTable } from "./tables.js";

export function showList(query) {
  const rows = environment.packages.filter((one) => query === "" || matches(one, query));
  const columns = [
    { title: "Package", value: (one) => one.name, show: (one) => h("span", {}, packageLink(one.name), askedBy(one.name).length ? h("span", { class: "tag" }, "asked for") : "", h("small", { class: "muted summary" }, one.summary)) },
    { title: "Version", value: (one) => one.version },
    { title: "Size", value: (one) => one.size, show: (one) => bytes(one.size), numeric: true },
    { title: "Needed by", value: (one) => neededBy(one.name).length, numeric: true },
    { title: "Licence", value: (one) => one.license },
    { title: "Kind", value: (one) => KINDS[kindOf(one)] },
  ];
  if (vulnerabilities) {
    columns.push({ title: "Vulnerabilities", value: (one) => findingsOf(one.name).length, show: (one) => {
      const found = findingsOf(one.name).length;
      return found ? h("span", { class: "badge bad" }, String(found)) : "0";
    }, numeric: true });
  }
  return [h("h2", {}, "Packages"), h("p", { class: "muted" }, count(rows.length, "package")), sortableTable("Packages", columns, rows)];
}
