"""Trees lie on one another: what is shared is merged, what differs is told."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.merge import ENVIRONMENT, Collision, Content, Folder, Link, Merged, Tree, merge, write

Files = Mapping[str, str]


def lay(folder: Path, owners: Mapping[str, Files]) -> Tree:
    """Trees of these files, laid on one another."""
    tree = Tree()
    for owner, files in owners.items():
        (folder / owner).mkdir()
        for path, content in files.items():
            (folder / owner / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / owner / path).write_text(content)
        tree.mount(owner, os.fspath(folder / owner))
    return tree


def merged(folder: Path, owners: Mapping[str, Files], ignored: tuple[str, ...] = ()) -> Merged:
    """These trees, merged; nothing may collide."""
    found = merge(lay(folder, owners), ignored)
    assert found.collisions == ()
    return found


def contents(folder: Path, found: Merged) -> dict[str, str]:
    """The files of a merged tree, once it is written."""
    out = folder / "out"
    out.mkdir()
    write(found, os.fspath(out))
    return {
        str(Path(parent, name).relative_to(out)): Path(parent, name).read_text()
        for parent, _, names in os.walk(out, followlinks=True)
        for name in names
    }


def test_a_folder_of_one_owner_is_a_link(tmp_path: Path) -> None:
    found = merged(tmp_path, {"a": {"x/1": "", "x/y/2": ""}, "b": {"z/3": ""}})
    assert dict(found.items) == {
        "x": Link("a", f"{tmp_path}/a/x"),
        "z": Link("b", f"{tmp_path}/b/z"),
    }


def test_a_shared_folder_is_merged_and_what_is_below_is_linked(tmp_path: Path) -> None:
    found = merged(tmp_path, {"a": {"ns/a/1": ""}, "b": {"ns/b/2": "", "ns/c.py": ""}})
    assert dict(found.items) == {
        "ns": Folder(),
        "ns/a": Link("a", f"{tmp_path}/a/ns/a"),
        "ns/b": Link("b", f"{tmp_path}/b/ns/b"),
        "ns/c.py": Link("b", f"{tmp_path}/b/ns/c.py"),
    }


def test_identical_files_pass(tmp_path: Path) -> None:
    owners = {"a": {"n/__init__.py": "same", "n/a": ""}, "b": {"n/__init__.py": "same", "n/b": ""}}
    found = merged(tmp_path, owners)
    assert dict(found.items)["n/__init__.py"] == Link("a", f"{tmp_path}/a/n/__init__.py")


def test_bytecode_comes_from_the_package_that_the_module_is_from(tmp_path: Path) -> None:
    cache = "n/__pycache__"
    owners = {
        owner: {
            "n/__init__.py": "same",
            f"n/{owner}.py": "",
            f"{cache}/__init__.cpython-311.pyc": owner,
            f"{cache}/{owner}.cpython-311.pyc": owner,
        }
        for owner in ("b", "a")
    }
    assert contents(tmp_path, merged(tmp_path, owners)) == {
        "n/__init__.py": "same",
        "n/a.py": "",
        "n/b.py": "",
        f"{cache}/__init__.cpython-311.pyc": "a",
        f"{cache}/a.cpython-311.pyc": "a",
        f"{cache}/b.cpython-311.pyc": "b",
    }


def test_bytecode_of_a_module_that_lost_is_left_out(tmp_path: Path) -> None:
    owners = {
        "a": {"m.py": "not Python"},
        "b": {"m.py": "x = 1", "__pycache__/m.cpython-311.pyc": "b", "n.py": ""},
    }
    found = merged(tmp_path, owners, ("m.py",))
    assert contents(tmp_path, found) == {"m.py": "not Python", "n.py": ""}


def test_a_folder_of_bytecode_with_one_owner_is_a_link(tmp_path: Path) -> None:
    owners = {"a": {"m.py": "", "__pycache__/m.cpython-311.pyc": ""}, "b": {"data": ""}}
    assert dict(merged(tmp_path, owners).items)["__pycache__"] == Link(
        "a", f"{tmp_path}/a/__pycache__"
    )


def test_every_collision_is_listed_with_every_owner(tmp_path: Path) -> None:
    owners = {
        "c": {"x": "3", "d/y": "same size, one"},
        "a": {"x": "1", "d/y": "same size, two"},
        "b": {"x": "1", "d/z": ""},
    }
    assert merge(lay(tmp_path, owners)).collisions == (
        Collision("d/y", ("a", "c")),
        Collision("x", ("a", "b", "c")),
    )


def test_a_file_against_a_folder_is_a_collision(tmp_path: Path) -> None:
    owners = {"a": {"x": ""}, "b": {"x/y": ""}}
    assert merge(lay(tmp_path, owners)).collisions == (Collision("x", ("a", "b")),)


def test_a_file_against_a_folder_of_the_environment_is_a_collision(tmp_path: Path) -> None:
    tree = lay(tmp_path, {"a": {"bin": ""}})
    tree.put("bin/python", Link(ENVIRONMENT, "/python"))
    assert merge(tree).collisions == (Collision("bin", ("a", ENVIRONMENT)),)


def test_where_collisions_are_ignored_the_first_by_name_wins(tmp_path: Path) -> None:
    owners = {"b": {"d/x": "b", "y": "b"}, "a": {"d/x": "a", "y": "a"}}
    found = merge(lay(tmp_path, owners), ("d/*",))
    assert found.collisions == (Collision("y", ("a", "b")),)
    assert dict(found.items)["d/x"] == Link("a", f"{tmp_path}/a/d/x")


def test_an_ignored_file_against_a_folder_goes_to_the_first_by_name(tmp_path: Path) -> None:
    owners = {"a": {"x": "a", "y/1": "a"}, "b": {"x/1": "b", "y": "b"}}
    assert contents(tmp_path, merged(tmp_path, owners, ("x", "y"))) == {"x": "a", "y/1": "a"}


def test_the_environment_s_own_files_win_where_collisions_are_ignored(tmp_path: Path) -> None:
    tree = lay(tmp_path, {"a": {"bin/python": "a"}})
    tree.put("bin/python", Content(ENVIRONMENT, b"own"))
    assert merge(tree).collisions == (Collision("bin/python", ("a", ENVIRONMENT)),)
    assert dict(merge(tree, ["*"]).items)["bin/python"] == Content(ENVIRONMENT, b"own")


def test_a_file_made_for_a_package_hides_its_own(tmp_path: Path) -> None:
    tree = lay(tmp_path, {"a": {"d/RECORD": "old", "d/x": ""}, "b": {"d/RECORD": "b"}})
    tree.put("d/RECORD", Content("a", b"new"))
    assert merge(tree).collisions == (Collision("d/RECORD", ("a", "b")),)
    assert dict(merge(tree, ["d/*"]).items)["d/RECORD"] == Content("a", b"new")


def test_programs_can_be_run_and_other_files_can_not(tmp_path: Path) -> None:
    tree = Tree()
    tree.put("bin/x", Content("a", b"", executable=True))
    tree.put("y", Content("a", b""))
    write(merge(tree), os.fspath(tmp_path))
    assert (tmp_path / "bin/x").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "y").stat().st_mode & 0o777 == 0o644


NAMES = st.sampled_from(["x", "y", "z.py", "n"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
FILES = st.dictionaries(PATHS, st.sampled_from(["", "1", "2"]), max_size=5).filter(
    lambda files: not any(other.startswith(f"{one}/") for one in files for other in files)
)
OWNERS = st.dictionaries(st.sampled_from("abcd"), FILES, min_size=1)


def colliding(owners: Mapping[str, Files]) -> bool:
    """Whether two owners want different things in one place."""
    everything = [(path, content) for files in owners.values() for path, content in files.items()]
    return any(
        (one == other and content != another) or other.startswith(f"{one}/")
        for one, content in everything
        for other, another in everything
    )


# Files are written for each example, which takes what the machine lets it.
@settings(deadline=None)
@given(OWNERS)
def test_the_result_has_every_file_of_every_package(owners: Mapping[str, Files]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = merge(lay(folder, owners))
        assert bool(found.collisions) == colliding(owners)
        if not found.collisions:
            union = {path: text for files in owners.values() for path, text in files.items()}
            assert contents(folder, found) == union


# Files are written for each example, which takes what the machine lets it.
@settings(deadline=None)
@given(OWNERS, st.randoms(use_true_random=False), st.sampled_from([(), ("*",), ("x*",)]))
def test_the_order_of_packages_is_irrelevant(
    owners: Mapping[str, Files], random: Random, ignored: tuple[str, ...]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        tree = lay(Path(name), owners)
        expected = merge(tree, ignored)
        random.shuffle(tree.sources)
        assert merge(tree, ignored) == expected


# Files are written for each example, which takes what the machine lets it.
@settings(deadline=None)
@given(OWNERS)
def test_everything_can_be_ignored(owners: Mapping[str, Files]) -> None:
    with tempfile.TemporaryDirectory() as name:
        found = merge(lay(Path(name), owners), ["*"])
        assert found.collisions == ()
        contents(Path(name), found)
