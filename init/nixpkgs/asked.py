"""What the argument NAME asks for."""

from collections.abc import Collection
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from lock.errors import UsageError


@dataclass(frozen=True)
class Asked:
    """A project of an index; names are normalized."""

    name: str
    extras: tuple[str, ...] = ()
    # PEP 440, empty for the newest version.
    specifier: str = ""

    def __str__(self) -> str:
        """Return it as a requirement (PEP 508)."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.name}{extras}{self.specifier}"


def parse(text: str, where: str) -> Asked:
    """Return what a text asks for.

    Raises UsageError, which names `where` it stands, for what is no project of an index.
    """
    try:
        found = Requirement(text)
    except InvalidRequirement as error:
        reason = str(error).partition("\n")[0]
        raise UsageError(
            f"{where}: {text}: {reason}; write a package's name, maybe with extras and "
            "versions, as in 'httpx[http2]>=0.27'"
        ) from None
    if found.url or found.marker:
        what = "an address" if found.url else "a marker"
        raise UsageError(f"{where}: {text}: {what} can't stand there; name a package of the index")
    extras = sorted({canonicalize_name(extra) for extra in found.extras})
    return Asked(canonicalize_name(found.name), tuple(extras), str(found.specifier))


def check_extras(asked: Asked, version: str, extras: Collection[str], where: str) -> None:
    """Raise UsageError where a version hasn't the extras that are asked for."""
    unknown = sorted({*asked.extras} - {*extras})
    if unknown:
        raise UsageError(
            f"{where}: {asked}: {asked.name} {version} has no extra {', '.join(unknown)}; "
            f"it has {', '.join(sorted(extras)) or 'none'}"
        )
