// The picture of a package: who needs it at the left, what it needs at the right.
import { neededBy, packages } from "./data.js";
import { svg } from "./dom.js";
import { withExtras } from "./format.js";

const SHOWN_BOXES = 12;
const ROW = 26;
const BOX = 200;
const GAP = 60;

function shorten(text) {
  return text.length > 26 ? `${text.slice(0, 25)}…` : text;
}

function box(x, y, label, name, kind) {
  const inner = [svg("rect", { x, y: y - 11, width: BOX, height: 22, rx: 5, class: kind }), svg("text", { x: x + BOX / 2, y: y + 4, "text-anchor": "middle" }, shorten(label))];
  return name ? svg("a", { href: `#package=${encodeURIComponent(name)}`, tabindex: "-1" }, inner) : svg("g", {}, inner);
}

// Boxes below each other, each with a curve from the package's own box to it.
function side(edges, label, x, from, to, height) {
  const shown = edges.length > SHOWN_BOXES ? [...edges.slice(0, SHOWN_BOXES - 1), null] : edges;
  const top = height / 2 - ((shown.length - 1) * ROW) / 2;
  const between = (from + to) / 2;
  return shown.map((edge, index) => {
    const y = top + index * ROW;
    const text = edge ? label(edge) : `and ${edges.length - SHOWN_BOXES + 1} more`;
    return [svg("path", { d: `M${from} ${height / 2} C${between} ${height / 2} ${between} ${y} ${to} ${y}` }), box(x, y, text, edge?.name, "box")];
  });
}

/** Make the picture of a package. It shows what lists beside it say, so readers of lists skip it. */
export function neighbourhood(name) {
  const above = neededBy(name);
  const below = packages.get(name).needs;
  const height = Math.max(1, Math.min(SHOWN_BOXES, Math.max(above.length, below.length))) * ROW + 10;
  const own = above.length ? BOX + GAP : 0;
  const width = own + BOX + (below.length ? GAP + BOX : 0);
  const picture = svg("svg", { class: "picture", viewBox: `-1 0 ${width + 2} ${height}`, "aria-hidden": "true" },
    side(above, (edge) => edge.name, 0, own, BOX, height),
    side(below, withExtras, own + BOX + GAP, own + BOX, own + BOX + GAP, height),
    box(own, height / 2, name, null, "box own"));
  picture.style.maxWidth = `${width}px`;
  return picture;
}
