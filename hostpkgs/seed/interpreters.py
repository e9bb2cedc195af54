"""Find the CPythons of this machine, and the files that an interpreter in the store needs."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from staging import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SUPPORTED = re.compile(r"3\.(\d+)$")
_OLDEST_MINOR = 8

_QUERY = """
import json, sys, sysconfig
v = sys.version_info
print(json.dumps({
  "implementation": sys.implementation.name,
  "minor": "%d.%d" % v[:2],
  "version": "%d.%d.%d" % v[:3] + ("" if v[3] == "final" else v[3][0] + str(v[4])),
  "abiflags": sys.abiflags,
  "prefix": sys.base_prefix,
  "stdlib": sysconfig.get_path("stdlib"),
  "multiarch": getattr(sys.implementation, "_multiarch", ""),
  "include": sysconfig.get_config_var("INCLUDEPY") or "",
  **{name.lower(): sysconfig.get_config_var(name) or "" for name in
     ("BINDIR", "INSTSONAME", "LDLIBRARY", "LIBDIR", "LIBPC", "LIBPL", "LIBRARY")},
  "shared": bool(sysconfig.get_config_var("Py_ENABLE_SHARED")),
}))
"""

# nixpkgs has tkinter in a package of its own; the rest is of no use to an environment
_EXCLUDED_DIRS = frozenset(
    {"__pycache__", "site-packages", "dist-packages", "test", "tests", "idle_test"}
)
_EXCLUDED_FILES = re.compile(
    r"(\.pyc|\.pyo|\.a|\.orig)$|^(_tkinter|_testcapi|_test\w+|_ctypes_test|xxlimited\w*)\."
    r"|^(sitecustomize|usercustomize)\.py$"
)


@dataclass(frozen=True)
class Interpreter:
    """A CPython: `minor` is "3.11", `version` "3.11.7"; `prefix`, `stdlib` are absolute.

    From `bindir` on: what sysconfig says, "" for what it doesn't.
    """

    executable: str
    minor: str
    version: str
    prefix: str
    stdlib: str
    multiarch: str
    include: str
    bindir: str
    instsoname: str
    ldlibrary: str
    libdir: str
    libpc: str
    libpl: str
    library: str
    shared: bool

    @property
    def sort_key(self) -> tuple[tuple[int, ...], bool]:
        """Return the version, and whether the prefix is its own: that one is preferred."""
        numbers = tuple(int(number) for number in re.findall(r"\d+", self.version)[:3])
        return numbers, self.prefix != "/usr"


def executables(environ: Mapping[str, str]) -> list[str]:
    """Return paths of executables that may be CPythons: Debian's, pyenv's, uv's, /usr/local's."""
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local/share")
    pyenv = Path(environ.get("PYENV_ROOT") or home / ".pyenv")
    uv = Path(environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv/python")
    folders = [
        Path("/usr/bin"),
        Path("/usr/local/bin"),
        *sorted(pyenv.glob("versions/*/bin")),
        *sorted(uv.glob("cpython-*/bin")),
    ]
    found = dict.fromkeys(
        os.path.realpath(name) for folder in folders for name in _pythons_in(folder)
    )
    return list(found)


def _pythons_in(folder: Path) -> Iterator[str]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - /usr/bin has thousands of names
    except OSError:
        return
    for name in names:
        match = _SUPPORTED.match(name[len("python") :]) if name.startswith("python") else None
        if match and int(match[1]) >= _OLDEST_MINOR:
            yield str(folder / name)


def query(executable: str) -> Interpreter | None:
    """Run an executable to describe it; None for any but a usable CPython (a broken one, PyPy)."""
    try:
        answer = subprocess.run(
            [executable, "-I", "-S", "-c", _QUERY],
            capture_output=True,
            timeout=20,
            check=True,
            env={"PATH": "/usr/bin:/bin"},
        ).stdout
        facts = json.loads(answer)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    if facts["implementation"] != "cpython" or facts["abiflags"]:
        return None
    del facts["implementation"], facts["abiflags"]
    return Interpreter(executable=executable, **facts)


def choose(interpreters: Iterable[Interpreter]) -> dict[str, Interpreter]:
    """Return the newest interpreter of each minor version, by "3.11"."""
    return {found.minor: found for found in sorted(interpreters, key=lambda one: one.sort_key)}


def entries(interpreter: Interpreter, libc_names: frozenset[str]) -> list[Entry]:
    """Return the files of an interpreter that go into the store.

    `bin/`, `lib/`, `include/` as in its prefix; `private/` holds the libraries that it is linked
    with, as this machine's loader finds them, without libc's (`libc_names`).
    """
    name = f"python{interpreter.minor}"
    stdlib = list(_tree(interpreter.stdlib, f"lib/{name}"))
    extensions = [entry.source for entry in stdlib if entry.source.endswith(".so")]
    linked = _linked(interpreter.executable, extensions)
    own = [
        Entry(f"bin/{name}", interpreter.executable),
        Entry("bin/python3", "", link=name),
        Entry("bin/python", "", link=name),
    ]
    own += [
        Entry(f"{'lib' if soname.startswith('libpython') else 'private'}/{soname}", path)
        for soname, path in linked.items()
        if soname not in libc_names
    ]
    found = own + stdlib + list(_headers(interpreter))
    # Debian's executable isn't linked with the library that Debian has all the same
    targets = {entry.target for entry in found}
    embedding = _embedding(interpreter, f"lib/{name}")
    return found + [entry for entry in embedding if entry.target not in targets]


def _embedding(interpreter: Interpreter, stdlib: str) -> Iterator[Entry]:
    """Yield what a program that embeds Python is built with, as far as the machine has it.

    The library is static where the interpreter was built without a shared one.
    """
    minor = interpreter.minor
    if interpreter.shared:
        soname = interpreter.instsoname
        library = (
            f"lib/{soname}",
            f"{interpreter.libdir}/{soname}",
            f"lib/{interpreter.ldlibrary}",
        )
    else:
        static = f"{interpreter.libpl.rpartition('/')[2]}/{interpreter.library}"
        library = (f"{stdlib}/{static}", f"{interpreter.libpl}/{interpreter.library}", "")
    stable = ("lib/libpython3.so", f"{interpreter.libdir}/libpython3.so", "")
    told = [
        (f"lib/pkgconfig/{name}", f"{interpreter.libpc}/{name}", f"lib/pkgconfig/python3{end}.pc")
        for end in ("", "-embed")
        for name in (f"python-{minor}{end}.pc",)
    ]
    program = f"python{minor}-config"
    told.append((f"bin/{program}", f"{interpreter.bindir}/{program}", "bin/python3-config"))
    for target, source, alias in (library, stable, *told):
        if os.path.isfile(source):  # noqa: PTH113
            yield Entry(target, os.path.realpath(source))
            if alias:
                yield Entry(alias, "", link=target.rpartition("/")[2])


def _headers(interpreter: Interpreter) -> Iterator[Entry]:
    name = f"python{interpreter.minor}"
    target = f"include/{name}"
    # Debian keeps the real pyconfig.h apart, per architecture
    apart = f"{interpreter.prefix}/include/{interpreter.multiarch}/{name}/pyconfig.h"
    has_apart = bool(interpreter.multiarch) and os.path.exists(apart)  # noqa: PTH110
    for entry in _tree(interpreter.include, target):
        if not (has_apart and entry.target == f"{target}/pyconfig.h"):
            yield entry
    if has_apart:
        yield Entry(f"{target}/pyconfig.h", apart)


def _tree(source: str, target: str) -> Iterator[Entry]:
    try:
        found = sorted(os.scandir(source), key=lambda item: item.name)
    except OSError:
        return
    for item in found:
        place = f"{target}/{item.name}"
        if item.is_dir(follow_symlinks=False):
            if item.name not in _EXCLUDED_DIRS:
                yield from _tree(item.path, place)
        elif item.is_symlink() and "/" not in os.readlink(item.path):  # noqa: PTH115
            yield Entry(place, item.path, link=os.readlink(item.path))  # noqa: PTH115
        elif item.is_file() and not _EXCLUDED_FILES.search(item.name):
            yield Entry(place, item.path)


def _linked(executable: str, extensions: list[str]) -> dict[str, str]:
    """Return soname → path of the libraries that an executable and its extensions load.

    One run of the machine's own loader in its tracing mode (ld.so(8)): nothing is executed.
    """
    traced = subprocess.run(
        [executable],
        env={"LD_TRACE_LOADED_OBJECTS": "1", "LD_PRELOAD": ":".join(extensions)},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    extension_names = {extension.rpartition("/")[2] for extension in extensions}
    return {
        soname: os.path.realpath(path)
        for soname, path in re.findall(r"^\t(\S+) => (/\S+) \(", traced, re.MULTILINE)
        if soname.rpartition("/")[2] not in extension_names
    }
