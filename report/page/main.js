// Puts the parts together, and follows the address: #size, #package=numpy, #dependencies&q=num.
import { isBuilt, showBuilds } from "./builds.js";
import { showChanges } from "./changes.js";
import { changes, environment, nameMatches, matches, packages, totalSize, vulnerabilities } from "./data.js";
import { startDetail } from "./detail.js";
import { byId } from "./dom.js";
import { showFindings } from "./findings.js";
import { bytes, count } from "./format.js";
import { showLibraries } from "./libraries.js";
import { showLicenses } from "./licenses.js";
import { showList } from "./list.js";
import { showOverview } from "./overview.js";
import { showSizes } from "./sizes.js";
import { startTabs } from "./tabs.js";
import { startTheme } from "./theme.js";
import { showTree } from "./tree.js";

const built = environment.packages.filter(isBuilt).length;
const { missing } = environment.libraries;
const parts = [
  { id: "overview", title: "Overview", show: showOverview },
  { id: "packages", title: "Packages", badge: String(packages.size), show: showList },
  { id: "dependencies", title: "Dependencies", show: showTree },
  { id: "size", title: "Size", show: showSizes },
  { id: "licenses", title: "Licences", show: showLicenses },
  { id: "libraries", title: "Native libraries", badge: missing ? String(missing) : undefined, tone: "bad", show: showLibraries },
  { id: "builds", title: "Built from source", badge: String(built), show: showBuilds },
  ...(vulnerabilities ? [{ id: "vulnerabilities", title: "Vulnerabilities", badge: String(vulnerabilities.found.length), tone: vulnerabilities.found.length ? "bad" : "", show: showFindings }] : []),
  ...(changes ? [{ id: "changes", title: "Changes", badge: String(changes.changes.length), show: showChanges }] : []),
];

const search = byId("search");
const tabs = startTabs(parts, (id) => go(id));
const detail = startDetail(() => go(tabs.current().id));

function query() {
  return search.value.trim();
}

// Goes to a part, by the address, so that it can be linked to and gone back from.
function go(id) {
  const hash = `#${id}${query() ? `&q=${encodeURIComponent(query())}` : ""}`;
  if (location.hash !== hash) history.pushState(null, "", hash);
  follow();
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // Somebody typed a lone percent sign.
  }
}

function follow() {
  const [first, ...others] = location.hash.slice(1).split("&");
  const [key, value] = first.split("=");
  const name = decode(value ?? "");
  if (key === "package") {
    if (!tabs.current()) tabs.open("packages", query());
    if (packages.has(name)) detail.show(name);
    else byId("matches").textContent = `There is no package ${name} here.`;
    return;
  }
  const asked = decode(others.find((one) => one.startsWith("q="))?.slice(2) ?? "");
  if (asked !== query()) search.value = asked;
  detail.hide();
  open(key);
}

function open(id) {
  tabs.open(id, query());
  if (!query()) {
    byId("matches").textContent = "";
    return;
  }
  const whole = ["packages", "licenses"].includes(tabs.current().id);
  const found = environment.packages.filter((one) => (whole ? matches(one, query()) : nameMatches(one.name, query())));
  byId("matches").textContent = `${count(found.length, "package")} ${found.length === 1 ? "matches" : "match"} “${query()}”.`;
}

search.addEventListener("input", () => {
  const id = tabs.current().id;
  const target = id === "overview" ? "packages" : id;
  history.replaceState(null, "", `#${target}${query() ? `&q=${encodeURIComponent(query())}` : ""}`);
  open(target);
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !byId("detail").open) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("content").focus();
});
addEventListener("hashchange", follow);
addEventListener("popstate", follow);

byId("subtitle").textContent = `Python ${environment.python} · ${environment.system} · ${count(packages.size, "package")} · ${bytes(totalSize)}`;
startTheme();
follow();
