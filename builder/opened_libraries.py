"""Find the libraries that an environment's Python code opens by name, and where it has them."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.missing_libraries import MissingLibrary
from native.opened import Opening, foreign_imports, giver, python_needs, reached, wanted_modules
from native.tables import attribute_for_soname


@dataclass(frozen=True)
class OpenedLibrary:
    """A library that a file of a package opens by name.

    `package` is its name and version, `path` that of the file in an environment. `is_reached` says
    that importing the environment's packages reaches the file; `place` is the directory or package
    that has the library, None if none has it.
    """

    package: str
    path: str
    line: int
    soname: str
    is_reached: bool
    place: str | None

    @property
    def attribute(self) -> str | None:
        """Return the attribute of nixpkgs that has the library."""
        return attribute_for_soname(self.soname)


def find_opened(
    packages: Mapping[str, str], site: str, directories: Sequence[str]
) -> list[OpenedLibrary]:
    """Return the libraries that the code of packages opens by name.

    `packages` are store paths by name and version, `site` is site-packages in them, `directories`
    are those of the environment's libraries. Only libraries that are known count.
    """
    needs: dict[str, tuple[Opening, ...]] = {}
    files: dict[str, list[str]] = {}
    for label, path in packages.items():
        sources, others = read_package(os.path.join(path, site))
        needs[label] = python_needs(sources, others)
        libraries = [name for name in map(os.path.basename, others) if ".so" in name]
        if libraries:
            files[_name(label)] = libraries
    wanted = wanted_modules(needs.values())
    imports = {
        label: foreign_imports(read_package(os.path.join(path, site))[0], wanted)
        for label, path in packages.items()
        if wanted
    }
    counting = reached(needs, imports)
    places = library_places(directories)
    return [
        OpenedLibrary(
            label,
            f"{site}/{opening.path}",
            opening.line,
            opening.soname,
            opening in counting.get(label, ()),
            find_library(opening.soname, places) or giver(opening.soname, _name(label), files),
        )
        for label, openings in needs.items()
        for opening in openings
    ]


def _name(label: str) -> str:
    return label.partition(" ")[0]


def read_package(site: str) -> tuple[dict[str, bytes], list[str]]:
    """Return the Python sources below a folder by path, and the paths of its other files."""
    sources: dict[str, bytes] = {}
    others = []
    for path in _files(site):
        if path.endswith(".py"):
            with open(os.path.join(site, path), "rb") as file:
                sources[path] = file.read()
        else:
            others.append(path)
    return sources, others


def _files(root: str) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            yield os.path.relpath(os.path.join(folder, name), root)


def library_places(directories: Iterable[str]) -> dict[str, str]:
    """Return the directory of each file of some directories, the first that has it."""
    places: dict[str, str] = {}
    for directory in directories:
        if os.path.isdir(directory):
            for name in sorted(os.listdir(directory)):
                places.setdefault(name, directory)
    return places


def find_library(soname: str, places: Mapping[str, str]) -> str | None:
    """Return the place of a library; one that is named without version has any."""
    if soname in places or not soname.endswith(".so"):
        return places.get(soname)
    return next((places[name] for name in places if name.startswith(f"{soname}.")), None)


def missing_opened(
    opened: Iterable[OpenedLibrary], lacking: Collection[str]
) -> list[MissingLibrary]:
    """Return the libraries that code opens which imports reach, and that no place has.

    `lacking` are attributes that the package set lacks.
    """
    files: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for library in opened:
        if library.is_reached and library.place is None:
            files[library.soname].append((_name(library.package), f"{library.path}:{library.line}"))
    return [
        MissingLibrary(
            soname,
            attribute_for_soname(soname),
            tuple(dict.fromkeys(opening)),
            attribute_for_soname(soname) not in lacking,
        )
        for soname, opening in sorted(files.items())
    ]


def opened_rows(opened: Collection[OpenedLibrary], *, is_reached: bool) -> list[tuple[str, ...]]:
    """Return package, file, soname and place of what is opened, or of what others may open."""
    return [
        (
            library.package,
            f"{library.path}:{library.line}",
            library.soname,
            library.place or ("missing" if is_reached else f"→ pkgs.{library.attribute}"),
        )
        for library in opened
        if library.is_reached is is_reached
    ]
