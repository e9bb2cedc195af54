"""Finds packages of which requirements say two things that can't both be."""

from collections.abc import Iterator
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lock.models.requirements import Git, Local, Requirements, Url
from lock.models.requirements import Requirement as Required


@dataclass(frozen=True)
class Clash:
    """What can't be of a package."""

    # Normalized.
    name: str
    # In requirements.yaml.
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.key}: {self.problem}; {self.remedy}"


def clashes(found: Requirements) -> Iterator[Clash]:
    """Yield what is wrong with the packages that come from nixpkgs or are replaced."""
    overridden: set[str] = {canonicalize_name(Requirement(one).name) for one in found.overrides}
    projects = {project.name for project in found.projects}
    excluded = {*found.settings.excluded}
    placed = {one.name: place for one in found.every_requirement() if (place := _place(one))}
    for name in found.from_nixpkgs:
        problem = (
            "`replace` names it, too"
            if name in found.replaced
            else _elsewhere(name, excluded, overridden, projects, placed)
        )
        if problem:
            yield Clash(name, name, f"it comes from nixpkgs, but {problem}", "keep one of both")
    for name, other in found.replaced.items():
        key = f"replace.{name}"
        if name == other:
            yield Clash(name, key, "it stands in its own place", "name another package")
        elif other in found.replaced:
            further = found.replaced[other]
            problem = f"`{other}` is replaced as well, by `{further}`"
            remedy = "leave one of them out"
            if further != name:
                remedy = f"write `{name}: {further}`, or {remedy}"
            yield Clash(name, key, problem, remedy)
        elif other in excluded:
            problem = f"`exclude` names `{other}`, so nothing would stand in its place"
            yield Clash(name, key, problem, f"leave `{other}` out of one of both")
        elif problem := _elsewhere(name, excluded, overridden, projects, placed):
            yield Clash(name, key, f"it is replaced, but {problem}", "keep one of both")


def exclusions(found: Requirements) -> Iterator[Clash]:
    """Yield the packages that one file requires and another one excludes."""
    required = {one.name for one in found.every_requirement()}
    for name in found.settings.excluded:
        if name in required:
            yield Clash(name, "exclude", f"`{name}` is required, too", "keep one of both")


def _elsewhere(
    name: str,
    excluded: set[str],
    overridden: set[str],
    projects: set[str],
    placed: dict[str, str],
) -> str:
    """Return what else is said of a package that has no file; empty for nothing."""
    if name in projects:
        return "it is a project of yours"
    if name in excluded:
        return "`exclude` names it, too"
    if name in overridden:
        return "`overrides` has a requirement of it"
    return f"a requirement of it has `{placed[name]}`" if name in placed else ""


def _place(one: Required) -> str:
    """Return the key that says where a requirement's file comes from, or how it is built."""
    if one.reference:
        return {Url: "url", Git: "git", Local: "path"}[type(one.reference)]
    if one.index or one.origins:
        return "index"
    return "prefer-sdist" if one.prefer_sdist else "build-requires" if one.build_requires else ""
