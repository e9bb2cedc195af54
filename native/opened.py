"""Say which libraries the Python code of an environment's packages opens by name.

Each wheel is read by itself (`python_needs`). Not all that is opened is needed: Django opens gdal
deep inside, and few want it. So an opening counts if importing the environment's packages reaches
its module (`reached`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from native.module_imports import Modules, is_at_or_below, is_test
from native.opening_calls import may_open, opened_names

LAYOUT_FOLDERS = frozenset({"Lib", "lib", "py", "python", "source", "src"})


@dataclass(frozen=True)
class Opening:
    """A library that a module opens by name.

    `soname` is one that `native.tables.soname_for` gives, `path` that of the module in the wheel.
    `reached_from` are the modules of the wheel whose import reaches it; each stands for all below
    it, too. `is_reached` says that a program that imports the wheel's own modules reaches it.
    """

    soname: str
    path: str
    line: int
    reached_from: tuple[str, ...]
    is_reached: bool


def python_needs(sources: Mapping[str, bytes], files: Iterable[str] = ()) -> tuple[Opening, ...]:
    """Return the libraries that a wheel opens by name, sorted by path and line.

    `sources` are its files of Python by path; `files` are the paths of its other files: a library
    that is among them doesn't count. Source that isn't of this Python is ignored.
    """
    candidates = [path for path, source in sources.items() if may_open(source)]
    if not candidates:
        return ()
    modules = Modules(sources)
    own = [path.rpartition("/")[2] for path in files]
    openings: list[Opening] = []
    for path in candidates:
        module = modules.by_path.get(path)
        if module is None or is_test(module.name) or module.tree is None:
            continue
        names = [
            name
            for name in opened_names(module.tree, module.source)
            if not is_brought(name.soname, own)
        ]
        if not names:
            continue
        reached_from = modules.reached_from(module.name, modules.surface)
        is_reached = not frozenset(modules.surface).isdisjoint(reached_from)
        openings.extend(
            Opening(name.soname, module.path, name.line, reached_from, is_reached) for name in names
        )
    return tuple(sorted(openings, key=lambda opening: (opening.path, opening.line)))


def as_installed(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the Python sources of a source distribution by the paths that its wheel gives them.

    `sources` are by path below the project's folder. A folder such as `src` that is no package has
    the packages in many projects.
    """
    folders = {path.partition("/")[0] for path in sources if "/" in path}
    layout = {name for name in folders & LAYOUT_FOLDERS if f"{name}/__init__.py" not in sources}
    return {
        path.partition("/")[2] if path.partition("/")[0] in layout else path: source
        for path, source in sources.items()
    }


def opened_by_source(files: Iterable[tuple[str, Callable[[], bytes]]]) -> frozenset[str]:
    """Return the sonames that the code of a source distribution opens where imports reach it.

    `files` are paths below the project's folder, each with what reads the file.
    """
    sources: dict[str, bytes] = {}
    others = []
    for path, read in files:
        if path.endswith(".py"):
            sources[path] = read()
        else:
            others.append(path)
    openings = python_needs(as_installed(sources), others)
    return frozenset(opening.soname for opening in openings if opening.is_reached)


def foreign_imports(sources: Mapping[str, bytes], wanted: Collection[str]) -> tuple[str, ...]:
    """Return which wanted modules of others a wheel's code imports, or what below them; sorted.

    Only imports of modules that a program reaches by importing the wheel's own count.
    """
    return Modules(sources).imports_among(wanted) if may_import(sources, wanted) else ()


def wanted_modules(needs: Iterable[Iterable[Opening]]) -> frozenset[str]:
    """Return the modules that other wheels have to import before some openings count."""
    return frozenset(
        module
        for openings in needs
        for opening in openings
        if not opening.is_reached
        for module in opening.reached_from
    )


def may_import(sources: Mapping[str, bytes], wanted: Iterable[str]) -> bool:
    """Return whether a wheel may import one of the modules, without parsing it."""
    words = {name.partition(".")[0].encode() for name in wanted}
    return any(word in source for word in words for source in sources.values())


def reached(
    needs: Mapping[str, Iterable[Opening]], imports: Mapping[str, Iterable[str]]
) -> dict[str, tuple[Opening, ...]]:
    """Return the openings that count, by wheel; wheels without one are left out.

    `imports` are what `foreign_imports` returns of each wheel that may import a wanted module:
    those of its modules that its own ones reach, so imports are followed through one other wheel
    and no further.
    """
    imported = {name for names in imports.values() for name in names}
    result = {}
    for wheel, openings in needs.items():
        counting = tuple(
            opening
            for opening in openings
            if opening.is_reached or _imports_one(imported, opening.reached_from)
        )
        if counting:
            result[wheel] = counting
    return result


def _imports_one(imported: Iterable[str], modules: Iterable[str]) -> bool:
    wanted = frozenset(modules)
    return any(is_at_or_below(name, wanted) for name in imported)


def is_brought(soname: str, names: Iterable[str]) -> bool:
    """Return whether a package has a library, by the names of its files.

    Those that are repaired have a hash in their name (`libsndfile-1a2b3c.so.1`), others an
    architecture (`libsndfile_x86_64.so`).
    """
    # The interface to C of libgeos is libgeos_c.
    stem = soname.partition(".so")[0].removesuffix("_c")
    return any(
        name.startswith(stem) and ".so" in name and not name[len(stem)].isalnum() for name in names
    )


def giver(soname: str, opener: str, files: Mapping[str, Iterable[str]]) -> str | None:
    """Return the package that has a library which another one opens; None if none has it.

    Names of packages are normalized, `files` are the names of their files. One that repairs wheels
    gives a library a name that only its own wheel knows, so Pillow's freetype is nobody else's. A
    package such as psycopg-binary has the libraries of psycopg.
    """
    stem = soname.partition(".so")[0]
    for package, names in files.items():
        if package.startswith(f"{opener}-") and is_brought(soname, names):
            return package
        if any(name.partition(".so")[0] == stem and ".so" in name for name in names):
            return package
    return None


def openings_to_json(openings: Iterable[Opening]) -> list[dict[str, Any]]:
    """Return openings as plain data."""
    return [asdict(opening) for opening in openings]


def openings_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Opening, ...]:
    """Return the openings of `openings_to_json`."""
    return tuple(
        Opening(
            item["soname"],
            item["path"],
            item["line"],
            tuple(item["reached_from"]),
            item["is_reached"],
        )
        for item in data
    )
