"""Real shared libraries and programs, made for a test."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Compiler:
    """A C compiler that writes into `folder`."""

    program: str
    folder: Path

    def run(self, name: str, code: str, *options: str) -> Path:
        """Compile `code` into the file `name`."""
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
        needs: Path | None = None,
        path: str = "",
        tag: str = "runpath",
    ) -> Path:
        """A library with the function `NAME`, which adds `value` to that of the needed library.

        `name` is `libNAME.so.1`, its soname too; `path` its search path.
        """
        function = function_of(name)
        inner = function_of(needs.name) if needs else ""
        code = (
            f"int {inner}(void); int {function}(void) {{ return {value} + {inner}(); }}"
            if needs
            else f"int {function}(void) {{ return {value}; }}"
        )
        options = ["-shared", "-fPIC", f"-Wl,-soname,{name}", "-Wl,--no-as-needed"]
        if needs:
            options.append(str(needs))
        if path:
            kind = "enable" if tag == "runpath" else "disable"
            options += [f"-Wl,-rpath,{path}", f"-Wl,--{kind}-new-dtags"]
        return self.run(name, code, *options)


def function_of(library: str) -> str:
    """The function that a library has: `one` of `libone.so.1`."""
    return library.removeprefix("lib").partition(".")[0]
