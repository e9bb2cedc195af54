"""Reads requirements: one module for each kind of file.

A new kind of file gets a module here with `parse(text, file) -> Requirements`, and a line in
`reader`, which chooses the module by the file's name, or by its content where the name is not
enough.
"""

import re
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from lock.errors import UsageError
from lock.models.requirements import Requirements

# PEP 751.
PYLOCK_NAME = re.compile(r"pylock(\.[^.]+)?\.toml")
PYLOCK_KEY = re.compile(r"^lock-version *=", re.MULTILINE)
# The top-level keys of a lock that Makes wrote, which have no value on their line.
MAKES_KEYS = {"closure", "links"}
TOP_LEVEL_KEY = re.compile(r"""^["']?([a-z]+)["']?: *$""", re.MULTILINE)


def read(file: Path, *, with_own: bool = True, members: Collection[str] = ()) -> Requirements:
    """Return the requirements in a file, `with_own` with the project that the file belongs to.

    `members` are the names (normalized) of those of a workspace to read; all are read for none.

    Raises UsageError with a line for each error: `FILE:LINE: key: what is wrong; what to do`.
    """
    return parse(read_text(file), file, with_own=with_own, members=members)


def read_together(
    files: Sequence[Path],
    *,
    with_own: bool = True,
    with_python: bool = True,
    members: Collection[str] = (),
) -> Requirements:
    """Return the requirements of files that are locked together.

    Without `with_python`, the version of Python is left open.

    Raises what `read` raises, and UsageError where the files contradict each other.
    """
    # Imported here because most locks are of one file.
    from lock.inputs.together import merge

    found = [read(file, with_own=with_own, members=members) for file in files]
    return merge(files, found, with_python=with_python)


def parse(
    text: str, file: Path, *, with_own: bool = True, members: Collection[str] = ()
) -> Requirements:
    """Return the requirements in the text of a file, with all projects that they refer to.

    Raises what `read` raises.
    """
    # Imported here because it imports this module.
    from lock.inputs.projects import with_projects

    found: Callable[..., Requirements] = reader(file.name, text)
    if not with_own:
        found = getattr(sys.modules[found.__module__], "parse_dependencies", found)
    if members:
        if not getattr(sys.modules[found.__module__], "HAS_MEMBERS", False):
            raise UsageError(
                f"{file}: `--package` chooses members of a workspace, which the pyproject.toml of "
                f"its root names; lock that, as in `lock {file.parent / 'pyproject.toml'} "
                f"{' '.join(f'--package {member}' for member in members)}`, or "
                "`--all-packages`, where the lock that is there has chosen them"
            )
        return with_projects(found(text, str(file), members), str(file))
    return with_projects(found(text, str(file)), str(file))


def reader(name: str, text: str) -> Callable[[str, str], Requirements]:
    """Return the parser of a file, by its name, or by its content where that is not enough."""
    # Imported here so that only the reader in use is loaded.
    if name.endswith((".txt", ".in")):
        from lock.inputs.requirements_txt import parse
    elif name == "poetry.lock":
        from lock.inputs.poetry_lock import parse
    elif name.endswith(".lock"):
        from lock.inputs.uv_lock import parse
    elif PYLOCK_NAME.fullmatch(name) or (name.endswith(".toml") and PYLOCK_KEY.search(text)):
        from lock.inputs.pylock import parse
    elif name.endswith(".toml"):
        from lock.inputs.pyproject import parse
    elif name in ("setup.cfg", "setup.py"):
        from lock.inputs.setup_files import parse
    elif {*TOP_LEVEL_KEY.findall(text)} >= MAKES_KEYS:
        from lock.inputs.makes_sources import parse
    else:
        from lock.inputs.requirements_yaml import parse
    return parse


def read_text(file: Path) -> str:
    """Return the text of a file. Raises UsageError if it can't be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(
            f'{file}: there is no such file; write one with lines such as `Django: ">3.2"`'
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: the file is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name a file that can be read") from None
