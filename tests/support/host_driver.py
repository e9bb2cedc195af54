"""Make up the folder of a host that has a GPU driver's libraries."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from tests.support.c_compiler import Compiler

# Opens another library of the driver by name, as a driver does.
CUDA = """
#include <dlfcn.h>
int number(void)
{
    void *compiler = dlopen("libnvidia-ptxjitcompiler.so.1", RTLD_NOW);
    int (*own)(void) = compiler ? dlsym(compiler, "own") : 0;
    return own ? %d + own() : -1;
}
int cuInit(unsigned int flags) { return number() < 0 ? -1 : (int)flags; }
"""
NEEDS_NEWER = "int newer(void); int number(void) { return newer(); }"
VERSION = "1.2.3"
# What a program prints that opens the driver of VERSION as packages do.
NUMBER = "42"
OPEN = "import ctypes; print(ctypes.CDLL('libcuda.so.1').number())"


@dataclass(frozen=True)
class HostDriver:
    """A folder of the host, and the compiler that writes into it."""

    compiler: Compiler

    @property
    def folder(self) -> Path:
        """Return the folder."""
        return self.compiler.folder

    def add(self, name: str, version: str, code: str, *options: str, linked: bool = True) -> Path:
        """Write libNAME.so.VERSION, and the link libNAME.so.1 to it as ldconfig does."""
        soname = f"lib{name}.so.1"
        file = self.compiler.compile(
            f"lib{name}.so.{version}", code, "-shared", "-fPIC", f"-Wl,-soname,{soname}", *options
        )
        if linked:
            (self.folder / soname).unlink(missing_ok=True)
            (self.folder / soname).symlink_to(file.name)
        return file

    def add_driver(self, version: str = VERSION, number: int = int(NUMBER)) -> None:
        """Write a driver of two libraries, of which one opens the other."""
        self.add("cuda", version, CUDA % (number - 2))
        self.add("nvidia-ptxjitcompiler", version, "int own(void) { return 2; }")

    def add_newer(self, name: str, version: str = VERSION) -> None:
        """Write a library that needs a glibc which isn't there yet."""
        script = self.folder.with_name("versions")
        script.write_text("GLIBC_9.99 { newer; };")
        libc = replace(self.compiler, folder=self.folder.with_name("newer")).compile(
            "libc.so.6",
            "int newer(void) { return 0; }",
            *("-shared", "-fPIC", "-nostdlib", "-Wl,-soname,libc.so.6"),
            f"-Wl,--version-script,{script}",
        )
        self.add(name, version, NEEDS_NEWER, "-nostdlib", os.fspath(libc))


def links_in(cache: Path) -> dict[str, str]:
    """Return the links in the one folder of links below a cache: names of files by name."""
    (folder,) = (cache / "wheelhouse" / "driver").iterdir()
    return {path.name: path.readlink().name for path in folder.iterdir() if path.is_symlink()}
