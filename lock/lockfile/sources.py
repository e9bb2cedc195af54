"""The content of sources.yaml (docs/sources-yaml.md), as data."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lock.io.messages import count
from lock.lockfile import changes
from lock.lockfile.canonical import Value
from lock.lockfile.requested import groups, projects, requested
from lock.models.builds import Build, Pin
from lock.models.nix_base32 import from_hex
from lock.models.packages import File
from lock.models.requirements import Requirements
from lock.models.target import Target
from lock.selection.dependencies import LockedDependency, locked_dependencies
from lock.selection.installation import Installation, why_left_out
from lock.selection.select import Selection, system_names

FORMAT = 1


@dataclass(frozen=True)
class Sources:
    """A lock: what each system installs, and how it is built where it must be."""

    selection: Selection
    # What it was made from.
    requirements: Requirements
    # Of each source distribution among the files, and among those of other builds.
    builds: Sequence[Build] = ()
    # Remarks for the user that don't end the run.
    notes: Sequence[str] = ()

    @property
    def installations(self) -> Sequence[Installation]:
        """Return what each system installs."""
        return self.selection.installations

    @property
    def versions(self) -> changes.Versions:
        """Return, by name of a package other than a project, its versions, oldest first."""
        return changes.versions(
            (package.name, package.version)
            for installation in self.installations
            for package in installation.packages.values()
            if package.name not in self._projects
        )

    @cached_property
    def _projects(self) -> frozenset[str]:
        """Return the names of the user's projects."""
        return frozenset(project.name for project in self.requirements.projects)

    def summary(self) -> str:
        """Return in one line what the lock holds."""
        packages = {
            (package.name, package.version)
            for installation in self.installations
            for package in installation.packages.values()
        }
        own = {package for package in packages if package[0] in self._projects}
        files = {
            file for (_, name), file in self.selection.files.items() if name not in self._projects
        }
        python = self.installations[0].target.python
        projects = f"{count(len(own), 'project')}, " if own else ""
        return (
            f"{projects}{count(len(packages - own), 'package')} and {count(len(files), 'file')} "
            f"for {count(len(self.installations), 'system')}, Python {python}"
        )

    def document(self, folder: Path = Path()) -> Mapping[str, Value]:
        """Return the document, its keys in their canonical order, as it stands in a folder."""
        installed, systems = self._installed_pins(), self.selection.systems
        keys: dict[str, Value] = {
            **head([one.target for one in self.installations], self.requirements, folder),
            "closure": self._closure(),
            "packages": self._packages(),
            "left-out": self._left_out(),
            "builds": self._builds(),
            "links": _links(installed, systems, folder),
            "build-links": _links(self._build_pins(installed), systems, folder),
        }
        return {key: value for key, value in keys.items() if value not in ([], {})}

    def _closure(self) -> dict[str, Value]:
        closure: dict[str, str] = {}
        for installation in self.installations:
            for name, package in installation.packages.items():
                if name not in self._projects:
                    closure.setdefault(name, package.version)
        return dict(sorted(closure.items()))

    def _packages(self) -> list[Value]:
        installed_by: defaultdict[tuple[str, str], list[Installation]] = defaultdict(list)
        for installation in self.installations:
            for package in installation.packages.values():
                installed_by[package.name, package.version].append(installation)
        items: list[Value] = []
        for (name, version), installations in sorted(installed_by.items()):
            item: dict[str, Value] = {"name": name, "version": version}
            item |= self._only_on(system_names(installations))
            dependencies = self._dependencies(name, installations)
            items.append(item | ({"dependencies": dependencies} if dependencies else {}))
        return items

    def _dependencies(self, name: str, installations: Iterable[Installation]) -> list[Value]:
        systems: defaultdict[LockedDependency, list[str]] = defaultdict(list)
        for installation in installations:
            for dependency in locked_dependencies(installation, name):
                systems[dependency].append(installation.target.system.name)
        return [
            {
                "name": dependency.name,
                **({"extras": dependency.extras} if dependency.extras else {}),
                **({"of-extras": dependency.of_extras} if dependency.of_extras else {}),
                **self._only_on(names),
            }
            for dependency, names in sorted(systems.items())
        ]

    def _left_out(self) -> list[Value]:
        systems: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        resolution = self.selection.resolution
        for package in resolution.packages:
            for installation in self.installations:
                if installation.packages.get(package.name) is not package:
                    reason = why_left_out(resolution, installation, package)
                    name = installation.target.system.name
                    systems[package.name, package.version, reason].append(name)
        return [
            {"name": name, "version": version} | self._only_on(names) | {"reason": reason}
            for (name, version, reason), names in sorted(systems.items())
        ]

    def _builds(self) -> list[Value]:
        items: list[Value] = []
        for build in sorted(self.builds, key=lambda build: (build.name, build.version)):
            item: dict[str, Value] = {"package": build.name, "version": build.version}
            item |= only_on(build.environments, self.selection.systems)
            if build.requires:
                item["requires"] = build.requires
            systems: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
            for system, pins in build.environments.items():
                for pin in pins:
                    systems[pin.name, pin.version].append(system)
            if systems:
                item["closure"] = [
                    {"name": name, "version": version} | only_on(names, build.environments)
                    for (name, version), names in sorted(systems.items())
                ]
            items.append(item)
        return items

    def _installed_pins(self) -> dict[Pin, set[str]]:
        """Return, by installed package and file, the systems that install it."""
        systems: defaultdict[Pin, set[str]] = defaultdict(set)
        for installation in self.installations:
            system = installation.target.system.name
            for package in installation.packages.values():
                if package.name in self._projects:
                    continue
                file = self.selection.files[system, package.name]
                systems[Pin(package.name, package.version, file)].add(system)
        return systems

    def _build_pins(self, installed: Mapping[Pin, Collection[str]]) -> dict[Pin, set[str]]:
        """Return, by package and file, the systems where only builds need it."""
        systems: defaultdict[Pin, set[str]] = defaultdict(set)
        for build in self.builds:
            for system, pins in build.environments.items():
                for pin in pins:
                    if system not in installed.get(pin, ()):
                        systems[pin].add(system)
        return systems

    def _only_on(self, systems: Collection[str]) -> dict[str, Value]:
        return only_on(systems, self.selection.systems)


def sources_of(selection: Selection, requirements: Requirements) -> Sources:
    """Return the lock of a selection for some requirements, still without builds."""
    return Sources(selection, requirements)


def only_on(systems: Collection[str], every: Collection[str]) -> dict[str, Value]:
    """Return the key `systems`, unless it would name every system."""
    return {} if len(systems) == len(every) else {"systems": sorted(systems)}


def head(targets: Sequence[Target], requirements: Requirements, folder: Path) -> dict[str, Value]:
    """Return the keys before `closure`: all that the requirements decide.

    `folder` is that of the lock.
    """
    document: dict[str, Value] = {
        "wheelhouse": FORMAT,
        "python": targets[0].python,
        "systems": {
            system.name: {system.floor_kind: system.floor_version}
            for system in (target.system for target in targets)
        },
        "groups": {
            group: sorted(names) for group, names in sorted(groups(requirements).items()) if names
        },
        "requested": requested(requirements),
        "projects": projects(requirements, folder),
    }
    return {key: value for key, value in document.items() if value}


def _links(
    systems: Mapping[Pin, Collection[str]], every: Collection[str], folder: Path
) -> list[Value]:
    return [
        {"name": pin.file.name}
        | _location(pin.file, folder)
        | ({} if pin.file.size is None else {"size": pin.file.size})
        | {"package": pin.name, "version": pin.version}
        | only_on(names, every)
        for pin, names in sorted(
            systems.items(), key=lambda entry: (entry[0].file.name, entry[0].version)
        )
    ]


def _location(file: File, folder: Path) -> dict[str, Value]:
    """Return the keys that say where a file is; a path is relative to the lock's folder."""
    if file.path is not None:
        return {"path": os.path.relpath(file.path, folder.absolute())}
    below: dict[str, Value] = {"subdirectory": file.subdirectory} if file.subdirectory else {}
    if file.commit is not None:
        return {"git": file.url, "rev": file.commit} | below
    return {"sha256": from_hex(file.sha256 or ""), "url": file.url} | below
