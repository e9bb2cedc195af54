"""The user's own hashes of files: what isn't among them is never taken."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from lock.resolution import Resolution


def allow(resolution: Resolution, hashes: Mapping[str, Collection[str]]) -> Resolution:
    """A resolution whose packages have only the files with the given sha256 (hexadecimal).

    Packages that `hashes` doesn't name keep all of theirs.
    """
    if not hashes:
        return resolution
    packages = [
        replace(
            package,
            files=tuple(
                file
                for file in package.files
                if package.name not in hashes or file.sha256 in hashes[package.name]
            ),
        )
        for package in resolution.packages
    ]
    return replace(resolution, packages=tuple(packages))
