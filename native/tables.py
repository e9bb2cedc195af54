"""Say which attribute of nixpkgs (26.05) has a library, a header, a program or a module.

The tables are JSON files beside this one: Nix reads the same files while it evaluates.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

# Headers and CMake packages that Python distributions bring, with the module that says where.
HEADER_MODULES = {
    "nanobind": "nanobind",
    "numpy": "numpy",
    "pybind11": "pybind11",
    "pycairo": "cairo",
}
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+.-]*")
# What belongs to the C library (glibc).
C_LIBRARIES = frozenset(
    {
        *("libc", "libm", "libpthread", "libdl", "librt", "libresolv", "libutil", "libanl"),
        *("libmvec", "libBrokenLocale", "libthread_db"),
    }
)
CMAKE_MODULES = {"nanobind": "nanobind", "pybind11": "pybind11"}


@dataclass(frozen=True)
class Inputs:
    """Attributes of nixpkgs for `buildInputs` and for `nativeBuildInputs`."""

    build: tuple[str, ...] = ()
    native_build: tuple[str, ...] = ()


@cache
def load_table(name: str) -> Mapping[str, Any]:
    """Return the table in a file of this folder, by its name without suffix."""
    file = Path(__file__).with_name(f"{name}.json")
    table: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return table


def attribute_for_soname(soname: str) -> str | None:
    """Return the attribute that has a library; None if there is none, or it isn't known.

    A name without version stands for all versions that have no entry of their own.

    >>> attribute_for_soname("libpcap.so.1") == attribute_for_soname("libpcap.so")
    True
    """
    table = load_table("sonames")
    stem = re.sub(r"\.so[.\d]*$", ".so", soname)
    attribute: str | None = table[soname] if soname in table else table.get(stem)
    return attribute


def soname_for(name: str) -> str | None:
    """Return the library that a program means by a name that it opens; None if it isn't known.

    The name is a file name or one that `cc -l` takes. A soname with a version is returned as it is,
    any other as the name of the library without one (`libmagic.so`), or, where only versions are
    known, the last of them. Libraries of the C library are on every system, so they have none.

    >>> soname_for("magic"), soname_for("libmagic.so.1"), soname_for("c")
    ('libmagic.so', 'libmagic.so.1', None)
    """
    if not FILE_NAME.fullmatch(name) or name.endswith((".dll", ".dylib")):
        return None
    stem, suffix, _ = name.partition(".so")
    stems = [stem] if suffix else [f"lib{name}", name]
    for library in stems:
        if not library.startswith("lib") or library in C_LIBRARIES:
            continue
        soname = name if suffix else f"{library}.so"
        if attribute_for_soname(soname) is not None:
            return soname
        if soname.endswith(".so") and (versions := _known_versions(soname)):
            return versions[-1]
    return None


def _known_versions(stem: str) -> list[str]:
    """Return the sonames with a version that have an attribute, of a library without one."""
    table = load_table("sonames")
    found = [key for key, value in table.items() if value and key.startswith(f"{stem}.")]
    return sorted(found, key=lambda key: [int(part) for part in re.findall(r"\d+", key)])


def attribute_for_linked(name: str) -> str | None:
    """Return the attribute that has the library of `-lNAME`; None if it isn't known."""
    attribute: str | None = load_table("linked").get(name)
    return attribute or attribute_for_soname(f"lib{name}.so")


def attribute_for_header(header: str) -> str | None:
    """Return the attribute that has a header; None if it isn't known.

    >>> attribute_for_header("openssl/ssl.h")
    'openssl'
    """
    attribute: str | None = load_table("headers").get(key_of_header(header))
    return attribute


def key_of_header(header: str) -> str:
    """Return the key of the table of headers that speaks of a header, if any does.

    A key that ends in "/" is a folder: any header below it counts.
    """
    return header if load_table("headers").get(header) else f"{header.partition('/')[0]}/"


def module_for_header(header: str) -> str | None:
    """Return the Python module that brings a header; None if that isn't known."""
    return HEADER_MODULES.get(header.partition("/")[0])


def attribute_for_pkg_config(module: str) -> str | None:
    """Return the attribute that has a module of pkg-config; None if it isn't known."""
    attribute: str | None = load_table("pkg-config").get(module)
    return attribute


def inputs_for_program(program: str) -> Inputs:
    """Return what a build gets that asks for a program; nothing if it isn't known.

    A program that says where its library is comes with the library.
    """
    return _inputs(load_table("programs").get(program, {}))


def inputs_for_cmake(package: str) -> Inputs:
    """Return what a build gets that asks CMake for a package; nothing if it isn't known."""
    return _inputs(load_table("cmake").get(package.lower(), {}))


def _inputs(item: Mapping[str, Any]) -> Inputs:
    return Inputs(tuple(item.get("buildInputs", ())), tuple(item.get("nativeBuildInputs", ())))
