// The part "Changes": what differs from another lock.
import { changes, nameMatches, packages } from "./data.js";
import { h, packageLink } from "./dom.js";
import { count } from "./format.js";
import { sortableTable } from "./tables.js";

const SIGNS = { new: "new", gone: "gone", up: "newer", down: "older" };

export function changeOf(name) {
  return changes?.changes.find((one) => one.name === name) ?? null;
}

export function changeText(one) {
  return one.change === "new" ? `new: ${one.after.join(", ")}` : one.change === "gone" ? `gone: ${one.before.join(", ")}` : `${one.before.join(", ")} → ${one.after.join(", ")} (${SIGNS[one.change]})`;
}

export function showChanges(query) {
  const rows = changes.changes.filter((one) => query === "" || nameMatches(one.name, query));
  const numbers = Object.keys(SIGNS).map((kind) => [kind, rows.filter((one) => one.change === kind).length]).filter(([, many]) => many);
  return [h("h2", {}, "Changes"),
    h("p", { class: "muted" }, `Against ${changes.against}: ${numbers.map(([kind, many]) => `${many} ${SIGNS[kind]}`).join(", ") || count(0, "change")}.`),
    ...(rows.length ? [sortableTable("Changes", [
      { title: "Package", value: (one) => one.name, show: (one) => (packages.has(one.name) ? packageLink(one.name) : one.name) },
      { title: "Change", value: (one) => SIGNS[one.change], show: (one) => h("span", { class: `tag change-${one.change}` }, SIGNS[one.change]) },
      { title: "Before", value: (one) => one.before.join(", "), show: (one) => one.before.join(", ") || "none" },
      { title: "Now", value: (one) => one.after.join(", "), show: (one) => one.after.join(", ") || "none" },
    ], rows)] : [])];
}
