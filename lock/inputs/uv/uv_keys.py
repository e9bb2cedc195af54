"""Says of every key of uv's settings what is done with it (uv's documentation, "Settings").

docs/uv-settings.md shows this table; a test holds it against the list of the uv in use.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Treatment(StrEnum):
    """What is done with a setting."""

    HONOURED = "honoured"
    WITHOUT_EFFECT = "without effect"


class Place(StrEnum):
    """Where uv looks for a setting."""

    # In the nearest uv.toml or `[tool.uv]`.
    SETTINGS = "settings"
    # In the pyproject.toml of a workspace's root, or of a project without a workspace.
    ROOT = "root"
    # In the pyproject.toml of each project.
    PROJECT = "project"


@dataclass(frozen=True)
class Key:
    """A key: what is done with it, and what that means."""

    treatment: Treatment
    # For one without effect: what to do instead, or why nothing needs to be done.
    meaning: str
    place: Place = Place.SETTINGS
    # Whether it needs a sentence of its own, since what is built or installed may differ.
    matters: bool = False
    # Whether uv takes it in a uv.toml, though it has no effect there.
    in_uv_toml: bool = True


def _honoured(meaning: str, place: Place = Place.SETTINGS, *, in_uv_toml: bool = True) -> Key:
    return Key(Treatment.HONOURED, meaning, place, in_uv_toml=in_uv_toml)


def _root(meaning: str, *, in_uv_toml: bool = True) -> Key:
    return _honoured(meaning, Place.ROOT, in_uv_toml=in_uv_toml)


def _project(meaning: str) -> Key:
    return _honoured(meaning, Place.PROJECT, in_uv_toml=False)


def _idle(meaning: str, place: Place = Place.SETTINGS, *, in_uv_toml: bool = True) -> Key:
    return Key(Treatment.WITHOUT_EFFECT, meaning, place, in_uv_toml=in_uv_toml)


def _missed(meaning: str) -> Key:
    return Key(Treatment.WITHOUT_EFFECT, meaning, matters=True)


_OF_THE_MACHINE = "caches and processes are the machine's; uv's variables set them"
_NO_INSTALLATION = "nothing is installed while locking, and Nix has its own way"
_NOT_OF_LOCK = "it is for another command of uv"

KEYS: Mapping[str, Key] = {
    # Indexes.
    "index": _honoured("indexes, in their order, with the keys below"),
    "index-url": _honoured("it replaces the default index"),
    "extra-index-url": _honoured("further indexes, before the default one"),
    "find-links": _honoured("pages of links, whose files stand beside those of the indexes"),
    "no-index": _honoured("only files of `find-links` are taken"),
    "index-strategy": _honoured("which of several indexes is taken"),
    "keyring-provider": _honoured("the keyring is asked for passwords"),
    "allow-insecure-host": _honoured("these hosts may have any certificate while uv resolves"),
    "native-tls": _honoured("the machine's certificates are believed while uv resolves"),
    "system-certs": _honoured("the machine's certificates are believed while uv resolves"),
    "http-proxy": _honoured("the proxy for http, unless a variable names one"),
    "https-proxy": _honoured("the proxy for https, unless a variable names one"),
    "no-proxy": _honoured("hosts that are reached without the proxy"),
    # Versions.
    "resolution": _honoured("the lowest or the highest versions; not for builds, as uv has it"),
    "prerelease": _honoured("which pre-releases are taken; not for builds, as uv has it"),
    "prerelease-package": _honoured("the same for single packages"),
    "fork-strategy": _honoured("fewer versions, or newer ones, where systems differ"),
    "exclude-newer": _honoured("files that were uploaded later are ignored"),
    "exclude-newer-package": _honoured("the same for single packages; `false` for any time"),
    "dependency-metadata": _honoured("it replaces the metadata of packages"),
    "constraint-dependencies": _root("versions that packages must have"),
    "override-dependencies": _root("they replace all requirements of these packages"),
    "exclude-dependencies": _root("nothing installs these packages"),
    "build-constraint-dependencies": _root("versions that packages must have in builds"),
    "environments": _root(
        "systems that they rule out aren't locked, and can't be asked for", in_uv_toml=False
    ),
    "minimum-libc-version": _root("the oldest glibc and musl", in_uv_toml=False),
    "conflicts": _root(
        "each choice among them is locked, `groups` in Nix picks one; whole projects are refused",
        in_uv_toml=False,
    ),
    # Files and builds.
    "no-binary": _honoured("everything is built from source"),
    "no-binary-package": _honoured("these packages are built from source"),
    "no-build": _honoured("nothing is built from source"),
    "no-build-package": _honoured("these packages aren't built from source"),
    "extra-build-dependencies": _honoured(
        "builds get these as well; with `match-runtime` in the version of the environment"
    ),
    # Sources.
    "sources": _project("where packages come from"),
    "no-sources": _honoured("`sources` are ignored"),
    "no-sources-package": _honoured("`sources` of these packages are ignored"),
    # The project.
    "workspace": _root("projects that are locked together", in_uv_toml=False),
    "package": _project("whether the project itself is locked"),
    "dev-dependencies": _project("they are in the group `dev`"),
    "dependency-groups": _project("the Python versions that a group is for"),
    "build-backend": _project("the build reads it"),
    # Told in a sentence of their own.
    "config-settings": _missed("give the build what it needs by `overrides` in Nix"),
    "config-settings-package": _missed("give the build what it needs by `overrides` in Nix"),
    "extra-build-variables": _missed("set them by `env` in `overrides` in Nix"),
    "no-build-isolation": _missed(
        "every build is isolated; name what it needs in `extra-build-dependencies`"
    ),
    "no-build-isolation-package": _missed(
        "every build is isolated; name what it needs in `extra-build-dependencies`"
    ),
    "default-groups": Key(
        Treatment.WITHOUT_EFFECT,
        "all groups are locked; choose with `groups` in Nix",
        Place.PROJECT,
        matters=True,
        in_uv_toml=False,
    ),
    "pip": _missed("it is for `uv pip` only; write what should hold into `[tool.uv]`"),
    "upgrade": _missed("use `lock --upgrade`"),
    "upgrade-package": _missed("use `lock --upgrade-package`"),
    # Told together.
    "required-environments": _idle(
        "each system that is locked has a file of each package anyway",
        Place.ROOT,
        in_uv_toml=False,
    ),
    "require-build-hashes": _idle("every file has its hash anyway"),
    "torch-backend": _idle("`uv lock` ignores it, too"),
    "required-version": _idle("wheelhouse brings its own uv"),
    "managed": _idle(
        "what is named on the command line is locked", Place.PROJECT, in_uv_toml=False
    ),
    "cache-keys": _idle("projects are read each time"),
    "offline": _idle("use `lock --offline`"),
    "preview": _idle("wheelhouse brings its own uv"),
    "preview-features": _idle("wheelhouse brings its own uv"),
    "no-cache": _idle(_OF_THE_MACHINE),
    "cache-dir": _idle(_OF_THE_MACHINE),
    "concurrent-downloads": _idle(_OF_THE_MACHINE),
    "concurrent-builds": _idle(_OF_THE_MACHINE),
    "concurrent-installs": _idle(_OF_THE_MACHINE),
    "python-preference": _idle("Python is Nix'"),
    "python-downloads": _idle("Python is Nix'"),
    "python-install-mirror": _idle("Python is Nix'"),
    "pypy-install-mirror": _idle("Python is Nix'"),
    "graalpy-install-mirror": _idle("Python is Nix'"),
    "pyodide-install-mirror": _idle("Python is Nix'"),
    "python-downloads-json-url": _idle("Python is Nix'"),
    "link-mode": _idle(_NO_INSTALLATION),
    "compile-bytecode": _idle("bytecode is compiled anyway"),
    "reinstall": _idle(_NO_INSTALLATION),
    "reinstall-package": _idle(_NO_INSTALLATION),
    "publish-url": _idle(_NOT_OF_LOCK),
    "trusted-publishing": _idle(_NOT_OF_LOCK),
    "check-url": _idle(_NOT_OF_LOCK),
    "add-bounds": _idle(_NOT_OF_LOCK),
    "audit": _idle(_NOT_OF_LOCK),
}

# The keys of one index; uv takes others without a word.
INDEX_KEYS: Mapping[str, Key] = {
    "name": _honoured("`sources` name it"),
    "url": _honoured("its address"),
    "default": _honoured("it replaces the default index"),
    "explicit": _honoured("only what names it comes from it"),
    "format": _honoured("`flat` is one page of links"),
    "authenticate": _honoured("whether a password is sent at once"),
    "ignore-error-codes": _honoured("answers that mean that a package isn't there"),
    "exclude-newer": _honoured("files of it that were uploaded later are ignored"),
    "cache-control": _honoured("how long its answers may be kept"),
    "hash-algorithm": _idle("every file is locked by its sha256"),
    "publish-url": _idle(_NOT_OF_LOCK),
}


def describe(
    file: str, prefix: str, keys: Iterable[str], known: Mapping[str, Key] = KEYS
) -> list[str]:
    """Return what the user is told about keys that a file sets: a line each, or for several."""
    where = f"{prefix}." if prefix else ""
    lines, idle, unknown = [], [], []
    for key in keys:
        if key not in known:
            unknown.append(f"{where}{key}")
        elif known[key].treatment is Treatment.WITHOUT_EFFECT and known[key].matters:
            lines.append(f"{file}: {where}{key} has no effect here; {known[key].meaning}")
        elif known[key].treatment is Treatment.WITHOUT_EFFECT:
            idle.append(f"{where}{key}")
    lines += [f"{file}: without effect on a lock: {', '.join(idle)}"] if idle else []
    lines += (
        [f"{file}: no setting of uv that is known here, so without effect: {', '.join(unknown)}"]
        if unknown
        else []
    )
    return lines
