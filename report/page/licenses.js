// The part "Licences": packages by their licence, and the texts.
import { environment, licenseTexts, matches } from "./data.js";
import { chips, h, packageLink } from "./dom.js";
import { count } from "./format.js";

// More texts of a licence are folded away.
const SHOWN_TEXTS = 5;

/** Make an element that unfolds to a licence text. */
export function licenseText(title, index) {
  const text = h("pre", { tabindex: "0", "aria-label": title }, "…");
  return h("details", { class: "text", toggle: async (event) => {
    if (event.target.open) text.textContent = (await licenseTexts())[index];
  } }, h("summary", {}, title), text);
}

/** Make a list of licence texts, folded away where it is long. */
export function textList(texts) {
  return texts.length > SHOWN_TEXTS ? h("details", {}, h("summary", {}, count(texts.length, "text")), h("div", { class: "texts" }, texts)) : h("div", { class: "texts" }, texts);
}

function textsOf(members) {
  const owners = new Map();
  for (const one of members) {
    for (const [file, index] of one.texts) {
      const known = owners.get(index) ?? { file, names: new Set() };
      known.names.add(one.name);
      owners.set(index, known);
    }
  }
  return [...owners].map(([index, { file, names }]) => {
    const [first, ...others] = [...names];
    return licenseText(`${first}: ${file}${others.length ? ` (the same of ${count(others.length, "other package")})` : ""}`, index);
  });
}

function group(expression, members, open) {
  const listed = textsOf(members);
  return h("details", { class: "panel license", open },
    h("summary", {}, h("h3", {}, expression), h("span", { class: "badge" }, String(members.length))),
    chips(members.map((one) => packageLink(one.name, `${one.name} ${one.version}`))),
    listed.length ? textList(listed) : h("p", { class: "muted" }, "These packages bring no licence text."));
}

export function showLicenses(query) {
  const groups = new Map();
  for (const one of environment.packages) {
    if (query === "" || matches(one, query)) groups.set(one.license, [...(groups.get(one.license) ?? []), one]);
  }
  const sorted = [...groups].sort(([a, x], [b, y]) => y.length - x.length || a.localeCompare(b, "en"));
  return [h("h2", {}, "Licences"), h("p", { class: "muted" }, `${count(sorted.length, "licence")}, as the packages' metadata has them.`),
    ...sorted.map(([expression, members]) => group(expression, members, query !== ""))];
}
