"""Reads dependencies that setuptools takes from files (setuptools, "Dynamic Metadata")."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lock.errors import UsageError
from lock.inputs.documents.toml_tables import Table
from lock.inputs.values import pep508
from lock.inputs.values.checks import check_group
from lock.models.requirements import Requirement

FIELDS = ("dependencies", "optional-dependencies")


@dataclass(frozen=True)
class Dynamic:
    """What the dynamic fields of a project are, as far as files tell it."""

    # The fields that only the build backend knows.
    unknown: frozenset[str]
    packages: tuple[Requirement, ...] = ()
    # Normalized extra → its requirements.
    extras: tuple[tuple[str, tuple[Requirement, ...]], ...] = ()


def read(document: Table, folder: Path) -> Dynamic:
    """Return the dynamic fields of the project in a pyproject.toml.

    setuptools reads their files itself, so its answer needs no build. Errors are added to the
    document's problems.
    """
    dynamic = frozenset(document.table("project").texts("dynamic")) & {*FIELDS}
    # Without a backend it is setuptools (PEP 517). One of the project's own may add to its answer.
    backend = document.table("build-system").text("build-backend") or "setuptools.build_meta"
    if not backend.startswith("setuptools."):
        return Dynamic(dynamic)
    table = document.table("tool").table("setuptools").table("dynamic")
    packages: tuple[Requirement, ...] = ()
    extras: list[tuple[str, tuple[Requirement, ...]]] = []
    known = set()
    if "dependencies" in dynamic and _names_files(table, "dependencies"):
        packages = _requirements(table, "dependencies", folder)
        known.add("dependencies")
    listed = table.table("optional-dependencies")
    are_files = bool(listed.data) and all(_names_files(listed, extra) for extra in listed.data)
    if "optional-dependencies" in dynamic and are_files:
        known.add("optional-dependencies")
        for extra in listed.data:
            name = listed.attempt(extra, check_group, extra)
            if name is not None:
                extras.append((name, _requirements(listed, extra, folder)))
    return Dynamic(dynamic - known, packages, tuple(extras))


def _names_files(table: Table, key: str) -> bool:
    value = table.data.get(key)
    return isinstance(value, dict) and value.keys() == {"file"}


def _requirements(table: Table, key: str, folder: Path) -> tuple[Requirement, ...]:
    """Return the requirements in the files of a key `{file = …}`."""
    inner = table.table(key)
    value = inner.data["file"]
    names = [value] if isinstance(value, str) else inner.texts("file")
    found: list[Requirement] = []
    for name in names:
        text = inner.attempt("file", lambda path: _text(folder, path), name)
        for line in _lines((text or "").splitlines()):
            wanted = table.problems.attempt(
                None,
                f"{inner.where('file')} ({name})",
                lambda one: pep508.requirement(one, folder),
                line,
            )
            found += [wanted] if wanted else []
    return tuple(found)


def _text(folder: Path, name: str) -> str:
    """Return the text of a file that lies in a project's folder."""
    path = (folder / name).absolute()
    if not path.resolve().is_relative_to(folder.absolute().resolve()):
        raise UsageError(
            f"{name} lies outside of the project, where setuptools reads nothing; move it into it"
        )
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"there is no {name}; write it, or leave it out") from None
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{name} can't be read; save it as UTF-8") from None


def _lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield the requirements in the lines of a file, without comments, as setuptools reads them."""
    beginning = ""
    for line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        text = beginning + text.partition(" #")[0].strip()
        beginning = text[:-1].strip() if text.endswith("\\") else ""
        if not beginning:
            yield text
    if beginning:
        yield beginning
