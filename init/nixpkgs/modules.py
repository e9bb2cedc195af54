"""The modules that a distribution gives, for an import check.

Specification: PEP 794 (Import-Name), PEP 427 (wheels), PEP 420 (namespace packages).
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from packaging.metadata import RawMetadata

# Extension modules have a tag of their ABI between name and suffix (PEP 3149).
MODULE = re.compile(r"([A-Za-z]\w*)(?:\.py|(?:\.[\w-]+)?\.(?:so|pyd))")
PACKAGE = re.compile(r"[A-Za-z]\w*")
# What some put beside their packages by mistake.
ASIDE = frozenset(
    {
        *("benchmark", "benchmarks", "build", "conftest", "dist", "doc", "docs", "example"),
        *("examples", "samples", "scripts", "setup", "test", "testing", "tests", "tools"),
    }
)
# Packages below so many namespaces are looked for.
DEEPEST = 3


def declared(metadata: RawMetadata) -> list[str] | None:
    """Return the modules that metadata names (Import-Name), without private ones; maybe none.

    None where it names none, or only namespaces: then the files tell.
    """
    names = metadata.get("import_names")
    if names is None:
        return None
    public = (name.strip() for name in names if ";" not in name)
    return sorted(name for name in public if name and not name.startswith("_"))


def in_wheel(names: Iterable[str]) -> list[str]:
    """Return the modules at the top of a wheel, or right below its namespaces; by their files."""
    paths = [PurePosixPath(name) for name in names]
    inside = [path for path in paths if not path.parts[0].endswith((".dist-info", ".data"))]
    return _modules([path.parts for path in inside])


def in_sdist(names: Iterable[str], top_level: str) -> list[str]:
    """Return the modules of a source distribution, by its files and setuptools' top_level.txt."""
    tops = {one for one in top_level.split() if PACKAGE.fullmatch(one)}
    if tops:
        return sorted(tops - ASIDE)
    paths = [PurePosixPath(name).parts for name in names]
    below = [path[1:] for path in paths if path[0] == "src" and len(path) > 1]
    return _modules(below or paths, with_namespaces=bool(below))


def _modules(
    paths: Sequence[tuple[str, ...]], *, with_namespaces: bool = True, prefix: str = ""
) -> list[str]:
    """Return the modules among some files, by the parts of their paths."""
    files = {path[0] for path in paths if len(path) == 1}
    found = {match[1] for name in files if (match := MODULE.fullmatch(name))}
    folders: dict[str, list[tuple[str, ...]]] = {}
    for path in paths:
        if len(path) > 1 and PACKAGE.fullmatch(path[0]):
            folders.setdefault(path[0], []).append(path[1:])
    modules = {f"{prefix}{name}" for name in found if prefix or name not in ASIDE}
    for name, inside in folders.items():
        if not prefix and name in ASIDE:
            continue
        if any(len(path) == 1 and re.fullmatch(r"__init__\..+", path[0]) for path in inside):
            modules.add(f"{prefix}{name}")
        elif with_namespaces and prefix.count(".") < DEEPEST:
            modules |= {*_modules(inside, prefix=f"{prefix}{name}.")}
    return sorted(modules)
