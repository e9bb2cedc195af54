"""Finds the URLs of files of which another tool's lock has only hashes, and maybe names."""

from collections.abc import Sequence
from dataclasses import replace

from lock.errors import UnsatisfiableError
from lock.models.packages import File, Package, Resolution
from lock.models.requirements import Origin, Requirements
from lock.models.target import Target
from lock.resolution import uv, uv_messages
from lock.resolution.request import Request, marker_of
from lock.resolution.uv_lock import parse
from lock.resolution.uv_project import ROOT
from lock.selection.installation import install


def with_urls(
    resolver: uv.Resolver, requirements: Requirements, targets: Sequence[Target], origin: str
) -> Resolution:
    """Return the locked resolution of some requirements, with the URLs of the targets' files.

    uv resolves the very versions, without their dependencies, so it has nothing to decide.

    Raises UnsatisfiableError where the index no longer has a version, or any of its files.
    """
    assert requirements.locked is not None, origin
    resolution = requirements.locked.resolution
    lacking = {
        (package.name, package.version)
        for package in resolution.packages
        if any(not (file.url or file.path) for file in package.files)
    }
    having: dict[tuple[str, str], list[Target]] = {}
    for target in targets:
        for package in install(resolution, target).packages.values():
            if (package.name, package.version) in lacking:
                having.setdefault((package.name, package.version), []).append(target)
    if not having:
        return resolution
    names = {name for name, _ in having}
    request = Request(
        "addresses",
        [
            f"{name}=={version}" + marker_of(of_version, targets)
            for (name, version), of_version in sorted(having.items())
        ],
        targets,
        without_dependencies=sorted(having),
        origins={
            name: origins for name, origins in _origins(requirements).items() if name in names
        },
    )
    outcome = resolver.lock(request)
    if outcome.exit_code != 0:
        reasons = uv_messages.explain(outcome.messages, origin, targets)
        indented = "".join(f"\n  {line}" for line in reasons.splitlines())
        raise UnsatisfiableError(f"{origin}: the index lacks what the lock has:{indented}")
    on_index = {
        (package.name, package.version): package.files
        for package in parse(outcome.lock, ROOT).packages
    }
    packages = [
        _with_urls(package, on_index[version], origin)
        if (version := (package.name, package.version)) in having
        else package
        for package in resolution.packages
    ]
    return replace(resolution, packages=tuple(packages))


def _origins(requirements: Requirements) -> dict[str, Sequence[Origin]]:
    """Return, by project name, the indexes that the requirements and their lock name."""
    of_lock = requirements.locked.index_of if requirements.locked else {}
    indexes = {name: [Origin(None, index)] for name, index in of_lock.items()}
    return {**requirements.origins_of, **indexes}


def _with_urls(package: Package, on_index: Sequence[File], origin: str) -> Package:
    """Return a package with those of its files that the index still has.

    They are known by their hashes, or by their names where the lock or the index has no sha256.
    """
    by_hash = {file.sha256: file for file in on_index if file.sha256 is not None}
    by_name = {file.name: file for file in on_index}
    files = []
    for file in package.files:
        found = by_hash.get(file.sha256 or "")
        named = by_name.get(file.name)
        if found is None and named is not None and None in (file.sha256, named.sha256):
            found = named
        if found is not None:
            named_so = file.name or found.name
            known = replace(file, name=named_so, url=found.url, size=found.size, path=found.path)
            files.append(known)
    if not files:
        raise UnsatisfiableError(
            f"{origin}: {package.name} {package.version}: the index has none of the files whose "
            "hashes the lock has; lock again with the tool that wrote it"
        )
    return replace(package, files=tuple(files))
