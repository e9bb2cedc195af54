"""Compile shared libraries and programs for a test."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Compiler:
    """A C compiler that writes into `folder`."""

    program: str
    folder: Path

    def compile(self, name: str, code: str, *options: str) -> Path:
        """Compile C code into the file `name`; return its path."""
        out = self.folder / name
        out.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [self.program, "-x", "c", "-", "-x", "none", "-o", out, *options],
            input=code,
            text=True,
            check=True,
            capture_output=True,
        )
        return out

    def library(
        self,
        name: str,
        value: int = 0,
        *,
        needed: Path | None = None,
        search_path: str = "",
        tag: str = "runpath",
    ) -> Path:
        """Compile the library `libNAME.so.1`, which is also its soname.

        Its function `NAME` returns `value`, plus the result of the needed library's function.
        `search_path` is its entry of the tag ("rpath" or "runpath").
        """
        function = function_name(name)
        needed_function = function_name(needed.name) if needed else ""
        code = (
            f"int {needed_function}(void);"
            f"int {function}(void) {{ return {value} + {needed_function}(); }}"
            if needed
            else f"int {function}(void) {{ return {value}; }}"
        )
        options = ["-shared", "-fPIC", f"-Wl,-soname,{name}", "-Wl,--no-as-needed"]
        if needed:
            options.append(str(needed))
        if search_path:
            switch = "enable" if tag == "runpath" else "disable"
            options += [f"-Wl,-rpath,{search_path}", f"-Wl,--{switch}-new-dtags"]
        return self.compile(name, code, *options)


def find_compiler(folder: Path) -> Compiler:
    """Return the machine's C compiler, which writes into a folder."""
    program = shutil.which("cc") or shutil.which("gcc")
    assert program, "no C compiler: put cc or gcc on PATH"
    return Compiler(program, folder)


def function_name(library: str) -> str:
    """Return the name of a library's function: `one` of `libone.so.1`."""
    return library.removeprefix("lib").partition(".")[0]
