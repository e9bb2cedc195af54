"""One wheel becomes one tree: files, native wiring, RECORD, bytecode."""

import json
import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder import bytecode
from builder.errors import BuildError
from builder.record import Entry, format_record, sha256_entry
from builder.wheel import TreeDestination, open_wheel

if TYPE_CHECKING:
    from builder.native import Library

INSTALLER = b"wheelhouse\n"


def normalize(name: str) -> str:
    """A distribution's name in its normal form (name normalization, PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main(spec: dict[str, Any], out: Path) -> None:
    """Unpack `spec["wheel"]` into `out`, for `spec["python"]` (docs/architecture.md)."""
    path, name = find_wheel(Path(spec["wheel"]["path"]), spec["wheel"]["name"])
    check_platform(name, spec["libc"])
    site = out / spec["python"]["sitePackages"]
    extras = out / "wheelhouse"
    destination, dist_info = unpack_wheel(path, name, site, extras)
    check_identity(name, dist_info, spec["package"], spec["version"])
    report = wire(spec, out, destination)
    if report["patched"]:
        write_record(site, dist_info, destination.entries["site"])
    summary = {
        "name": spec["package"],
        "version": spec["version"],
        "distInfo": dist_info,
        "entryPoints": destination.entry_points,
        "native": report,
        **{
            place: [asdict(entry) for entry in destination.entries[place]]
            for place in ("scripts", "data", "headers")
        },
    }
    extras.mkdir(exist_ok=True)
    (extras / "package.json").write_text(
        json.dumps(summary, indent=2, sort_keys=True) + "\n", encoding="utf-8"
    )
    bytecode.compile_tree(spec["python"]["executable"], site)


def find_wheel(path: Path, name: str | None) -> tuple[Path, str]:
    """A wheel and its true name; without a name, `path` is the folder of one that was built."""
    if name is not None:
        return path, name
    (wheel,) = path.glob("*.whl")
    return wheel, wheel.name


def check_platform(name: str, libc: str) -> None:
    """Refuse a wheel whose libraries want another libc than the interpreter's."""
    tags = name.removesuffix(".whl").rpartition("-")[2].split(".")
    for other, prefix in (("musl", "musllinux"), ("glibc", "manylinux")):
        if libc != other and all(tag.startswith(prefix) for tag in tags):
            raise BuildError(
                f"{name} is built for {other}, and the interpreter for {libc}; "
                "lock again for this system"
            )


def check_identity(wheel: str, dist_info: str, package: str, version: str) -> None:
    """Refuse a wheel of another distribution, or another version, than the lock says."""
    name, _, found = dist_info.removesuffix(".dist-info").rpartition("-")
    if normalize(name) != normalize(package):
        raise BuildError(
            f"{wheel} holds {normalize(name)}, where {package} was expected; lock again"
        )
    if not same_version(found, version):
        raise BuildError(f"{wheel} holds {name} {found}, where {version} was expected; lock again")


def same_version(one: str, other: str) -> bool:
    """Whether two texts are one version (version specifiers, «Normalization»)."""
    if one == other:
        return True
    from packaging.version import InvalidVersion, Version

    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return False


def unpack_wheel(path: Path, name: str, site: Path, extras: Path) -> tuple[TreeDestination, str]:
    """Write a wheel's files, each held against RECORD, and RECORD itself.

    Returns where they went, and the name of the `.dist-info` folder.
    Raises BuildError for a wheel that is damaged or not what it says.
    """
    from installer import install

    site.mkdir(parents=True, exist_ok=True)
    with open_wheel(path, name) as wheel:
        destination = TreeDestination(wheel, site, extras)
        install(wheel, destination, additional_metadata={"INSTALLER": INSTALLER})
        dist_info = wheel.dist_info_dir
    write_record(site, dist_info, destination.entries["site"])
    return destination, dist_info


def write_record(site: Path, dist_info: str, entries: list[Entry]) -> None:
    """Write RECORD of what lies in site-packages."""
    (site / dist_info / "RECORD").write_text(format_record(entries), encoding="utf-8")


def wire(spec: dict[str, Any], out: Path, destination: TreeDestination) -> dict[str, Any]:
    """Let the tree's ELF files find their libraries, and say what was done and what is missing."""
    if spec["patchelf"] is None:
        return {"folders": [], "offered": [], "patched": [], "reaches": []}
    from builder.elf import elf_files, read_elf
    from builder.native import Library, Platform, native_folders, offered, plan
    from builder.patch import apply

    paths = list(elf_files(out))
    files = [elf for path in paths if (elf := read_elf(out / path, path)) is not None]
    interpreter = read_elf(Path(os.path.realpath(spec["python"]["executable"])), "python")
    if interpreter is None:
        raise BuildError(f"{spec['python']['executable']} is not a dynamically linked program")
    libraries = [
        Library(entry["attribute"], entry["directory"], frozenset(os.listdir(entry["directory"])))
        for entry in spec["libraries"]
        if os.path.isdir(entry["directory"])
    ]
    libraries.append(python_library(spec["python"]["executable"]))
    platform = Platform(
        machine=interpreter.machine,
        loader=interpreter.interpreter,
        driver_path=spec["driverPath"],
        store=os.path.dirname(out),
    )
    decided = plan(files, paths, libraries, platform)
    apply(decided.patches, out, spec["patchelf"])
    changed = {os.path.join(out, patch.path) for patch in decided.patches}
    for place, entries in destination.entries.items():
        root = destination.roots[place]
        entries[:] = [
            sha256_entry(entry.path, Path(path).read_bytes())
            if (path := os.path.join(root, entry.path)) in changed
            else entry
            for entry in entries
        ]
    return {
        "folders": sorted(native_folders(paths)),
        "offered": sorted(offered(file for file in files if file.machine == platform.machine)),
        "patched": [
            {
                "file": patch.path,
                "added": list(patch.added),
                "interpreter": patch.interpreter,
                "met": [asdict(met) for met in patch.met],
            }
            for patch in decided.patches
        ],
        "reaches": [asdict(reach) for reach in decided.reaches],
    }


def python_library(executable: str) -> "Library":
    """The interpreter's own library, for the few files that name it."""
    from builder.native import Library

    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(executable))), "lib")
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return Library("python", folder, frozenset(n for n in names if n.startswith("libpython")))
