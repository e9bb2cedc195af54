"""Adopt a Python package of the package set: link its files, and note of it what `unpack` notes."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.distributions import Installed, own_distribution, read_distributions
from builder.errors import BuildError
from builder.record import Entry
from builder.tree_files import file_entry, tree_entries, tree_files
from builder.unpack import NOTHING_NATIVE, package_notes, write_notes, write_record
from builder.wheel import package_roots
from builder.wiring import native_folders
from native.elf import is_elf, read_elf
from native.needs import exported_sonames

# The folders of a Python package of nixpkgs that are no data: programs are taken one by one, and
# the other is for nixpkgs alone.
NO_DATA = ("bin", "nix-support")
LIBRARY_FOLDERS = ("lib", "lib64")
# The folder of one Python's files in those, such as `python3.11` and `python3.13t`.
PYTHON_FOLDER = re.compile(r"python\d[\w.]*")


def main(spec: dict[str, Any], out: Path) -> None:
    """Lay out the package at `spec["path"]` as `unpack` does a wheel, with links to its files."""
    path, site = Path(spec["path"]), spec["python"]["sitePackages"]
    label = f"{spec['package']} {spec['version']}"
    check_package(path, label, site)
    distributions = list(read_distributions(path / site, label))
    own = own_distribution(spec["package"], distributions)
    warn_of_name(spec["package"], path, own)
    roots = package_roots(out / site, out / "wheelhouse")
    points = [point for distribution in distributions for point in distribution.entry_points]
    link_entries(path / site, roots["site"])
    link_programs(path / "bin", roots["scripts"])
    link_data(path, roots["data"])
    dist_info = None if own is None else own.dist_info
    # Nothing else of an environment needs hashes.
    list_files = unhashed_entries if dist_info is None else tree_entries
    entries = {scheme: list_files(roots[scheme]) for scheme in ("scripts", "data", "headers")}
    if dist_info is not None:
        replace_record(path / site, roots["site"], dist_info, distributions)
    native = native_notes(path, roots, site, spec["python"]["executable"])
    notes = package_notes(spec["package"], spec["version"], dist_info, points, native, entries)
    # Nothing else of an environment was resolved apart from the others.
    write_notes(out, {**notes, "requires": [] if own is None else list(own.requires)})


def check_package(path: Path, label: str, site: str) -> None:
    """Raise BuildError if there is no Python package at a path, or one for another Python."""
    if (path / site).is_dir():
        return
    library = path / "lib"
    names = sorted(os.listdir(library)) if library.is_dir() else []
    others = [f"lib/{name}" for name in names if PYTHON_FOLDER.fullmatch(name)]
    if others:
        raise BuildError(
            f"{label}: {path} is for another Python: it has {' and '.join(others)}, and the "
            f"environment's Python reads {site}. Take the package from that Python's own set"
        )
    raise BuildError(
        f"{label}: {path} is no Python package: it has no {site}. Name one of the packages of the "
        "environment's Python"
    )


def warn_of_name(name: str, path: Path, own: Installed | None) -> None:
    """Print that programs won't find a distribution by the name that the lock has."""
    if own is not None and own.name != name:
        print(
            f"wheelhouse: {path} has the distribution {own.name}, where {name} was expected: "
            "importlib.metadata knows it by its own name",
            file=sys.stderr,
        )


def link(target: Path, file: Path) -> None:
    """Make the link `file`, and the folders that it lies in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.symlink_to(target)


def link_entries(folder: Path, into: Path) -> None:
    """Link each entry of a folder into another one, which is made."""
    into.mkdir(parents=True)
    for name in os.listdir(folder):
        link(folder / name, into / name)


def link_programs(folder: Path, into: Path) -> None:
    """Link the programs of a folder but the hidden ones.

    A hidden one is what the program of the same name starts (nixpkgs' `wrapProgram`). In an
    environment, the launcher of an entry point takes the place of a program of its name.
    """
    for name in sorted(os.listdir(folder)) if folder.is_dir() else ():
        if not name.startswith(".") and (folder / name).is_file():
            link(folder / name, into / name)


def link_data(path: Path, into: Path) -> None:
    """Link what is at the top of a package, but programs and the files of a Python."""
    for name in sorted(os.listdir(path)):
        if name in NO_DATA or is_same_library_folder(path, name):
            continue
        if name not in LIBRARY_FOLDERS:
            link(path / name, into / name)
            continue
        for entry in sorted(os.listdir(path / name)):
            if not PYTHON_FOLDER.fullmatch(entry):
                link(path / name / entry, into / name / entry)


def is_same_library_folder(path: Path, name: str) -> bool:
    """Return whether a folder is `lib64` that leads to `lib`, as in environments themselves."""
    return name == "lib64" and os.path.realpath(path / name) == os.path.realpath(path / "lib")


def unhashed_entries(tree: Path) -> list[Entry]:
    """Return the entries of all files of a tree, without hashes."""
    return [Entry(path) for path in tree_files(tree)]


def replace_record(
    source: Path, site: Path, dist_info: str, distributions: Sequence[Installed]
) -> None:
    """Write RECORD anew, in a `.dist-info` folder of links: nixpkgs changes files after it.

    It lists what no other distribution beside it has in its own. Programs and data are added by
    `compose`.
    """
    (site / dist_info).unlink()
    link_entries(source / dist_info, site / dist_info)
    (site / dist_info / "RECORD").unlink(missing_ok=True)
    others = [one for one in distributions if one.entry != dist_info]
    recorded = {path for one in others for path in one.recorded}
    entries = [
        file_entry(site, path)
        for path in tree_files(site)
        if path not in recorded and path.partition("/")[0] not in {one.entry for one in others}
    ]
    write_record(site, dist_info, [*entries, Entry(f"{dist_info}/RECORD")])


def native_notes(path: Path, roots: Mapping[str, Path], site: str, python: str) -> dict[str, Any]:
    """Return where a package has native libraries, for others that look for them beside it.

    The package set has wired them already, so they need nothing of the environment.
    """
    interpreter = read_elf(Path(os.path.realpath(python)), "python")
    if interpreter is None:
        return NOTHING_NATIVE
    paths = [
        os.path.normpath(f"{prefix}/{file}")
        for root, prefix in ((roots["site"], site), (roots["data"], "."))
        for file in tree_files(root)
        if is_elf(os.path.join(root, file))
    ]
    files = [elf for file in paths if (elf := read_elf(path / file, file)) is not None]
    return {
        **NOTHING_NATIVE,
        "folders": sorted(native_folders(paths)),
        "exportedSonames": sorted(
            exported_sonames(file for file in files if file.machine == interpreter.machine)
        ),
    }
