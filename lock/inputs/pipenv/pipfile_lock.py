"""Reads Pipfile.lock; its versions and the hashes of its files are kept. It has no URLs.

Source: Pipenv's own writer of the format ("plette", "pipenv.utils.locking"), specification 6.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli

from lock.errors import UnsatisfiableError, UsageError
from lock.inputs import read_text
from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import Table
from lock.inputs.locks.locked_requirements import requirements_of, sha256_in, with_absolute_paths
from lock.inputs.pipenv import pipenv_sources as pipenv
from lock.inputs.project import projects
from lock.inputs.values.checks import check_extra, split_address
from lock.inputs.values.partial_markers import FALSE
from lock.io.credentials import strip_credentials
from lock.models.filenames import filename_in_url, version_in
from lock.models.packages import Dependency, File, Package, Resolution, project_folder
from lock.models.pythons import minors, of_minor
from lock.models.requirements import Locked, Requirements
from lock.models.target import SYSTEMS, Target

# What edits such a file.
EDITED_BY = "with `pipenv install`"

SPECIFICATION = 6
REPOSITORIES = ("git", "hg", "svn", "bzr")
# The tables of a Pipfile that are no category of packages.
OTHER_TABLES = ("source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv")
# Categories that Pipenv's hash knows by other names.
RENAMED = ("default", "develop")


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock: the packages of its categories, which become groups.

    It has no dependencies, so every package is required. Raises UsageError for a file that Pipenv
    didn't write and for what can't be kept; UnsatisfiableError where the Pipfile beside it has
    changed since.
    """
    problems = Problems(file)
    data = _load(text, file)
    meta = Table(data, "", problems).table("_meta")
    _check_format(meta.data.get("pipfile-spec"), file)
    folder = Path(file).absolute().parent
    _check_fresh(meta, folder, file)
    sources = pipenv.sources(meta.tables("sources"))
    python = pipenv.python_of(meta.table("requires"))
    reader = _Reader(folder, problems)
    for category, entries in data.items():
        if category != "_meta":
            reader.category(category, entries)
    problems.raise_if_any()
    packages = tuple(with_absolute_paths(package, folder) for package in reader.packages.values())
    edges = tuple(edge for listed in reader.groups.values() for edge in listed)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return requirements_of(
        reader.groups,
        Locked(Resolution(edges, packages), digest, _environments(reader.unresolved)),
        python=python,
        requires_python=None if python is None else f"=={python}.*",
        indexes=sources.indexes,
        index_of={
            name: index
            for name, named in reader.index_of.items()
            if (index := sources.index_of(named)) is not None
        },
        notes=tuple(
            f"{file}: _meta.sources: {name}: `verify_ssl` has no effect; name the certificate of "
            "its authority in SSL_CERT_FILE"
            for name in sources.unverified
        ),
    )


def _load(text: str, file: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or not all(isinstance(one, dict) for one in data.values()):
        raise UsageError(f"{file}: this is not what Pipenv writes; run `pipenv lock`")
    return data


def _check_format(specification: object, file: str) -> None:
    if isinstance(specification, int) and specification > SPECIFICATION:
        raise UsageError(
            f"{file}: _meta.pipfile-spec: format {specification} is newer than what is known "
            f"here, {SPECIFICATION}; take a newer wheelhouse, or an older Pipenv"
        )
    if specification != SPECIFICATION:
        raise UsageError(f"{file}: this is not what Pipenv writes; run `pipenv lock`")


def _check_fresh(meta: Table, folder: Path, file: str) -> None:
    """Raise UnsatisfiableError where a lock isn't that of the Pipfile beside it."""
    pipfile = folder / "Pipfile"
    if not pipfile.is_file():
        return
    try:
        data = tomli.loads(read_text(pipfile))
    except (tomli.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{pipfile}: this is not TOML ({error}); mend it") from None
    hashed = {
        "_meta": {
            # Those that Pipenv takes where a Pipfile has none stand in the lock.
            "sources": data.get("source", meta.data.get("sources")),
            "requires": data.get("requires", {}),
        },
        "default": data.get("packages", {}),
        "develop": data.get("dev-packages", {}),
    }
    hashed |= {key: data[key] for key in data if key not in (*OTHER_TABLES, *RENAMED)}
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"), default=str)
    if hashlib.sha256(text.encode()).hexdigest() != meta.table("hash").text("sha256"):
        raise UnsatisfiableError(
            f"{file}: it is stale, since the Pipfile has changed; run `pipenv lock`"
        )


class _Reader:
    """Reads the categories; what can't be kept is added to the problems."""

    def __init__(self, folder: Path, problems: Problems) -> None:
        self.folder = folder
        self.problems = problems
        self.groups: dict[str, list[Dependency]] = {}
        # Normalized name → the package.
        self.packages: dict[str, Package] = {}
        # Name → the category that has it first.
        self.category_of: dict[str, str] = {}
        # Name → the source that it names.
        self.index_of: dict[str, str] = {}
        # The markers of what Pipenv didn't resolve, since its own system doesn't need it.
        self.unresolved: list[str] = []

    def category(self, category: str, entries: Mapping[str, Any]) -> None:
        """Read a category's packages."""
        group = self.problems.attempt(None, category, pipenv.group_of, category)
        for key, entry in entries.items():
            where = f"{category}.{key}"
            if not isinstance(entry, dict):
                self.problems.add(None, where, "this is no package", "run `pipenv lock`")
                continue
            package = self.package(where, pipenv.normal(key), entry)
            marker = self.marker(where, entry)
            if package is None or group is None:
                continue
            if package.version == "*":
                self.leave_out(where, marker)
                continue
            self.add(category, package)
            named = (
                self.problems.attempt(None, where, check_extra, extra)
                for extra in _texts(entry.get("extras"))
            )
            extras = frozenset(extra for extra in named if extra is not None)
            edge = Dependency(package.name, package.version, marker, extras)
            self.groups.setdefault(group, []).append(edge)
            if isinstance(entry.get("index"), str):
                self.index_of[package.name] = entry["index"]

    def marker(self, where: str, entry: Mapping[str, Any]) -> str | None:
        """Return the marker of an entry, if it has a valid one."""

        def check(_: str) -> str:
            return pipenv.marker_of(entry) or ""

        return self.problems.attempt(None, where, check, "") or None

    def leave_out(self, where: str, marker: str | None) -> None:
        """Note a package that has no version in the lock."""
        if marker:
            self.unresolved.append(marker)
        else:
            problem = "the lock has no version of it, since the system that locked needs none"
            self.problems.add(None, where, problem, "write its marker into `markers`")

    def add(self, category: str, package: Package) -> None:
        """Add a package; categories may share it in one version only."""
        known = self.packages.setdefault(package.name, package)
        first = self.category_of.setdefault(package.name, category)
        if known.version != package.version:
            problem = f"{known.version} in {first}, {package.version} in {category}"
            remedy = "one environment can't have both; ask for one version in the Pipfile"
            self.problems.add(None, package.name, problem, remedy)

    def package(self, where: str, name: str, entry: Mapping[str, Any]) -> Package | None:
        """Return the package of an entry; its version is `*` where the lock has none."""
        hashes = sha256_in(_texts(entry.get("hashes")))
        repository = next((key for key in REPOSITORIES if key in entry), None)
        if repository:
            problem = "the lock doesn't tell the version of what comes from a repository"
            self.problems.add(None, where, problem, "lock the Pipfile instead")
            return None
        if "path" in entry or "file" in entry:
            return self.direct(where, name, entry, hashes)
        version = str(entry.get("version", "*"))
        if version == "*":
            return Package(name, "*")
        if not hashes:
            problem = "the lock has no sha256 of its files"
            self.problems.add(None, where, problem, "run `pipenv lock` with an index that has them")
        # Their names are those that the index gives files with these hashes.
        files = tuple(File("", "", digest, None) for digest in hashes)
        no_binary = entry.get("no_binary") is True
        return Package(name, version.removeprefix("=="), files, prefer_sdist=no_binary)

    def direct(
        self, where: str, name: str, entry: Mapping[str, Any], hashes: list[str]
    ) -> Package | None:
        """Return the package of a direct reference."""
        address = str(entry.get("path", entry.get("file")))
        if "://" not in address and (self.folder / address).is_dir():
            if entry.get("subdirectory"):
                problem = "it lies in a subdirectory, which can't be kept as it is"
                self.problems.add(None, where, problem, "name it in requirements.yaml")
                return None
            project = projects.read(self.folder / address)
            folder = project_folder(name, project.version, address)
            return Package(name, project.version or "0", (folder,))
        bare, _, fragment = address.partition("#")
        file = filename_in_url(bare) if "://" in bare else Path(bare).name
        version = version_in(file)
        if version is None:
            problem = f'"{file}" is no file of a package'
            self.problems.add(None, where, problem, "name a wheel or an sdist")
            return None
        if "://" in bare and split_address(bare).scheme != "file":
            known = [fragment.removeprefix("sha256=")] if fragment.startswith("sha256=") else hashes
            if len(known) != 1:
                problem = f"the lock has {len(known)} sha256 for one file"
                self.problems.add(None, where, problem, "lock the Pipfile instead")
                return None
            return Package(name, version, (File(file, strip_credentials(bare), known[0], None),))
        return self.local(where, name, version, bare)

    def local(self, where: str, name: str, version: str, address: str) -> Package | None:
        """Return the package of a file on this machine."""
        path = self.folder / (split_address(address).path if "://" in address else address)
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            problem = f"{path}: {error.strerror}"
            self.problems.add(None, where, problem, "name a file that can be read")
            return None
        return Package(name, version, (File(path.name, "", digest, None, path=str(path)),))


def _texts(value: object) -> list[str]:
    """Return the texts of a list; none of anything else."""
    listed = value if isinstance(value, list) else []
    return [text for text in listed if isinstance(text, str)]


def _environments(unresolved: list[str]) -> tuple[str, ...]:
    """Return markers of the targets that need no package that is unresolved; none for all."""
    if not unresolved:
        return ()
    found = [*_supported(unresolved)]
    complete = len(found) == len(SYSTEMS) * len(minors(*unresolved))
    return () if complete else tuple(dict.fromkeys(found)) or (FALSE,)


def _supported(unresolved: list[str]) -> Iterator[str]:
    among = minors(*unresolved)
    for system in SYSTEMS.values():
        for minor in among:
            target = Target(system, f"3.{minor}")
            if not any(map(target.satisfies, unresolved)):
                yield f"{system.marker} and {of_minor(minor, among)}"
