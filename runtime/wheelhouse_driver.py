"""The libraries of the host's GPU driver, for an environment with `driver = "host"`.

`bin/python` of the environment (driver.c) finds `libcuda.so.1` of the host, and puts a folder of
links into the library path. The first start with a driver makes the links: to the libraries of that
driver, of that version, and to nothing else that lies beside them.

`python -m wheelhouse_driver` prints what was found, and what was left out and why.

It runs on any Python since 3.8, and is imported only where links are to be made.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import re
import struct
import sys
from typing import NamedTuple

# The builder fills in where driver.c looks for a driver (builder/libraries.py).
FOLDERS: list[str] = []
FOLDERS_VARIABLE = "WHEELHOUSE_DRIVER_FOLDERS"
LOADER_CACHE = "/etc/ld.so.cache"
LIBRARY = "libcuda.so.1"
MARK = ".known"

# What the driver of NVIDIA consists of, and on WSL, where it talks to that of Windows.
DRIVER_FILE = re.compile(
    r"lib(?:cuda|cudadebugger|nvcuvid|nvoptix(?:_loader)?|nvidia-[\w.-]+?"
    r"|(?:GLX|EGL|GLESv1_CM|GLESv2|vdpau)_nvidia"
    r"|dxcore|d3d12|d3d12core|nvwgf2umx|nvdxdlkernels)"
    r"\.so(?:\.(?P<version>\d+(?:\.\d+)*))?"
)
GLIBC_VERSION = re.compile(rb"GLIBC_(\d+)\.(\d+)(?:\.\d+)?")
SONAME_FILE = re.compile(r".+\.so\.\d+")

# ELF-64 (System V ABI): segments, tags of the dynamic section, versions that are needed.
PT_LOAD, PT_DYNAMIC = 1, 2
DT_NULL, DT_STRTAB, DT_SONAME, DT_VERNEED, DT_VERNEEDNUM = 0, 5, 14, 0x6FFFFFFE, 0x6FFFFFFF


class Elf(NamedTuple):
    """What counts of a library: its soname, and the newest glibc that it needs."""

    machine: int
    soname: str | None
    glibc: tuple[int, int]


class Driver(NamedTuple):
    """The driver of one version: links by name, and of what was left out the names and why.

    `version` is None where the files have none in their names, as on WSL.
    """

    version: str | None
    links: dict[str, str]
    left_out: dict[str, str]


def read_elf(path: str) -> Elf | None:
    """Return what counts of a 64-bit little-endian library; None for any other or damaged file."""
    try:
        with open(path, "rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        with data:
            return parse_elf(data)
    except (OSError, ValueError, struct.error):
        return None


def parse_elf(data: mmap.mmap) -> Elf | None:
    """Return what counts of a library's content. Raises struct.error for a damaged one."""
    if data[:6] != b"\x7fELF\x02\x01":
        return None
    (machine,) = struct.unpack_from("<H", data, 18)
    (headers,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    segments = [struct.unpack_from("<IIQQQQ", data, headers + size * at) for at in range(count)]
    loaded = [(segment[3], segment[3] + segment[5], segment[2]) for segment in segments
              if segment[0] == PT_LOAD]  # fmt: skip

    def offset(address: int) -> int:
        for start, end, position in loaded:
            if start <= address < end:
                return int(address - start + position)
        raise ValueError(address)

    def text(position: int) -> bytes:
        end = data.find(b"\0", position)
        if end < 0:
            raise ValueError(position)
        return data[position:end]

    tags: dict[int, int] = {}
    for segment in segments:
        if segment[0] == PT_DYNAMIC:
            for tag, value in struct.iter_unpack("<qQ", data[segment[2] : segment[2] + segment[5]]):
                if tag == DT_NULL:
                    break
                tags.setdefault(tag, value)
    if DT_STRTAB not in tags:
        return None
    strings = offset(tags[DT_STRTAB])
    glibc = (0, 0)
    file_at = offset(tags[DT_VERNEED]) if DT_VERNEED in tags else 0
    for _ in range(tags.get(DT_VERNEEDNUM, 0)):
        _version, versions, _file, first, following = struct.unpack_from("<HHIII", data, file_at)
        version_at = file_at + first
        for _ in range(versions):
            _hash, _flags, _other, name, step = struct.unpack_from("<IHHII", data, version_at)
            match = GLIBC_VERSION.fullmatch(text(strings + name))
            if match is not None:
                glibc = max(glibc, (int(match[1]), int(match[2])))
            version_at += step
        file_at += following
    soname = os.fsdecode(text(strings + tags[DT_SONAME])) if DT_SONAME in tags else None
    return Elf(machine, soname, glibc)


def driver_version(path: str) -> str | None:
    """Return the driver's version in the name of a file; None for the version of an ABI."""
    match = DRIVER_FILE.fullmatch(os.path.basename(path))
    version = match["version"] if match else None
    return version if version is not None and "." in version else None


def collect(library: str, glibc: tuple[int, int]) -> Driver:
    """Return the driver that `library`, a path of libcuda.so.1, belongs to.

    A library that needs a newer glibc is left out; with libcuda itself all are. The links lead to
    the files themselves, so that those of another version never take their place.
    """
    real = os.path.realpath(library)
    version = driver_version(real)
    own = read_elf(real)
    links: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for folder in dict.fromkeys((os.path.dirname(library), os.path.dirname(real))):
        for name in sorted(os.listdir(folder)):
            if name in links or DRIVER_FILE.fullmatch(name) is None:
                continue
            file = os.path.realpath(os.path.join(folder, name))
            elf = read_elf(file)
            reason = refusal(file, elf, version, own, glibc)
            if reason is None:
                links[name] = file
                # ldconfig makes a link of the soname, but not in every container.
                if elf is not None and elf.soname and DRIVER_FILE.fullmatch(elf.soname):
                    links.setdefault(elf.soname, file)
            elif SONAME_FILE.fullmatch(name):
                left_out.setdefault(name, reason)
    for name in links:
        left_out.pop(name, None)
    return Driver(version, {} if LIBRARY in left_out else links, left_out)


def refusal(
    file: str,
    elf: Elf | None,
    version: str | None,
    own: Elf | None,
    glibc: tuple[int, int],
) -> str | None:
    """Return why a file is no library of the driver of a version; None if it is one.

    `own` is libcuda, `glibc` the environment's version.
    """
    if elf is None:
        return "it can't be read as a 64-bit library"
    if own is not None and elf.machine != own.machine:
        return "it is for another machine"
    other = driver_version(file)
    if other != version:
        return f"{file} is of {named(other)}, and {LIBRARY} of {named(version)}"
    if elf.glibc > glibc:
        return f"it needs glibc {dotted(elf.glibc)}, and the environment has {dotted(glibc)}"
    return None


def named(version: str | None) -> str:
    """Return a driver's version as messages name it."""
    return "no version" if version is None else f"version {version}"


def dotted(version: tuple[int, int]) -> str:
    """Return a version as it is written."""
    return ".".join(map(str, version))


def environment_glibc() -> tuple[int, int]:
    """Return the version of the C library that this interpreter runs with."""
    match = re.match(r"glibc (\d+)\.(\d+)", os.confstr("CS_GNU_LIBC_VERSION") or "")
    return (int(match[1]), int(match[2])) if match else (0, 0)


def write_links(folder: str, library: str, driver: Driver, looked: int) -> None:
    """Write links into a folder, and the mark that says when the host's folder was looked at.

    Several starts may do so at once: all write the same links, and the mark comes last. `looked` is
    the time in nanoseconds that the host's folder had before. Raises OSError.
    """
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        with contextlib.suppress(FileNotFoundError):
            if os.path.islink(path) and os.readlink(path) != driver.links.get(name):
                os.unlink(path)
    for name, file in driver.links.items():
        with contextlib.suppress(FileExistsError):
            os.symlink(file, os.path.join(folder, name))
    mark = os.path.join(folder, MARK)
    temporary = f"{mark}-{os.getpid()}"
    with open(temporary, "w", encoding="utf-8") as file_of_mark:
        file_of_mark.write(f"{library}\n")
    os.utime(temporary, ns=(looked, looked))
    os.replace(temporary, mark)


def prepare(library: str, folder: str) -> Driver:
    """Make the links to the driver of a libcuda.so.1. Raises OSError."""
    looked = os.stat(os.path.dirname(library)).st_mtime_ns
    driver = collect(library, environment_glibc())
    write_links(folder, library, driver, looked)
    return driver


def prepare_at_start(library: str, folder: str) -> None:
    """Make the links, and warn of a driver that can't be used. Nothing is an error here."""
    with contextlib.suppress(OSError, ValueError):
        driver = prepare(library, folder)
        if LIBRARY in driver.left_out and sys.stderr is not None:
            print(f"wheelhouse: {unused(library, driver)}", file=sys.stderr)


def unused(library: str, driver: Driver) -> str:
    """Return the message on a driver that can't be used."""
    return (
        f"the host's GPU driver, {library} of {named(driver.version)}, is not used: "
        f"{driver.left_out[LIBRARY]}. "
        "Use a newer package set, or name another folder in WHEELHOUSE_DRIVER_FOLDERS."
    )


def find_soname(folder: str, name: str) -> str | None:
    """Return the soname of a library of the driver by the name that `cc -l` takes."""
    pattern = re.compile(rf"lib{re.escape(name)}\.so\.\d+")
    return next((entry for entry in sorted(os.listdir(folder)) if pattern.fullmatch(entry)), None)


def nothing_found(variable: str | None) -> str:
    """Return the text on a machine without a driver: where it was looked for, and what is wrong.

    `variable` is the value of WHEELHOUSE_DRIVER_FOLDERS, None where it isn't set.
    """
    folders = FOLDERS if variable is None else [name for name in variable.split(":") if name]
    if not folders:
        return f"No GPU driver: {FOLDERS_VARIABLE} names no folder."
    lines = [f"No GPU driver: there is no {LIBRARY} in"]
    for folder in folders:
        if not os.path.isabs(folder):
            lines.append(f"  {folder}: it is no absolute path")
        elif os.path.exists(os.path.join(folder, LIBRARY)):
            lines.append(f"  {folder}: {LIBRARY} is for another machine")
        else:
            lines.append(f"  {folder}")
    if variable is None:
        lines.append(f"  the folders that {LOADER_CACHE} names")
        lines.append(f"{FOLDERS_VARIABLE} may name other folders, separated by colons.")
    return "\n".join(lines)


def describe(driver: Driver, library: str) -> str:
    """Return the text on a driver that was found."""
    lines = [f"GPU driver: {library}, {named(driver.version)}"]
    lines += [f"  {name}: {file}" for name, file in sorted(driver.links.items())]
    if driver.left_out:
        lines.append("Left out:")
        lines += [f"  {name}: {reason}" for name, reason in sorted(driver.left_out.items())]
    return "\n".join(lines)


def try_driver() -> str:
    """Open libcuda.so.1, as packages do; return what became of it."""
    import ctypes

    try:
        opened = ctypes.CDLL(LIBRARY)
    except OSError as error:
        return f"{LIBRARY} can't be opened: {error}"
    init = getattr(opened, "cuInit", None)
    if init is None:
        return f"{LIBRARY} opens."
    # CUresult: 0 is success, 100 that there is no device.
    return f"{LIBRARY} opens, and cuInit(0) returns {init(0)}."


def main() -> int:
    """Print what was found; return 0 if a driver is in use, else 1."""
    import _wheelhouse_libraries

    told = _wheelhouse_libraries.driver
    state, library, rest = told.split("\n", 2) if told else ("off", "", "")
    if state == "off":
        print("No driver was looked for: the environment was not started by its bin/python.")
        return 1
    if state == "none":
        print(nothing_found(os.environ.get(FOLDERS_VARIABLE)))
        return 1
    try:
        driver = collect(library, environment_glibc())
        print(describe(driver, library))
        if state == "unusable":
            print(f"It is not used: {rest}. XDG_CACHE_HOME may name a folder for the links.")
            return 1
        prepare(library, rest)
    except OSError as error:
        print(f"The driver of {library} is not used: {error}.")
        return 1
    print(f"Links: {rest}")
    if LIBRARY in driver.left_out:
        print(f"wheelhouse: {unused(library, driver)}", file=sys.stderr)
        return 1
    print(try_driver())
    return 0


if __name__ == "__main__":
    sys.exit(main())
