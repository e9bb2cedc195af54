// Tabs (ARIA Authoring Practices): arrow keys, Home and End move between them.
import { byId, h } from "./dom.js";

/**
 * Make tabs of `parts`: each has `id`, `title`, `badge`, and `show(query)`, which returns what its
 * panel holds, or null where it holds that already. Returns `open(id, query)` and `current()`.
 */
export function startTabs(parts, opened) {
  const list = byId("tabs");
  let current = null;
  for (const part of parts) {
    part.tab = h(
      "button",
      { type: "button", role: "tab", id: `tab-${part.id}`, "aria-controls": `panel-${part.id}`, "aria-selected": "false", tabindex: "-1", click: () => opened(part.id) },
      part.title,
      part.badge === undefined ? "" : h("span", { class: `badge ${part.tone ?? ""}` }, part.badge),
    );
    part.panel = h("section", { role: "tabpanel", id: `panel-${part.id}`, "aria-labelledby": `tab-${part.id}`, tabindex: "0", hidden: true });
    list.append(part.tab);
    byId("content").append(part.panel);
  }
  list.addEventListener("keydown", (event) => {
    const index = parts.indexOf(current);
    const target = { ArrowRight: index + 1, ArrowLeft: index - 1 + parts.length, Home: 0, End: parts.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const part = parts[target % parts.length];
    opened(part.id);
    part.tab.focus();
  });
  return {
    current: () => current,
    open(id, query) {
      current = parts.find((part) => part.id === id) ?? parts[0];
      for (const part of parts) {
        const selected = part === current;
        part.tab.setAttribute("aria-selected", String(selected));
        part.tab.tabIndex = selected ? 0 : -1;
        part.panel.hidden = !selected;
      }
      // What is there already keeps its focus.
      if (current.query !== query) {
        current.query = query;
        const content = current.show(query, current.panel);
        if (content) current.panel.replaceChildren(...content);
      }
      // The strip scrolls by itself, so that the page stays where it is.
      const { tab } = current;
      list.scrollLeft = Math.max(0, tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2);
    },
  };
}
