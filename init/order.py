"""What a user orders: the kind, the folder, the name and the Python, all checked."""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from init import questions
from init.kinds import EXISTING, KINDS, Kind
from init.names import distribution_name, name_of_folder
from init.templates import PLACEHOLDER, renamed_text
from lock.errors import UsageError
from lock.pipeline.file_names import OTHER_FILES, PROJECT_LOCKS, REQUIREMENTS

# The kind for a folder without requirements.
DEFAULT = "environment"
# By which the package set's own Python is known: this program runs on it.
OWN_PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"


@dataclass(frozen=True)
class Order:
    """What is to be started."""

    kind: str
    folder: Path
    # Normalized; None where nothing is called by it.
    name: str | None
    # None where what is there already says it.
    python: str | None
    url: str
    packages: Sequence[str]
    classic: bool
    git: bool
    lock: bool
    force: bool

    @property
    def what(self) -> Kind:
        """Return the kind."""
        return KINDS[self.kind]

    @property
    def names(self) -> dict[str, str]:
        """Return the user's names of projects by those in the template."""
        return {old: new.format(self.name) for old, new in self.what.names.items()}

    @property
    def sources(self) -> str:
        """Return the path of the lock."""
        return renamed_text(self.what.sources, self.names)


def read(parsed: argparse.Namespace) -> Order:
    """Return what arguments and answers order. Raises UsageError for wrong ones."""
    named, folder = _words(parsed.words)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"init: {folder}: this is a file; name a folder")
    there = _requirements_in(folder)
    asks = named is None and not parsed.yes and questions.can_ask()
    kind = named or _kind(there, asks=asks, default=parsed.yes)
    if kind == EXISTING and not there:
        raise UsageError(
            f"init: {folder}: there is neither {' nor '.join(REQUIREMENTS[:2])}; name a kind to "
            f"start, such as project, or the folder that has them"
        )
    python = None if kind == EXISTING and parsed.python is None else OWN_PYTHON
    name = _name(parsed.name, folder, kind, asks=asks)
    if parsed.python is not None:
        python = python_of("init: --python", parsed.python)
    elif python and asks:
        python = questions.ask("Python", python, partial(python_of, "init"))
    url = PLACEHOLDER if parsed.url is None else url_that_is_there(parsed.url)
    if asks and url == PLACEHOLDER:
        url = questions.ask("URL of wheelhouse", url, url_that_is_there)
    return Order(
        kind,
        folder,
        name,
        python,
        url,
        parsed.packages,
        parsed.classic,
        parsed.git,
        parsed.lock,
        parsed.force,
    )


def _words(words: Sequence[str]) -> tuple[str | None, Path]:
    """Return the kind, if one is named, and the folder."""
    named = words[0] if words else None
    if named is not None and named not in KINDS:
        known = ", ".join(KINDS)
        raise UsageError(
            f"init: {named!r} is no kind; known are {known}. A folder stands behind it"
        )
    if len(words) > 2:
        raise UsageError(f"init: too many arguments, from {words[2]!r} on; at most KIND and FOLDER")
    return named, Path(words[1] if len(words) > 1 else ".")


def _requirements_in(folder: Path) -> str | None:
    """Return the name of the first file in a folder that `lock` would read, if any."""
    names = (*REQUIREMENTS, *PROJECT_LOCKS, *OTHER_FILES)
    return next((name for name in names if (folder / name).exists()), None)


def _kind(there: str | None, *, asks: bool, default: bool) -> str:
    """Return the kind where none is named. Raises UsageError where nothing tells it."""
    if asks:
        return questions.ask_kind(EXISTING if there else DEFAULT)
    if there:
        print(f"init: {there} is there: adding what builds it", file=sys.stderr)
        return EXISTING
    if default:
        return DEFAULT
    raise UsageError(
        f"init: what do you start? Name it, as in `init project`; known are {', '.join(KINDS)}"
    )


def _name(given: str | None, folder: Path, kind: str, *, asks: bool) -> str | None:
    """Return the name of the project; None for a kind that has none."""
    if not KINDS[kind].names:
        if given is not None and kind != EXISTING:
            raise UsageError("init: --name: nothing of this kind has a name; leave it out")
        return None if given is None else distribution_name(given, "init: --name")
    if given is not None:
        return distribution_name(given, "init: --name")
    default = name_of_folder(folder.resolve().name)
    if asks:
        return questions.ask("Name", default, lambda text: distribution_name(text, "init"))
    return distribution_name(default, "init: the folder's name")


def url_that_is_there(text: str) -> str:
    """Return the URL of a flake. Raises UsageError for none, and for a folder without a flake."""
    if text.startswith((".", "/")) and not Path(text, "flake.nix").is_file():
        raise UsageError(
            f"init: --url: {Path(text).resolve()} has no flake.nix; name wheelhouse's folder"
        )
    return url_of(text)


def url_of(text: str) -> str:
    """Return the URL of a flake: that of a folder for a path. Raises UsageError for neither."""
    if text.startswith((".", "/")):
        # Nix 2.8 knows no folder with such a name, newer ones know it quoted.
        return f"path:{quote(str(Path(text).resolve()), safe='/+@=,')}"
    if not re.fullmatch(r"[a-z+]+:[^\s\"\\$]+", text):
        raise UsageError(
            f"init: --url: {text!r} is no URL of a flake; write one such as "
            "github:OWNER/wheelhouse, or the path of a folder"
        )
    return text


def python_of(where: str, text: str) -> str:
    """Return a version of Python. Raises UsageError, which names `where` it stands, for none."""
    from lock.models.pythons import check_python

    try:
        return check_python(text)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None
