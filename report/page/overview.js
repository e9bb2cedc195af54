// The part "Overview".
import { isBuilt } from "./builds.js";
import { KINDS, OTHERS, changes, closure, environment, askedBy, isUnlicensed, kindOf, packages, sizeOf, totalFiles, totalSize, vulnerabilities } from "./data.js";
import { chips, h, packageLink } from "./dom.js";
import { bytes, count, number, share, withExtras } from "./format.js";

const SHOWN_ROWS = 10;

function card(value, title, note, part, tone = "") {
  const inner = [h("strong", {}, value), h("span", {}, title), h("small", { class: "muted" }, note)];
  return h("li", {}, part ? h("a", { class: `card ${tone}`, href: `#${part}` }, inner) : h("div", { class: `card ${tone}` }, inner));
}

function cards() {
  const askedFor = [...packages.keys()].filter((name) => askedBy(name).length).length;
  const licenses = new Set(environment.packages.map((one) => one.license));
  const untold = environment.packages.filter(isUnlicensed).length;
  const built = environment.packages.filter(isBuilt).length;
  const wheels = environment.packages.filter((one) => one.origin.kind === "wheel").length;
  const { missing } = environment.libraries;
  const native = environment.packages.filter((one) => one.native).length;
  return h("ul", { class: "cards" },
    card(environment.python, "Python", environment.system),
    card(number(packages.size), packages.size === 1 ? "package" : "packages", `${askedFor} asked for`, "packages"),
    card(bytes(totalSize), "installed", count(totalFiles, "file"), "size"),
    card(number(licenses.size), licenses.size === 1 ? "licence" : "licences", untold ? `not told by ${count(untold, "package")}` : "told by every package", "licenses"),
    card(number(native), "with native code", missing ? `${count(missing, "library", "libraries")} missing` : "no library is missing", "libraries", missing ? "bad" : ""),
    card(number(built), "built from source", count(wheels, "wheel"), "builds"),
    vulnerabilities
      ? card(number(vulnerabilities.found.length), "known vulnerabilities", vulnerabilities.source, "vulnerabilities", vulnerabilities.found.length ? "bad" : "")
      : card("unknown", "vulnerabilities", "not given (--vulnerabilities)"),
    changes ? card(number(changes.changes.length), "changed packages", `against ${changes.against}`, "changes") : card("none", "changes", "nothing to compare with"));
}

function bars(title, rows, whole) {
  return h("section", { class: "panel" }, h("h3", {}, title),
    h("ul", { class: "bars" }, rows.map(([label, value, text]) => {
      const bar = h("span", { class: "fillbar", "aria-hidden": "true" });
      bar.style.width = `${Math.max(0.5, (100 * value) / whole)}%`;
      return h("li", {}, h("span", { class: "label" }, label), h("span", { class: "muted" }, text), h("span", { class: "track" }, bar));
    })));
}

// A lock of another format may have no groups: then it doesn't tell what was asked for.
function asked() {
  const groups = Object.keys(environment.roots);
  return h("section", { class: "panel" }, h("h3", {}, groups.join() === OTHERS ? "Packages" : "Asked for"),
    Object.entries(environment.roots).map(([group, edges]) => [
      groups.length > 1 ? h("h4", {}, group === OTHERS ? "beside what is asked for" : group) : null,
      chips(edges.map((edge) => packageLink(edge.name, withExtras(edge)))),
    ]));
}

function heaviest() {
  const roots = [...new Set(Object.values(environment.roots).flat().map((edge) => edge.name))];
  const rows = roots.map((name) => [name, closure(name)]).map(([name, all]) => [name, sizeOf(all), all.size])
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, SHOWN_ROWS);
  return bars("What brings most, with all that it needs", rows.map(([name, size, all]) => [packageLink(name), size, `${bytes(size)}, ${count(all, "package")}`]), totalSize);
}

function largest() {
  const rows = [...environment.packages].sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1)).slice(0, SHOWN_ROWS);
  return bars("Largest packages", rows.map((one) => [packageLink(one.name), one.size, `${bytes(one.size)}, ${share(one.size, totalSize)}`]), totalSize);
}

function kinds() {
  const numbers = new Map();
  for (const one of environment.packages) numbers.set(kindOf(one), (numbers.get(kindOf(one)) ?? 0) + 1);
  const rows = [...numbers].sort((a, b) => b[1] - a[1]);
  return bars("Kinds of packages", rows.map(([kind, value]) => [KINDS[kind], value, count(value, "package")]), packages.size);
}

function leftOut() {
  if (!environment.left_out.length) return null;
  return h("details", { class: "panel" },
    h("summary", {}, `${count(environment.left_out.length, "package")} of the lock that this system doesn't install`),
    h("ul", {}, environment.left_out.map((one) => h("li", {}, `${one.name} ${one.version}: ${one.reason}`))));
}

let shownOverview = false;

export function showOverview() {
  if (shownOverview) return null;
  shownOverview = true;
  return [h("h2", {}, "Overview"), cards(), h("div", { class: "columns" }, heaviest(), largest(), asked(), kinds()), leftOut()].filter(Boolean);
}
