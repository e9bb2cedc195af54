"""Unpack wheels with edits, as a derivation with an override does."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.builder_steps import RUNNING_PYTHON, Builder, Package
from tests.support.wheels import Wheel

# What Nix writes before the name of a file that an override names.
STORE_HASH = "0123456789abcdfghijklmnpqrsvwxyz"


def path_with_patch() -> str:
    """Return the PATH of a derivation with edits: the interpreter and `patch`."""
    patch = shutil.which("patch")
    assert patch, "no patch: put it on PATH"
    programs = (RUNNING_PYTHON.executable, patch)
    return os.pathsep.join(f"{Path(program).parent}" for program in programs)


def changed_lines(file: str, old: str, new: str) -> str:
    """Return a patch that replaces the first lines of a file."""
    removed, added = old.splitlines(), new.splitlines()
    lines = [*(f"-{line}" for line in removed), *(f"+{line}" for line in added)]
    hunk = f"@@ -1,{len(removed)} +1,{len(added)} @@"
    return "\n".join([f"--- a/{file}", f"+++ b/{file}", hunk, *lines, ""])


def new_file(file: str, text: str) -> str:
    """Return a patch that adds a file."""
    added = text.splitlines()
    hunk = f"@@ -0,0 +1,{len(added)} @@"
    return "\n".join(["--- /dev/null", f"+++ b/{file}", hunk, *(f"+{line}" for line in added), ""])


@dataclass(frozen=True)
class Editor:
    """The builder, as it edits what it unpacks; commands run in a shell, as a user's do."""

    builder: Builder

    def edits(
        self, patches: Iterable[str], remove: Iterable[str], post_install: bool
    ) -> dict[str, Any]:
        """Return the edits as a spec has them; patches are given by their texts."""
        files = []
        for number, text in enumerate(patches, 1):
            file = self.builder.scratch / f"{STORE_HASH}-change-{number}.patch"
            file.write_text(text)
            files.append(os.fspath(file))
        return {"patches": files, "remove": list(remove), "postInstall": post_install}

    def try_unpack(
        self,
        wheel: Wheel,
        patches: Iterable[str] = (),
        remove: Iterable[str] = (),
        post_install: bool = False,
        **options: Any,
    ) -> "subprocess.CompletedProcess[str]":
        """Unpack a wheel with edits; it may fail."""
        edits = self.edits(patches, remove, post_install)
        variables = {"PATH": path_with_patch()}
        return self.builder.try_unpack(wheel, env=variables, edits=edits, **options)

    def unpack(self, wheel: Wheel, **options: Any) -> Package:
        """Unpack a wheel with edits, which must succeed."""
        done = self.try_unpack(wheel, **options)
        assert done.returncode == 0, done.stderr
        out = self.builder.scratch / f"{wheel.name}-{wheel.version}"
        return Package(wheel.name, wheel.version, out, done.stderr)

    def try_commands(
        self, wheel: Wheel, commands: str, **options: Any
    ) -> "subprocess.CompletedProcess[str]":
        """Unpack a wheel, run commands with $out and $site, and finish it, which may fail."""
        out = self.unpack(wheel, post_install=True, **options).path
        done = subprocess.run(
            ["/bin/sh", "-eu", "-c", commands],
            env={**os.environ, "out": os.fspath(out), "site": f"{out}/{RUNNING_PYTHON.site}"},
            cwd=out.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        spec = json.loads(out.with_name(f"{out.name}.json").read_text())
        return self.builder.run_step("finish", spec, out)

    def run_commands(self, wheel: Wheel, commands: str, **options: Any) -> Package:
        """Unpack a wheel, run commands on it, and finish it, which must succeed."""
        done = self.try_commands(wheel, commands, **options)
        assert done.returncode == 0, done.stderr
        out = self.builder.scratch / f"{wheel.name}-{wheel.version}"
        return Package(wheel.name, wheel.version, out, done.stderr)
