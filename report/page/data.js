// The data of the report, and what follows from it.
import { byId } from "./dom.js";

function read(id) {
  return JSON.parse(byId(id).textContent);
}

export const environment = read("environment");
// What differs from another lock, and what is known of vulnerabilities; null where not asked for.
export const changes = read("changes");
export const vulnerabilities = read("vulnerabilities");

export const packages = new Map(environment.packages.map((one) => [one.name, one]));
export const totalSize = environment.packages.reduce((sum, one) => sum + one.size, 0);
export const totalFiles = environment.packages.reduce((sum, one) => sum + one.files, 0);

const dependents = new Map(environment.packages.map((one) => [one.name, []]));
for (const one of environment.packages) {
  for (const edge of one.needs) dependents.get(edge.name).push({ name: one.name, extras: edge.extras });
}

// What nobody needs stands below this name among the groups.
export const OTHERS = "not asked for";

const asking = new Map();
for (const [group, edges] of Object.entries(environment.roots)) {
  for (const edge of group === OTHERS ? [] : edges) asking.set(edge.name, [...(asking.get(edge.name) ?? []), group]);
}

/** Return who needs a package: a list of `name`, and the `extras` that it needs of it. */
export function neededBy(name) {
  return dependents.get(name);
}

/** Return the groups that ask for a package by its name. */
export function askedBy(name) {
  return asking.get(name) ?? [];
}

/** Return the names of a package and of all that it needs, however far. */
export function closure(name) {
  const found = new Set([name]);
  for (const one of found) {
    for (const edge of packages.get(one).needs) found.add(edge.name);
  }
  return found;
}

export function sizeOf(names) {
  return [...names].reduce((sum, name) => sum + packages.get(name).size, 0);
}

export const KINDS = {
  pure: "pure Python",
  native: "with native code",
  sdist: "built from source",
  project: "own project",
  nixpkgs: "from nixpkgs",
};

/** Return the kind of a package, a key of KINDS. */
export function kindOf(one) {
  if (one.origin.kind !== "wheel") return one.origin.kind;
  return one.native ? "native" : "pure";
}

/** Return whether the metadata of a package doesn't tell its licence. */
export function isUnlicensed(one) {
  return one.license === "unknown" || one.license.startsWith("unknown: ");
}

/** Return the known vulnerabilities of a package of the environment. */
export function findingsOf(name) {
  return vulnerabilities ? vulnerabilities.found.filter((one) => one.package === name) : [];
}

/** Return whether a package matches what is searched for: each word is in its name, summary or licence. */
export function matches(one, query) {
  const text = `${one.name} ${one.summary} ${one.license}`.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** Return whether the name of a package has what is searched for. */
export function nameMatches(name, query) {
  return query.toLowerCase().split(/\s+/).every((word) => name.includes(word));
}

let inflated = null;

/** Return the licence texts, which are stored compressed. */
export function licenseTexts() {
  inflated ??= inflate(environment.texts);
  return inflated;
}

async function inflate(encoded) {
  const packed = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(stream).text());
}
