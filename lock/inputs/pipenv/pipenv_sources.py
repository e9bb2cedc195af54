"""What Pipfile and Pipfile.lock share: their sources, their categories, the version of Python."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.markers import InvalidMarker
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs.documents.toml_tables import Table
from lock.inputs.values.checks import check_address, check_group, check_index_name
from lock.inputs.values.markers import all_of
from lock.io.credentials import strip_credentials
from lock.models.pythons import check_python
from lock.models.requirements import DEFAULT_GROUP, Index

DEVELOPMENT = "dev"
# Category in a Pipfile or in its lock → the group that it is here.
GROUPS = {
    "default": DEFAULT_GROUP,
    "packages": DEFAULT_GROUP,
    "dev-packages": DEVELOPMENT,
    "develop": DEVELOPMENT,
}
# The variables of markers (PEP 508) that are keys of a package, too.
VARIABLES = (
    "implementation_name",
    "implementation_version",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_full_version",
    "python_version",
    "sys_platform",
)
# A user and a password that are variables of the environment.
VARIABLE_LOGIN = re.compile(r"(?<=://)\$\{?\w+\}?(:\$\{?\w+\}?)?@")


@dataclass(frozen=True)
class Sources:
    """The sources of a Pipfile or of its lock."""

    # All but the first are explicit: Pipenv asks them only for packages that name them.
    indexes: tuple[Index, ...]
    # The names of those whose certificate isn't checked.
    unverified: tuple[str, ...]

    def index_of(self, name: str | None) -> str | None:
        """Return the index that a package names; None for the first."""
        first = self.indexes[0].name if self.indexes else None
        return None if name == first else name


def sources(tables: Sequence[Table]) -> Sources:
    """Return the sources; errors are added to the problems of the tables."""
    found: list[Index] = []
    unverified = []
    for number, one in enumerate(tables, 1):
        url = one.checked("url", _address)
        name = one.checked("name", check_index_name) or f"source-{number}"
        if url is None:
            if not one.has("url"):
                one.fail("url", "the source has no address", "add it")
            continue
        found.append(Index(name, url, explicit=bool(found), default=not found))
        if one.has("verify_ssl") and not one.truth("verify_ssl"):
            unverified.append(name)
    return Sources(tuple(found), tuple(unverified))


def _address(text: str) -> str:
    """Check the address of a source; a login in variables is that of the environment."""
    return check_address(strip_credentials(text) if VARIABLE_LOGIN.search(text) else text)


def python_of(requires: Table) -> str | None:
    """Return the version of Python that is required; errors are added to the problems."""
    full = requires.text("python_full_version")
    version = requires.text("python_version") or full
    if version is None or version == "*":
        return None
    key = "python_version" if requires.has("python_version") else "python_full_version"
    short = re.sub(r"^(\d+\.\d+)\.\d+$", r"\1", version)
    return requires.attempt(key, check_python, short)


def group_of(category: str) -> str:
    """Return the group that a category is.

    Raises UsageError for one that has no name of a group, or that of another category.
    """
    if category in GROUPS:
        return GROUPS[category]
    name = check_group(category)
    if name == DEVELOPMENT:
        raise UsageError(
            f"the group `{DEVELOPMENT}` is what stands in `dev-packages`; choose another name"
        )
    return name


def marker_of(entry: Mapping[str, Any]) -> str | None:
    """Return the marker of a package: that in `markers`, and those of its other keys.

    Raises UsageError for an invalid one.
    """
    parts = [entry["markers"]] if entry.get("markers") else []
    try:
        for key in VARIABLES:
            parts += _clauses(key, entry[key]) if key in entry else ()
        return all_of(parts)
    except (InvalidMarker, InvalidSpecifier, TypeError):
        raise UsageError(
            "its marker is none of PEP 508; write one such as \"sys_platform == 'linux'\""
        ) from None


def _clauses(variable: str, text: str) -> Iterator[str]:
    """Yield the marker of a key such as `sys_platform = "== 'linux'"`."""
    if re.search(r"['\"]", text):
        yield f"{variable} {text}"
        return
    for specifier in sorted(map(str, SpecifierSet(text))):
        operator = specifier.rstrip("0123456789.*abcrpostdev")
        yield f"{variable} {operator} '{specifier[len(operator) :]}'"


def normal(name: str) -> str:
    """Return a package's name without the extras that may stand behind it, normalized."""
    return str(canonicalize_name(name.partition("[")[0].strip()))
