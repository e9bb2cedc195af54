"""A flake and a lock for what is there already."""

from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path

from init import templates
from init.kinds import EXISTING, KINDS
from init.locking import SOURCES
from init.order import OWN_PYTHON, Order
from lock import inputs
from lock.errors import UsageError
from lock.models.pythons import USUAL_PYTHON, example_python, supports
from lock.models.requirements import Project, Requirements
from lock.pipeline.file_names import python_of_folder, requirements_file
from lock.pipeline.plan import required_python

# The flake's application, of the only project.
APPLICATION = "library.makePythonPypiApplication { inherit sourcesYaml; }"
OF_PROJECT = """\
library.makePythonPypiApplication {{
          inherit sourcesYaml;
          package = "{}";
        }}"""
# The groups of the flake's environment, and what is said of them.
GROUPS = """\
          groups = [
            "default"
            "dev"
          ];
"""
GROUPS_COMMENT = "      # With the tools of the group dev.\n"
PYTEST = "      checks = each (ofProjects (project: project.tests.pytest { }));\n"
IMPORTS = """\
      checks = each (library: {
        imports = (environment library).tests.imports;
      });
"""


def requirements(folder: Path) -> Requirements:
    """Return the requirements in a folder. Raises what `lock.inputs.read` raises."""
    with chdir(folder):
        return inputs.read_together([requirements_file()])


def flake(wanted: Order, found: Requirements) -> str:
    """Return the flake.nix that fits requirements: of projects, or of packages only."""
    if not found.projects:
        return templates.read("default")["flake.nix"]
    text = templates.read("flake")["flake.nix"]
    text = text.replace(APPLICATION, _application(found.projects, wanted.name), 1)
    tools = _tools(found)
    listed = "".join(f'            "{name}"\n' for name in tools)
    text = text.replace(GROUPS, GROUPS.replace('            "dev"\n', listed) if tools else "", 1)
    comment = GROUPS_COMMENT.replace(
        "group dev", f"group{'s' * (len(tools) > 1)} {' and '.join(tools)}"
    )
    text = text.replace(GROUPS_COMMENT, comment if tools else "", 1)
    return text if _has_pytest(found, tools) else text.replace(PYTEST, IMPORTS, 1)


def steps(found: Requirements) -> Sequence[tuple[str, str]]:
    """Return what to do next: commands, and what they do."""
    return KINDS[EXISTING if found.projects else "environment"].next


def _tools(found: Requirements) -> list[str]:
    """Return the groups that a developer wants: dev, and the one that has pytest."""
    tools = [name for name in ("dev",) if name in found.groups]
    if _has_pytest(found, tools):
        return tools
    return [*tools, *[name for name in found.groups if _has_pytest(found, [name])][:1]]


def _has_pytest(found: Requirements, groups: Sequence[str]) -> bool:
    """Return whether packages, together with groups, have pytest."""
    packages = [*found.packages, *(one for name in groups for one in found.groups[name])]
    own = [one for project in found.projects for one in project.dependencies or ()]
    return any(one.name == "pytest" for one in (*packages, *own))


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
    return [example_python(found.requires_python) or USUAL_PYTHON]


def _application(projects: Sequence[Project], name: str | None) -> str:
    """Return what `nix build` makes, in Nix: the programs of a project, or else the environment.

    Raises UsageError where it is unclear of which project.
    """
    names = [project.name for project in projects]
    if name is not None and name not in names:
        raise UsageError(f"init: --name: there is no project {name}; there are {', '.join(names)}")
    chosen = [project.name for project in projects if project.programs]
    if name is None and len(chosen) > 1:
        raise UsageError(
            f"init: the projects {', '.join(chosen)} have programs; name the one that `nix build` "
            f"makes, as in `--name {chosen[0]}`"
        )
    if not (name or chosen):
        return "environment library"
    return APPLICATION if len(projects) == 1 else OF_PROJECT.format(name or chosen[0])
