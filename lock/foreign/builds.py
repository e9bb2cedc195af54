"""Finds the build environments of the source distributions in a lock of Makes.

Makes locked no builds. What a source distribution declares (PEP 518) and what its `setup.py`
imports tell the builds that need nothing of the lock from those that may need any package of it.

Run inside a derivation (derivation.py).
"""

import ast
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Modules of setuptools, and those that newer standard libraries lack.
SETUPTOOLS_MODULES = {"_distutils_hack", "distutils", "imp", "pkg_resources", "setuptools"}


@dataclass(frozen=True)
class BuildNeeds:
    """What the build of a source distribution needs, as normalized project names."""

    declared: frozenset[str]
    # Top-level modules that are neither its own nor the standard library's.
    imported: frozenset[str]


@dataclass(frozen=True)
class Available:
    """The packages that builds can have, as normalized project names."""

    wheels: Mapping[str, str]
    sources: Mapping[str, str]
    # Given by the flags of Makes that are set, and by any flag.
    given: frozenset[str]
    known: frozenset[str]
    basics: Mapping[str, str]

    @property
    def base(self) -> Mapping[str, str]:
        """Return the packages of every build: setuptools and wheel of the lock, else of Makes."""
        return {name: self.wheels.get(name, version) for name, version in self.basics.items()}


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the item `builds` (docs/sources-yaml.md) of each of `spec["sources"]` as JSON."""
    lock = Available(
        spec["wheels"],
        {source["package"]: source["version"] for source in spec["sources"]},
        frozenset(spec["given"]),
        frozenset(spec["flags"]),
        spec["basics"],
    )
    needs = {source["package"]: read_needs(source, spec["origin"]) for source in spec["sources"]}
    edges = dependencies_between(needs)
    builds = [
        {
            "package": package,
            "version": lock.sources[package],
            "requires": sorted(found.declared),
            "closure": [
                {"name": name, "version": version}
                for name, version in sorted(closure(found, edges[package], lock).items())
            ],
            "advice": advice(package, missing(found, lock), spec["flags"]),
        }
        for package, found in sorted(needs.items())
    ]
    out.write_text(json.dumps(builds), encoding="utf-8")


def closure(needs: BuildNeeds, sources: Iterable[str], lock: Available) -> dict[str, str]:
    """Return the packages of a build, name → version, without those that flags give.

    A lock of Makes has no dependencies between its packages, so a build that needs one wheel of it,
    or a module that may be in any, gets all of them. `sources` are the source distributions that it
    needs.
    """
    named = (needs.declared | needs.imported) & lock.wheels.keys()
    unknown = needs.imported - lock.sources.keys() - lock.known
    wheels = lock.wheels if (named | unknown) - lock.given - lock.basics.keys() else {}
    return {**wheels, **lock.base, **{name: lock.sources[name] for name in sources}}


def missing(needs: BuildNeeds, lock: Available) -> list[str]:
    """Return the names that a build needs and that nothing provides, sorted."""
    available = {*lock.wheels, *lock.sources, *lock.given, *lock.basics}
    return sorted((needs.declared | needs.imported) - available)


def advice(package: str, names: list[str], flags: Mapping[str, list[str]]) -> str:
    """Return what to do where the build fails."""
    fitting = sorted(flag for name in names for flag in flags.get(name, ()))
    why = (
        f"it asks for {', '.join(names)}, which is neither in the lock nor given by a flag; "
        if names
        else ""
    )
    set_one = f"set {' or '.join(f'{flag} = true' for flag in fitting)}, or " if fitting else ""
    return (
        f"The lock, as Makes wrote it, says nothing of the build of {package}: {why}"
        f"{set_one}lock again with wheelhouse, with `build-requires` in requirements.yaml. A "
        f"missing library or program goes into `overrides.{package}` or `searchPathsBuild`"
    )


def dependencies_between(needs: Mapping[str, BuildNeeds]) -> dict[str, set[str]]:
    """Return the source distributions that each one needs, without those that would close a cycle.

    What is declared comes before what is imported, which may be in a `try`.
    """
    edges: dict[str, set[str]] = {package: set() for package in needs}
    for kind in ("declared", "imported"):
        for package, found in sorted(needs.items()):
            for name in sorted(getattr(found, kind) & needs.keys()):
                if package not in closure_of(edges, name):
                    edges[package].add(name)
    return edges


def closure_of(edges: Mapping[str, set[str]], start: str) -> set[str]:
    """Return a package and all that it needs, directly or through others."""
    found: set[str] = set()
    pending = [start]
    while pending:
        package = pending.pop()
        if package not in found:
            found.add(package)
            pending.extend(edges[package])
    return found


def read_needs(source: Mapping[str, str], origin: str) -> BuildNeeds:
    """Return what the build of a source distribution needs; `source` has its `name` and `path`.

    Raises LockError where it or its pyproject.toml is broken.
    """
    from lock.errors import LockError

    with tempfile.TemporaryDirectory() as scratch:
        # The name says the format, and the store's name of the file may differ.
        archive = Path(scratch, source["name"])
        archive.symlink_to(source["path"])
        try:
            return read_archive(archive, Path(scratch, "source"))
        except LockError as error:
            raise LockError(f"{origin}: {error}") from error


def read_archive(archive: Path, folder: Path) -> BuildNeeds:
    """Return what the build of a source distribution needs; it may be unpacked into `folder`.

    Raises LockError where it or its pyproject.toml is broken.
    """
    from packaging.requirements import Requirement

    from lock.builds.sdist import LEGACY_BACKEND, archive_build_system, unpack

    system = archive_build_system(archive)
    declared = frozenset(Requirement(text).name for text in system.requires)
    if system.backend.partition(":")[0] != LEGACY_BACKEND.partition(":")[0]:
        return BuildNeeds(declared, frozenset())
    project = unpack(archive, folder)
    return BuildNeeds(declared, frozenset(imported(project, project / "setup.py")))


def imported(project: Path, start: Path) -> set[str]:
    """Return the names that a file of a project imports or requires, its own modules followed.

    A file that this Python can't parse counts as importing a package of an unknown name.
    """
    from packaging.utils import canonicalize_name

    found: set[str] = set()
    visited: set[Path] = set()
    pending = [start]
    while pending:
        file = pending.pop()
        if file in visited or not file.is_file():
            continue
        visited.add(file)
        try:
            tree = ast.parse(file.read_bytes())
        except (SyntaxError, ValueError):
            found.add(file.name)
            continue
        for module in modules(tree):
            own = [project / f"{module}.py", project / module / "__init__.py"]
            if any(path.is_file() for path in own):
                pending.extend(own)
            elif module not in sys.stdlib_module_names | SETUPTOOLS_MODULES:
                found.add(canonicalize_name(module))
        found.update(setup_requires(tree))
    return found


def modules(tree: ast.AST) -> Iterator[str]:
    """Yield the top-level modules that a syntax tree imports, without relative imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def setup_requires(tree: ast.AST) -> Iterator[str]:
    """Yield the names in a literal `setup_requires` of a call, which setuptools installs."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    for node in ast.walk(tree):
        if not (isinstance(node, ast.keyword) and node.arg == "setup_requires"):
            continue
        for text in ast.walk(node.value):
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                try:
                    yield canonicalize_name(Requirement(text.value).name)
                except InvalidRequirement:
                    continue
