// The part "Built from source": how source distributions and projects are built.
import { KINDS, environment, kindOf, nameMatches } from "./data.js";
import { chips, facts, h, packageLink } from "./dom.js";
import { count } from "./format.js";

const NEEDS = { headers: "headers", "pkg-config": "pkg-config modules", cmake: "CMake packages", linked: "libraries to link with", programs: "programs", libraries: "libraries", opened: "libraries opened by name" };

/** Make the facts of a package's build. */
export function buildFacts(one) {
  const { build, file } = one.origin;
  const system = Object.entries(build?.system ?? {}).map(([key, names]) => [`Needs ${NEEDS[key]}`, chips(names)]);
  return facts([
    ["File", file ? h("code", {}, file) : ""],
    ["Built by", one.generator],
    ["Requires", build?.requires.length ? chips(build.requires) : ""],
    ["Build environment", build?.closure.length ? chips(build.closure.map((pair) => pair.join(" "))) : ""],
    ...system,
    ["Overrides", one.overrides.length ? chips(one.overrides.map((key) => h("code", {}, key))) : ""],
  ]);
}

export function isBuilt(one) {
  return one.origin.kind === "sdist" || one.origin.kind === "project";
}

export function showBuilds(query) {
  const fits = (one) => query === "" || nameMatches(one.name, query);
  const built = environment.packages.filter((one) => isBuilt(one) && fits(one));
  const changed = environment.packages.filter((one) => !isBuilt(one) && one.overrides.length && fits(one));
  return [h("h2", {}, "Built from source"),
    h("p", { class: "muted" }, built.length ? `${count(built.length, "package")} built offline, with just what stands here.` : "Every package comes as a wheel."),
    ...built.map((one) => h("section", { class: "panel" }, h("h3", {}, packageLink(one.name, `${one.name} ${one.version}`), h("span", { class: "tag" }, KINDS[kindOf(one)])), buildFacts(one))),
    ...(changed.length ? [h("h3", {}, "Wheels with overrides"), ...changed.map((one) => h("section", { class: "panel" }, h("h4", {}, packageLink(one.name)), buildFacts(one)))] : [])];
}
