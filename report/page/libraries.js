// The part "Native libraries": who needs which, and who gives it.
import { environment, nameMatches } from "./data.js";
import { h, packageLink } from "./dom.js";
import { sortableTable } from "./tables.js";

function nameOf(row) {
  return row[0].split(" ")[0];
}

function libraryTable(one, query) {
  const rows = one.rows.filter((row) => query === "" || nameMatches(nameOf(row), query));
  const columns = one.columns.map((title, index) => ({
    title,
    value: (row) => row[index],
    show: index === 0 ? (row) => packageLink(nameOf(row), row[0]) : (row) => h("code", {}, row[index]),
  }));
  return [h("h3", {}, one.title), one.note ? h("p", { class: "muted" }, one.note) : "", sortableTable(one.title, columns, rows)];
}

export function showLibraries(query) {
  const { tables, advice, missing } = environment.libraries;
  const summary = !tables.length ? "No package needs a native library." : missing ? "" : "No native library is missing.";
  return [h("h2", {}, "Native libraries"), ...(summary ? [h("p", { class: "muted" }, summary)] : []),
    ...(advice ? [h("pre", { class: "advice", tabindex: "0", "aria-label": "Advice" }, advice)] : []), ...tables.flatMap((one) => libraryTable(one, query)).filter(Boolean)];
}
