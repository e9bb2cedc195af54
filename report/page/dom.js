// Elements, without a framework.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== ""));
  return element;
}

/**
 * Make an element: a property that is a function listens to the event of its name. Children may be
 * lists of children; null and "" are none.
 */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** Make an element of SVG. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

export function byId(id) {
  return document.getElementById(id);
}

/** Make a link to what the report says of a package. */
export function packageLink(name, text = name) {
  return h("a", { href: `#package=${encodeURIComponent(name)}` }, text);
}

/** Make a link to a page elsewhere; only to the web, since the address is anybody's. */
export function webLink(url, text = url) {
  return /^https?:\/\//.test(url)
    ? h("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, text)
    : document.createTextNode(text);
}

/** Make a list of elements side by side. */
export function chips(items) {
  return h("ul", { class: "chips" }, items.map((item) => h("li", {}, item)));
}

/** Make a list of terms and what they are; items without content are left out. */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== "" && value !== null);
  return h("dl", { class: "facts" }, shown.flatMap(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]));
}
