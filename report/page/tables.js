// Tables that a click on a column's title sorts.
import { h } from "./dom.js";

function compare(left, right) {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right), "en", { numeric: true, sensitivity: "base" });
}

/**
 * Make a table. A column has `title`, `value(row)` to sort by, `show(row)` if that isn't what is
 * shown, and `numeric`. A numeric or `falling` column is sorted from the top first. `sort` is the index
 * of a column, `descending` its direction.
 */
export function sortableTable(caption, columns, rows, { sort = 0, descending = false } = {}) {
  const body = h("tbody");
  const falls = (column) => Boolean(column.numeric || column.falling);
  const heads = columns.map((column, index) =>
    h("th", { scope: "col", class: column.numeric ? "numeric" : "" },
      h("button", { type: "button", click: () => order(index, heads[index].getAttribute("aria-sort") === (falls(column) ? "descending" : "ascending") ? !falls(column) : falls(column)) },
        column.title)));
  const made = rows.map((row) => ({
    row,
    element: h("tr", {}, columns.map((column, index) =>
      h(index === 0 ? "th" : "td", { scope: index === 0 ? "row" : undefined, class: column.numeric ? "numeric" : "" }, (column.show ?? column.value)(row)))),
  }));

  function order(index, down) {
    const { value } = columns[index];
    made.sort((a, b) => (down ? -1 : 1) * compare(value(a.row), value(b.row)) || compare(columns[0].value(a.row), columns[0].value(b.row)));
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[index].setAttribute("aria-sort", down ? "descending" : "ascending");
    body.replaceChildren(...made.map(({ element }) => element));
  }

  order(sort, descending);
  return h("div", { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" },
    h("table", {}, h("caption", { class: "hidden" }, caption), h("thead", {}, h("tr", {}, heads)), body));
}
