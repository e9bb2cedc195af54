"""Reads uv.lock, which holds what uv resolved.

Source: uv's documentation, "Locking and syncing"; the schema's version is 1.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs

from packaging.utils import canonicalize_name

from lock.errors import LockError
from lock.io import credentials
from lock.models.filenames import filename_in_url
from lock.models.formats import Formats
from lock.models.packages import (
    UNKNOWN_VERSION,
    Dependency,
    File,
    Package,
    Resolution,
    project_folder,
    split_hash,
)
from lock.models.requirements import Project
from lock.resolution.request import Preference
from lock.resolution.uv_project import FORMAT

NO_CHOICE = Formats()
# As many as are read in turn by one run.
REMEMBERED = 4


@lru_cache(maxsize=REMEMBERED)
def load(text: str) -> Mapping[str, Any]:
    """Return the data of a uv.lock, parsed once for all that read it; they must not change it.

    Raises tomli.TOMLDecodeError.
    """
    # Imported here because it is loaded while uv runs (lock.pipeline.resolve).
    import tomli

    return tomli.loads(text)


def parse(
    text: str,
    root: str,
    formats: Formats = NO_CHOICE,
    projects: Mapping[str, Project] = MappingProxyType({}),
) -> Resolution:
    """Return the resolution in a uv.lock of the project named `root`.

    `formats` says which files may be taken. `projects` are those that were resolved as members, by
    their names.

    Raises LockError where the text isn't what uv writes, or holds what Nix couldn't fetch.
    """
    import tomli

    try:
        data = load(text)
        if data["version"] != FORMAT:
            raise LockError(
                f"uv writes locks of format {data['version']}, but only format {FORMAT} is "
                "known here; use an older uv, or a newer wheelhouse"
            )
        packages = [(entry, _package(entry, projects)) for entry in data.get("package", ())]
    except (tomli.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise LockError(
            f"uv's lock is not in a form that is known here ({error}); try another version of uv"
        ) from None
    return Resolution(
        tuple(
            requirement
            for entry, package in packages
            if package.name == root
            for listed in (
                package.dependencies,
                *map(dependencies_of, entry.get("dev-dependencies", {}).values()),
            )
            for requirement in listed
        ),
        tuple(
            _with_formats(package, formats, of_index="registry" in entry["source"])
            for entry, package in packages
            if package.name != root
        ),
    )


def _with_formats(package: Package, formats: Formats, *, of_index: bool) -> Package:
    return replace(
        package,
        prefer_sdist=formats.is_built(package.name, of_index=of_index),
        no_build=formats.is_never_built(package.name, of_index=of_index),
    )


def versions(text: str) -> Iterator[Preference]:
    """Yield the versions that a uv.lock has from an index; it is read when the first is needed."""
    for entry in load(text).get("package", ()):
        if "registry" in entry["source"]:
            yield Preference(
                entry["name"],
                entry["version"],
                entry["source"]["registry"],
                tuple(entry.get("resolution-markers", ())),
            )


def dependencies_of(entries: list[Mapping[str, Any]]) -> tuple[Dependency, ...]:
    """Return the dependencies in a list of inline tables."""
    return tuple(
        Dependency(
            canonicalize_name(entry["name"]),
            entry.get("version"),
            entry.get("marker"),
            frozenset(canonicalize_name(extra) for extra in entry.get("extra", [])),
            source(entry) if "source" in entry else None,
        )
        for entry in entries
    )


def source(entry: Mapping[str, Any]) -> str:
    """Return where a package or a dependency comes from as one text."""
    return " ".join(f"{key}={value}" for key, value in sorted(entry["source"].items()))


def _package(entry: Mapping[str, Any], projects: Mapping[str, Project]) -> Package:
    listed = [*entry.get("wheels", []), *([entry["sdist"]] if "sdist" in entry else [])]
    # The file of a direct reference has its URL or path in the package's source.
    url, path = entry["source"].get("url"), entry["source"].get("path")
    registry = entry["source"].get("registry", "")
    files = [
        _file(
            file,
            file.get("url", url),
            path or _path_on_index(file, registry),
            entry["source"].get("subdirectory"),
        )
        for file in listed
        if path is not None or "url" in file or url is not None or _path_on_index(file, registry)
    ]
    name = canonicalize_name(entry["name"])
    project = projects.get(name)
    # The version by which uv knows a member may be made up.
    version = project.version if project else entry.get("version")
    folder = project_folder(name, version, project.path) if project else _project_folder(entry)
    return Package(
        name=name,
        version=str(version or UNKNOWN_VERSION),
        files=tuple(files) if folder is None else (folder,),
        dependencies=dependencies_of(entry.get("dependencies", [])),
        extras={
            canonicalize_name(extra): dependencies_of(listed)
            for extra, listed in entry.get("optional-dependencies", {}).items()
        },
        source=source(entry),
    )


def _path_on_index(file: Mapping[str, Any], registry: str) -> str | None:
    """Return the path of a file of an index that is a folder; None for any other file."""
    if "path" not in file or "://" in registry:
        return None
    return posixpath.join(registry, file["path"])


def _project_folder(entry: Mapping[str, Any]) -> File | None:
    """Return the folder of a project in a repository or on this machine; None for other packages.

    Raises LockError for one in a repository that has no static version.
    """
    source = entry["source"]
    path = source.get("directory") or source.get("editable")
    if path is not None:
        return project_folder(entry["name"], entry.get("version"), path)
    if "git" not in source:
        return None
    if "version" not in entry:
        raise LockError(
            f"{entry['name']} doesn't tell its version before it is built, so it can't be locked; "
            "write `version` into its pyproject.toml"
        )
    name = f"{entry['name']}-{entry['version']}"
    address, _, commit = source["git"].partition("#")
    url, _, query = address.partition("?")
    [subdirectory] = parse_qs(query).get("subdirectory", [None])
    return File(name, url, None, None, commit=commit, subdirectory=subdirectory)


def _file(
    entry: Mapping[str, Any], url: str | None, path: str | None, subdirectory: str | None
) -> File:
    """Return a file at a URL, or at a path on this machine."""
    sha256, other_hash = split_hash(entry.get("hash", ""))
    return File(
        name=(path or "").rpartition("/")[2] or filename_in_url(url or ""),
        url=credentials.strip_credentials(url or ""),
        sha256=sha256,
        size=entry.get("size"),
        path=path,
        subdirectory=subdirectory,
        other_hash=other_hash,
    )
