"""Reads the packages in a YAML mapping: `name: specifier`, or `name: {key: value}`."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import yaml
from packaging.utils import canonicalize_name

from lock.inputs.documents.yaml_nodes import Nodes, is_null, pairs
from lock.inputs.values.checks import (
    check_extra,
    check_git_address,
    check_index_name,
    check_marker,
    check_path,
    check_requirement,
    check_revision,
    check_subdirectory,
    parse_name,
)
from lock.inputs.values.pep508 import file_url
from lock.inputs.values.specifier import translate
from lock.models.requirements import Git, Local, Origin, Reference, Requirement

# The keys of an entry's mapping, with their meanings.
REQUIREMENT_KEYS: Mapping[str, str] = {
    "build-requires": "what its build needs beside what it declares, such as [Cython, numpy]",
    "extras": "a list of the package's extras",
    "from": "`nixpkgs` to take it from there, whoever requires it",
    "git": "the address of its repository",
    "index": "the name of the only index that may have it, or names with a marker each",
    "markers": "a marker (PEP 508) that says where the package is wanted",
    "path": "its folder or its wheel, seen from this file",
    "prefer-sdist": "`true` to build it from source even where a wheel fits",
    "rev": "the commit, tag or branch of `git`",
    "subdirectory": "the folder of the project in `git`, or in the archive of `url`",
    "url": "the address of its wheel or its source distribution",
    "version": "a version specifier",
}

REFERENCES = ("url", "git", "path")
# The value of `from`.
NIXPKGS = "nixpkgs"
# The keys that say where a file of a package comes from, or how it is built.
FILE_KEYS = (*REFERENCES, "index", "prefer-sdist", "build-requires")
# The keys of a requirement of a build, a constraint or an override.
PLAIN_KEYS = ("extras", "markers", "version")


class Entries(Nodes):
    """Reads entries and collects their errors."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        # Key, node and index name of each package that names an index.
        self.named_indexes: list[tuple[str, yaml.Node, str]] = []
        # Normalized name → the key of each package that comes from nixpkgs.
        self.from_nixpkgs: dict[str, yaml.Node] = {}

    def packages(
        self,
        owner: yaml.Node,
        entries: list[tuple[yaml.Node, str, yaml.Node]],
        where: str | None = None,
        *,
        required: bool = True,
    ) -> tuple[Requirement, ...]:
        """Return the requirements of some entries, sorted by name."""
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
        if required and not entries and not self.problems.found:
            self.fail(
                owner, where, "no package is asked for", 'write lines such as `Django: ">3.2"`'
            )
        return tuple(found[name] for name in sorted(found))

    def requirement(self, key_node: yaml.Node, key: str, value: yaml.Node) -> Requirement | None:
        """Return the requirement of an entry; None if its name is wrong."""
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
        index, origins = self.index_of(options["index"], key) if "index" in options else (None, ())
        if "from" in options and self.is_from_nixpkgs(key, options):
            self.from_nixpkgs.setdefault(canonicalize_name(named.name), key_node)
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
            index,
            self.reference(key, options),
            origins,
        )

    def index_of(self, node: yaml.Node, key: str) -> tuple[str | None, tuple[Origin, ...]]:
        """Return the index of a package, or what it is under which marker."""
        where = f"{key}.index"
        if not isinstance(node, yaml.MappingNode):
            index = self.checked(node, where, check_index_name)
            if index is not None:
                self.named_indexes.append((where, node, index))
            return index, ()
        origins = []
        for key_node, name, value in self.entries(node, where):
            self.named_indexes.append((where, key_node, name))
            marker = self.checked(value, f"{where}.{name}", check_marker)
            origins += [] if marker is None else [Origin(marker, name)]
        return None, tuple(origins)

    def is_from_nixpkgs(self, key: str, options: Mapping[str, yaml.Node]) -> bool:
        """Return whether an entry with the key `from` is right; what is wrong with it is added."""
        node = options["from"]
        value = self.text(node, f"{key}.from")
        if value is None:
            return False
        if value != NIXPKGS:
            remedy = f"write `from: {NIXPKGS}`, or leave it out for a package of an index"
            self.fail(node, f"{key}.from", f'"{value}" is no place that packages come from', remedy)
            return False
        others = [name for name in FILE_KEYS if name in options]
        if others:
            problem = f"`from` and `{others[0]}` stand together"
            self.fail(options[others[0]], key, problem, "keep one of them")
        return not others

    def build_requires(self, node: yaml.Node, key: str) -> tuple[str, ...]:
        """Return further build requirements: of a list, or of a mapping as that of packages."""
        return self.plain_requirements(node, f"{key}.build-requires")

    def plain_requirements(self, node: yaml.Node, owner: str) -> tuple[str, ...]:
        """Return requirements (PEP 508), sorted: of a list, or of a mapping with PLAIN_KEYS."""
        if not isinstance(node, yaml.MappingNode):
            return tuple(sorted(self.checked_all(node, owner, check_requirement)))
        found = []
        for key_node, name, value in self.entries(node, owner):
            if isinstance(value, yaml.MappingNode):
                self.only_plain(value, f"{owner}.{name}")
            requirement = self.requirement(key_node, name, value)
            found += [] if requirement is None else [str(requirement)]
        return tuple(sorted(found))

    def only_plain(self, mapping: yaml.MappingNode, owner: str) -> None:
        """Add an error for each known key that has no meaning here."""
        for key, value in pairs(mapping):
            if key in REQUIREMENT_KEYS and key not in PLAIN_KEYS:
                remedy = f"name that below `{owner.rpartition('.')[2]}` itself"
                self.fail(value, owner, f"`{key}` has no meaning here", remedy)

    def reference(self, key: str, options: Mapping[str, yaml.Node]) -> Reference | None:
        """Return the direct reference of a package; None for a package of an index."""
        given = [name for name in ("url", "git", "path", "index", "version") if name in options]
        if given and given[0] in REFERENCES and len(given) > 1:
            names = " and ".join(f"`{name}`" for name in given)
            problem = f"{names} stand together"
            self.fail(options[given[1]], key, problem, "keep one of them")
            return None
        below = None
        if "subdirectory" in options:
            where = f"{key}.subdirectory"
            below = self.checked(options["subdirectory"], where, check_subdirectory)
            if "git" not in options and "url" not in options:
                remedy = "add the repository or the archive"
                self.fail(options["subdirectory"], key, "`subdirectory` stands alone", remedy)
        if "rev" in options and "git" not in options:
            self.fail(options["rev"], key, "`rev` stands without `git`", "add the repository")
        if "url" in options:
            return self.checked(options["url"], f"{key}.url", partial(file_url, subdirectory=below))
        if "git" in options:
            git = self.checked(options["git"], f"{key}.git", check_git_address)
            rev = None
            if "rev" in options:
                rev = self.checked(options["rev"], f"{key}.rev", check_revision)
            return None if git is None else Git(git, rev, below)
        if "path" in options:
            return self.checked(options["path"], f"{key}.path", self.local)
        return None

    def local(self, text: str) -> Local:
        """Return the reference to a project or a file, relative to the requirements' file."""
        return Local(check_path(Path(self.problems.file).parent, text), text)

    def options(self, owner: str, mapping: yaml.MappingNode) -> dict[str, yaml.Node]:
        """Return the values of a package's keys."""
        values = {}
        for key_node, key, value in self.entries(mapping, owner):
            if key in REQUIREMENT_KEYS:
                values[key] = value
            else:
                self.unknown_key(key_node, f"{owner}.{key}", REQUIREMENT_KEYS)
        return values
