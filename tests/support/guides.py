"""Read a guide as steps, files to write and commands to run, and take these steps in a folder.

A guide is a page of docs/ whose blocks are taken from top to bottom by a reader:

- A block in another language than `console` is a file, if the line before it ends with the file's
  name and a colon: Write `app.py`: "Add to `app.py`:" adds it to the file.
- A `diff` block so named is a change of that file: lines with `-` become those with `+`.
- A `console` block has commands after `$ `, and below a command what it prints, maybe not all of
  it. `…` stands for any text. The last command of a block fails if the line before says "fails".
- `nix develop` and `exit` are a shell: what stands between is run in it.
- A block after a line that begins with "Not run by the tests" is left out.
- A `nix` block after a line that begins with "Before" is for another tool. One after a line that
  begins with "After" has attributes for the `packages` of a template's flake, or is a file.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.documents import nix_on_path
from tests.support.nix import Nix
from tests.support.project import ROOT

_BLOCK = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w/~-]*\.[\w./-]+)`[^`]*:$")
_NOT_RUN = "Not run by the tests"
# Ends what is printed before it; no program prints it.
_END = "\x1e"
_SETTINGS = {
    "GIT_CONFIG_COUNT": "3",
    "GIT_CONFIG_KEY_0": "init.defaultBranch",
    "GIT_CONFIG_VALUE_0": "main",
    "GIT_CONFIG_KEY_1": "user.name",
    "GIT_CONFIG_VALUE_1": "Reader",
    "GIT_CONFIG_KEY_2": "user.email",
    "GIT_CONFIG_VALUE_2": "reader@example.org",
}


@dataclass(frozen=True)
class Block:
    """A code block: its language, its text, and the line of prose before it."""

    language: str
    text: str
    before: str

    @property
    def is_run(self) -> bool:
        """Return whether the tests take it."""
        return not self.before.startswith(_NOT_RUN)

    @property
    def file(self) -> str | None:
        """Return the file that it is the content of, or None."""
        named = _FILE.search(self.before)
        if not named or self.language == "console" or self.is_of_another_tool:
            return None
        return named[1] if self.language != "nix" or named[1].endswith(".nix") else None

    @property
    def is_of_another_tool(self) -> bool:
        """Return whether it shows what was written for another tool."""
        return self.language == "nix" and self.before.startswith("Before")

    @property
    def is_output(self) -> bool:
        """Return whether it is Nix code for the outputs of a flake."""
        return self.language == "nix" and self.before.startswith("After") and not self.file


@dataclass(frozen=True)
class Command:
    """A command line, what the guide shows of its output, and whether it fails."""

    line: str
    shown: str
    fails: bool = False


def blocks(document: str) -> list[Block]:
    """Return the code blocks of a Markdown text."""
    read: list[Block] = []
    end = 0
    for found in _BLOCK.finditer(document):
        prose = document[end : found.start()].strip()
        # A file's second change stands right below the first.
        is_next = not prose and read and found[1] != "console"
        before = read[-1].before if is_next else prose.rpartition("\n")[2]
        read.append(Block(found[1], found[2], before))
        end = found.end()
    return read


def commands(block: Block) -> list[Command]:
    """Return the commands of a console block. Raises ValueError for one without any."""
    _, *parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    if not parts:
        raise ValueError(f"a console block without a command: {block.text}")
    made = [Command(*part.rstrip("\n").partition("\n")[::2]) for part in parts]
    last = made[-1]
    return [*made[:-1], Command(last.line, last.shown, "fails" in block.before)]


def shows(shown: str, printed: str) -> bool:
    """Return whether lines are among those that were printed; `…` stands for any text."""
    pattern = ".*?".join(map(re.escape, shown.strip("\n").split("…")))
    return not shown or re.search(rf"^{pattern}$", printed, re.MULTILINE | re.DOTALL) is not None


@dataclass(frozen=True)
class Reader:
    """Somebody who does what guides say, with a version of Nix, in an empty folder.

    `replaced` says what stands for the names of a guide, such as the address of an index.
    """

    nix: Nix
    folder: Path
    replaced: Mapping[str, str]
    variables: Mapping[str, str]

    @property
    def programs(self) -> Path:
        """Return the folder of programs that are found before those of the machine."""
        return self.folder / "bin"

    @property
    def work(self) -> Path:
        """Return the folder in which the reader works."""
        return self.folder / "work"

    def follow(self, document: str) -> str:
        """Take all steps of a guide; each command must do what is shown. Return all output."""
        steps = [*self._steps(document)]
        run = [step for step in steps if isinstance(step, Command)]
        assert run, "a guide without a command"
        script = "\n".join(_in_shell(step) if isinstance(step, Command) else step for step in steps)
        home = self.folder / "home"
        for folder in (self.work, home):
            folder.mkdir(exist_ok=True)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"exec 2>&1\n{script}"],
            cwd=self.work,
            env={
                **os.environ,
                **_SETTINGS,
                **nix_on_path(self.nix, self.programs),
                "HOME": str(home),
                "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),
                **self.variables,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        outputs = done.stdout.split(f"{_END}\n")
        if done.returncode:
            pytest.fail(f"$ {run[len(outputs) - 2].line}\n{outputs[-1]}", pytrace=False)
        others = [
            f"$ {command.line}\n{printed}"
            for command, printed in zip(run, outputs[1:], strict=True)
            if not shows(command.shown, printed)
        ]
        if others:
            pytest.fail("\n".join(["these print something else:", *others]), pytrace=False)
        return done.stdout.replace(f"{_END}\n", "")

    def _steps(self, document: str) -> Iterator[str | Command]:
        for before, after in self.replaced.items():
            document = document.replace(before, after)
        for block in blocks(document):
            if not block.is_run:
                continue
            if block.language == "console":
                yield from commands(block)
            elif block.file and block.language == "diff":
                yield _edit(block.file, block.text)
            elif block.file:
                folder = Path(block.file).parent
                redirect = ">>" if re.search(r"\bAdd to `", block.before) else ">"
                yield f"mkdir -p {folder}; cat {redirect}{block.file} <<'END_OF_FILE'"
                yield f"{block.text}END_OF_FILE"


def _edit(file: str, difference: str) -> str:
    """Return a command that makes a change of a file, whose old lines must stand there once."""
    lines = difference.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if not line.startswith("+"))
    new = "".join(line[1:] for line in lines if not line.startswith("-"))
    return f"""python3 - {file} <<'END_OF_EDIT'
import pathlib, sys
file = pathlib.Path(sys.argv[1])
parts = file.read_text().split({old!r})
assert len(parts) == 2, f"{{file}} has these lines {{len(parts) - 1}} times:\\n" + {old!r}
file.write_text(parts[0] + {new!r} + parts[1])
END_OF_EDIT"""


def _in_shell(command: Command) -> str:
    """Return a command as lines of a script, which print `_END` before it."""
    line, end = command.line, f"printf '{_END}\\n'"
    if re.fullmatch(r"nix develop( \S+)?", line):
        return f"{end}\n{line} -c bash -euo pipefail <<'END_OF_SHELL'"
    if line == "exit":
        return f"{end}\nEND_OF_SHELL"
    return f"{end}\nif {line}; then exit 1; fi" if command.fails else f"{end}\n{line}"


def reader(
    nix: Nix,
    folder: Path,
    replaced: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Reader:
    """Return a reader whose flake of wheelhouse is this checkout."""
    names = {"PATH_OR_URL_OF_THIS_FLAKE": str(ROOT)} | dict(replaced or {})
    return Reader(nix, folder, names, dict(variables or {}))
