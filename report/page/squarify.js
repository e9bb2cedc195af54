// The layout of a treemap: Bruls, Huizing, van Wijk, "Squarified Treemaps" (2000).

function worst(row, side) {
  const sum = row.reduce((total, one) => total + one.area, 0);
  const [most, least] = [row[0].area, row[row.length - 1].area];
  return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
}

/**
 * Return a rectangle `x`, `y`, `width`, `height` for each item, in the order of the items, which
 * have `size` > 0 and come largest first. Its area is the item's part of `width` × `height`.
 */
export function squarify(items, width, height) {
  const total = items.reduce((sum, one) => sum + one.size, 0);
  const pending = items.map((one) => ({ area: (one.size * width * height) / total }));
  const places = [];
  const free = { x: 0, y: 0, width, height };
  while (pending.length) {
    const side = Math.min(free.width, free.height);
    const row = [pending.shift()];
    while (pending.length && worst([...row, pending[0]], side) <= worst(row, side)) row.push(pending.shift());
    lay(row, free, places);
  }
  return places;
}

// Puts a row along the shorter side of what is free, and takes it from there.
function lay(row, free, places) {
  const sum = row.reduce((total, one) => total + one.area, 0);
  const upright = free.width >= free.height;
  const depth = sum / (upright ? free.height : free.width);
  let offset = 0;
  for (const { area } of row) {
    const length = area / depth;
    places.push(upright
      ? { x: free.x, y: free.y + offset, width: depth, height: length }
      : { x: free.x + offset, y: free.y, width: length, height: depth });
    offset += length;
  }
  if (upright) Object.assign(free, { x: free.x + depth, width: free.width - depth });
  else Object.assign(free, { y: free.y + depth, height: free.height - depth });
}
