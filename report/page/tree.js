// The part "Dependencies": a tree that can be folded and searched (ARIA: tree view).
import { OTHERS, askedBy, environment, nameMatches, neededBy, packages } from "./data.js";
import { byId, h } from "./dom.js";
import { bytes, count, withExtras } from "./format.js";

// An environment with at most so many packages is shown unfolded.
const SMALL = 60;
const DIRECTIONS = { needs: "What is needed", dependents: "Who needs it" };
const state = { direction: "needs", folded: new Map(), all: packages.size <= SMALL, query: "", focus: null, shownAt: new Map() };

function children(name) {
  return state.direction === "needs" ? packages.get(name).needs : neededBy(name);
}

function tops() {
  if (state.direction === "needs") {
    return Object.entries(environment.roots).flatMap(([group, edges]) => edges.map((edge) => ({ ...edge, group })));
  }
  const names = [...packages.keys()].filter((name) => state.query === "" || nameMatches(name, state.query));
  return names.map((name) => ({ name, extras: [] }));
}

// The packages below which one matches, themselves included; null where nothing is searched for.
function leading() {
  if (state.query === "" || state.direction === "dependents") return null;
  const found = new Set([...packages.keys()].filter((name) => nameMatches(name, state.query)));
  for (const name of found) {
    for (const edge of neededBy(name)) found.add(edge.name);
  }
  return found;
}

// Each package is unfolded at one place by itself; elsewhere it refers to that.
function visibleRows() {
  const rows = [];
  const wanted = leading();
  const opened = new Map();

  function add(edges, level, path) {
    const kept = wanted ? edges.filter((edge) => wanted.has(edge.name)) : edges;
    kept.forEach((edge, index) => {
      const key = `${path}/${edge.group ?? ""}:${edge.name}`;
      const below = children(edge.name);
      const repeated = path.split("/").some((part) => part.split(":")[1] === edge.name);
      const useful = wanted ? below.some((one) => wanted.has(one.name)) : below.length > 0;
      const automatic = (state.all || wanted !== null) && useful && !opened.has(edge.name);
      const open = !repeated && below.length > 0 && (state.folded.get(key) ?? automatic);
      rows.push({ edge, level, key, open, foldable: below.length > 0 && !repeated, repeated, below, position: index + 1, of: kept.length,
        first: (state.all || wanted !== null) && !open && below.length > 0 ? opened.get(edge.name) : undefined });
      if (open) {
        if (!opened.has(edge.name)) opened.set(edge.name, key);
        add(below, level + 1, key);
      }
    });
  }

  add(tops(), 1, "");
  return rows;
}

function marked(text) {
  const word = state.query.toLowerCase().split(/\s+/)[0];
  const start = word ? text.toLowerCase().indexOf(word) : -1;
  return start < 0 ? [text] : [text.slice(0, start), h("mark", {}, text.slice(start, start + word.length)), text.slice(start + word.length)];
}

function rowElement(row) {
  const one = packages.get(row.edge.name);
  const groups = row.level === 1 && Object.keys(environment.roots).length > 1 ? (row.edge.group === OTHERS ? [OTHERS] : askedBy(one.name)) : [];
  const element = h("li", {
    role: "treeitem", "aria-level": row.level, "aria-posinset": row.position, "aria-setsize": row.of,
    "aria-expanded": row.foldable ? String(row.open) : undefined, "aria-selected": "false", tabindex: "-1", "data-key": row.key,
    "data-name": one.name,
    click: (event) => {
      if (event.target.closest("a")) return;
      state.focus = row.key;
      if (row.foldable) fold(row, !row.open);
      else focusRow(row.key);
    },
  },
  h("span", { class: "fold", "aria-hidden": "true" }, row.foldable ? (row.open ? "▾" : "▸") : "·"),
  h("a", { href: `#package=${encodeURIComponent(one.name)}`, tabindex: "-1" }, marked(withExtras(row.edge))),
  h("span", { class: "muted" }, one.version),
  h("span", { class: "muted small" }, bytes(one.size)),
  row.foldable && !row.open ? h("span", { class: "badge" }, String(row.below.length)) : "",
  row.repeated ? h("span", { class: "muted small" }, "↑ a cycle") : "",
  row.first ? h("span", { class: "muted small" }, "↑ unfolded above") : "",
  state.direction === "needs" ? groups.map((group) => h("span", { class: "tag" }, group)) : "");
  element.style.setProperty("--level", row.level - 1);
  return element;
}

function fold(row, open) {
  state.folded.set(row.key, open);
  render();
  focusRow(row.key);
}

function focusRow(key) {
  const list = byId("tree");
  const rows = [...list.children];
  const target = rows.find((element) => element.dataset.key === key) ?? rows[0];
  for (const element of rows) element.tabIndex = element === target ? 0 : -1;
  state.focus = target?.dataset.key ?? null;
  target?.focus();
}

let rows = [];

function render() {
  rows = visibleRows();
  const list = byId("tree");
  list.replaceChildren(...rows.map(rowElement));
  const stop = [...list.children].find((element) => element.dataset.key === state.focus) ?? list.firstElementChild;
  if (stop) stop.tabIndex = 0;
  byId("tree-count").textContent = count(rows.length, "row");
}

function keydown(event) {
  const index = rows.findIndex((row) => row.key === event.target.dataset?.key);
  if (index < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = rows[index];
  const parent = () => rows.slice(0, index).findLast((one) => one.level === row.level - 1);
  const steps = {
    ArrowDown: () => focusRow((rows[index + 1] ?? row).key),
    ArrowUp: () => focusRow((rows[index - 1] ?? row).key),
    Home: () => focusRow(rows[0].key),
    End: () => focusRow(rows.at(-1).key),
    ArrowRight: () => (row.foldable && !row.open ? fold(row, true) : row.open ? focusRow(rows[index + 1].key) : null),
    ArrowLeft: () => (row.open ? fold(row, false) : parent() ? focusRow(parent().key) : null),
    Enter: () => { location.hash = `package=${encodeURIComponent(row.edge.name)}`; },
    " ": () => (row.foldable ? fold(row, !row.open) : null),
  };
  if (steps[event.key]) {
    event.preventDefault();
    steps[event.key]();
  }
}

function unfold(all) {
  state.all = all;
  state.folded.clear();
  render();
}

function chooser() {
  return h("fieldset", { class: "choice" }, h("legend", { class: "hidden" }, "Direction"),
    Object.entries(DIRECTIONS).map(([value, text]) => h("label", {},
      h("input", { type: "radio", name: "direction", value, checked: value === state.direction, change: () => {
        state.direction = value;
        unfold(false);
      } }), text)));
}

let shownTree = false;

export function showTree(query, panel) {
  if (query !== state.query) state.folded.clear();
  state.query = query;
  if (!shownTree) {
    shownTree = true;
    panel.replaceChildren(
      h("h2", {}, "Dependencies"),
      h("p", { class: "muted" }, "Arrow keys move and fold, Enter opens a package."),
      h("div", { class: "bar" }, chooser(),
        h("button", { type: "button", click: () => unfold(true) }, "Unfold all"),
        h("button", { type: "button", click: () => unfold(false) }, "Fold all"),
        h("span", { id: "tree-count", class: "muted" })),
      h("ul", { id: "tree", class: "tree", role: "tree", "aria-label": "Dependencies", keydown }));
  }
  render();
  return null;
}
