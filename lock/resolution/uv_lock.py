"""uv.lock, read: what uv resolved."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from packaging.utils import canonicalize_name

from lock.errors import LockError
from lock.io import credentials
from lock.models.packages import Dependency, File, Package, Resolution, file_name
from lock.resolution import uv


def parse(uv_lock: str, root: str, prefer_sdist: Collection[str] = ()) -> Resolution:
    """The resolution in the text of a uv.lock, for the project named `root`.

    `prefer_sdist` names what is built from source even where a wheel fits.

    Source: uv's documentation, "Locking and syncing"; its schema is at version 1.

    Raises LockError when the text isn't what uv writes, or holds what Nix couldn't fetch.
    """
    import tomli

    try:
        data = uv.read(uv_lock)
        if data["version"] != uv.FORMAT:
            raise LockError(
                f"uv writes locks of format {data['version']}, but only format {uv.FORMAT} is "
                "known here; use an older uv, or a newer wheelhouse"
            )
        packages = [(entry, _package(entry)) for entry in data["package"]]
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
            replace(package, prefer_sdist=package.name in prefer_sdist)
            for _, package in packages
            if package.name != root
        ),
    )


def _package(entry: Mapping[str, Any]) -> Package:
    listed = [*entry.get("wheels", []), *([entry["sdist"]] if "sdist" in entry else [])]
    # The file of a direct reference has its place there.
    url, path = entry["source"].get("url"), entry["source"].get("path")
    files = [
        _file(file, file.get("url", url), path)
        for file in listed
        if path is not None or "url" in file or url is not None
    ]
    project = _project(entry)
    return Package(
        name=canonicalize_name(entry["name"]),
        version=str(entry.get("version", "0")),
        files=tuple(files) if project is None else (project,),
        dependencies=dependencies_of(entry.get("dependencies", [])),
        extras={
            canonicalize_name(extra): dependencies_of(listed)
            for extra, listed in entry.get("optional-dependencies", {}).items()
        },
    )


def _project(entry: Mapping[str, Any]) -> File | None:
    """The folder of a project that isn't packed: of a repository, or on this machine.

    Raises LockError for one without a version of its own, or below the top of its repository.
    """
    source = entry["source"]
    if "git" not in source and "directory" not in source:
        return None
    if "version" not in entry:
        raise LockError(
            f"{entry['name']} doesn't tell its version before it is built, so it can't be locked; "
            "write `version` into its pyproject.toml"
        )
    name = f"{entry['name']}-{entry['version']}"
    if "directory" in source:
        return File(name, "", None, None, path=source["directory"])
    address, _, commit = source["git"].partition("#")
    url, _, query = address.partition("?")
    if "subdirectory" in parse_qs(query):
        raise LockError(
            f"{entry['name']} lies in a subdirectory of its repository, so it can't be locked; "
            "name a project at the top of one"
        )
    return File(name, url, None, None, commit=commit)


def _file(entry: Mapping[str, Any], url: str | None, path: str | None) -> File:
    """A file at an address, or else at a path on this machine."""
    algorithm, _, digest = entry.get("hash", "").partition(":")
    return File(
        name=(path or "").rpartition("/")[2] or file_name(url or ""),
        url=credentials.without(url or ""),
        sha256=digest if algorithm == "sha256" else None,
        size=entry.get("size"),
        path=path,
    )


def dependencies_of(entries: list[Mapping[str, Any]]) -> tuple[Dependency, ...]:
    return tuple(
        Dependency(
            canonicalize_name(entry["name"]),
            entry.get("version"),
            entry.get("marker"),
            frozenset(canonicalize_name(extra) for extra in entry.get("extra", [])),
        )
        for entry in entries
    )
