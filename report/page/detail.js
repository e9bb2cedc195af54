// What the report says of one package, in a dialog.
import { buildFacts, isBuilt } from "./builds.js";
import { changeOf, changeText } from "./changes.js";
import { KINDS, askedBy, closure, findingsOf, kindOf, neededBy, packages, sizeOf, totalSize } from "./data.js";
import { byId, chips, facts, h, packageLink, webLink } from "./dom.js";
import { findingList } from "./findings.js";
import { bytes, count, share, withExtras } from "./format.js";
import { licenseText, textList } from "./licenses.js";
import { neighbourhood } from "./picture.js";

function links(edges, label, none) {
  return edges.length ? chips(edges.map((edge) => packageLink(edge.name, label(edge)))) : none;
}

function content(one, close) {
  const all = closure(one.name);
  const change = changeOf(one.name);
  const found = findingsOf(one.name);
  const groups = askedBy(one.name);
  return [
    h("div", { class: "title" }, h("h2", { id: "detail-title" }, one.name, " ", h("span", { class: "muted" }, one.version)),
      h("button", { type: "button", class: "close", "aria-label": "Close", click: close }, "×")),
    h("p", {}, one.summary || h("span", { class: "muted" }, "No summary.")),
    found.length ? h("section", { class: "panel bad" }, h("h3", {}, "Known vulnerabilities"), findingList(found)) : "",
    facts([
      ["Kind", KINDS[kindOf(one)]],
      ["Asked for by", groups.length ? chips(groups) : "nobody directly"],
      ["Size", `${bytes(one.size)} (${share(one.size, totalSize)}), ${count(one.files, "file")}; with all that it needs ${bytes(sizeOf(all))} in ${count(all.size, "package")}`],
      ["Licence", one.license],
      ["On the web", one.homepage ? webLink(one.homepage) : ""],
      ["Change", change ? changeText(change) : ""],
    ]),
    neededBy(one.name).length || one.needs.length ? neighbourhood(one.name) : "",
    facts([
      [`Needed by (${neededBy(one.name).length})`, links(neededBy(one.name), (edge) => (edge.extras.length ? `${edge.name} (for ${edge.extras.join(", ")})` : edge.name), "nobody")],
      [`Needs (${one.needs.length})`, links(one.needs, withExtras, "nothing")],
    ]),
    h("h3", {}, isBuilt(one) ? "How it is built" : "Where it comes from"), buildFacts(one),
    one.texts.length ? [h("h3", {}, "Licence texts"), textList(one.texts.map(([file, index]) => licenseText(file, index)))] : "",
  ];
}

/** Start the dialog; `closed` is told when the user closes it. Returns `show(name)` and `hide()`. */
export function startDetail(closed) {
  const dialog = byId("detail");
  let opener = null;
  dialog.addEventListener("close", () => {
    opener?.isConnected && opener.focus();
    closed();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return {
    show(name) {
      if (!dialog.open) opener = document.activeElement;
      dialog.replaceChildren(h("div", { class: "inner" }, content(packages.get(name), () => dialog.close())));
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
      dialog.querySelector(".close").focus();
    },
    hide() {
      if (dialog.open) dialog.close();
    },
  };
}
