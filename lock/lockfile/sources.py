"""The content of sources.yaml (docs/sources-yaml.md), as data."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lock.io.messages import count
from lock.lockfile import changes, licenses_section, native_section
from lock.lockfile.canonical import Value
from lock.lockfile.formats import FORMAT
from lock.lockfile.requested import groups, only_on, projects, requested
from lock.models.builds import Build, Pin
from lock.models.choices import NONE, SEPARATOR
from lock.models.needs import SystemNeeds
from lock.models.nix_base32 import from_hex
from lock.models.packages import File
from lock.models.requirements import Requirements
from lock.models.target import Target
from lock.selection.dependencies import LockedDependency, locked_dependencies
from lock.selection.installation import Installation, why_left_out
from lock.selection.select import Selection

# The value of `from` in an item of `packages`.
NIXPKGS = "nixpkgs"

# A system, and a choice among groups that exclude each other.
Place = tuple[str, str]


@dataclass(frozen=True)
class Sources:
    """A lock: what each system installs, and how it is built where it must be."""

    # Choice among groups that exclude each other → its selection; NONE alone where none do.
    selections: Mapping[str, Selection]
    # What it was made from.
    requirements: Requirements
    # Of each source distribution among the files, and among those of other builds.
    builds: Sequence[Build] = ()
    # By name and version of a package, what it needs of the system.
    needs: Mapping[tuple[str, str], SystemNeeds] = field(default_factory=dict)
    # By name and version of a package, its licence as the lock has it; empty if it isn't wanted.
    licenses: Mapping[tuple[str, str], str] = field(default_factory=dict)
    # Remarks for the user that don't end the run.
    notes: Sequence[str] = ()

    @cached_property
    def _places(self) -> Mapping[Place, Installation]:
        """Return what is installed by system and choice."""
        return {
            (installation.target.system.name, choice): installation
            for choice, selection in self.selections.items()
            for installation in selection.installations
        }

    @property
    def installations(self) -> Sequence[Installation]:
        """Return what each system installs, for each choice."""
        return [*self._places.values()]

    @property
    def targets(self) -> Sequence[Target]:
        """Return the targets, sorted by their systems."""
        return [one.target for one in self.selections[NONE].installations]

    @property
    def needs_builds(self) -> bool:
        """Return whether something must be built."""
        return any(
            file.needs_build for one in self.selections.values() for file in one.files.values()
        )

    @property
    def versions(self) -> changes.Versions:
        """Return, by name of a package other than a project, its versions, oldest first."""
        return changes.versions(
            (package.name, package.version)
            for installation in self.installations
            for package in installation.packages.values()
            if package.name not in self._projects and not package.from_nixpkgs
        )

    @cached_property
    def _projects(self) -> frozenset[str]:
        """Return the names of the user's projects."""
        return frozenset(project.name for project in self.requirements.projects)

    @cached_property
    def from_nixpkgs(self) -> Sequence[str]:
        """Return the names of the packages that come from nixpkgs, sorted."""
        installed = {
            package.name
            for installation in self.installations
            for package in installation.packages.values()
            if package.from_nixpkgs
        }
        return sorted(installed)

    def summary(self) -> str:
        """Return in one line what the lock holds."""
        packages = {
            (package.name, package.version)
            for installation in self.installations
            for package in installation.packages.values()
        }
        own = {package for package in packages if package[0] in self._projects}
        given = {package for package in packages if package[0] in self.from_nixpkgs}
        files = {
            file
            for selection in self.selections.values()
            for (_, name), file in selection.files.items()
            if name not in self._projects
        }
        python = self.targets[0].python
        projects = f"{count(len(own), 'project')}, " if own else ""
        from_nixpkgs = f", {count(len(given), 'package')} from nixpkgs" if given else ""
        return (
            f"{projects}{count(len(packages - own - given), 'package')} and "
            f"{count(len(files), 'file')}{from_nixpkgs} for "
            f"{count(len(self.targets), 'system')}, Python {python}"
        )

    def document(self, folder: Path = Path()) -> Mapping[str, Value]:
        """Return the document, its keys in their canonical order, as it stands in a folder."""
        installed = self._installed_pins()
        keys: dict[str, Value] = {
            **head(self.targets, self.requirements, folder),
            "closure": self._closure(),
            "packages": self._packages(),
            "left-out": self._left_out(),
            "builds": self._builds(),
            "native": native_section.render(self.needs),
            "licenses": licenses_section.render(self.licenses),
            "links": self._links(installed, folder),
            "build-links": self._links(self._build_pins(installed), folder),
        }
        return {key: value for key, value in keys.items() if value not in ([], {})}

    def _closure(self) -> dict[str, Value]:
        closure: dict[str, str] = {}
        for installation in self.installations:
            for name, package in installation.packages.items():
                if name not in self._projects and not package.from_nixpkgs:
                    closure.setdefault(name, package.version)
        return dict(sorted(closure.items()))

    def _packages(self) -> list[Value]:
        installed_by: defaultdict[tuple[str, str], set[Place]] = defaultdict(set)
        for place, installation in self._places.items():
            for package in installation.packages.values():
                installed_by[package.name, package.version].add(place)
        items: list[Value] = []
        for (name, version), everywhere in sorted(installed_by.items()):
            for places in self._regions(everywhere):
                item = {"name": name, "version": version} | self._only_at(places)
                if name in self.from_nixpkgs:
                    item |= self._of_nixpkgs(name, places)
                dependencies = self._dependencies(name, places)
                items.append(item | ({"dependencies": dependencies} if dependencies else {}))
        return items

    def _of_nixpkgs(self, name: str, places: Iterable[Place]) -> dict[str, Value]:
        """Return the keys of a package that comes from nixpkgs: `from`, and `required` if any."""
        having: defaultdict[tuple[str, str], set[Place]] = defaultdict(set)
        for place in places:
            installation = self._places[place]
            asked = [
                (one.by, one.specifier)
                for one in installation.ranges.get(name, ())
                # The ranges of another package say nothing of what stands in its place.
                if not one.asked
            ]
            asked += [("", text) for text in self._constraints(name, installation.target)]
            for by, specifier in asked:
                having[by, specifier].add(place)
        required: list[Value] = [
            ({"by": by} if by else {}) | {"specifier": specifier} | self._only_at(region)
            for (by, specifier), everywhere in sorted(having.items())
            for region in self._regions(everywhere)
        ]
        keys: dict[str, Value] = {"from": NIXPKGS}
        return keys | ({"required": required} if required else {})

    def _constraints(self, name: str, target: Target) -> list[str]:
        """Return the specifiers of the constraints on a package that hold on a target."""
        return [
            str(one.specifier)
            for one in map(Requirement, self.requirements.constraints)
            if canonicalize_name(one.name) == name
            and one.specifier
            and target.satisfies(str(one.marker) if one.marker else None)
        ]

    def _dependencies(self, name: str, places: Iterable[Place]) -> list[Value]:
        having: defaultdict[LockedDependency, set[Place]] = defaultdict(set)
        for place in places:
            for dependency in locked_dependencies(self._places[place], name):
                having[dependency].add(place)
        return [
            {
                "name": dependency.name,
                **({"extras": dependency.extras} if dependency.extras else {}),
                **({"of-extras": dependency.of_extras} if dependency.of_extras else {}),
                **self._only_at(region),
            }
            for dependency, everywhere in sorted(having.items())
            for region in self._regions(everywhere)
        ]

    def _left_out(self) -> list[Value]:
        """Return what a system installs under no choice, with the reasons."""
        reasons: dict[tuple[str, str, str], str] = {}
        installed: set[tuple[str, str, str]] = set()
        for selection in self.selections.values():
            for package in selection.resolution.packages:
                for installation in selection.installations:
                    system = installation.target.system.name
                    key = package.name, package.version, system
                    if installation.packages.get(package.name) is package:
                        installed.add(key)
                    elif key not in reasons:
                        reasons[key] = why_left_out(selection.resolution, installation, package)
        systems: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        for (name, version, system), reason in reasons.items():
            if (name, version, system) not in installed:
                systems[name, version, reason].append(system)
        return [
            {"name": name, "version": version} | self._only_on(names) | {"reason": reason}
            for (name, version, reason), names in sorted(systems.items())
        ]

    def _builds(self) -> list[Value]:
        items: list[Value] = []
        for build in sorted(self.builds, key=lambda build: (build.name, build.version)):
            item: dict[str, Value] = {"package": build.name, "version": build.version}
            item |= self._only_on(build.environments)
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

    def _installed_pins(self) -> dict[Pin, set[Place]]:
        """Return, by installed package and file, the places that install it."""
        places: defaultdict[Pin, set[Place]] = defaultdict(set)
        for (system, choice), installation in self._places.items():
            for package in installation.packages.values():
                if package.name not in self._projects and not package.from_nixpkgs:
                    file = self.selections[choice].files[system, package.name]
                    places[Pin(package.name, package.version, file)].add((system, choice))
        return places

    def _build_pins(self, installed: Mapping[Pin, Collection[Place]]) -> dict[Pin, set[Place]]:
        """Return, by package and file, the places where only builds need it."""
        places: defaultdict[Pin, set[Place]] = defaultdict(set)
        for build in self.builds:
            for system, pins in build.environments.items():
                for pin in pins:
                    everywhere = {(system, choice) for choice in self.selections}
                    places[pin] |= everywhere.difference(installed.get(pin, ()))
        return {pin: found for pin, found in places.items() if found}

    def _links(self, pins: Mapping[Pin, Collection[Place]], folder: Path) -> list[Value]:
        return [
            {"name": pin.file.name}
            | _location(pin.file, folder)
            | ({} if pin.file.size is None else {"size": pin.file.size})
            | {"package": pin.name, "version": pin.version}
            | self._only_at(places)
            for pin, everywhere in sorted(
                pins.items(), key=lambda entry: (entry[0].file.name, entry[0].version)
            )
            for places in self._regions(everywhere)
        ]

    def _regions(self, places: Collection[Place]) -> list[list[Place]]:
        """Split places into parts of which each is some systems under some choices."""
        systems: defaultdict[str, set[str]] = defaultdict(set)
        for system, choice in places:
            systems[choice].add(system)
        regions: defaultdict[tuple[str, ...], list[Place]] = defaultdict(list)
        for choice, names in sorted(systems.items()):
            regions[tuple(sorted(names))] += [(system, choice) for system in sorted(names)]
        return [regions[names] for names in sorted(regions)]

    def _only_at(self, region: Collection[Place]) -> dict[str, Value]:
        """Return the keys `systems` and `choices` of a region, unless they would name all."""
        choices = {choice for _, choice in region}
        keys = self._only_on({system for system, _ in region})
        if len(choices) == len(self.selections):
            return keys
        return keys | {"choices": sorted(choices)}

    def _only_on(self, systems: Collection[str]) -> dict[str, Value]:
        return only_on(systems, self.targets)


def head(targets: Sequence[Target], requirements: Requirements, folder: Path) -> dict[str, Value]:
    """Return the keys before `closure`: all that the requirements decide.

    `folder` is that of the lock.
    """
    named, ruled_out = groups(requirements, targets)
    document: dict[str, Value] = {
        "wheelhouse": FORMAT,
        "python": targets[0].python,
        "systems": {
            system.name: {system.floor_kind: system.floor_version}
            for system in (target.system for target in targets)
        },
        "groups": {group: names for group, names in sorted(named.items()) if names},
        "ruled-out": ruled_out,
        "conflicts": [SEPARATOR.join(conflict) for conflict in sorted(requirements.conflicts)],
        "requested": requested(requirements),
        "projects": projects(requirements, folder),
    }
    return {key: value for key, value in document.items() if value}


def _location(file: File, folder: Path) -> dict[str, Value]:
    """Return the keys that say where a file is; a path is relative to the lock's folder."""
    if file.path is not None:
        return {"path": os.path.relpath(file.path, folder.absolute())}
    below: dict[str, Value] = {"subdirectory": file.subdirectory} if file.subdirectory else {}
    if file.commit is not None:
        return {"git": file.url, "rev": file.commit} | below
    return {"sha256": from_hex(file.sha256 or ""), "url": file.url} | below
