"""Change ELF files with patchelf, in one call for all files that get the same changes."""

import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from builder.errors import BuildError
from builder.wiring import Patch


def apply_patches(patches: Iterable[Patch], tree: Path, patchelf: str) -> None:
    """Change files of `tree`; `patchelf` is the program. Raises BuildError if it fails."""
    groups: dict[tuple[str, tuple[str, ...], str | None], list[str]] = defaultdict(list)
    for patch in patches:
        groups[patch.tag, patch.search_path, patch.interpreter].append(os.fspath(tree / patch.path))
    for (tag, search_path, interpreter), files in groups.items():
        command = [patchelf, "--set-rpath", ":".join(search_path)]
        if tag == "RPATH":
            command.append("--force-rpath")
        if interpreter is not None:
            command += ["--set-interpreter", interpreter]
        modes = {file: os.stat(file).st_mode for file in files}
        for file in files:
            os.chmod(file, modes[file] | 0o200)
        result = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise BuildError(f"patchelf could not change {files}: {result.stderr.strip()}")
        for file in files:
            os.chmod(file, modes[file])
