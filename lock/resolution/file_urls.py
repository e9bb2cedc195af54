"""Finds the addresses of files of which a lock has only the names and hashes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lock.errors import UnsatisfiableError
from lock.lockfile.requested import index_of
from lock.models.packages import File, Package, Resolution, install
from lock.models.requirements import Requirements
from lock.models.target import Target
from lock.resolution import uv, uv_messages
from lock.resolution.uv_lock import parse


def locate(
    resolver: uv.Resolver,
    resolution: Resolution,
    targets: Sequence[Target],
    wanted: Requirements,
    file: str,
) -> Resolution:
    """A resolution with the addresses of all files that the targets may have.

    uv is asked for the very versions, without what they need, so it has nothing to decide.

    Raises UnsatisfiableError when the index has a version, or its files, no more.
    """
    homeless = {
        (package.name, package.version): package
        for package in resolution.packages
        if any(not (listed.url or listed.path) for listed in package.files)
    }
    having: dict[tuple[str, str], list[Target]] = {}
    for target in targets:
        for package in install(resolution, target).packages.values():
            if (package.name, package.version) in homeless:
                having.setdefault((package.name, package.version), []).append(target)
    if not having:
        return resolution
    names = {name for name, _ in having}
    question = uv.Question(
        "addresses",
        [
            f"{name}=={version}" + uv.where(where, targets)
            for (name, version), where in sorted(having.items())
        ],
        targets,
        bare=sorted(having),
        index_of={name: index for name, index in index_of(wanted).items() if name in names},
    )
    outcome = resolver.lock(question)
    if outcome.exit_code != 0:
        told = uv_messages.explain(outcome.messages, file, targets)
        reason = "".join(f"\n  {line}" for line in told.splitlines())
        raise UnsatisfiableError(f"{file}: the index lacks what the lock has:{reason}")
    known = {
        (package.name, package.version): {listed.sha256: listed for listed in package.files}
        for package in parse(outcome.lock, uv.ROOT).packages
    }
    packages = [
        _located(package, known[key], file)
        if (key := (package.name, package.version)) in having
        else package
        for package in resolution.packages
    ]
    return replace(resolution, packages=tuple(packages))


def _located(package: Package, known: Mapping[str | None, File], file: str) -> Package:
    """A package with those of its files that the index still has, by their hashes."""
    files = tuple(
        replace(listed, url=known[listed.sha256].url, size=known[listed.sha256].size)
        for listed in package.files
        if listed.sha256 in known
    )
    if not files:
        raise UnsatisfiableError(
            f"{file}: {package.name} {package.version}: the index has none of the files whose "
            "hashes the lock has; lock again with the tool that wrote it"
        )
    return replace(package, files=files)
