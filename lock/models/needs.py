"""What a package needs of the system that it runs on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SystemNeeds:
    """Libraries that neither a package, its siblings nor the system's promises have.

    `libraries` are the sonames that its ELF files need, `opened` those that its Python code opens
    by name; both sorted.
    """

    libraries: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is anything."""
        return bool(self.libraries or self.opened)
