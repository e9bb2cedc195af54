"""Reads requirements.yaml; every value is checked before anything is resolved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import yaml
from packaging import requirements as pep508
from packaging.utils import canonicalize_name

from lock.inputs.documents.yaml_nodes import is_null, pairs
from lock.inputs.values import index_places
from lock.inputs.values.checks import (
    check_address,
    check_group,
    check_index_name,
    check_name,
    check_time,
)
from lock.inputs.values.clashes import clashes
from lock.inputs.yaml.yaml_requirements import Entries
from lock.models.choices import Conflict
from lock.models.pythons import check_python
from lock.models.requirements import Index, Requirement, Requirements, Settings
from lock.models.target import FLOORS, check_floor, check_system

# The keys of the long form, with their meanings.
OPTIONS: Mapping[str, str] = {
    "conflicts": "lists of groups of which an environment may have one",
    "constraints": "versions that a package must have if something asks for it",
    "exclude": "a list of packages that nothing installs, whoever requires them",
    "exclude-newer": "a date: what was uploaded later is not seen",
    "glibc": "the oldest glibc that files for Linux must run on, such as 2.28",
    "groups": "further groups, each with names and specifiers as `requirements`",
    "indexes": "names of package indexes with their addresses, or with paths of folders",
    "macos": "the oldest macOS that files must run on, such as 12.0",
    "musl": "the oldest musl that files must run on, such as 1.2",
    "overrides": "requirements that stand in place of all others of the same package",
    "python": "the version of Python, such as 3.11",
    "replace": "names of packages, each with the one that whoever requires it gets instead",
    "requirements": "names of packages with their version specifiers",
    "systems": "a list of Nix systems",
}
INDEX_KEYS: Mapping[str, str] = {
    "default": "`true` if it stands in place of the usual one",
    "explicit": "`true` if only packages that name it by `index` come from it",
    "url": "its address, or the path of a folder",
}


def parse(text: str, file: str) -> Requirements:
    """Return the requirements in a text; `file` is named in errors.

    Raises UsageError with a line for each error: `FILE:LINE: key: what is wrong; what to do`.
    """
    reader = _Reader(file)
    requirements = reader.document(reader.compose(text))
    reader.problems.raise_if_any()
    return requirements


class _Reader(Entries):
    """Reads the keys of a document."""

    def document(self, root: yaml.Node | None) -> Requirements:
        example = 'write lines such as `Django: ">3.2"`'
        if root is None or is_null(root):
            self.problems.add(1, None, "the file is empty", example)
        elif not isinstance(root, yaml.MappingNode):
            self.fail(root, None, "the file is not a mapping of names to specifiers", example)
        elif _is_full_form(root):
            return self.full_form(root)
        else:
            return self.plain_form(root)
        return Requirements(None, None, ())

    def plain_form(self, root: yaml.MappingNode) -> Requirements:
        packages = []
        python = None
        for key_node, key, value in self.entries(root, None):
            if key == "python":
                python = self.checked(value, "python", check_python)
            elif key in OPTIONS and not isinstance(value, yaml.ScalarNode):
                self.fail(
                    key_node,
                    key,
                    "options stand beside `requirements:`",
                    "put the packages in a mapping below a `requirements:` key",
                )
            else:
                packages.append((key_node, key, value))
        found = self.packages(root, packages)
        self.check_named_indexes(())
        return Requirements(python, None, found, from_nixpkgs=tuple(sorted(self.from_nixpkgs)))

    def full_form(self, root: yaml.MappingNode) -> Requirements:
        values = {}
        for key_node, key, value in self.entries(root, None):
            if key in OPTIONS:
                values[key] = value
            else:
                self.unknown_key(key_node, key, OPTIONS, "packages stand below `requirements:`")
        listed = values.get("requirements", root)
        entries = (
            self.entries(listed, "requirements")
            if isinstance(listed, yaml.MappingNode) and listed is not root
            else ()
        )
        python, systems, exclude_newer = (
            values.get(key) for key in ("python", "systems", "exclude-newer")
        )
        groups = self.groups(values["groups"]) if "groups" in values else {}
        indexes = self.indexes(values["indexes"]) if "indexes" in values else ()
        # Both hold for what other files ask for, too.
        alone = not (values.keys() & {"exclude", "replace"})
        packages = self.packages(listed, list(entries), required=alone and not groups)
        self.check_named_indexes(indexes)
        excluded = self.excluded(values["exclude"], packages, groups) if "exclude" in values else {}
        constraints, overrides = (self.plain(key, values) for key in ("constraints", "overrides"))
        self.refuse_overrides(overrides, excluded)
        replaced = self.replaced(values["replace"]) if "replace" in values else {}
        found = Requirements(
            None if python is None else self.checked(python, "python", check_python),
            None if systems is None else self.systems(systems),
            packages,
            groups,
            indexes,
            constraints,
            overrides,
            None
            if exclude_newer is None
            else self.checked(exclude_newer, "exclude-newer", check_time),
            floors=self.floors(values),
            settings=Settings(excluded=tuple(sorted(excluded))),
            conflicts=self.conflicts(values["conflicts"], groups) if "conflicts" in values else (),
            from_nixpkgs=tuple(sorted(self.from_nixpkgs)),
            replaced={name: other for name, (_, other) in sorted(replaced.items())},
        )
        nodes = {
            **self.from_nixpkgs,
            **excluded,
            **{name: node for name, (node, _) in replaced.items()},
        }
        for clash in clashes(found):
            self.fail(nodes[clash.name], clash.key, clash.problem, clash.remedy)
        return found

    def excluded(
        self,
        node: yaml.Node,
        packages: Sequence[Requirement],
        groups: Mapping[str, Sequence[Requirement]],
    ) -> dict[str, yaml.Node]:
        """Return the nodes of the packages that nothing installs, by their normalized names."""
        required = {one.name for listed in (packages, *groups.values()) for one in listed}
        found: dict[str, yaml.Node] = {}
        if isinstance(node, yaml.MappingNode):
            self.fail(
                node,
                "exclude",
                "a list of packages is expected here",
                "write one such as `[opencv-python]`",
            )
            return found
        for item, text in self.texts(node, "exclude"):
            name = self.attempt(item, "exclude", check_name, text)
            if name is None:
                continue
            found[name] = item
            if name in required:
                problem = f"`{text}` is required here, too"
                self.fail(item, "exclude", problem, "keep one of them")
        return found

    def refuse_overrides(self, overrides: Sequence[str], excluded: Mapping[str, yaml.Node]) -> None:
        """Add an error for each excluded package that an override is about."""
        overridden = {canonicalize_name(pep508.Requirement(one).name) for one in overrides}
        for name in sorted(overridden & {*excluded}):
            problem = f"`overrides` has a version of `{name}`, which nothing installs"
            self.fail(excluded[name], "exclude", problem, "keep one of them")

    def replaced(self, node: yaml.Node) -> dict[str, tuple[yaml.Node, str]]:
        """Return, by project name, its node and the name of what stands in its place."""
        found: dict[str, tuple[yaml.Node, str]] = {}
        mapping = self.mapping(node, "replace", "`{psycopg2: psycopg2-binary}`")
        for key_node, key, value in self.entries(mapping, "replace") if mapping else ():
            if not isinstance(value, yaml.ScalarNode):
                problem = "the name of one package is expected here"
                self.fail(value, f"replace.{key}", problem, "write it without brackets")
                continue
            name = self.attempt(key_node, "replace", check_name, key)
            other = self.checked(value, f"replace.{key}", check_name)
            if name is None or other is None:
                continue
            if name in found:
                self.fail(key_node, f"replace.{key}", "the same package stands twice", "keep one")
            found[name] = key_node, other
        return found

    def conflicts(self, node: yaml.Node, groups: Collection[str]) -> tuple[Conflict, ...]:
        """Return the lists of groups that exclude each other."""
        if not isinstance(node, yaml.SequenceNode):
            self.fail(node, "conflicts", "a list is expected here", "write one: `[[cpu, gpu]]`")
            return ()
        found = []
        for item in node.value:
            names = self.checked_all(item, "conflicts", check_group)
            for name in sorted({*names} - {*groups}):
                remedy = f"name one of {', '.join(groups)}" if groups else "add it to `groups:`"
                self.fail(item, "conflicts", f"there is no group `{name}`", remedy)
            if isinstance(item, yaml.SequenceNode) and len({*names}) < 2:
                self.fail(item, "conflicts", "one group excludes no other", "name at least two")
            found.append(tuple(sorted({*names})))
        return tuple(found)

    def floors(self, values: Mapping[str, yaml.Node]) -> dict[str, str]:
        found = {
            kind: self.checked(values[kind], kind, partial(check_floor, kind))
            for kind in FLOORS
            if kind in values
        }
        return {kind: floor for kind, floor in found.items() if floor is not None}

    def systems(self, node: yaml.Node) -> tuple[str, ...]:
        return tuple(sorted({*self.checked_all(node, "systems", check_system)}))

    def plain(self, key: str, values: Mapping[str, yaml.Node]) -> tuple[str, ...]:
        """Return the constraints or the overrides."""
        if key not in values:
            return ()
        return self.plain_requirements(values[key], key)

    def mapping(self, node: yaml.Node, key: str, example: str) -> yaml.MappingNode | None:
        """Return a node that must be a mapping; None if it is none, which is added."""
        if isinstance(node, yaml.MappingNode):
            return node
        self.fail(node, key, "a mapping is expected here", f"write one such as {example}")
        return None

    def groups(self, node: yaml.Node) -> dict[str, tuple[Requirement, ...]]:
        found: dict[str, tuple[Requirement, ...]] = {}
        mapping = self.mapping(node, "groups", "`dev: {pytest: '*'}`")
        for key_node, key, value in self.entries(mapping, "groups") if mapping else ():
            where = f"groups.{key}"
            name = self.attempt(key_node, where, check_group, key)
            listed = self.mapping(value, where, "`{pytest: '*'}`")
            if name is None or listed is None:
                continue
            if name in found:
                self.fail(key_node, where, "the same group stands twice", "keep one of them")
            found[name] = self.packages(listed, list(self.entries(listed, where)), where)
        return found

    def indexes(self, node: yaml.Node) -> tuple[Index, ...]:
        found = []
        mapping = self.mapping(node, "indexes", "`name: https://…/simple/`")
        for key_node, key, value in self.entries(mapping, "indexes") if mapping else ():
            where = f"indexes.{key}"
            name = self.attempt(key_node, where, check_index_name, key)
            index = self.index(where, value)
            if name is not None and index is not None:
                found.append(replace(index, name=name))
        defaults = [index.name for index in found if index.default]
        if len(defaults) > 1:
            names = " and ".join(defaults)
            self.fail(node, "indexes", f"{names} are both `default`", "let one of them be it")
        return tuple(found)

    def index(self, where: str, node: yaml.Node) -> Index | None:
        """Return an index, still without its name."""
        if not isinstance(node, yaml.MappingNode):
            return self.checked(node, where, self.place)
        values = {}
        for key_node, key, value in self.entries(node, where):
            if key in INDEX_KEYS:
                values[key] = value
            else:
                self.unknown_key(key_node, f"{where}.{key}", INDEX_KEYS)
        if "url" not in values:
            self.fail(node, where, "the index has no address", "add its `url`")
            return None
        index = self.checked(values["url"], f"{where}.url", self.place)
        explicit, default = (
            key in values and self.truth(values[key], f"{where}.{key}")
            for key in ("explicit", "default")
        )
        return None if index is None else replace(index, explicit=explicit, default=default)

    def place(self, text: str) -> Index:
        """Return an index at an address or a path, still without its name."""
        if not index_places.is_path(text):
            url = check_address(text)
            return Index("", url, flat=index_places.is_flat(url))
        url = index_places.check_place([Path(self.problems.file).parent], text)
        return Index("", url, flat=index_places.is_flat(url), written=text)

    def check_named_indexes(self, indexes: Sequence[Index]) -> None:
        """Add an error for each package that names an unknown index."""
        names = {index.name for index in indexes}
        for where, node, name in self.named_indexes:
            if name not in names:
                known = f"known are {', '.join(sorted(names))}" if names else "there are none"
                remedy = f"add it to `indexes:`; {known}"
                self.fail(node, where, f"there is no index `{name}`", remedy)


def _is_full_form(root: yaml.MappingNode) -> bool:
    """Return whether the keys are options, and not names of packages."""
    if any(key == "requirements" and _holds_packages(node) for key, node in pairs(root)):
        return True
    listed = [*pairs(root)]
    return all(key in OPTIONS for key, _ in listed) and any(
        key in ("exclude", "replace") and not isinstance(node, yaml.ScalarNode)
        for key, node in listed
    )


def _holds_packages(node: yaml.Node) -> bool:
    """Return whether the value of `requirements` makes it a key, and not a project name."""
    return isinstance(node, yaml.MappingNode) or is_null(node)
