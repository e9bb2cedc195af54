"""What a source distribution needs of the system: its build, and what it builds."""

from dataclasses import dataclass, fields

from native import tables


@dataclass(frozen=True)
class BuildNeeds:
    """What a build asks for: headers, modules of pkg-config, CMake's packages, programs.

    `linked` has the names of libraries as a linker's `-l` takes them. `opened` has the sonames that
    the Python code opens by name that is built.
    """

    headers: frozenset[str] = frozenset()
    pkg_config: frozenset[str] = frozenset()
    cmake: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()

    def __or__(self, other: "BuildNeeds") -> "BuildNeeds":
        """Return what both ask for."""
        return BuildNeeds(
            *(getattr(self, one.name) | getattr(other, one.name) for one in fields(BuildNeeds))
        )

    def inputs(self) -> tables.Inputs:
        """Return what a build gets that asks for these things; lib/native/inputs.nix agrees."""
        libraries = [
            *map(tables.attribute_for_header, self.headers),
            *map(tables.attribute_for_pkg_config, self.pkg_config),
            *map(tables.attribute_for_linked, self.linked),
        ]
        tools = [
            *map(tables.inputs_for_cmake, self.cmake),
            *map(tables.inputs_for_program, self.programs),
        ]
        build = {*filter(None, libraries), *(one for tool in tools for one in tool.build)}
        native = {one for tool in tools for one in tool.native_build}
        native |= {"pkg-config"} if self.pkg_config else set()
        return tables.Inputs(tuple(sorted(build)), tuple(sorted(native)))

    def __bool__(self) -> bool:
        """Return whether anything is asked for."""
        return self != BuildNeeds()
