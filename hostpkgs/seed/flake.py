"""Generate the flake: this project's Nix files and one data file about this machine."""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
import time
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import debian
import interpreters
import libc
import suite
from nar import nar_hash
from served import served
from staging import file_name, stage
from state import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from private_apt import PrivateApt

_COPIED = ("*.nix", "wheels.json", "libraries.json", "sources.json")


class UnsupportedMachineError(Exception):
    """No host package set can be made here; the text says why and what to do."""


def generate(project: Path, cache: Path, machine: Path, executables: Iterable[str]) -> Path:
    """Write the flake into a folder below `cache` and return it.

    `machine` is the file that remembers what was found on this machine.
    Raises UnsupportedMachineError on a machine without the GNU C library.
    """
    seeds = _machine_seeds(project, cache, machine, executables)
    return _replace(project, cache / "flakes", "host", seeds)


def generate_suite(
    project: Path,
    cache: Path,
    machine: Path,
    executables: Iterable[str],
    apt: PrivateApt,
    described: Path,
) -> Path:
    """Write the flake of a Debian suite into a folder below `cache` and return it.

    `described` is the file that remembers what the lists of `apt` say; the machine's own Python
    builds with it. Raises UnsupportedMachineError as `generate` does, SuiteError for a suite that
    no package set can be made of.
    """
    builder = json.loads(_machine_seeds(project, cache, machine, executables))
    try:
        known = json.loads(described.read_text())
    except (OSError, ValueError):
        libraries = debian.read_table(project / "hostpkgs/libraries.json")
        known = suite.describe(apt, libraries)
        # sources.json stands in for the others
        known["sources"] = served(known["sources"])
        for old in described.parent.glob("*.json"):
            old.unlink()
        write_atomically(described, _dump(known))
    seeds = _dump({**known, "machine": only_builder(builder)})
    return _replace(project, cache / "flakes", apt.suite, seeds)


def only_builder(seeds: dict[str, Any]) -> dict[str, Any]:
    """Return of a machine's seeds what its own Python is made of, which unpacks a suite's files."""
    wanted = {name for seed in seeds["pythons"].values() for name in seed["headers"]}
    packages = seeds["debian"]["packages"]
    return {
        **{name: seeds[name] for name in ("system", "libc", "pythons")},
        "debian": {"packages": {name: packages[name] for name in sorted(wanted)}},
    }


def _machine_seeds(project: Path, cache: Path, machine: Path, executables: Iterable[str]) -> str:
    seeds = _remembered(machine)
    if seeds is None:
        libraries = debian.read_table(project / "hostpkgs/libraries.json")
        seeds = _dump(_inspect_machine(cache / "seeds", executables, libraries))
        write_atomically(machine, seeds)
    remove_old(cache / "seeds", seeds)
    return seeds


def _dump(data: object) -> str:
    return json.dumps(data, separators=(",", ":"), sort_keys=True)


def _remembered(machine: Path) -> str | None:
    """Return what was found before, or None if a folder that it names is gone."""
    try:
        text = machine.read_text()
        data = json.loads(text)
    except (OSError, ValueError):
        return None
    folders = [data["libc"]["path"], *(seed["path"] for seed in data["pythons"].values())]
    return text if all(Path(folder).is_dir() for folder in folders) else None


def _inspect_machine(
    folder: Path, executables: Iterable[str], libraries: Mapping[str, debian.Library]
) -> dict[str, Any]:
    found_libc = libc.find()
    if found_libc is None:
        raise UnsupportedMachineError(
            "this machine's C library is not the GNU C library, so no host package set can be "
            "made here: set WHEELHOUSE_NIXPKGS=flake on a machine that reaches nixpkgs"
        )
    found = interpreters.choose(filter(None, map(interpreters.query, executables)))
    contents = {
        minor: interpreters.entries(one, found_libc.names) for minor, one in sorted(found.items())
    }
    without_headers = [
        minor
        for minor, entries in contents.items()
        if not any(entry.target.endswith("/Python.h") for entry in entries)
    ]
    further = chain(*map(debian.embedding, without_headers), *map(debian.for_python, contents))
    packages = _packages(debian.wanted(libraries, further))
    return {
        "system": f"{platform.machine()}-linux",
        "libc": {
            **asdict(stage(folder, "libc", libc.entries(found_libc))),
            "version": found_libc.version,
            "loader": found_libc.loader,
        },
        "pythons": {
            minor: {
                **asdict(stage(folder, f"python-{found[minor].version}", entries)),
                "version": found[minor].version,
                "prefix": found[minor].prefix,
                "headers": [name for name in debian.embedding(minor) if name in packages]
                if minor in without_headers
                else [],
            }
            for minor, entries in contents.items()
        },
        "debian": debian.describe(libraries, packages, contents),
    }


def _packages(names: list[str]) -> dict[str, debian.Package]:
    """Return Debian's packages; none without apt, and Nix then fails when one is used."""
    try:
        packages = debian.query(names)
        if not packages and os.geteuid() == 0:
            # an image as small as it can be has no package lists
            debian.update()
            packages = debian.query(names)
    except OSError:
        return {}
    return packages


def _replace(project: Path, folder: Path, name: str, seeds: str) -> Path:
    """Write the folder of a flake, and remove old ones of that name: others may be in use."""
    flake = _write(project, folder, name, seeds)
    remove_old(folder, flake.name, f"{name}-")
    return flake


def _write(project: Path, folder: Path, name: str, seeds: str) -> Path:
    """Write the folder, named after its content, and a flake registry that calls it nixpkgs."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
    hostpkgs = project / "hostpkgs"
    try:
        for pattern in _COPIED:
            for file in hostpkgs.glob(pattern):
                shutil.copyfile(file, temporary / file.name)
        shutil.copytree(hostpkgs / "build", temporary / "build", copy_function=shutil.copyfile,
                        ignore=shutil.ignore_patterns("__pycache__", ".*"))  # fmt: skip
        (temporary / "seeds.json").write_text(seeds + "\n")
        temporary.chmod(0o755)
        flake = folder / f"{name}-{file_name(nar_hash(temporary))}"
        write_atomically(Path(f"{flake}.registry.json"), _registry(flake))
        if not flake.exists():
            temporary.rename(flake)
        return flake
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _registry(flake: Path) -> str:
    entry = {
        "from": {"type": "indirect", "id": "nixpkgs"},
        "to": {"type": "path", "path": str(flake)},
    }
    return json.dumps({"version": 2, "flakes": [entry]}) + "\n"


def remove_old(folder: Path, needed: str, prefix: str = "") -> None:
    """Remove what is older than a day and not named in `needed`; a younger one may be in use.

    Only names with the prefix count.
    """
    for old in folder.iterdir():
        name = old.name.removesuffix(".registry.json")
        is_own = name.removeprefix(".").startswith(prefix)
        if is_own and name not in needed and time.time() - old.lstat().st_mtime > 24 * 3600:
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.unlink(missing_ok=True)
