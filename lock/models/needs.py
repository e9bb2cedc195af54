"""What a package needs of the system that it runs or is built on."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

# Name and version.
Key = tuple[str, str]


@dataclass(frozen=True)
class SystemNeeds:
    """What neither a package, its siblings nor the system's promises have; each sorted.

    `libraries` are the sonames that its ELF files need, `opened` those that its Python code opens
    by name. The others are what its build asks for: headers, modules of pkg-config, CMake's
    packages, libraries by the name that a linker's `-l` takes, and programs.
    """

    libraries: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    pkg_config: tuple[str, ...] = ()
    cmake: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is anything."""
        return self != SystemNeeds()

    def __or__(self, other: "SystemNeeds") -> "SystemNeeds":
        """Return what either needs."""
        names = [one.name for one in fields(SystemNeeds)]
        return SystemNeeds(
            *(tuple(sorted({*getattr(self, name), *getattr(other, name)})) for name in names)
        )


def merged(*mappings: Mapping[Key, SystemNeeds]) -> dict[Key, SystemNeeds]:
    """Return what packages need by any of some mappings."""
    found: dict[Key, SystemNeeds] = {}
    for mapping in mappings:
        for key, needs in mapping.items():
            found[key] = found.get(key, SystemNeeds()) | needs
    return found
