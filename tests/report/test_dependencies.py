"""What is asked for, and what each package needs, come from the lock."""

from report.dependencies import OTHERS, PACKAGES, graph_of
from report.models import Edge
from tests.support.lock_data import DARWIN, LINUX, item, lock_of

PACKAGES_OF_LOCK = [
    item("a", {"name": "b", "extras": ["fast"]}, {"name": "mac", "systems": [DARWIN]}),
    item("b", {"name": "c", "of-extras": ["fast"]}, {"name": "d", "of-extras": ["slow"]}),
    *map(item, ("c", "d", "mac", "tool")),
]
GROUPS = {"default": ["a"], "dev": ["tool", "a"]}
NAMES = {"a", "b", "c", "d", "tool"}


def test_edges_are_those_of_the_system_and_of_wanted_extras() -> None:
    graph = graph_of(lock_of(PACKAGES_OF_LOCK, groups=GROUPS), LINUX, ["default"], [], NAMES)
    assert graph.edges == {"a": (Edge("b", ("fast",)),), "b": (Edge("c", ()),)}


def test_roots_are_those_of_the_groups_and_of_further_packages() -> None:
    lock = lock_of(PACKAGES_OF_LOCK, groups=GROUPS)
    graph = graph_of(lock, LINUX, ["default", "dev"], ["B[slow]"], NAMES)
    assert graph.roots == {
        "default": (Edge("a", ()),),
        "dev": (Edge("a", ()), Edge("tool", ())),
        PACKAGES: (Edge("b", ("slow",)),),
    }
    assert graph.edges["b"] == (Edge("c", ()), Edge("d", ()))


def test_what_nothing_reaches_stands_apart() -> None:
    graph = graph_of(lock_of(PACKAGES_OF_LOCK, groups=GROUPS), LINUX, ["default"], [], NAMES)
    assert graph.roots[OTHERS] == (Edge("d", ()), Edge("tool", ()))


def test_groups_may_have_any_name() -> None:
    groups = {"others": ["a"], "packages": ["tool"]}
    lock = lock_of(PACKAGES_OF_LOCK, groups=groups)
    graph = graph_of(lock, LINUX, ["others", "packages"], ["b[slow]"], NAMES | {"mac"})
    assert graph.roots == {
        "others": (Edge("a", ()),),
        "packages": (Edge("tool", ()),),
        PACKAGES: (Edge("b", ("slow",)),),
        OTHERS: (Edge("mac", ()),),
    }


def test_what_an_environment_lacks_is_no_edge() -> None:
    graph = graph_of(lock_of(PACKAGES_OF_LOCK, groups=GROUPS), LINUX, ["default"], [], {"a", "c"})
    assert graph.edges == {}
