"""The entries of a YAML mapping that name packages: `name: specifier`, or `name: {key: value}`."""

from collections.abc import Mapping

import yaml
from packaging.utils import canonicalize_name

from lock.inputs.checks import check_extra, check_marker, check_requirement, parse_name
from lock.inputs.yaml_nodes import Nodes, is_null
from lock.requirements import Requirement
from lock.specifier import translate

# Every key of an entry's mapping, with what it holds.
REQUIREMENT_KEYS: Mapping[str, str] = {
    "build-requires": "what its build needs beside what it declares, such as [Cython, numpy]",
    "extras": "a list of the package's extras",
    "markers": "a marker (PEP 508) that says where the package is wanted",
    "prefer-sdist": "`true` to build it from source even where a wheel fits",
    "version": "a version specifier",
}


class Entries(Nodes):
    """Reads entries and gathers what is wrong with them."""

    def packages(
        self, owner: yaml.Node, entries: list[tuple[yaml.Node, str, yaml.Node]]
    ) -> tuple[Requirement, ...]:
        found: dict[str, Requirement] = {}
        lines: dict[str, tuple[str, int]] = {}
        for key_node, key, value in entries:
            requirement = self.requirement(key_node, key, value)
            if requirement is None:
                continue
            name = requirement.name
            if name in found:
                first, line = lines[name]
                problem = f"the same package as `{first}` in line {line}"
                self.fail(key_node, key, problem, "keep one of them")
                continue
            found[name] = requirement
            lines[name] = (key, key_node.start_mark.line + 1)
        if not entries and not self.problems.found:
            self.fail(
                owner, None, "no package is asked for", 'write lines such as `Django: ">3.2"`'
            )
        return tuple(found[name] for name in sorted(found))

    def requirement(self, key_node: yaml.Node, key: str, value: yaml.Node) -> Requirement | None:
        """The requirement that an entry makes; None if its name is wrong."""
        options = (
            self.options(key, value) if isinstance(value, yaml.MappingNode) else {"version": value}
        )
        specifier = ""
        if "version" in options:
            specifier = self.checked(options["version"], key, translate) or ""
        marker = None
        if "markers" in options and not is_null(options["markers"]):
            marker = self.checked(options["markers"], key, check_marker)
        extras: list[str | None] = []
        if "extras" in options:
            extras += self.checked_all(options["extras"], key, check_extra)
        named = parse_name(key)
        if named is None or named.specifier or named.url or named.marker:
            remedy = "write `name: specifier`, or `name[extra]: specifier`"
            self.fail(key_node, key, "not a package's name", remedy)
            return None
        extras += [
            self.attempt(key_node, key, check_extra, extra) for extra in sorted(named.extras)
        ]
        build_requires = (
            self.build_requires(options["build-requires"], key)
            if "build-requires" in options
            else ()
        )
        prefer_sdist = "prefer-sdist" in options and self.truth(
            options["prefer-sdist"], f"{key}.prefer-sdist"
        )
        return Requirement(
            canonicalize_name(named.name),
            tuple(sorted({extra for extra in extras if extra is not None})),
            specifier,
            marker,
            build_requires,
            prefer_sdist,
        )

    def build_requires(self, node: yaml.Node, key: str) -> tuple[str, ...]:
        """What a build needs more: a list of requirements, or a mapping as that of packages."""
        if isinstance(node, yaml.MappingNode):
            entries = [
                (key_node, f"{key}.build-requires.{name}", self.requirement(key_node, name, value))
                for key_node, name, value in self.entries(node, key)
            ]
            for key_node, where, requirement in entries:
                if requirement is None:
                    continue
                if requirement.build_requires or requirement.prefer_sdist:
                    remedy = f"name that below `{requirement.name}` itself"
                    self.fail(key_node, where, "a build's own build needs no mention here", remedy)
            return tuple(sorted(str(found) for _, _, found in entries if found is not None))
        return tuple(sorted(self.checked_all(node, f"{key}.build-requires", check_requirement)))

    def options(self, owner: str, mapping: yaml.MappingNode) -> dict[str, yaml.Node]:
        """The values of a package's own keys."""
        values = {}
        for key_node, key, value in self.entries(mapping, owner):
            if key in REQUIREMENT_KEYS:
                values[key] = value
            else:
                self.unknown_key(key_node, f"{owner}.{key}", REQUIREMENT_KEYS)
        return values
