"""What groups of a lock need."""

import pytest

from lock.errors import UsageError
from lock.lockfile.groups import group_closure, groups_needing, restricted_to
from tests.support.lock_data import DARWIN, LINUX, item, lock_of

PACKAGES = [
    item("core"),
    item("extra-core"),
    item("mac", systems=[DARWIN]),
    item("speed"),
    item("tester", "web", {"name": "web", "extras": ["fast"], "systems": [LINUX]}),
    item(
        "web",
        "core",
        {"name": "speed", "of-extras": ["fast"]},
        {"name": "extra-core", "of-extras": ["fast"]},
        {"name": "mac", "systems": [DARWIN]},
    ),
]
LOCK = lock_of(PACKAGES, groups={"default": ["web"], "dev": ["tester"], "docs": ["web[fast]"]})


@pytest.mark.parametrize(
    ("system", "groups", "found"),
    [
        (LINUX, ["default"], {"core", "web"}),
        (DARWIN, ["default"], {"core", "mac", "web"}),
        (LINUX, ["docs"], {"core", "extra-core", "speed", "web"}),
        (LINUX, ["dev"], {"core", "extra-core", "speed", "tester", "web"}),
        (DARWIN, ["dev"], {"core", "mac", "tester", "web"}),
        (DARWIN, ["default", "dev"], {"core", "mac", "tester", "web"}),
        (LINUX, ["none"], set()),
        (LINUX, [], set()),
    ],
)
def test_a_group_reaches_what_its_entries_lead_to(
    system: str, groups: list[str], found: set[str]
) -> None:
    assert group_closure(LOCK, system, groups) == found


def test_packages_that_need_each_other_are_reached_once() -> None:
    lock = lock_of([item("a", "b"), item("b", "a")], groups={"default": ["a"]})
    assert group_closure(lock, LINUX, ["default"]) == {"a", "b"}


def test_what_no_group_leads_to_counts_to_the_default_one() -> None:
    lock = lock_of([item("a"), item("b")], groups={"dev": ["a"]})
    assert groups_needing(lock)["a", LINUX] == {"dev"}
    assert groups_needing(lock)["b", LINUX] == {"default"}


def test_a_lock_can_be_narrowed_to_groups() -> None:
    lock = restricted_to(LOCK, ["dev"])
    assert {package.name: package.systems for package in lock.packages} == {
        "core": (DARWIN, LINUX),
        "extra-core": (LINUX,),
        "mac": (DARWIN,),
        "speed": (LINUX,),
        "tester": (DARWIN, LINUX),
        "web": (DARWIN, LINUX),
    }
    assert {link.package for link in lock.links} == {package.name for package in lock.packages}
    assert {group: [*map(str, roots)] for group, roots in lock.groups.items()} == {
        "default": ["tester"]
    }
    assert {link.package for link in restricted_to(LOCK, ["default"]).links} == {
        "core",
        "mac",
        "web",
    }


def test_a_group_that_the_lock_has_not_is_an_error() -> None:
    with pytest.raises(UsageError) as raised:
        restricted_to(LOCK, ["default", "tests"])
    assert str(raised.value) == (
        "sources.yaml: the lock has no group tests; name one of default, dev, docs"
    )
