"""A lock as pylock.toml (PEP 751)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.pylock import Pylock

from lock.errors import UsageError
from lock.inputs.locks.pylock import parse
from lock.lockfile.reader import Lock
from lock.models.packages import File
from lock.models.target import SYSTEMS, Target
from lock.outputs import render
from tests.support.lock_data import DARWIN, LINUX, item, link, lock_of, wheel
from tests.support.uv_lock_texts import SHA256

COMMIT = "6a6e7c4a5a8d5a4d2f1b0c9e8d7f6a5b4c3d2e1f"
TARBALL = "https://forge.example/thing/archive/v1.tar.gz"


def written(lock: Lock) -> Any:
    """Return the data of a lock's pylock.toml, after a check that it is valid."""
    data = tomllib.loads(render(lock, "pylock"))
    Pylock.from_dict(data)
    return data


def selected(lock: Lock, system: str, *groups: str) -> dict[str, str]:
    """Return the names of the files that `packaging` selects, by package."""
    target = Target(SYSTEMS[system], lock.python)
    pylock = Pylock.from_dict(written(lock))
    chosen = pylock.select(
        environment=dict(target.marker_environment),  # type: ignore[arg-type]
        tags=target.tags,
        dependency_groups=groups,
    )
    return {package.name: file.name for package, file in chosen}  # type: ignore[union-attr]


def test_a_lock_for_all_its_systems_and_groups_is_one_file() -> None:
    lock = lock_of(
        [
            item("alpha", "beta", {"name": "mac", "systems": [DARWIN]}),
            item("beta"),
            item("mac", systems=[DARWIN]),
            item("tester", "beta"),
        ],
        [
            wheel("alpha"),
            wheel("beta", tag="cp311-cp311-macosx_11_0_arm64", systems=[DARWIN]),
            link("beta-1.0.tar.gz", systems=[LINUX]),
            wheel("mac", systems=[DARWIN]),
            wheel("tester"),
        ],
        groups={"default": ["alpha"], "dev": ["tester"]},
    )

    def entry(name: str) -> Any:
        url = f"https://index.example/{name}"
        return {"name": name, "url": url, "size": 1000, "hashes": {"sha256": SHA256}}

    assert written(lock) == {
        "lock-version": "1.0",
        "created-by": "wheelhouse",
        "requires-python": "==3.11.*",
        "environments": [
            'sys_platform == "darwin" and platform_machine == "arm64"',
            'sys_platform == "linux" and platform_machine == "x86_64"',
        ],
        "dependency-groups": ["dev"],
        "packages": [
            {
                "name": "alpha",
                "version": "1.0",
                "dependencies": [{"name": "beta"}, {"name": "mac"}],
                "wheels": [entry("alpha-1.0-py3-none-any.whl")],
            },
            {
                "name": "beta",
                "version": "1.0",
                "sdist": entry("beta-1.0.tar.gz"),
                "wheels": [entry("beta-1.0-cp311-cp311-macosx_11_0_arm64.whl")],
            },
            {
                "name": "mac",
                "version": "1.0",
                "marker": 'sys_platform == "darwin"',
                "wheels": [entry("mac-1.0-py3-none-any.whl")],
            },
            {
                "name": "tester",
                "version": "1.0",
                "marker": '"dev" in dependency_groups',
                "dependencies": [{"name": "beta"}],
                "wheels": [entry("tester-1.0-py3-none-any.whl")],
            },
        ],
    }
    alpha, source = "alpha-1.0-py3-none-any.whl", "beta-1.0.tar.gz"
    assert selected(lock, LINUX) == {"alpha": alpha, "beta": source}
    assert selected(lock, LINUX, "dev") == {
        "alpha": alpha,
        "beta": source,
        "tester": "tester-1.0-py3-none-any.whl",
    }
    assert selected(lock, DARWIN) == {
        "alpha": alpha,
        "beta": "beta-1.0-cp311-cp311-macosx_11_0_arm64.whl",
        "mac": "mac-1.0-py3-none-any.whl",
    }


def test_a_free_threaded_python_has_the_version_of_the_others() -> None:
    assert written(lock_of([item("a")], python="3.13t"))["requires-python"] == "==3.13.*"


def test_versions_that_differ_by_system_are_told_apart() -> None:
    lock = lock_of(
        [
            item("alpha", "beta"),
            item("beta", version="1.0", systems=[DARWIN]),
            item("beta", version="2.0", systems=[LINUX]),
        ],
        groups={"default": ["alpha"]},
    )
    alpha, older, newer = written(lock)["packages"]
    assert alpha["dependencies"] == [
        {"name": "beta", "version": "1.0"},
        {"name": "beta", "version": "2.0"},
    ]
    assert older["marker"] == 'sys_platform == "darwin"'
    assert newer["marker"] == 'sys_platform == "linux"'


def test_what_comes_from_no_index_keeps_its_place(tmp_path: Path) -> None:
    file = "local-1.0-py3-none-any.whl"
    (tmp_path / file).write_bytes(b"wheel")
    lock = lock_of(
        [item(name) for name in ("direct", "folder", "local", "repository", "thing")],
        [
            link("direct-1.0.tar.gz"),
            link("folder-1.0", path="libs/folder"),
            link(file, path=file),
            link("repository-1.0", git="https://forge.example/repository", rev=COMMIT),
            link("v1.tar.gz", "thing", url=TARBALL),
        ],
        file=tmp_path / "sources.yaml",
        requested={
            "requirements": {
                "default": [
                    'direct @ https://index.example/direct-1.0.tar.gz ; sys_platform == "linux"',
                    "folder @ libs/folder",
                ]
            }
        },
    )
    direct, folder, local, repository, thing = written(lock)["packages"]
    archive = {"size": 1000, "hashes": {"sha256": SHA256}}
    assert direct["archive"] == {"url": "https://index.example/direct-1.0.tar.gz", **archive}
    # PEP 751: a folder may have another version by the time that it is installed.
    assert folder == {"name": "folder", "directory": {"path": "libs/folder"}}
    assert local["archive"]["path"] == file
    assert repository == {
        "name": "repository",
        "version": "1.0",
        "vcs": {"type": "git", "url": "https://forge.example/repository", "commit-id": COMMIT},
    }
    assert thing["archive"] == {"url": TARBALL, **archive}


def test_places_that_differ_by_system_are_told_apart() -> None:
    lock = lock_of(
        [item("a", version="1.0")],
        [wheel("a", systems=[DARWIN]), link("a-1.0", systems=[LINUX], git="https://x", rev=COMMIT)],
    )
    repository, indexed = written(lock)["packages"]
    assert (repository["vcs"]["url"], repository["marker"]) == (
        "https://x",
        'sys_platform == "linux"',
    )
    assert (len(indexed["wheels"]), indexed["marker"]) == (1, 'sys_platform == "darwin"')


def test_a_lock_that_has_no_such_form_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"sources.yaml: .* pylock.toml \(a has several source"):
        render(lock_of([item("a")], [link("a-1.0.tar.gz"), link("a-1.0.zip")]), "pylock")
    with pytest.raises(UsageError, match=r"sources.yaml: .* pylock.toml \(.*'one'"):
        render(lock_of([item("a", version="one")]), "pylock")


def test_read_in_again_it_has_the_same_groups_versions_and_files(tmp_path: Path) -> None:
    lock = lock_of(
        [
            item("alpha", "beta"),
            item("beta", version="1.0", systems=[DARWIN]),
            item("beta", version="2.0", systems=[LINUX]),
            item("tester"),
        ],
        groups={"default": ["alpha"], "dev": ["tester"]},
    )
    requirements = parse(render(lock, "pylock"), str(tmp_path / "pylock.toml"))
    assert requirements.locked is not None
    assert {
        group: [package.name for package in packages]
        for group, packages in requirements.groups.items()
    } == {"dev": ["tester"]}
    assert sorted({package.name for package in requirements.packages}) == ["alpha", "beta"]
    assert [
        (package.name, package.version, package.files)
        for package in requirements.locked.resolution.packages
    ] == [
        (link.package, link.version, (File(link.name, link.url, link.sha256, link.size),))
        for link in lock.links
    ]
