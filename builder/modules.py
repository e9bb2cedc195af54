"""Find the modules of a package that an import check imports."""

import mmap
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.import_names import ImportNames, read_import_names
from builder.unpack import normalize_name

# What is below these is no part of what a package is imported for.
LEFT_OUT = re.compile(
    r"__main__|__pycache__|setup|conftest|_?tests?|_?vendor(ed)?(_packages)?|third_?party(_\w+)?"
)
# What a wheel has at its top by mistake.
NOT_AT_TOP = frozenset({"benchmarks", "bin", "doc", "docs", "example", "examples", "scripts"})
SOURCES = (".py", ".pyc")
# An `__init__.py` that only says that the package is a namespace (as before PEP 420).
NAMESPACE_CALL = re.compile(r"\bdeclare_namespace\(__name__\)|\bextend_path\(__path__, ?__name__\)")
NAMESPACE_LINES = 10


@dataclass(frozen=True)
class Module:
    """A module to import.

    `is_main` says whether its package is nothing without it, `is_inner` whether it is an extension
    module below another module. `lacks` is empty where the package has a file of it. Where it only
    declares it (PEP 794), that is "file", or "platform" if wheels for others may have the file.
    """

    package: str
    name: str
    is_main: bool
    is_inner: bool
    lacks: str = ""


def find_modules(package: str, site: Path, suffixes: Sequence[str]) -> list[Module]:
    """Return the modules of a package in a site-packages that are to be imported, sorted by name.

    These are the names that it declares (PEP 794), and without any the ones at its top and those in
    its namespace packages; and all extension modules below them. `suffixes` are those of the
    interpreter's extension modules. Of what isn't declared, a module named like the package is
    never left out, and none is where all are of a kind that is.
    """
    found = Finder(tuple(sorted(suffixes, key=len, reverse=True)))
    declared = read_import_names(site)
    if declared is None:
        roots, lacking, lacks = guessed_roots(package, site, found), frozenset[str](), ""
    else:
        roots = declared_roots(site, found, declared)
        wanted = declared.public | declared.namespaces
        lacking = frozenset(name for name in wanted if found.locate(site, name) is None)
        lacks = "file" if declared.is_everywhere else "platform"
    main = main_modules(package, [*roots, *lacking])
    extensions = {
        name
        for root, path in roots.items()
        for name in found.extensions(root, path)
        if declared is None or not declared.is_private(name)
    }
    return [
        Module(
            package,
            name,
            name in main,
            name not in roots and name not in lacking,
            lacks if name in lacking else "",
        )
        for name in sorted(extensions.union(roots, lacking))
    ]


def declared_roots(site: Path, found: "Finder", declared: ImportNames) -> dict[str, Path]:
    """Return what a package declares to be imported by, as far as it has files of it."""
    roots: dict[str, Path] = {}
    for name in sorted(declared.public | declared.namespaces):
        path = found.locate(site, name)
        if path is None:
            continue
        below = found.roots(name, path)
        # What is in a shared namespace is declared itself, or else nothing of it is.
        if name in declared.namespaces and not declared.is_empty(name):
            below = {name: below[name]} if name in below else {}
        roots |= below
    return {name: path for name, path in roots.items() if not declared.is_private(name)}


def guessed_roots(package: str, site: Path, found: "Finder") -> dict[str, Path]:
    """Return what a package that declares nothing is imported by, by the files that it has."""
    tops = dict(found.entries(site))
    kept = {
        name: path
        for name, path in tops.items()
        if normalize_name(name) == normalize_name(package)
        or (name not in NOT_AT_TOP and not LEFT_OUT.fullmatch(name))
    }
    roots: dict[str, Path] = {}
    for name, path in sorted((kept or tops).items()):
        roots |= found.roots(name, path)
    return roots


def main_modules(package: str, roots: Sequence[str]) -> set[str]:
    """Return the modules that a package is imported by.

    That is the one named like it. Where there is none, it is all that aren't private.
    """
    named = {root for root in roots if normalize_name(root) == normalize_name(package)}
    public = {root for root in roots if not any(part[0] == "_" for part in root.split("."))}
    return named or public or set(roots)


@dataclass(frozen=True)
class Finder:
    """Finds modules in folders; `suffixes` are those of extension modules, the longest first."""

    suffixes: tuple[str, ...]

    def entries(self, folder: Path) -> Iterator[tuple[str, Path]]:
        """Yield the name and path of each module and package in a folder, namespaces among them."""
        for entry in sorted(folder.iterdir()):
            name = entry.name if entry.is_dir() else self.module_name(entry)
            if name is not None and name.isidentifier() and name != "__pycache__":
                yield name, entry

    def locate(self, site: Path, name: str) -> Path | None:
        """Return the folder or file of a dotted name in site-packages; None where there is none."""
        folder, _, last = name.rpartition(".")
        below = Path(site, *folder.split(".")) if folder else site
        if not below.is_dir():
            return None
        return dict(self.entries(below)).get(last)

    def module_name(self, file: Path) -> str | None:
        """Return the name of the module that a file is; None if it is none of this interpreter."""
        for suffix in SOURCES:
            if file.name.endswith(suffix):
                return file.name.removesuffix(suffix)
        return self.extension_name(file)

    def extension_name(self, file: Path) -> str | None:
        """Return the name of an extension module; None for other files."""
        for suffix in self.suffixes:
            if file.name.endswith(suffix):
                name = file.name.removesuffix(suffix)
                # It is the suffix of any library, too.
                is_module = suffix != ".so" or has_init_function(file, name)
                return name if is_module else None
        return None

    def roots(self, name: str, path: Path) -> dict[str, Path]:
        """Return a module or package by its name; in place of a namespace what is in it."""
        if not path.is_dir():
            return {name: path}
        inits = [entry for entry in path.iterdir() if self.is_init(entry)]
        if inits and not any(is_namespace_init(init) for init in inits):
            return {name: path}
        below: dict[str, Path] = {}
        for part, entry in self.entries(path):
            if part != "__init__" and not LEFT_OUT.fullmatch(part):
                below |= self.roots(f"{name}.{part}", entry)
        # One of the old kind is a module itself.
        return {name: inits[0], **below} if inits else below

    def is_init(self, file: Path) -> bool:
        """Return whether a file makes a folder a regular package."""
        return file.name.startswith("__init__.") and self.module_name(file) == "__init__"

    def extensions(self, root: str, path: Path) -> Iterator[str]:
        """Yield the names of the extension modules in a package."""
        if not path.is_dir():
            return
        for folder, folders, files in os.walk(path):
            folders[:] = [part for part in folders if is_public(part)]
            parts = Path(folder).relative_to(path).parts
            for file in files:
                # A path for each of thousands of files costs more than looking at its name.
                if file.endswith(self.suffixes):
                    part = self.extension_name(Path(folder, file))
                    if part is not None and part != "__init__" and is_public(part):
                        yield ".".join([root, *parts, part])


def is_public(part: str) -> bool:
    """Return whether a part of a dotted name belongs to what a package is imported for."""
    return part.isidentifier() and not LEFT_OUT.fullmatch(part)


def is_namespace_init(init: Path) -> bool:
    """Return whether an `__init__.py` does nothing but declare a namespace."""
    if init.suffix != ".py":
        return False
    text = init.read_text("utf-8", errors="replace")
    if NAMESPACE_CALL.search(text) is None:
        return False
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return len(lines) <= NAMESPACE_LINES


def has_init_function(file: Path, name: str) -> bool:
    """Return whether a library has a function that makes it an extension module (PEP 489, 793)."""
    # Those are no modules, and may be gigabytes that would have to be read to the end.
    if name.startswith("lib") or file.stat().st_size == 0:
        return False
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return any(
            data.find(f"{prefix}_{name}\0".encode()) >= 0 for prefix in ("PyInit", "PyModExport")
        )
