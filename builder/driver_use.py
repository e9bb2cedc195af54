"""Find which files of packages use the GPU driver, and describe that for the report."""

import mmap
import os
from collections.abc import Iterator
from pathlib import Path

from builder.wiring import installed_path
from native.elf import elf_files

# Libraries of a driver that programs open by name, as the CUDA runtime does.
OPENED = ("libcuda.so.1", "libnvidia-ml.so.1", "libnvcuvid.so.1", "libnvidia-encode.so.1")

WITH_HOST = '`driver = "host"` finds them on the machine that runs the environment.\n'
WITHOUT_HOST = (
    "On NixOS they are found by files that need them. Write into the arguments of\n"
    "makePythonPypiEnvironment, to find them by name, too, and on any distribution:\n"
    '  driver = "host";\n'
)


def opened_by_name(package: str) -> Iterator[tuple[str, str]]:
    """Yield each ELF file of an unpacked package that has a name of the driver's libraries.

    `package` is its path. A pair is the file's path in an environment, and the name.
    """
    for path in elf_files(Path(package)):
        with (
            open(os.path.join(package, path), "rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            for soname in OPENED:
                if content.find(f"\0{soname}\0".encode()) >= 0:
                    yield installed_path(path), soname


def advice(host_driver: bool) -> str:
    """Return what finds the driver's libraries, for the end of a section of the report."""
    return WITH_HOST if host_driver else WITHOUT_HOST
