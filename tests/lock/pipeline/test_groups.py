"""Groups are resolved together, and the lock says what each one asks for."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from lock.errors import UnsatisfiableError
from lock.lockfile.canonical import dump
from lock.lockfile.groups import group_closure, restricted_to
from lock.lockfile.reader import parse
from lock.models.requirements import Requirement, Requirements
from lock.pipeline.pin import pin
from lock.resolution.request import Preferences
from lock.resolution.uv import Resolver
from lock.selection.dependencies import LockedDependency, locked_dependencies
from tests.support.index_server import Index
from tests.support.lock_app import LockApp
from tests.support.uv_lock_texts import installed, package, target, uv_lock

Pin = Callable[[dict[str, Sequence[Requirement]]], Any]


def asks(name: str, specifier: str = "", *extras: str, marker: str | None = None) -> Requirement:
    return Requirement(name, extras, specifier, marker)


@pytest.fixture
def pinned(lock: LockApp, tmp_path: Path) -> Pin:
    """Makes the document of some groups for two systems."""

    def make(groups: dict[str, Sequence[Requirement]]) -> Any:
        resolver = Resolver(tmp_path, dict(os.environ) | lock.environment)
        others = {name: tuple(listed) for name, listed in groups.items() if name != "default"}
        wanted = Requirements("3.11", None, tuple(groups.get("default", ())), others)
        targets = [target("aarch64-darwin"), target("x86_64-linux")]
        file = lock.write("")
        sources, warnings = pin(resolver, wanted, targets, str(file), Preferences())
        assert warnings == []
        return sources.document()

    return make


@pytest.fixture
def web(index: Index) -> None:
    """A package with extras, one of which is made of two others."""
    extras = {"all": ["web[fast,small]"], "fast": ["speed"], "small": ["tiny", "core[x]"]}
    index.wheel("web", "1.0", "core", extras=extras)
    index.wheel("core", "1.0", extras={"x": ["tiny"]})
    for name in ("speed", "tiny"):
        index.wheel(name, "1.0")


def dependencies(document: Any, name: str) -> Any:
    [package] = [item for item in document["packages"] if item["name"] == name]
    return package["dependencies"]


@pytest.mark.usefixtures("web")
def test_a_group_asks_for_extras_that_another_one_does_not(pinned: Pin) -> None:
    document = pinned({"default": [asks("web")], "dev": [asks("web", "", "fast"), asks("tiny")]})
    assert document["groups"] == {"default": ["web"], "dev": ["tiny", "web[fast]"]}
    assert dependencies(document, "web") == [
        {"name": "core"},
        {"name": "speed", "of-extras": ("fast",)},
    ]


@pytest.mark.usefixtures("web")
def test_an_extra_made_of_others_has_what_they_have(pinned: Pin) -> None:
    document = pinned({"default": [asks("web", "", "all"), asks("web", "", "small")]})
    assert dependencies(document, "web") == [
        {"name": "core"},
        {"name": "core", "extras": ("x",), "of-extras": ("all", "small")},
        {"name": "speed", "of-extras": ("all",)},
        {"name": "tiny", "of-extras": ("all", "small")},
    ]


def test_extras_that_a_lock_writes_as_made_of_others_have_what_those_have() -> None:
    extras = (
        '[package.optional-dependencies]\nall = [{ name = "a", extra = ["x"] }]\n'
        'base = [{ name = "c", extra = ["y"] }]\n'
    )
    text = uv_lock(
        '{ name = "a", extra = ["all"] }',
        package(
            "a", needs='{ name = "a", extra = ["base"] }', more=f'{extras}x = [{{ name = "b" }}]'
        ),
        package("b"),
        package("c", more='[package.optional-dependencies]\ny = [{ name = "b" }]'),
    )
    _, installation = installed(text)
    assert locked_dependencies(installation, "a") == [
        LockedDependency("c", ("y",), ()),
        LockedDependency("b", (), ("all", "x")),
    ]


def test_groups_agree_on_one_version(pinned: Pin, index: Index) -> None:
    for version in ("1.0", "2.0"):
        index.wheel("alpha", version)
    document = pinned({"default": [asks("alpha")], "docs": [asks("alpha", "<2")]})
    assert document["closure"] == {"alpha": "1.0"}
    assert document["requested"]["requirements"] == {"default": ["alpha"], "docs": ["alpha<2"]}


def test_groups_that_cannot_agree_are_named(pinned: Pin, lock: LockApp, index: Index) -> None:
    for version in ("1.0", "2.0"):
        index.wheel("alpha", version)
    with pytest.raises(UnsatisfiableError) as error:
        pinned({"default": [asks("alpha", ">1")], "docs": [asks("alpha", "<2")]})
    told = str(error.value)
    assert "wheelhouse" not in told
    assert f"the group docs of {lock.folder}/requirements.yaml" in told


def test_a_lock_may_have_no_default_group(pinned: Pin, index: Index) -> None:
    index.wheel("alpha", "1.0")
    document = pinned({"dev": [asks("alpha", marker="sys_platform == 'linux'")]})
    assert document["groups"] == {"dev": ["alpha"]}
    assert [link["systems"] for link in document["links"]] == [["x86_64-linux"]]


def test_a_marker_of_one_group_holds_where_another_group_has_the_package_without(
    pinned: Pin, index: Index, tmp_path: Path
) -> None:
    index.wheel("alpha", "1.0")
    index.wheel("tester", "1.0", "alpha")
    document = pinned(
        {
            "default": [
                asks("alpha", marker="python_version < '3.11'"),
                asks("tester", marker="sys_platform == 'linux'"),
            ],
            "dev": [asks("tester"), asks("alpha")],
        }
    )
    assert document["ruled-out"] == [
        {"group": "default", "requirement": "alpha"},
        {"group": "default", "requirement": "tester", "systems": ["aarch64-darwin"]},
    ]
    lock = parse(dump(document), tmp_path / "sources.yaml")
    assert group_closure(lock, "aarch64-darwin", ["default"]) == set()
    assert group_closure(lock, "x86_64-linux", ["default"]) == {"alpha", "tester"}
    assert group_closure(restricted_to(lock, ["default"]), "aarch64-darwin", ["default"]) == set()
    assert group_closure(lock, "aarch64-darwin", ["dev"]) == {"alpha", "tester"}


def test_extras_that_a_marker_rules_out_are_left_out_there(
    pinned: Pin, index: Index, tmp_path: Path
) -> None:
    index.wheel("web", "1.0", extras={"fast": ["speed"]})
    index.wheel("speed", "1.0")
    document = pinned(
        {
            "default": [
                asks("web"),
                asks("web", "", "fast", marker="sys_platform == 'linux'"),
            ],
            "dev": [asks("web", "", "fast")],
        }
    )
    lock = parse(dump(document), tmp_path / "sources.yaml")
    assert group_closure(lock, "aarch64-darwin", ["default"]) == {"web"}
    assert group_closure(lock, "x86_64-linux", ["default"]) == {"speed", "web"}


def test_one_group_alone_needs_no_word_on_what_is_ruled_out(pinned: Pin, index: Index) -> None:
    index.wheel("alpha", "1.0")
    index.wheel("beta", "1.0")
    document = pinned({"default": [asks("alpha"), asks("beta", marker="sys_platform == 'darwin'")]})
    assert "ruled-out" not in document
    assert document["groups"] == {"default": ["alpha", "beta"]}
