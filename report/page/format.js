// Numbers as people read them.

const UNITS = ["B", "kB", "MB", "GB", "TB"];
const NUMBER = new Intl.NumberFormat("en");

/** Return a size such as "12.3 MB"; a kB has 1000 bytes. */
export function bytes(size) {
  let unit = 0;
  let value = size;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

export function number(value) {
  return NUMBER.format(value);
}

/** Return a number with its noun. */
export function count(value, noun, plural = `${noun}s`) {
  return `${number(value)} ${value === 1 ? noun : plural}`;
}

/** Return a part of a whole, in percent. */
export function share(part, whole) {
  const percent = whole ? (100 * part) / whole : 0;
  return percent >= 0.1 || percent === 0 ? `${percent.toFixed(1)} %` : "< 0.1 %";
}

/** Return a package's label: its name with extras. */
export function withExtras(edge) {
  return edge.extras.length ? `${edge.name}[${edge.extras.join(",")}]` : edge.name;
}
