"""Reads requirements: one module for each kind of file.

A new kind of file gets a module here with `parse(text, file) -> Requirements`, and an entry in
`kinds.py`, which tells the kinds by name and content. A module whose file `lock add` doesn't edit
says in `EDITED_BY` what does.
"""

from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from lock.errors import UsageError
from lock.models.requirements import Requirements

# Of requirements.txt and similar files.
PLAIN_SUFFIXES = (".txt", ".in")


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
    from lock.inputs.project.projects import with_projects

    module = reader(file, text)
    found = module.parse
    if not with_own:
        found = getattr(module, "parse_dependencies", found)
    if members:
        if not getattr(module, "HAS_MEMBERS", False):
            raise UsageError(
                f"{file}: `--package` chooses members of a workspace, which the pyproject.toml of "
                f"its root names; lock that, as in `lock {file.parent / 'pyproject.toml'} "
                f"{' '.join(f'--package {member}' for member in members)}`, or "
                "`--all-packages`, where the lock that is there has chosen them"
            )
        return with_projects(found(text, str(file), members), str(file))
    return with_projects(found(text, str(file)), str(file))


def reader(file: Path, text: str) -> ModuleType:
    """Return the module that reads a file, which is chosen by its name and its text.

    Raises UsageError, which names the known kinds, for a file of none.
    """
    # Imported here so that only the reader in use is loaded.
    from lock.inputs.kinds import kind_of, known

    kind = kind_of(file.name, text)
    if kind is None:
        raise UsageError(
            f"{file}: neither its name nor its content is of a kind that is known here; "
            f"name one of these: {known()}"
        )
    return import_module(f"{__name__}.{kind.module}")


def read_text(file: Path) -> str:
    """Return the text of a file. Raises UsageError if it can't be read."""
    try:
        if file.name.endswith(PLAIN_SUFFIXES):
            from lock.inputs.pip.requirements_lines import decode

            return decode(file.read_bytes(), str(file))
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(
            f'{file}: there is no such file; write one with lines such as `Django: ">3.2"`'
        ) from None
    except IsADirectoryError:
        raise UsageError(
            f"{file}: this is a folder; name the file in it, such as {file / 'pyproject.toml'}"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: the file is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name a file that can be read") from None
