"""The user's hashes that no index gives: sha512 and others, which a file must be had for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from lock.errors import UnsatisfiableError, UsageError
from lock.io.file_hashes import FileHashes, digest
from lock.models.packages import File, Package, Resolution
from lock.models.requirements import ALL
from lock.models.target import Target
from lock.selection.files import file_of


def as_sha256(
    resolution: Resolution,
    hashes: Mapping[str, Collection[str]],
    targets: Sequence[Target],
    files: FileHashes,
) -> Mapping[str, Collection[str]]:
    """Return hashes (as in Requirements.hashes) of which all are sha256.

    Of the files with another hash among the given ones, those that a target takes are looked for.

    Raises UnsatisfiableError where every package must have a hash and one has none, UsageError
    where a file can't be downloaded.
    """
    if ALL in hashes:
        without = [
            one.name
            for one in resolution.packages
            if one.name not in hashes and not one.from_nixpkgs
        ]
        if without:
            raise UnsatisfiableError(
                f"`--require-hashes` is there, and no hash is given of {', '.join(without)}, which "
                "others require; write a line with `--hash` for each of them"
            )
    found = {name: {one for one in listed if ":" not in one} for name, listed in hashes.items()}
    for package in resolution.packages:
        others = [one for one in hashes.get(package.name, ()) if ":" in one]
        if others:
            found[package.name] |= _allowed(package, found[package.name], others, targets, files)
    return found


def _allowed(
    package: Package,
    known: Collection[str],
    others: Collection[str],
    targets: Iterable[Target],
    files: FileHashes,
) -> set[str]:
    """Return the sha256 of the files with one of some other hashes that the targets take."""
    allowed, refused = {*known}, set[File]()
    for target in targets:
        while True:
            left = tuple(file for file in package.files if file not in refused)
            file = file_of(replace(package, files=left), target)
            if file is None or file.is_folder or file.sha256 in allowed:
                break
            sha256 = _sha256_of(file, others, files)
            if sha256 is not None:
                allowed.add(sha256)
                break
            refused.add(file)
    return allowed


def _sha256_of(file: File, hashes: Collection[str], files: FileHashes) -> str | None:
    """Return the sha256 of a file that has one of some hashes (`sha512:…`), None of another.

    Raises UsageError where it can't be had, or isn't the file that the index says it is.
    """
    path = files.path_of(file)
    try:
        sha256 = digest(path, "sha256")
        kinds = {one.partition(":")[0] for one in hashes}
        has_one = any(f"{kind}:{digest(path, kind)}" in hashes for kind in kinds)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name a file that can be read") from None
    if file.sha256 not in (None, sha256):
        raise UsageError(
            f"{file.url}: its sha256 is {sha256}, but the index says {file.sha256}; "
            "ask whoever runs the index"
        )
    return sha256 if has_one else None
