"""Show a build its libraries and headers below `sys.prefix`, where some scripts look for them.

On other systems a prefix has both: those of Conda and of /usr/local, for instance.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

# What a script says that looks there.
MENTION = re.compile(r"\bsys\.(?:exec_)?prefix\b")


def looks_there(project: Path) -> bool:
    """Return whether a project's setup.py looks for anything below `sys.prefix`."""
    script = project / "setup.py"
    return script.is_file() and bool(MENTION.search(script.read_text("utf-8", errors="replace")))


def make_prefix(
    python: Path, headers: Iterable[str], libraries: Iterable[str], folder: Path
) -> Path:
    """Make a virtual environment that has what another one has, headers and libraries beside.

    `python` is the other one's interpreter, `headers` and `libraries` are folders of those. Returns
    the interpreter in the new `folder` (PEP 405).
    """
    environment = python.parent.parent
    for name in ("bin", "include", "lib"):
        (folder / name).mkdir(parents=True)
        link_entries(environment / name, folder / name)
    (folder / "pyvenv.cfg").write_bytes((environment / "pyvenv.cfg").read_bytes())
    for source in headers:
        link_entries(Path(source), folder / "include")
    for source in libraries:
        link_entries(Path(source), folder / "lib")
    return folder / "bin" / python.name


def link_entries(source: Path, folder: Path) -> None:
    """Link what a folder holds, if it is there, into another one; what that has already stays."""
    if not source.is_dir():
        return
    for entry in sorted(source.iterdir()):
        link = folder / entry.name
        if not os.path.lexists(link):
            link.symlink_to(entry)
