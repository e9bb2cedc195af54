"""sources.yaml as data (docs/sources-yaml.md): what the lock app writes and Nix reads."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lock.errors import UnsatisfiableError, UsageError
from lock.lockfile import changes
from lock.lockfile.canonical import Value
from lock.models.nix_base32 import from_hex
from lock.models.packages import Edge, File, Installation, Resolution, why_left_out
from lock.models.target import Target
from lock.selection.files import file_of, why_none

FORMAT = 1


class NoFileError(UnsatisfiableError):
    """Some packages have no file for some systems."""

    def __init__(
        self, text: str, missing: Mapping[tuple[str, str, str], Sequence[str]] | None = None
    ) -> None:
        super().__init__(text)
        # Name, version, reason → names of the systems.
        self.missing = missing or {}


@dataclass(frozen=True)
class Pin:
    """A package of a build's environment, with its file."""

    name: str
    version: str
    file: File


@dataclass(frozen=True)
class Build:
    """How a source distribution is built."""

    name: str
    version: str
    # PEP 508, sorted.
    requires: Sequence[str]
    # System that builds it → the exact environment of the build there.
    environments: Mapping[str, Sequence[Pin]]


@dataclass(frozen=True, order=True)
class Need:
    """What a package needs on a system: another one, with some of that one's extras."""

    name: str
    # Sorted, as those below.
    extras: tuple[str, ...]
    # Those of the package's own extras that need it; none when it is always needed.
    of_extras: tuple[str, ...]


@dataclass(frozen=True)
class Sources:
    """A lock: what each system installs, and the file of each package."""

    resolution: Resolution
    # One a system, sorted by the system's name, all for the same Python.
    installations: Sequence[Installation]
    # System, name of the package → its file there.
    files: Mapping[tuple[str, str], File]
    # Group → what it asks for: names with extras (PEP 508), sorted.
    groups: Mapping[str, Sequence[str]]
    # What it was made from (lock.lockfile.requested).
    requested: Mapping[str, Value] = field(default_factory=dict)
    # Of each source distribution among the files, and among those of other builds.
    builds: Sequence[Build] = ()
    # What the user should know, though it doesn't end the run.
    notes: Sequence[str] = ()

    @property
    def systems(self) -> list[str]:
        return [installation.target.system.name for installation in self.installations]

    @property
    def versions(self) -> changes.Versions:
        """Name → its versions, oldest first."""
        return changes.versions(
            (package.name, package.version)
            for installation in self.installations
            for package in installation.packages.values()
        )

    def data(self, folder: Path = Path()) -> Mapping[str, Value]:
        """The document, with its keys in their canonical order, as it stands in a folder."""
        document: dict[str, Value] = {
            **head([one.target for one in self.installations], self.groups, self.requested),
            "closure": self._closure(),
            "packages": self._packages(),
            "left-out": self._left_out(),
            "builds": self._builds(),
            "links": _links(self._served(), self.systems, folder),
            "build-links": _links(self._served_to_builds(), self.systems, folder),
        }
        return {key: value for key, value in document.items() if value not in ([], {})}

    def summary(self) -> str:
        """What the lock holds, in a line."""
        packages = {
            (package.name, package.version)
            for installation in self.installations
            for package in installation.packages.values()
        }
        files = set(self.files.values())
        python = self.installations[0].target.python
        return (
            f"{count(len(packages), 'package')} and {count(len(files), 'file')} "
            f"for {count(len(self.installations), 'system')}, Python {python}"
        )

    def _closure(self) -> dict[str, Value]:
        closure: dict[str, str] = {}
        for installation in self.installations:
            for name, package in installation.packages.items():
                closure.setdefault(name, package.version)
        return dict(sorted(closure.items()))

    def _packages(self) -> list[Value]:
        owners: defaultdict[tuple[str, str], list[Installation]] = defaultdict(list)
        for installation in self.installations:
            for package in installation.packages.values():
                owners[package.name, package.version].append(installation)
        items: list[Value] = []
        for (name, version), installations in sorted(owners.items()):
            item: dict[str, Value] = {"name": name, "version": version}
            item |= self._restriction(_names(installations))
            edges = self._edges(name, installations)
            items.append(item | ({"dependencies": edges} if edges else {}))
        return items

    def _edges(self, name: str, installations: Iterable[Installation]) -> list[Value]:
        systems: defaultdict[Need, list[str]] = defaultdict(list)
        for installation in installations:
            for need in needs(installation, name):
                systems[need].append(installation.target.system.name)
        return [
            {
                "name": need.name,
                **({"extras": need.extras} if need.extras else {}),
                **({"of-extras": need.of_extras} if need.of_extras else {}),
                **self._restriction(having),
            }
            for need, having in sorted(systems.items())
        ]

    def _left_out(self) -> list[Value]:
        systems: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        for package in self.resolution.packages:
            for installation in self.installations:
                if installation.packages.get(package.name) is not package:
                    reason = why_left_out(self.resolution, installation, package)
                    name = installation.target.system.name
                    systems[package.name, package.version, reason].append(name)
        return [
            {"name": name, "version": version} | self._restriction(absent) | {"reason": reason}
            for (name, version, reason), absent in sorted(systems.items())
        ]

    def _builds(self) -> list[Value]:
        items: list[Value] = []
        for build in sorted(self.builds, key=lambda build: (build.name, build.version)):
            item: dict[str, Value] = {"package": build.name, "version": build.version}
            item |= restriction(build.environments, self.systems)
            if build.requires:
                item["requires"] = build.requires
            having: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
            for system, pins in build.environments.items():
                for pin in pins:
                    having[pin.name, pin.version].append(system)
            if having:
                item["closure"] = [
                    {"name": name, "version": version} | restriction(systems, build.environments)
                    for (name, version), systems in sorted(having.items())
                ]
            items.append(item)
        return items

    def _served(self) -> dict[Pin, set[str]]:
        """Each file of the environment, with its systems."""
        served: defaultdict[Pin, set[str]] = defaultdict(set)
        for installation in self.installations:
            system = installation.target.system.name
            for package in installation.packages.values():
                file = self.files[system, package.name]
                served[Pin(package.name, package.version, file)].add(system)
        return served

    def _served_to_builds(self) -> dict[Pin, set[str]]:
        """Each file that only builds need, with the systems where only they do."""
        installed = self._served()
        served: defaultdict[Pin, set[str]] = defaultdict(set)
        for build in self.builds:
            for system, pins in build.environments.items():
                for pin in pins:
                    if system not in installed.get(pin, ()):
                        served[pin].add(system)
        return served

    def _restriction(self, having: Collection[str]) -> dict[str, Value]:
        return restriction(having, self.systems)


def restriction(having: Collection[str], systems: Collection[str]) -> dict[str, Value]:
    """The key `systems`, unless it would name all of them."""
    return {} if len(having) == len(systems) else {"systems": sorted(having)}


def _links(
    served: Mapping[Pin, Collection[str]], systems: Collection[str], folder: Path
) -> list[Value]:
    return [
        {"name": pin.file.name}
        | _place(pin.file, folder)
        | ({} if pin.file.size is None else {"size": pin.file.size})
        | {"package": pin.name, "version": pin.version}
        | restriction(having, systems)
        for pin, having in sorted(
            served.items(), key=lambda entry: (entry[0].file.name, entry[0].version)
        )
    ]


def _place(file: File, folder: Path) -> dict[str, Value]:
    """Where a file is fetched from; a path is seen from the folder of the lock."""
    if file.path is not None:
        return {"path": os.path.relpath(file.path, folder.absolute())}
    if file.commit is not None:
        return {"git": file.url, "rev": file.commit}
    return {"sha256": from_hex(file.sha256 or ""), "url": file.url}


def assemble(
    resolution: Resolution,
    installations: Sequence[Installation],
    groups: Mapping[str, Sequence[str]],
    requested: Mapping[str, Value] | None = None,
) -> Sources:
    """The lock of what the targets install.

    Raises UnsatisfiableError when a target has no file of a package, naming all such packages and
    systems; UsageError when the index gives no sha256 of a file.
    """
    ordered = sorted(installations, key=lambda installation: installation.target.system.name)
    return Sources(resolution, ordered, files_of(ordered), groups, requested or {})


def needs(installation: Installation, owner: str) -> list[Need]:
    """What a package needs on a target, each once, without itself.

    An extra that consists of others (`all = ["thing[fast,small]"]`) needs what they need.
    """
    own = [edge for edge in installation.edges[owner] if edge.name == owner]
    others = [edge for edge in installation.edges[owner] if edge.name != owner]
    implied = {extra: _implied(own, extra) for extra in installation.extras[owner]}
    in_any_case = _implied(own, None)
    always: dict[str, frozenset[str]] = {}
    for edge in others:
        if edge.of_extra in in_any_case:
            always[edge.name] = always.get(edge.name, frozenset()) | edge.extras
    of_extras: defaultdict[tuple[str, frozenset[str]], set[str]] = defaultdict(set)
    for edge in others:
        adds = edge.extras - always.get(edge.name, frozenset())
        if edge.of_extra not in in_any_case and (adds or edge.name not in always):
            of_extras[edge.name, adds] |= {
                extra for extra, having in implied.items() if edge.of_extra in having
            }
    return [
        *(Need(name, tuple(sorted(extras)), ()) for name, extras in always.items()),
        *(
            Need(name, tuple(sorted(extras)), tuple(sorted(owners)))
            for (name, extras), owners in of_extras.items()
        ),
    ]


def _implied(own: Collection[Edge], extra: str | None) -> set[str | None]:
    """An extra and those that it asks of its own package, directly or through others."""
    found: set[str | None] = set()
    waiting = {extra}
    while waiting:
        found.add(current := waiting.pop())
        for edge in own:
            if edge.of_extra == current:
                waiting |= edge.extras - found
    return found


def files_of(installations: Sequence[Installation]) -> dict[tuple[str, str], File]:
    """System, name of the package → its file there.

    Raises what `assemble` raises.
    """
    files: dict[tuple[str, str], File] = {}
    missing: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for installation in installations:
        target = installation.target
        for package in installation.packages.values():
            file = file_of(package, target)
            if file is None:
                problem = (package.name, package.version, why_none(package, target))
                missing[problem].append(target.system.name)
            else:
                files[target.system.name, package.name] = file
    if missing:
        failed = [system for systems in missing.values() for system in systems]
        lines = [*no_file(missing), *remedy(failed, _names(installations))]
        raise NoFileError("\n".join(lines), missing)
    _check_hashes(files.values())
    return files


def head(
    targets: Sequence[Target],
    groups: Mapping[str, Sequence[str]],
    requested: Mapping[str, Value],
) -> dict[str, Value]:
    """What stands in the document before its closure: all that is asked for."""
    document: dict[str, Value] = {
        "wheelhouse": FORMAT,
        "python": targets[0].python,
        "systems": {
            system.name: {system.floor_kind: system.floor_version}
            for system in (target.system for target in targets)
        },
        "groups": {group: sorted(names) for group, names in sorted(groups.items()) if names},
        "requested": requested,
    }
    return {key: value for key, value in document.items() if value}


def no_file(missing: Mapping[tuple[str, str, str], Sequence[str]]) -> list[str]:
    """Says, a line each, which packages (name, version, reason) have no file for which systems."""
    return [
        f"{name} {version} has no file for {', '.join(where)}" + (f": {reason}" if reason else "")
        for (name, version, reason), where in sorted(missing.items())
    ]


def remedy(failed: Sequence[str], systems: Sequence[str]) -> list[str]:
    """Says how to lock for the systems that didn't fail; nothing when all did."""
    rest = [f"--system {system}" for system in systems if system not in failed]
    return [f"To lock for the other systems only: {' '.join(rest)}"] if rest else []


def _names(installations: Iterable[Installation]) -> list[str]:
    return [installation.target.system.name for installation in installations]


def _check_hashes(files: Iterable[File]) -> None:
    without = sorted({file.url for file in files if file.sha256 is None and not file.is_folder})
    if without:
        raise UsageError(
            "the index gives no sha256 of these files, so they can't be pinned; "
            "use an index that does:\n  " + "\n  ".join(without)
        )


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
