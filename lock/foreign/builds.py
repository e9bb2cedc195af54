"""What the source distributions of a lock of Makes are built with, read from themselves.

Makes locked no builds. What is declared (PEP 518) and what `setup.py` imports tells apart the
builds that need nothing of the lock from those that may need any of it.

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

# Modules that setuptools brings, and those that newer standard libraries lack.
OF_SETUPTOOLS = {"_distutils_hack", "distutils", "imp", "pkg_resources", "setuptools"}
BASICS = ("setuptools", "wheel")


@dataclass(frozen=True)
class Needs:
    """What a source distribution asks for at its build, as normalised names."""

    declared: frozenset[str]
    # Of modules, where they are neither its own nor the standard library's.
    imported: frozenset[str]


@dataclass(frozen=True)
class Lock:
    """What there is for builds, as normalised names."""

    wheels: Mapping[str, str]
    sources: Mapping[str, str]
    # By the flags of Makes that are set, and by all of them.
    given: frozenset[str]
    known: frozenset[str]
    basics: Mapping[str, str]

    @property
    def base(self) -> Mapping[str, str]:
        """The packages of every build: the lock's setuptools and wheel, else the ones of Makes."""
        return {name: self.wheels.get(name, version) for name, version in self.basics.items()}


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the item `builds` (docs/sources-yaml.md) of each of `spec["sources"]` as JSON."""
    lock = Lock(
        spec["wheels"],
        {source["package"]: source["version"] for source in spec["sources"]},
        frozenset(spec["given"]),
        frozenset(spec["flags"]),
        spec["basics"],
    )
    needs = {source["package"]: read(source, spec["origin"]) for source in spec["sources"]}
    edges = between(needs)
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


def closure(needs: Needs, sources: Iterable[str], lock: Lock) -> dict[str, str]:
    """The packages of a build, name → version, without what the flags give.

    A lock of Makes has no edges, so a build that needs one wheel of it, or a module that may be in
    any, gets all of them. `sources` are the source distributions that it needs.
    """
    named = (needs.declared | needs.imported) & lock.wheels.keys()
    riddles = needs.imported - lock.sources.keys() - lock.known
    wheels = lock.wheels if (named | riddles) - lock.given - lock.basics.keys() else {}
    return {**wheels, **lock.base, **{name: lock.sources[name] for name in sources}}


def missing(needs: Needs, lock: Lock) -> list[str]:
    """What a build asks for by a name that nothing has, sorted."""
    have = {*lock.wheels, *lock.sources, *lock.given, *lock.basics}
    return sorted((needs.declared | needs.imported) - have)


def advice(package: str, names: list[str], flags: Mapping[str, list[str]]) -> str:
    """What to do where the build fails."""
    found = sorted(flag for name in names for flag in flags.get(name, ()))
    why = (
        f"it asks for {', '.join(names)}, which is neither in the lock nor given by a flag; "
        if names
        else ""
    )
    set_one = f"set {' or '.join(f'{flag} = true' for flag in found)}, or " if found else ""
    return (
        f"The lock, as Makes wrote it, says nothing of the build of {package}: {why}"
        f"{set_one}lock again with wheelhouse, with `build-requires` in requirements.yaml. A "
        f"missing library or program goes into `overrides.{package}` or `searchPathsBuild`"
    )


def between(needs: Mapping[str, Needs]) -> dict[str, set[str]]:
    """The source distributions that each one needs; an edge that would close a circle is dropped.

    What is declared comes before what is imported, which may be in a `try`.
    """
    edges: dict[str, set[str]] = {package: set() for package in needs}
    for kind in ("declared", "imported"):
        for package, found in sorted(needs.items()):
            for name in sorted(getattr(found, kind) & needs.keys()):
                if package not in reach(edges, name):
                    edges[package].add(name)
    return edges


def reach(edges: Mapping[str, set[str]], start: str) -> set[str]:
    """A package and all that it needs, directly or through others."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        package = waiting.pop()
        if package not in found:
            found.add(package)
            waiting.extend(edges[package])
    return found


def read(source: Mapping[str, str], origin: str) -> Needs:
    """What a source distribution, a file with its `name` and its `path`, needs at its build.

    Raises LockError when it is broken, or its pyproject.toml is.
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


def read_archive(archive: Path, folder: Path) -> Needs:
    """What a source distribution needs at its build; `folder` is where it may be unpacked.

    Raises LockError when it is broken, or its pyproject.toml is.
    """
    from packaging.requirements import Requirement

    from lock.builds.sdist import LEGACY_BACKEND, build_system, unpack

    system = build_system(archive)
    declared = frozenset(Requirement(text).name for text in system.requires)
    if system.backend.partition(":")[0] != LEGACY_BACKEND.partition(":")[0]:
        return Needs(declared, frozenset())
    project = unpack(archive, folder)
    return Needs(declared, frozenset(imported(project, project / "setup.py")))


def imported(project: Path, start: Path) -> set[str]:
    """The names of what a file of a project imports or sets up with, its own modules followed.

    A file that this Python can't parse counts as importing what no package is called.
    """
    from packaging.utils import canonicalize_name

    found: set[str] = set()
    seen: set[Path] = set()
    waiting = [start]
    while waiting:
        file = waiting.pop()
        if file in seen or not file.is_file():
            continue
        seen.add(file)
        try:
            tree = ast.parse(file.read_bytes())
        except (SyntaxError, ValueError):
            found.add(file.name)
            continue
        for module in modules(tree):
            own = [project / f"{module}.py", project / module / "__init__.py"]
            if any(path.is_file() for path in own):
                waiting.extend(own)
            elif module not in sys.stdlib_module_names | OF_SETUPTOOLS:
                found.add(canonicalize_name(module))
        found.update(set_up_with(tree))
    return found


def modules(tree: ast.AST) -> Iterator[str]:
    """The top-level modules that are imported anywhere in a syntax tree, `from . import` aside."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def set_up_with(tree: ast.AST) -> Iterator[str]:
    """The names in a literal `setup_requires` of a call, which setuptools asks for at the build."""
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
