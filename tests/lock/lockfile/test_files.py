"""The files that builds of some systems and groups need."""

import pytest

from lock.errors import UsageError
from lock.lockfile.files import needed_files
from tests.support.lock_data import DARWIN, LINUX, item, link, lock_of, wheel

LOCK = lock_of(
    [item("app", "lib"), item("lib"), item("tool"), item("mac", systems=[DARWIN])],
    [
        wheel("app"),
        link("lib-1.0.tar.gz"),
        wheel("tool"),
        wheel("mac", systems=[DARWIN]),
        {"name": "own-1.0", "package": "own", "version": "1.0", "path": "own"},
    ],
    groups={"default": ["app"], "dev": ["tool"]},
    builds=[
        {
            "package": "lib",
            "version": "1.0",
            "closure": [
                {"name": "backend", "version": "2.0"},
                {"name": "plugin", "version": "1.0", "systems": [DARWIN]},
            ],
        },
        {"package": "backend", "version": "2.0", "closure": [{"name": "tool", "version": "0.5"}]},
        {"package": "tool", "version": "1.0", "closure": [{"name": "other", "version": "1.0"}]},
    ],
    **{
        "build-links": [
            link("backend-2.0.tar.gz", version="2.0"),
            wheel("backend", "1.0"),
            wheel("plugin", systems=[DARWIN]),
            wheel("tool", "0.5"),
            wheel("other"),
        ]
    },
)


def names(*arguments: list[str]) -> set[str]:
    return {one.name.removesuffix("-py3-none-any.whl") for one in needed_files(LOCK, *arguments)}


def test_a_system_needs_its_files_and_those_of_its_builds() -> None:
    expected = {"app-1.0", "lib-1.0.tar.gz", "tool-1.0", "backend-2.0.tar.gz", "tool-0.5"}
    assert names([LINUX]) == expected | {"other-1.0", "own-1.0"}
    assert names([LINUX, DARWIN]) == names([LINUX]) | {"mac-1.0", "plugin-1.0"}


def test_a_group_needs_its_files_and_those_of_its_builds() -> None:
    assert names([LINUX], ["default"]) == {
        "app-1.0",
        "lib-1.0.tar.gz",
        "backend-2.0.tar.gz",
        "tool-0.5",
    }
    assert names([LINUX], ["dev"]) == {"tool-1.0", "other-1.0"}


def test_an_unknown_group_is_told() -> None:
    with pytest.raises(UsageError, match="the lock has no group docs; name one of default, dev"):
        needed_files(LOCK, [LINUX], ["docs"])
