"""What the build of a source distribution needs of the system."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class BuildNeeds:
    """What a build asks for: headers, modules of pkg-config, CMake's packages, programs.

    `linked` has the names of libraries as a linker's `-l` takes them.
    """

    headers: frozenset[str] = frozenset()
    pkg_config: frozenset[str] = frozenset()
    cmake: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()

    def __or__(self, other: "BuildNeeds") -> "BuildNeeds":
        """Return what both ask for."""
        return BuildNeeds(
            *(getattr(self, one.name) | getattr(other, one.name) for one in fields(BuildNeeds))
        )

    def __bool__(self) -> bool:
        """Return whether anything is asked for."""
        return self != BuildNeeds()
