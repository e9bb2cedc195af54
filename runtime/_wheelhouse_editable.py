"""The start-up module of an environment with editable projects.

Their modules are imported from a working tree, by plain entries of `sys.path`: an edit is seen at
once, and tools that follow `sys.path` see it, too. Modules that only a build makes, such as
extensions, come from the store. Where the variable doesn't name a project's folder, all of its
modules do.

A file of site-packages imports it at every start of any Python since 3.8 (builder/startup.py). The
builder fills in PROJECTS (builder/editable.py).
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

    Projects = Mapping[str, Mapping[str, Any]]

# `name=folder` of each project, separated as in PATH.
VARIABLE = "WHEELHOUSE_EDITABLE"

PROJECTS: "Projects" = {}


def folders(value: str) -> "dict[str, str]":
    """Return the folder of each project that the variable's value names."""
    pairs = (line.partition("=") for line in value.split(os.pathsep))
    return {name: folder for name, equals, folder in pairs if equals}


def paths(projects: "Projects", found: "Mapping[str, str]") -> "list[str]":
    """Return the entries of `sys.path` that projects need; `found` are their folders."""
    listed = []
    for name, project in projects.items():
        if name in found:
            roots = project["roots"]
            listed += [os.path.normpath(os.path.join(found[name], root)) for root in roots]
        else:
            listed.append(project["site"])
    return listed


class GeneratedFinder:
    """A meta path finder of the modules that only a build makes."""

    # Dotted name of a module → its file.
    generated: "dict[str, str]" = {}  # noqa: RUF012

    @classmethod
    def find_spec(
        cls,
        name: str,
        path: "Sequence[str] | None" = None,  # noqa: ARG003
        target: "ModuleType | None" = None,  # noqa: ARG003
    ) -> "ModuleSpec | None":
        """Return the specification of a generated module; None for any other."""
        file = cls.generated.get(name)
        if file is None:
            return None
        from importlib.util import spec_from_file_location

        package = [os.path.dirname(file)] if os.path.basename(file) == "__init__.py" else None
        return spec_from_file_location(name, file, submodule_search_locations=package)


def install(projects: "Projects", value: str) -> None:
    """Let the modules of projects be found, before those of other packages."""
    found = folders(value)
    here = os.path.dirname(os.path.abspath(__file__))
    position = sys.path.index(here) if here in sys.path else len(sys.path)
    sys.path[position:position] = [
        entry for entry in paths(projects, found) if entry not in sys.path
    ]
    for name, project in projects.items():
        if name in found:
            GeneratedFinder.generated.update(project["generated"])
    # Last, so that a file of the working tree comes first.
    sys.meta_path.append(GeneratedFinder)


install(PROJECTS, os.environ.get(VARIABLE, ""))
