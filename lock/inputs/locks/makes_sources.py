"""Reads a sources.yaml that Makes wrote; its versions and files are kept."""

import hashlib

import yaml
from packaging.utils import canonicalize_name, canonicalize_version

from lock.errors import LockError, UsageError
from lock.inputs.locks.locked_requirements import requirements_of
from lock.models import makes_lock
from lock.models.filenames import name_and_version
from lock.models.nix_base32 import to_hex
from lock.models.packages import Dependency, File, Package, Resolution
from lock.models.pythons import check_python
from lock.models.requirements import DEFAULT_GROUP, Locked, Requirements

# What edits such a file.
EDITED_BY = "with Makes"


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock, which are all its packages: it has no dependencies.

    Raises UsageError for a file that Makes didn't write.
    """
    try:
        data = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (yaml.YAMLError, RecursionError):
        raise UsageError(f"{file}: this is not YAML; write it again with Makes") from None
    if not isinstance(data, dict) or makes_lock.WHEELHOUSE_KEYS & data.keys():
        raise UsageError(
            f"{file}: this is a lock of wheelhouse already; name the requirements it was made from"
        )
    try:
        makes_lock.check_shape(data, file)
        python = check_python(data["python"])
    except LockError as error:
        raise UsageError(
            str(error) if str(error).startswith(file) else f"{file}: python: {error}"
        ) from None
    files: dict[tuple[str, str] | None, list[File]] = {}
    for link in data["links"]:
        try:
            found = File(link["name"], link["url"], to_hex(link["sha256"]), None)
        except ValueError:
            raise UsageError(
                f"{file}: links: {link['name']}: its sha256 is none in Nix' base 32; "
                "write the file again with Makes"
            ) from None
        files.setdefault(name_and_version(found.name), []).append(found)
    packages = tuple(
        Package(
            canonicalize_name(name),
            version,
            tuple(files.get((canonicalize_name(name), canonicalize_version(version)), ())),
        )
        for name, version in sorted(data["closure"].items())
    )
    roots = [Dependency(package.name, package.version) for package in packages]
    return requirements_of(
        {DEFAULT_GROUP: roots},
        Locked(Resolution(tuple(roots), packages), hashlib.sha256(text.encode()).hexdigest()),
        python=python,
    )
