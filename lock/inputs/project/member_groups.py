"""Chooses members of a workspace, and tells their groups of one name apart."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lock.errors import UsageError

Content = TypeVar("Content")
Other = TypeVar("Other")
Listed = TypeVar("Listed")


@dataclass(frozen=True)
class Member(Generic[Content]):
    """A member of a workspace; the root's own project is one."""

    # Normalized; None for a root that is no project.
    name: str | None
    content: Content
    is_root: bool = False

    def having(self, content: Other) -> "Member[Other]":
        """Return the member with another content."""
        return Member(self.name, content, self.is_root)


def choose(
    members: Sequence[Member[Content]], names: Collection[str], file: str
) -> list[Member[Content]]:
    """Return the members of these names (normalized); all for none.

    Raises UsageError, which names the `file` of the workspace, where one isn't there.
    """
    if not names:
        return [*members]
    known = [member.name for member in members if member.name]
    unknown = sorted({*names} - {*known})
    if unknown:
        raise UsageError(
            f"{file}: the workspace has no member {', '.join(unknown)}; name one of "
            f"{', '.join(sorted(known))} with `--package`, or lock `--all-packages`"
        )
    return [member for member in members if member.name in names]


def apart(
    members: Sequence[Member[Mapping[str, Sequence[Listed]]]], file: str
) -> dict[str, list[Listed]]:
    """Return the groups of all members by their names.

    Where several members have a group of one name, that of the root keeps it, and the others have
    the member's name before it: `MEMBER-GROUP`.

    Raises UsageError, which names the `file` of the workspace, where such a name is taken.
    """
    count = Counter(group for member in members for group in member.content)
    groups: dict[str, list[Listed]] = {}
    for member in members:
        for group, listed in member.content.items():
            is_shared = count[group] > 1 and not member.is_root
            name = f"{member.name}-{group}" if is_shared else group
            if name in groups or (is_shared and name in count):
                raise UsageError(
                    f"{file}: {member.name} has a group {group}, as others have, and {name} is "
                    "taken, too; rename one, or choose members with `--package`"
                )
            groups[name] = [*listed]
    return groups
