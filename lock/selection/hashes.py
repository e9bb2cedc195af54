"""The hashes of files: the user's own ones, and those that are known only after a download."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from lock.errors import UnsatisfiableError
from lock.io.file_hashes import FileHashes
from lock.models.packages import File, Resolution


def only_allowed(
    resolution: Resolution, hashes: Mapping[str, Collection[str]], file_hashes: FileHashes
) -> Resolution:
    """Return a resolution with only those files whose sha256 (hexadecimal) is allowed.

    Packages that `hashes` doesn't name keep all of theirs.

    Raises UnsatisfiableError, which names the packages that are left without a file; UsageError
    where a file can't be hashed.
    """
    if not hashes:
        return resolution
    unknown = {
        file
        for package in resolution.packages
        if package.name in hashes
        for file in package.files
        if file.sha256 is None and not file.is_folder
    }
    if unknown:
        resolution = with_files(resolution, file_hashes.add(unknown))
    packages = [
        replace(
            package,
            files=tuple(file for file in package.files if file.sha256 in hashes[package.name]),
        )
        if package.name in hashes and not package.from_nixpkgs
        else package
        for package in resolution.packages
    ]
    without = [
        f"{package.name} {package.version}"
        for package in packages
        if package.name in hashes and not (package.files or package.from_nixpkgs)
    ]
    if without:
        raise UnsatisfiableError(
            f"the index has no file with one of the given hashes for {', '.join(without)}; "
            "ask for the version that they are of, as in `name==1.2 --hash=sha256:…`"
        )
    return replace(resolution, packages=tuple(packages))


def with_files(resolution: Resolution, replaced: Mapping[File, File]) -> Resolution:
    """Return a resolution in which some files stand in place of others."""
    return replace(
        resolution,
        packages=tuple(
            replace(package, files=tuple(replaced.get(file, file) for file in package.files))
            for package in resolution.packages
        ),
    )
