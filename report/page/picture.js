// The picture of a package: who needs it at the left, what it needs at the right.
import { neededBy, packages } from "./data.js";
import { svg } from "./dom.js";
import { withExtras } from "./format.js";

const MOST = 12;
const ROW = 26;
const WIDTH = 720;
const BOX = 200;

function shorten(text) {
  return text.length > 26 ? `${text.slice(0, 25)}…` : text;
}

function box(x, y, label, name, kind) {
  const inner = [svg("rect", { x, y: y - 11, width: BOX, height: 22, rx: 5, class: kind }), svg("text", { x: x + BOX / 2, y: y + 4, "text-anchor": "middle" }, shorten(label))];
  return name ? svg("a", { href: `#package=${encodeURIComponent(name)}`, tabindex: "-1" }, inner) : svg("g", {}, inner);
}

function side(edges, label, x, from, to, height) {
  const shown = edges.length > MOST ? [...edges.slice(0, MOST - 1), null] : edges;
  const top = height / 2 - ((shown.length - 1) * ROW) / 2;
  return shown.flatMap((edge, index) => {
    const y = top + index * ROW;
    const curve = `M${from} ${from < to ? height / 2 : height / 2} C${(from + to) / 2} ${height / 2} ${(from + to) / 2} ${y} ${to} ${y}`;
    const text = edge ? label(edge) : `and ${edges.length - MOST + 1} more`;
    return [svg("path", { d: curve }), box(x, y, text, edge?.name, "box")];
  });
}

/** Make the picture of a package. It shows what lists beside it say, so readers of lists skip it. */
export function neighbourhood(name) {
  const above = neededBy(name);
  const below = packages.get(name).needs;
  const height = Math.max(1, Math.min(MOST, Math.max(above.length, below.length))) * ROW + 10;
  const middle = (WIDTH - BOX) / 2;
  return svg("svg", { class: "picture", viewBox: `0 0 ${WIDTH} ${height}`, "aria-hidden": "true" },
    side(above, (edge) => edge.name, 0, middle, BOX, height),
    side(below, withExtras, WIDTH - BOX, middle + BOX, WIDTH - BOX, height),
    box(middle, height / 2, name, null, "box own"));
}
