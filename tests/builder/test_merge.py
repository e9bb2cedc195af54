"""Folders of several packages are merged, and different files at one path collide."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.merge import (
    ENVIRONMENT,
    Collision,
    Folder,
    GeneratedFile,
    Link,
    MergedTree,
    Tree,
    merge,
    write_tree,
)

Files = Mapping[str, str]


def source_tree(folder: Path, owners: Mapping[str, Files]) -> Tree:
    """Write the files of each owner; return a tree with all their folders as sources."""
    tree = Tree()
    for owner, files in owners.items():
        (folder / owner).mkdir()
        for path, content in files.items():
            (folder / owner / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / owner / path).write_text(content)
        tree.add_source(owner, os.fspath(folder / owner))
    return tree


def merge_all(
    folder: Path, owners: Mapping[str, Files], ignored: tuple[str, ...] = ()
) -> MergedTree:
    """Merge the files of all owners, which must not collide."""
    merged = merge(source_tree(folder, owners), ignored)
    assert merged.collisions == ()
    return merged


def written_files(folder: Path, merged: MergedTree) -> dict[str, str]:
    """Write a merged tree; return its files: path to content."""
    out = folder / "out"
    out.mkdir()
    write_tree(merged, os.fspath(out))
    return {
        str(Path(parent, name).relative_to(out)): Path(parent, name).read_text()
        for parent, _, names in os.walk(out, followlinks=True)
        for name in names
    }


def test_a_folder_of_one_owner_is_a_link(tmp_path: Path) -> None:
    merged = merge_all(tmp_path, {"a": {"x/1": "", "x/y/2": ""}, "b": {"z/3": ""}})
    assert dict(merged.items) == {
        "x": Link("a", f"{tmp_path}/a/x"),
        "z": Link("b", f"{tmp_path}/b/z"),
    }


def test_a_shared_folder_is_merged_and_its_entries_are_links(tmp_path: Path) -> None:
    merged = merge_all(tmp_path, {"a": {"ns/a/1": ""}, "b": {"ns/b/2": "", "ns/c.py": ""}})
    assert dict(merged.items) == {
        "ns": Folder(),
        "ns/a": Link("a", f"{tmp_path}/a/ns/a"),
        "ns/b": Link("b", f"{tmp_path}/b/ns/b"),
        "ns/c.py": Link("b", f"{tmp_path}/b/ns/c.py"),
    }


def test_identical_files_do_not_collide(tmp_path: Path) -> None:
    owners = {"a": {"n/__init__.py": "same", "n/a": ""}, "b": {"n/__init__.py": "same", "n/b": ""}}
    merged = merge_all(tmp_path, owners)
    assert dict(merged.items)["n/__init__.py"] == Link("a", f"{tmp_path}/a/n/__init__.py")


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
    assert written_files(tmp_path, merge_all(tmp_path, owners)) == {
        "n/__init__.py": "same",
        "n/a.py": "",
        "n/b.py": "",
        f"{cache}/__init__.cpython-311.pyc": "a",
        f"{cache}/a.cpython-311.pyc": "a",
        f"{cache}/b.cpython-311.pyc": "b",
    }


def test_bytecode_of_a_module_that_is_not_chosen_is_left_out(tmp_path: Path) -> None:
    owners = {
        "a": {"m.py": "not Python"},
        "b": {"m.py": "x = 1", "__pycache__/m.cpython-311.pyc": "b", "n.py": ""},
    }
    merged = merge_all(tmp_path, owners, ("m.py",))
    assert written_files(tmp_path, merged) == {"m.py": "not Python", "n.py": ""}


def test_a_folder_of_bytecode_with_one_owner_is_a_link(tmp_path: Path) -> None:
    owners = {"a": {"m.py": "", "__pycache__/m.cpython-311.pyc": ""}, "b": {"data": ""}}
    assert dict(merge_all(tmp_path, owners).items)["__pycache__"] == Link(
        "a", f"{tmp_path}/a/__pycache__"
    )


def test_every_collision_is_listed_with_every_owner(tmp_path: Path) -> None:
    owners = {
        "c": {"x": "3", "d/y": "same size, one"},
        "a": {"x": "1", "d/y": "same size, two"},
        "b": {"x": "1", "d/z": ""},
    }
    assert merge(source_tree(tmp_path, owners)).collisions == (
        Collision("d/y", ("a", "c")),
        Collision("x", ("a", "b", "c")),
    )


def test_a_file_and_a_folder_collide(tmp_path: Path) -> None:
    owners = {"a": {"x": ""}, "b": {"x/y": ""}}
    assert merge(source_tree(tmp_path, owners)).collisions == (Collision("x", ("a", "b")),)


def test_a_file_and_a_folder_of_the_environment_collide(tmp_path: Path) -> None:
    tree = source_tree(tmp_path, {"a": {"bin": ""}})
    tree.add_file("bin/python", Link(ENVIRONMENT, "/python"))
    assert merge(tree).collisions == (Collision("bin", ("a", ENVIRONMENT)),)


def test_an_ignored_collision_goes_to_the_first_owner_by_name(tmp_path: Path) -> None:
    owners = {"b": {"d/x": "b", "y": "b"}, "a": {"d/x": "a", "y": "a"}}
    merged = merge(source_tree(tmp_path, owners), ("d/*",))
    assert merged.collisions == (Collision("y", ("a", "b")),)
    assert dict(merged.items)["d/x"] == Link("a", f"{tmp_path}/a/d/x")


def test_an_ignored_file_and_folder_go_to_the_first_owner_by_name(tmp_path: Path) -> None:
    owners = {"a": {"x": "a", "y/1": "a"}, "b": {"x/1": "b", "y": "b"}}
    assert written_files(tmp_path, merge_all(tmp_path, owners, ("x", "y"))) == {
        "x": "a",
        "y/1": "a",
    }


def test_an_ignored_collision_goes_to_the_environment_itself(tmp_path: Path) -> None:
    tree = source_tree(tmp_path, {"a": {"bin/python": "a"}})
    tree.add_file("bin/python", GeneratedFile(ENVIRONMENT, b"own"))
    assert merge(tree).collisions == (Collision("bin/python", ("a", ENVIRONMENT)),)
    assert dict(merge(tree, ["*"]).items)["bin/python"] == GeneratedFile(ENVIRONMENT, b"own")


def test_an_added_file_replaces_that_of_the_same_owner(tmp_path: Path) -> None:
    tree = source_tree(tmp_path, {"a": {"d/RECORD": "old", "d/x": ""}, "b": {"d/RECORD": "b"}})
    tree.add_file("d/RECORD", GeneratedFile("a", b"new"))
    assert merge(tree).collisions == (Collision("d/RECORD", ("a", "b")),)
    assert dict(merge(tree, ["d/*"]).items)["d/RECORD"] == GeneratedFile("a", b"new")


def test_only_executable_files_are_executable(tmp_path: Path) -> None:
    tree = Tree()
    tree.add_file("bin/x", GeneratedFile("a", b"", executable=True))
    tree.add_file("y", GeneratedFile("a", b""))
    write_tree(merge(tree), os.fspath(tmp_path))
    assert (tmp_path / "bin/x").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "y").stat().st_mode & 0o777 == 0o644


NAMES = st.sampled_from(["x", "y", "z.py", "n"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
FILES = st.dictionaries(PATHS, st.sampled_from(["", "1", "2"]), max_size=5).filter(
    lambda files: not any(other.startswith(f"{path}/") for path in files for other in files)
)
OWNERS = st.dictionaries(st.sampled_from("abcd"), FILES, min_size=1)


def has_collisions(owners: Mapping[str, Files]) -> bool:
    """Return whether owners have different files at one path, or a file and a folder."""
    all_files = [(path, content) for files in owners.values() for path, content in files.items()]
    return any(
        (path == other and content != other_content) or other.startswith(f"{path}/")
        for path, content in all_files
        for other, other_content in all_files
    )


# No deadline: each example writes files, which may take long on a busy machine.
@settings(deadline=None)
@given(OWNERS)
def test_the_merged_tree_has_every_file_of_every_owner(owners: Mapping[str, Files]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        merged = merge(source_tree(folder, owners))
        assert bool(merged.collisions) == has_collisions(owners)
        if not merged.collisions:
            union = {path: text for files in owners.values() for path, text in files.items()}
            assert written_files(folder, merged) == union


# No deadline: each example writes files, which may take long on a busy machine.
@settings(deadline=None)
@given(OWNERS, st.randoms(use_true_random=False), st.sampled_from([(), ("*",), ("x*",)]))
def test_the_order_of_sources_is_irrelevant(
    owners: Mapping[str, Files], random: Random, ignored: tuple[str, ...]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        tree = source_tree(Path(name), owners)
        expected = merge(tree, ignored)
        random.shuffle(tree.sources)
        assert merge(tree, ignored) == expected


# No deadline: each example writes files, which may take long on a busy machine.
@settings(deadline=None)
@given(OWNERS)
def test_every_collision_can_be_ignored(owners: Mapping[str, Files]) -> None:
    with tempfile.TemporaryDirectory() as name:
        merged = merge(source_tree(Path(name), owners), ["*"])
        assert merged.collisions == ()
        written_files(Path(name), merged)
