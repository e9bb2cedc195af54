// The part "Size": a treemap of installed sizes, and a table of them.
import { KINDS, environment, kindOf, nameMatches, totalSize } from "./data.js";
import { h, packageLink } from "./dom.js";
import { bytes, count, number, share } from "./format.js";
import { squarify } from "./squarify.js";
import { sortableTable } from "./tables.js";

const shown = environment.packages.filter((one) => one.size > 0).sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));

function describe(one) {
  return `${one.name} ${one.version}: ${bytes(one.size)} (${share(one.size, totalSize)}), ${count(one.files, "file")}, ${KINDS[kindOf(one)]}`;
}

// A rectangle with a link is a stop for arrow keys; only one of them is a stop for Tab.
function cell(one, place, width, height, tell) {
  const roomy = place.width > 44 && place.height > 20;
  const element = h("a", {
    class: `cell kind-${kindOf(one)}`, href: `#package=${encodeURIComponent(one.name)}`, tabindex: "-1",
    "aria-label": describe(one), "data-name": one.name,
    mouseenter: () => tell(describe(one)), focus: () => tell(describe(one)),
  }, roomy ? h("span", {}, one.name) : "", roomy && place.height > 38 ? h("small", {}, bytes(one.size)) : "");
  Object.assign(element.style, {
    left: `${(100 * place.x) / width}%`, top: `${(100 * place.y) / height}%`,
    width: `${(100 * place.width) / width}%`, height: `${(100 * place.height) / height}%`,
  });
  return element;
}

// The cell whose middle is nearest in the direction of an arrow key.
function next(cells, from, key) {
  const middle = (element) => ({ x: element.offsetLeft + element.offsetWidth / 2, y: element.offsetTop + element.offsetHeight / 2 });
  const start = middle(from);
  const [axis, other, sign] = { ArrowRight: ["x", "y", 1], ArrowLeft: ["x", "y", -1], ArrowDown: ["y", "x", 1], ArrowUp: ["y", "x", -1] }[key];
  let best = null;
  let least = Infinity;
  for (const element of cells) {
    const at = middle(element);
    const ahead = sign * (at[axis] - start[axis]);
    const far = ahead + 2 * Math.abs(at[other] - start[other]);
    if (element !== from && ahead > 0.5 && far < least) [best, least] = [element, far];
  }
  return best;
}

function treemap() {
  const note = h("p", { class: "told", "aria-hidden": "true" }, "Point at a rectangle, or move with the arrow keys.");
  const map = h("div", { class: "treemap", role: "group", "aria-label": "Installed sizes as areas; arrow keys move between packages", keydown: move });
  let drawn = 0;

  function draw() {
    const { width, height } = map.getBoundingClientRect();
    if (!width || Math.abs(width - drawn) < 1) return;
    drawn = width;
    const focused = map.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    const places = squarify(shown, width, height);
    map.replaceChildren(...shown.map((one, index) => cell(one, places[index], width, height, (text) => note.replaceChildren(text))));
    const stop = [...map.children].find((element) => element.dataset.name === focused) ?? map.firstElementChild;
    if (stop) stop.tabIndex = 0;
    if (focused) stop.focus();
    mark(map, map.dataset.query ?? "");
  }

  function move(event) {
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const target = next(map.children, event.target, event.key);
    if (!target) return;
    event.target.tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
  }

  new ResizeObserver(draw).observe(map);
  return { map, note };
}

function mark(map, query) {
  map.dataset.query = query;
  for (const element of map.children) element.classList.toggle("dim", query !== "" && !nameMatches(element.dataset.name, query));
}

function legend() {
  const sizes = new Map();
  for (const one of shown) sizes.set(kindOf(one), (sizes.get(kindOf(one)) ?? 0) + one.size);
  return h("ul", { class: "legend" }, Object.keys(KINDS).filter((kind) => sizes.has(kind)).map((kind) =>
    h("li", {}, h("span", { class: `swatch kind-${kind}` }), `${KINDS[kind]} `, h("span", { class: "muted" }, bytes(sizes.get(kind))))));
}

function sizeTable(query) {
  const rows = shown.filter((one) => query === "" || nameMatches(one.name, query));
  return sortableTable("Sizes of packages", [
    { title: "Package", value: (one) => one.name, show: (one) => packageLink(one.name) },
    { title: "Size", value: (one) => one.size, show: (one) => bytes(one.size), numeric: true },
    { title: "Share", value: (one) => one.size, show: (one) => share(one.size, totalSize), numeric: true },
    { title: "Files", value: (one) => one.files, show: (one) => number(one.files), numeric: true },
  ], rows, { sort: 1, descending: true });
}

let made = null;

export function showSizes(query) {
  const first = made === null;
  made ??= { ...treemap(), beside: h("div", { class: "beside" }) };
  made.beside.replaceChildren(sizeTable(query));
  mark(made.map, query);
  return first ? [
    h("h2", {}, "Installed size"),
    h("p", { class: "muted" }, `${bytes(totalSize)} in ${count(shown.length, "package")}, bytecode included.`),
    legend(), h("div", { class: "split" }, h("div", {}, made.map, made.note), made.beside),
  ] : null;
}
