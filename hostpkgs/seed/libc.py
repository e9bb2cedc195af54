"""Find the C library of this machine: one set of files that every process in the store shares."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass

from staging import Entry

# What Debian's libc6 has, with the stubs that wheels built long ago still name. libnss_* of other
# packages (systemd, …) stay out.
_LIBRARY = re.compile(
    r"ld-linux[-\w]*\.so\.\d|libBrokenLocale\.so\.1|libanl\.so\.1|libc\.so\.6"
    r"|libc_malloc_debug\.so\.0|libdl\.so\.2|libm\.so\.6|libmvec\.so\.1|libnsl\.so\.1"
    r"|libnss_(compat|dns|files|hesiod)\.so\.2|libpthread\.so\.0|libresolv\.so\.2|librt\.so\.1"
    r"|libthread_db\.so\.1|libutil\.so\.1"
)


@dataclass(frozen=True)
class Libc:
    """A C library: `version` "2.36", `loader` the dynamic loader's name, `folder` of its files."""

    folder: str
    version: str
    loader: str
    names: frozenset[str]


def find() -> Libc | None:
    """Return the GNU C library that this Python runs on; None where it runs on another (musl)."""
    name, version = platform.libc_ver()
    mapped = _mapped_libc()
    if name != "glibc" or mapped is None:
        return None
    folder = os.path.dirname(os.path.realpath(mapped))  # noqa: PTH120
    names = frozenset(name for name in os.listdir(folder) if _LIBRARY.fullmatch(name))  # noqa: PTH208
    loader = next((name for name in sorted(names) if name.startswith("ld-linux")), None)
    return Libc(folder, version, loader, names) if loader else None


def entries(libc: Libc) -> list[Entry]:
    """Return the files of a C library that go into the store."""
    return [Entry(f"lib/{name}", f"{libc.folder}/{name}") for name in sorted(libc.names)]


def _mapped_libc() -> str | None:
    with open("/proc/self/maps") as maps:  # noqa: PTH123
        found = re.search(r"(/\S*/libc(?:-2\.\d+)?\.so(?:\.6)?)$", maps.read(), re.MULTILINE)
    return found[1] if found else None
