"""Stands in for metadata that can't be built on this machine, which lacks a library or a program.

The build in the sandbox gets it. Source: the format of `requires.txt` of setuptools.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from lock.builds import cache, egg_info
from lock.builds.source import Source, SourceFiles
from lock.errors import LockError
from lock.models.packages import Resolution
from lock.models.requirements import Metadata
from lock.resolution import uv_messages
from lock.resolution.request import Outcome
from lock.resolution.uv import Resolver
from native.missing_things import Kind, missing_things

EXTRA = re.compile(r"\bextra == ['\"]([^'\"]+)['\"]")


@dataclass(frozen=True)
class Unbuilt:
    """A version whose metadata can't be built here.

    `metadata` requires nothing until `with_requirements` knows better.
    """

    metadata: Metadata
    # What uv said.
    outcome: Outcome
    is_known: bool = False

    def note(self) -> str:
        """Return the remark for the user."""
        required = ", ".join(self.metadata.requires) or "nothing"
        return (
            f"{self.metadata.name} {self.metadata.version}: its metadata can't be built here "
            f"({uv_messages.reason(self.outcome.messages)}); taken is what it required when it was "
            f"made: {required}"
        )


def unbuilt(outcome: Outcome) -> Unbuilt | None:
    """Return the version whose build failed, if it lacked something of the system; else None."""
    failed = uv_messages.FAILED_VERSION.search(outcome.messages)
    if failed is None:
        return None
    lacking = {thing.kind for thing in missing_things(outcome.messages)} - {Kind.PYTHON_MODULE}
    metadata = Metadata(canonicalize_name(failed[1]), failed[2])
    return Unbuilt(metadata, outcome) if lacking else None


def with_requirements(one: Unbuilt, resolver: Resolver, resolution: Resolution) -> Unbuilt | None:
    """Return a version with what it required when it was made; None where that isn't known."""
    name, version = one.metadata.name, one.metadata.version
    package = next((p for p in resolution.packages if (p.name, p.version) == (name, version)), None)
    if package is None:
        return replace(one, is_known=True)
    files = SourceFiles(
        resolver.folder,
        resolver.environment,
        resolver.options.indexes,
        cache.user_cache(resolver.environment),
    )
    sdists = [file for file in package.files if file.needs_build and not file.is_folder]
    try:
        archives = [
            files.archive(Source(package.name, package.version, file)) for file in sdists[:1]
        ]
    except LockError:
        return None
    found = egg_info.requirements(archives[0]) if archives else None
    if found is None:
        return None
    metadata = replace(one.metadata, requires=found, extras=_extras(found))
    return replace(one, metadata=metadata, is_known=True)


def _extras(requirements: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({extra for text in requirements for extra in EXTRA.findall(text)}))
