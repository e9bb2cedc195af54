"""Unpack a wheel: write its files, let its native libraries find others, compile bytecode."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from builder import bytecode
from builder.errors import BuildError
from builder.record import Entry, format_record
from builder.wheel import TreeDestination, open_wheel, package_roots
from builder.wheel_tags import check_tags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from builder.wiring import LibraryDirectory

INSTALLER = b"wheelhouse\n"
# The notes of a package without native libraries.
NOTHING_NATIVE: dict[str, Any] = {
    "folders": [],
    "exportedSonames": [],
    "patched": [],
    "externalNeeds": [],
}


def normalize_name(name: str) -> str:
    """Return a normalized project name (name normalization, PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main(spec: dict[str, Any], out: Path) -> None:
    """Unpack `spec["wheel"]` into `out`, for `spec["python"]` (docs/architecture.md)."""
    path, name = find_wheel(spec)
    check_tags(name, spec["python"]["version"], spec["libc"], other_wheel(spec))
    if "edits" in spec:
        # Few packages are edited.
        from builder.edits import unpack_edited

        unpack_edited(spec, path, name, out)
        return
    site = out / spec["python"]["sitePackages"]
    destination, dist_info = unpack_wheel(path, name, package_roots(site, out / "wheelhouse"))
    version = checked_version(spec, name, dist_info)
    native, changed = wire_native_libraries(spec, out)
    if changed:
        update_entries(destination, changed)
    write_record(site, dist_info, destination.entries["site"])
    notes = package_notes(
        spec["package"],
        version,
        dist_info,
        destination.entry_points,
        native,
        destination.entries,
    )
    write_notes(out, notes)
    bytecode.compile_tree(spec["python"]["executable"], site)


def package_notes(
    name: str,
    version: str,
    dist_info: str | None,
    entry_points: list[dict[str, str]],
    native: dict[str, Any],
    entries: Mapping[str, list[Entry]],
) -> dict[str, Any]:
    """Return what `compose`, `application` and `report` read of a package.

    `dist_info` is the name of its `.dist-info` folder, None for a package without; `native` is what
    `wire_native_libraries` returns; `entries` are those of RECORD by location.
    """
    return {
        "name": name,
        "version": version,
        "distInfo": dist_info,
        "entryPoints": entry_points,
        "native": native,
        **{
            scheme: [entry.values() for entry in entries[scheme]]
            for scheme in ("scripts", "data", "headers")
        },
    }


def write_notes(out: Path, notes: dict[str, Any]) -> None:
    """Write the notes of the package in `out`."""
    folder = out / "wheelhouse"
    folder.mkdir(exist_ok=True)
    text = json.dumps(notes, indent=2, sort_keys=True) + "\n"
    (folder / "package.json").write_text(text, encoding="utf-8")


def find_wheel(spec: dict[str, Any]) -> tuple[Path, str]:
    """Return the path and file name of the wheel of a spec.

    A downloaded wheel has a hash before its name in the store, so its name is given. Without one,
    the path is the folder of a wheel that was built. Raises BuildError where it has not one.
    """
    path, name = Path(spec["wheel"]["path"]), spec["wheel"]["name"]
    if name is not None:
        return path, name
    wheels = sorted(path.glob("*.whl"))
    if len(wheels) != 1:
        owner = spec.get("source", spec["package"])
        raise BuildError(
            f"{owner}: {path} has {len(wheels) or 'no'} wheels, where one was expected; give the "
            "file of a wheel, or lock the package's source distribution (`prefer-sdist: true`), "
            "which has a source built"
        )
    return wheels[0], wheels[0].name


def other_wheel(spec: dict[str, Any]) -> str:
    """Return what to do to get another wheel than that of a spec."""
    # Absent where the wheel is the lock's.
    override = spec.get("source")
    return f"give another `{override}.source`" if override else "lock again"


def checked_version(spec: dict[str, Any], wheel: str, dist_info: str) -> str:
    """Return the version of the wheel of a spec.

    Raises BuildError for a wheel of another distribution or version than the lock has, or than the
    override says that gives the wheel.
    """
    override, other = spec.get("source"), other_wheel(spec)
    package, version = spec["package"], spec["version"]
    name, _, wheel_version = dist_info.removesuffix(".dist-info").rpartition("-")
    if normalize_name(name) != normalize_name(package):
        raise BuildError(
            f"{wheel} holds {normalize_name(name)}, where {package} was expected; {other}"
        )
    if version is not None and not same_version(wheel_version, version):
        if override:
            other += f", or say its version as `{override}.version`"
        raise BuildError(
            f"{wheel} holds {name} {wheel_version}, where {version} was expected; {other}"
        )
    return str(version or wheel_version)


def same_version(version: str, other: str) -> bool:
    """Return whether two versions are equal (version specifiers, «Normalization»)."""
    if version == other:
        return True
    from packaging.version import InvalidVersion, Version

    try:
        return Version(version) == Version(other)
    except InvalidVersion:
        return False


def unpack_wheel(path: Path, name: str, roots: Mapping[str, Path]) -> tuple[TreeDestination, str]:
    """Write a wheel's files, checking each against RECORD, which is left to be written.

    `name` is the file name of the wheel; `roots` are the folders of its locations (see
    TreeDestination). Returns the destination, which has the entries of all files, and the name of
    the `.dist-info` folder. Raises BuildError for an invalid wheel.
    """
    from installer import install

    roots["site"].mkdir(parents=True, exist_ok=True)
    with open_wheel(path, name) as wheel:
        destination = TreeDestination(wheel, roots)
        install(wheel, destination, additional_metadata={"INSTALLER": INSTALLER})
        return destination, wheel.dist_info_dir


def write_record(site: Path, dist_info: str, entries: list[Entry]) -> None:
    """Write RECORD with the entries of the files in site-packages."""
    (site / dist_info / "RECORD").write_text(format_record(entries), encoding="utf-8")


def update_entries(destination: TreeDestination, changed: frozenset[str]) -> None:
    """Hash files anew; `changed` are their paths."""
    from builder.tree_files import file_entry

    for location, entries in destination.entries.items():
        root = destination.roots[location]
        entries[:] = [
            file_entry(root, entry.path) if os.path.join(root, entry.path) in changed else entry
            for entry in entries
        ]


def wire_native_libraries(spec: dict[str, Any], out: Path) -> tuple[dict[str, Any], frozenset[str]]:
    """Add the directories of libraries that ELF files need to their search paths.

    Returns notes of what was changed and what is missing, which `compose` and `report` read, and
    the paths of the changed files.
    """
    if spec["patchelf"] is None:
        return NOTHING_NATIVE, frozenset()
    from dataclasses import asdict

    from builder.patch import apply_patches
    from builder.wiring import Platform, native_folders, plan_wiring
    from native.elf import elf_files, read_elf
    from native.needs import exported_sonames

    paths = list(elf_files(out))
    files = [elf for path in paths if (elf := read_elf(out / path, path)) is not None]
    interpreter = read_elf(Path(os.path.realpath(spec["python"]["executable"])), "python")
    if interpreter is None:
        raise BuildError(f"{spec['python']['executable']} is not a dynamically linked program")
    given = [(entry["attribute"], entry["directory"]) for entry in spec["libraries"]]
    if spec["wheel"]["name"] is None:
        from builder.linked_libraries import read_linked_folders

        given += read_linked_folders(Path(spec["wheel"]["path"]), os.path.dirname(out))
    libraries = [*library_directories(given)]
    libraries.append(interpreter_libraries(spec["python"]["executable"]))
    platform = Platform(
        machine=interpreter.machine,
        program_interpreter=interpreter.interpreter,
        driver_path=spec["driverPath"],
        store=os.path.dirname(out),
    )
    plan = plan_wiring(files, paths, libraries, platform)
    if any(need.sonames for need in plan.external_needs):
        # Few packages have libraries below their folder of libraries, as MariaDB's has.
        below = [(attribute, entry) for attribute, path in given for entry in subfolders(path)]
        plan = plan_wiring(files, paths, [*libraries, *library_directories(below)], platform)
    apply_patches(plan.patches, out, spec["patchelf"])
    changed = frozenset(os.path.join(out, patch.path) for patch in plan.patches)
    notes = {
        "folders": sorted(native_folders(paths)),
        "exportedSonames": sorted(
            exported_sonames(file for file in files if file.machine == platform.machine)
        ),
        "patched": [
            {
                "file": patch.path,
                "addedDirectories": list(patch.added_directories),
                "interpreter": patch.interpreter,
                "resolved": [asdict(library) for library in patch.resolved],
            }
            for patch in plan.patches
        ],
        "externalNeeds": [asdict(need) for need in plan.external_needs],
    }
    return notes, changed


def library_directories(given: Iterable[tuple[str, str]]) -> Iterator[LibraryDirectory]:
    """Yield the directories that exist, of pairs of an attribute and a path."""
    from builder.wiring import LibraryDirectory

    for attribute, path in given:
        if os.path.isdir(path):
            yield LibraryDirectory(attribute, path, frozenset(os.listdir(path)))


def subfolders(folder: str) -> list[str]:
    """Return the folders in a folder, sorted; none where there is no folder."""
    if not os.path.isdir(folder):
        return []
    return sorted(entry.path for entry in os.scandir(folder) if entry.is_dir())


def interpreter_libraries(executable: str) -> LibraryDirectory:
    """Return the directory of libpython, which a few extension modules need."""
    from builder.wiring import LibraryDirectory

    directory = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(executable))), "lib")
    names = os.listdir(directory) if os.path.isdir(directory) else []
    return LibraryDirectory(
        "python", directory, frozenset(name for name in names if name.startswith("libpython"))
    )
