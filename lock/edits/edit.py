"""An edit of requirements: what is added, and what is removed."""

from dataclasses import dataclass
from pathlib import Path

from lock.errors import UnsatisfiableError
from lock.models.requirements import Requirement


@dataclass(frozen=True)
class Edit:
    """Requirements to add, names of packages (normalised) to remove, and the group of both."""

    add: tuple[Requirement, ...] = ()
    remove: tuple[str, ...] = ()
    # None for the requirements without a group.
    group: str | None = None

    @property
    def names(self) -> list[str]:
        """Return the names of all packages that it adds or removes."""
        return [*(requirement.name for requirement in self.add), *self.remove]


def not_found(file: Path, name: str, group: str | None, elsewhere: list[str]) -> UnsatisfiableError:
    """Return the error for a package that isn't there to remove."""
    place = f"the group {group}" if group else "it"
    hint = f"; it is in {', '.join(elsewhere)}, which --group names" if elsewhere else ""
    return UnsatisfiableError(f"{file}: {place} doesn't ask for {name}{hint}")
