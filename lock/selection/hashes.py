"""The user's own hashes: files that aren't among them are never taken."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from lock.errors import UnsatisfiableError
from lock.models.packages import Resolution


def only_allowed(resolution: Resolution, hashes: Mapping[str, Collection[str]]) -> Resolution:
    """Return a resolution with only those files whose sha256 (hexadecimal) is allowed.

    Packages that `hashes` doesn't name keep all of theirs.

    Raises UnsatisfiableError, which names the packages that are left without a file.
    """
    if not hashes:
        return resolution
    packages = [
        replace(
            package,
            files=tuple(file for file in package.files if file.sha256 in hashes[package.name]),
        )
        if package.name in hashes
        else package
        for package in resolution.packages
    ]
    without = [
        f"{package.name} {package.version}"
        for package in packages
        if package.name in hashes and not package.files
    ]
    if without:
        raise UnsatisfiableError(
            f"the index has no file with one of the given hashes for {', '.join(without)}; "
            "ask for the version that they are of, as in `name==1.2 --hash=sha256:…`"
        )
    return replace(resolution, packages=tuple(packages))
