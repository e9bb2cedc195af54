"""A flake and a lock for what is there already."""

from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path

from init import templates
from init.locking import SOURCES
from init.order import OWN_PYTHON, Order
from lock import inputs
from lock.errors import UsageError
from lock.models.requirements import Project, Requirements
from lock.models.target import example_python, supports
from lock.pipeline.file_names import python_of_folder, requirements_file
from lock.pipeline.plan import required_python

# The argument of the flake by which it makes an application of the only project.
ONLY_PROJECT = "{ inherit sourcesYaml; }"
NAMED_PROJECT = """{{
          inherit sourcesYaml;
          package = "{}";
        }}"""
DEV = """\
          groups = [
            "default"
            "dev"
          ];
"""
DEV_COMMENT = "      # With the tools of the group dev.\n"


def requirements(folder: Path) -> Requirements:
    """Return the requirements in a folder. Raises what `lock.inputs.read` raises."""
    with chdir(folder):
        return inputs.read_together([requirements_file()])


def flake(wanted: Order, found: Requirements) -> str:
    """Return the flake.nix that fits requirements: of projects, or of packages only."""
    if not found.projects:
        return templates.read("default")["flake.nix"]
    text = templates.read("flake")["flake.nix"]
    if len(found.projects) > 1 or wanted.name:
        named = NAMED_PROJECT.format(_application(found.projects, wanted.name))
        text = text.replace(ONLY_PROJECT, named, 1)
    if "dev" not in found.groups:
        text = text.replace(DEV, "", 1).replace(DEV_COMMENT, "", 1)
    return text


def python_arguments(wanted: Order, found: Requirements) -> Sequence[str]:
    """Return the version of Python that `lock` is to be told; none where it finds one by itself."""
    if wanted.python:
        return [wanted.python]
    there = (wanted.folder / SOURCES).exists() or python_of_folder(wanted.folder / SOURCES)
    if there or required_python(found):
        return []
    from packaging.specifiers import SpecifierSet

    if supports(SpecifierSet(found.requires_python or ""), OWN_PYTHON):
        return [OWN_PYTHON]
    return [example_python(found.requires_python)]


def _application(projects: Sequence[Project], name: str | None) -> str:
    """Return the project that `nix build` makes. Raises UsageError where it is unclear."""
    names = [project.name for project in projects]
    if name is not None:
        if name not in names:
            raise UsageError(
                f"init: --name: there is no project {name}; there are {', '.join(names)}"
            )
        return name
    chosen = [project.name for project in projects if project.programs]
    chosen = chosen or [project.name for project in projects if project.is_own]
    if len(chosen) != 1:
        raise UsageError(
            f"init: which of the projects {', '.join(chosen or names)} has the programs that "
            f"`nix build` makes? Name it, as in `--name {(chosen or names)[0]}`"
        )
    return chosen[0]
