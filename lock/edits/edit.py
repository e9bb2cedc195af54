"""An edit of requirements: what is added, and what is removed."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from lock.errors import UnsatisfiableError
from lock.models.requirements import Requirement, Url


@dataclass(frozen=True)
class Edit:
    """Requirements to add, names of packages (normalised) to remove, and the group of both."""

    add: tuple[Requirement, ...] = ()
    remove: tuple[str, ...] = ()
    # None for the requirements without a group.
    group: str | None = None
    # The names of those to add whose folders are written as editable, where a file can say so.
    editable: frozenset[str] = frozenset()
    # Whether those to add come from nixpkgs.
    from_nixpkgs: bool = False

    @property
    def names(self) -> list[str]:
        """Return the names of all packages that it adds or removes."""
        return [*(requirement.name for requirement in self.add), *self.remove]


def not_found(file: Path, name: str, group: str | None, elsewhere: list[str]) -> UnsatisfiableError:
    """Return the error for a package that isn't there to remove."""
    place = f"the group {group}" if group else "it"
    hint = f"; it is in {', '.join(elsewhere)}, which --group names" if elsewhere else ""
    lines = _lines_with(file, name)
    if lines:
        hint += f"{':' if elsewhere else '; these lines have it, edit them by hand:'}"
        hint += "".join(f"\n  {line}" for line in lines)
    return UnsatisfiableError(f"{file}: {place} doesn't ask for {name}{hint}")


def _lines_with(file: Path, name: str) -> list[str]:
    """Return the lines that name a project: of a file, of what it includes, of its workspace."""
    # Imported here because most edits succeed.
    from lock.inputs.documents import source_lines
    from lock.inputs.project import workspace

    files = [file]
    found = workspace.find(file.parent) if file.name == "pyproject.toml" else None
    for folder in found.members.values() if found else ():
        files.append(Path(os.path.relpath(folder)) / "pyproject.toml")
    distinct = {os.path.realpath(one): one for one in reversed(files)}
    return [
        line
        for one in reversed(distinct.values())
        for line in source_lines.lines_naming(str(one), {name})
    ]


def written(requirement: Requirement) -> str:
    """Return a requirement in PEP 508's form, with the hashes of its direct reference."""
    reference = requirement.reference
    if not isinstance(reference, Url) or not reference.hashes:
        return str(requirement)
    below = f"&subdirectory={quote(reference.subdirectory)}" if reference.subdirectory else ""
    return str(replace(requirement, reference=Url(f"{reference.hashed_url}{below}")))
