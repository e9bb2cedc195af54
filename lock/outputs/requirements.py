"""Export a lock to requirements.txt with hashes (pip's documentation, Requirements File Format)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from lock.lockfile.groups import groups_needing, restricted_to
from lock.lockfile.reader import Lock
from lock.models.requirements import DEFAULT_GROUP
from lock.outputs import markers
from lock.outputs.comments import comments
from lock.outputs.package_sources import PackageSource, SourceKind, package_sources


def render(lock: Lock) -> str:
    """Return the text of requirements.txt, for all systems of a lock.

    It has only the packages of the default group, as its markers can't name groups (PEP 508).

    Raises UsageError for an unknown system.
    """
    default = restricted_to(lock, [DEFAULT_GROUP])
    needed = groups_needing(default)
    # pip asks the default index in any case.
    indexes = [index for index in default.requested.get("indexes", ()) if index["url"]]
    lines = [*_comments(lock), *comments(default), *map(_index_option, indexes)]
    for source in package_sources(default):
        groups = {system: needed[source.package.name, system] for system in source.systems}
        lines.append(_entry(source, markers.package_marker(default, groups)))
    return "".join(f"{line}\n" for line in lines)


def _comments(lock: Lock) -> Iterator[str]:
    """Return comments with what requirements can't express: the Python and the groups left out."""
    yield f"# Made by wheelhouse for Python {lock.python}."
    others = sorted({*lock.groups} - {DEFAULT_GROUP})
    if others:
        yield f"# Without {', '.join(others)}."


def _index_option(index: dict[str, Any]) -> str:
    if index.get("format") == "flat":
        option = "--find-links"
    else:
        option = "--index-url" if index.get("use") == "default" else "--extra-index-url"
    return f"{option} {index['url']}"


def _entry(source: PackageSource, marker: str | None) -> str:
    """Return a requirement with its marker, and on a further line each its hashes."""
    requirement = _requirement(source) + (f" ; {marker}" if marker else "")
    hashes = sorted(link.sha256 for link in source.links if link.sha256)
    return " \\\n    ".join([requirement, *(f"--hash=sha256:{digest}" for digest in hashes)])


def _requirement(source: PackageSource) -> str:
    package = source.package
    if source.kind is SourceKind.INDEX:
        return f"{package.name}=={package.version}"
    [link] = source.links
    if link.path:
        # pip accepts a relative path only without `name @` before it.
        return link.path if link.path.startswith(("/", "../")) else f"./{link.path}"
    url = f"git+{link.git}@{link.rev}" if source.kind is SourceKind.VCS else link.url
    below = f"#subdirectory={quote(link.subdirectory)}" if link.subdirectory else ""
    return f"{package.name} @ {url}{below}"
