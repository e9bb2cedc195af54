"""requirements.txt with hashes, as pip documents it ("Requirements File Format")."""

from collections.abc import Iterator
from typing import Any

from lock.lockfile.groups import groups_needing, restricted_to
from lock.lockfile.reader import Lock
from lock.models.requirements import DEFAULT_GROUP
from lock.outputs import markers
from lock.outputs.package_sources import Entry, Kind, entries


def render(lock: Lock) -> str:
    """The text of requirements.txt, for all systems of a lock.

    Its markers know no groups, so it has those packages only that the default group needs.

    Raises UsageError for a system that is unknown.
    """
    chosen = restricted_to(lock, [DEFAULT_GROUP])
    needed = groups_needing(chosen)
    lines = [*_head(lock), *map(_index, chosen.requested.get("indexes", ()))]
    for entry in entries(chosen):
        systems = {system: needed[entry.package.name, system] for system in entry.systems}
        lines.append(_line(entry, markers.marker(chosen, systems)))
    return "".join(f"{line}\n" for line in lines)


def _head(lock: Lock) -> Iterator[str]:
    """What the lines below can't say."""
    yield f"# Made by wheelhouse for Python {lock.python}."
    others = sorted({*lock.groups} - {DEFAULT_GROUP})
    if others:
        yield f"# Without {', '.join(others)}."


def _index(index: dict[str, Any]) -> str:
    if index.get("format") == "flat":
        option = "--find-links"
    else:
        option = "--index-url" if index.get("use") == "default" else "--extra-index-url"
    return f"{option} {index['url']}"


def _line(entry: Entry, marker: str | None) -> str:
    """A requirement with its marker, and a line for each of its hashes."""
    requirement = _requirement(entry) + (f" ; {marker}" if marker else "")
    hashes = sorted(link.sha256 for link in entry.links if link.sha256)
    return " \\\n    ".join([requirement, *(f"--hash=sha256:{digest}" for digest in hashes)])


def _requirement(entry: Entry) -> str:
    package = entry.package
    if entry.kind is Kind.INDEX:
        return f"{package.name}=={package.version}"
    [link] = entry.links
    if link.path:
        # pip takes a path only where nothing stands before it.
        return link.path if link.path.startswith(("/", "../")) else f"./{link.path}"
    address = f"git+{link.git}@{link.rev}" if entry.kind is Kind.VCS else link.url
    return f"{package.name} @ {address}"
