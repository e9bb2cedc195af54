"""Reads the projects that requirements refer to by their folders, directly or through others."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs.project import setuptools_project
from lock.inputs.project.build_documents import documents
from lock.inputs.values.checks import check_extra
from lock.models.builds import LEGACY_REQUIRES
from lock.models.requirements import Local, Project, Requirement, Requirements

# The files that decide what a build backend says of a project.
DECIDING_FILES = (
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "requirements*.txt",
    "requirements*.in",
    "requirements/*.txt",
    "requirements/*.in",
    "hatch.toml",
    "hatch_build.py",
    "pdm_build.py",
)


def with_projects(found: Requirements, file: str) -> Requirements:
    """Return requirements with all projects that they refer to.

    Raises UsageError, which names `file`, where a folder isn't the project that is asked for, and
    where two projects have one name.
    """
    projects = {project.path: project for project in found.projects}
    pending = [*_references(found, file)]
    while pending:
        name, path, where = pending.pop()
        if path not in projects:
            projects[path] = project = read(Path(path))
            requirements = project.every_requirement()
            pending += _local(requirements, str(Path(path, "pyproject.toml")))
        if projects[path].name != name:
            raise UsageError(
                f"{where}: {name}: the folder {path} is the project {projects[path].name}; "
                "require it by that name"
            )
    ordered = sorted(projects.values(), key=lambda project: (project.name, project.path))
    for first, second in pairwise(ordered):
        if first.name == second.name:
            raise UsageError(
                f"{file}: {first.path} and {second.path} are both the project {first.name}; "
                "give one of them another name"
            )
    if found.locked:
        roots = {one.name for one in found.packages}
        ordered = [replace(project, is_own=project.name in roots) for project in ordered]
    return replace(found, projects=tuple(ordered))


def read(folder: Path) -> Project:
    """Return the project in a folder. Raises UsageError where it can't be read or has no name."""
    # Imported here because the readers of single files import this module.
    from lock.inputs import read_text
    from lock.inputs.project import pyproject

    file = folder / "pyproject.toml"
    declared = pyproject.project(read_text(file), str(file)) if file.is_file() else None
    return declared or of_setuptools(folder)


def of_setuptools(folder: Path, build_requires: tuple[str, ...] = LEGACY_REQUIRES) -> Project:
    """Return the project of setup.cfg and setup.py; only its backend knows what it depends on.

    Raises UsageError where it has no name that can be read.
    """
    found = setuptools_project.read(folder)
    if found.name is None:
        raise UsageError(
            f"{folder}: the project's name isn't written down in pyproject.toml, setup.cfg or "
            'setup.py; write `name = "…"` below `[project]` in its pyproject.toml'
        )
    return Project(
        canonicalize_name(found.name),
        found.version,
        str(folder.absolute()),
        None,
        {check_extra(extra): () for extra in found.extras},
        found.programs,
        build_requires,
        documents({}, folder),
        digest=digest(folder),
    )


def digest(folder: Path, named: Iterable[str] = ()) -> str:
    """Return the sha256 of the files that decide what a build backend says of a project.

    `named` are those that its pyproject.toml names, relative to the folder.
    """
    found = hashlib.sha256()
    usual = {path for glob in DECIDING_FILES for path in folder.glob(glob)}
    for file in sorted(usual | {folder / name for name in named}):
        name = file.relative_to(folder).as_posix()
        found.update(f"{name}\0".encode() + file.read_bytes() + b"\0")
    return found.hexdigest()


def reference(project: Project, folder: Path, extras: tuple[str, ...] = ()) -> Requirement:
    """Return the requirement of a project by its path, as seen from a folder."""
    written = os.path.relpath(project.path, folder.absolute())
    return Requirement(project.name, extras, "", None, reference=Local(project.path, written))


def _references(found: Requirements, file: str) -> Iterator[tuple[str, str, str]]:
    """Yield name and path of each project that is referred to, and where."""
    yield from _local(found.every_requirement(), file)
    for package in found.locked.resolution.packages if found.locked else ():
        for one in package.files:
            if one.path is not None and one.is_folder:
                yield package.name, one.path, file


def _local(requirements: list[Requirement], where: str) -> list[tuple[str, str, str]]:
    return [
        (one.name, reference.path, where)
        for one in requirements
        for reference in (one.reference, *(origin.reference for origin in one.origins))
        if isinstance(reference, Local) and reference.is_project
    ]
