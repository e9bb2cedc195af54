"""The files that a command reads and writes, where the user names none, or one for each Python."""

import re
from collections.abc import Sequence
from pathlib import Path

from lock.errors import UsageError

# The first that exists is read, and edited.
REQUIREMENTS = ("requirements.yaml", "pyproject.toml", "requirements.in", "requirements.txt")
# The first that exists is read where there is none of those.
OTHER_FILES = ("Pipfile.lock", "Pipfile", "setup.cfg", "setup.py")
# Locks of other tools, which come before the pyproject.toml beside them where nothing is edited.
PROJECT_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
# Names the project's Python for pyenv, uv and others.
PYTHON_FILE = ".python-version"
SOURCES = "sources.yaml"
# Replaced by the version of Python in the name of a sources file.
PYTHON_PLACEHOLDER = "{python}"
PYTHON_SHAPE = re.compile(r"\d+(\.\d+)*t?")
# A word of the command line that is meant for a version of Python.
PYTHON_WORD = re.compile(r"\d+(\.\d+)*((a|b|rc)\d+)?(t|\+freethreaded)?(-dev)?")
# A build of CPython as pyenv and uv name it: 3.12, 3.12.4, 3.13t, 3.16.0a2, 3.16-dev, 3.15t-dev,
# cpython-3.15.2+freethreaded-linux-x86_64-gnu.
PYTHON_BUILD = re.compile(
    r"(?:cpython-)?(\d+\.\d+)(?:\.\d+)*(?:(?:a|b|rc)\d+)?(t|\+freethreaded)?"
    r"(?:-dev|-[a-z]+-\w+-\w+)?",
    re.ASCII,
)


def python_unknown(requires_python: str | None) -> str:
    """Return the error where no Python is named, with an example in a range (PEP 440), if any."""
    # Imported here so that --help answers at once.
    from lock.models.pythons import example_python, none_fits

    example = example_python(requires_python)
    if example is None:
        return f"lock: the requirements ask for Python {requires_python}, and {none_fits()}"
    return (
        f"lock: which Python? Name its version, as in `lock {example}`, or write "
        f"`python: {example}` into the requirements"
    )


def requirements_file(*, edited: bool = False) -> Path:
    """Return the file of the requirements, where the user names none, to read or to edit."""
    existing = next((Path(name) for name in REQUIREMENTS if Path(name).exists()), None)
    if existing == Path("pyproject.toml") and not edited:
        return next((Path(name) for name in PROJECT_LOCKS if Path(name).exists()), existing)
    other = next((Path(name) for name in OTHER_FILES if Path(name).exists()), None)
    return existing or other or Path(REQUIREMENTS[0])


def default_sources(requirements: Sequence[Path]) -> str:
    """Return the name of the lock of some files of requirements, where the user names none.

    That of a script stands beside it, since a folder may have several.
    """
    if len(requirements) == 1 and is_script(requirements[0]):
        return f"{requirements[0]}.{SOURCES}"
    return SOURCES


def is_script(file: Path) -> bool:
    """Return whether a file of requirements is a script, by its name."""
    return file.suffix == ".py" and file.name not in OTHER_FILES


def python_of_folder(file: Path) -> str | None:
    """Return the version of Python that `.python-version` beside a file names, if it is CPython."""
    try:
        text = (file.parent / PYTHON_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    lines = [line.strip() for line in text.splitlines()]
    first = next((line for line in lines if line and not line.startswith("#")), "")
    match = PYTHON_BUILD.fullmatch(first)
    return f"{match[1]}{'t' if match[2] else ''}" if match else None


def sources_files(
    pattern: str | None,
    pythons: Sequence[str],
    required: str | None,
    default: str = SOURCES,
    requires_python: str | None = None,
) -> list[tuple[Path, str | None]]:
    """Return the file to write for each Python; None for a version that is still unknown.

    `pattern` is the user's name for the file, maybe with PYTHON_PLACEHOLDER; `pythons` are the
    versions on the command line, `required` is that of the requirements, and `requires_python` the
    range (PEP 440) that these allow. Without a pattern it is the `default` file, or one beside it
    for each of several Pythons.

    Raises UsageError where several Pythons would share a file, or the placeholder has no value.
    """
    versions: list[str | None] = [*pythons]
    default_of_several = _default_of_several(default)
    if pattern is None:
        if not pythons and required is None and not Path(default).exists():
            versions = [*_existing_pythons(default_of_several)]
        pattern = default if len(versions) < 2 else default_of_several
    versions = versions or [required]
    if PYTHON_PLACEHOLDER not in pattern:
        if len(versions) > 1:
            raise UsageError(
                f"{pattern}: a lock is for one Python; write {PYTHON_PLACEHOLDER} where its "
                f"version is to stand in the file's name, as in {default_of_several}"
            )
        return [(Path(pattern), versions[0])]
    if None in versions:
        raise UsageError(python_unknown(requires_python))
    return [
        (Path(pattern.replace(PYTHON_PLACEHOLDER, version)), version)
        for version in versions
        if version
    ]


def _default_of_several(default: str) -> str:
    """Return the pattern for the files of several Pythons: `sources-{python}.yaml`."""
    file = Path(default)
    return str(file.with_name(f"{file.stem}-{PYTHON_PLACEHOLDER}{file.suffix}"))


def _existing_pythons(pattern: str) -> list[str]:
    """Return the Pythons that have an existing lock each, oldest first; none if fewer than two."""
    name = Path(pattern).name
    before, after = name.split(PYTHON_PLACEHOLDER)
    folder = Path(pattern).parent
    names = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    names = [name for name in names if name.startswith(before) and name.endswith(after)]
    versions = {name.removeprefix(before).removesuffix(after) for name in names}
    ordered = sorted(
        filter(PYTHON_SHAPE.fullmatch, versions),
        key=lambda version: (*map(int, version.rstrip("t").split(".")), version.endswith("t")),
    )
    return ordered if len(ordered) > 1 else []
