"""The document that a lock becomes (docs/sources-yaml.md)."""

from pathlib import Path

import pytest
import yaml

from lock.errors import UnsatisfiableError
from lock.io.file_hashes import FileHashes
from lock.lockfile.canonical import dump
from lock.lockfile.sources import Sources
from lock.models.choices import NONE
from lock.models.requirements import Requirement, Requirements
from lock.resolution.uv_lock import parse
from lock.selection.select import select
from tests.support.format_one import dump as in_blocks
from tests.support.uv_lock_texts import ROOT, file, package, target, uv_lock

SYSTEMS = ["x86_64-linux", "aarch64-darwin"]


def lock(text, systems=SYSTEMS):
    resolution = parse(text, ROOT)
    packages = (Requirement(one.name, (), "", None) for one in resolution.requirements)
    selection = select(resolution, map(target, systems), FileHashes(Path(), {}))
    return Sources({NONE: selection}, Requirements(None, None, tuple(packages)))


def with_wheels(text, *names):
    wheels = ", ".join(map(file, names))
    return text.replace(file("b-1.0-py3-none-any.whl"), wheels)


TEXT = with_wheels(
    uv_lock(
        '{ name = "b" }, { name = "a" }',
        package("b"),
        package(
            "a",
            needs='{ name = "c", marker = "sys_platform == \'darwin\'" }, { name = "b" }',
        ),
        package("c", needs='{ name = "b" }'),
    ),
    "b-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
    "b-1.0-cp311-cp311-macosx_11_0_arm64.whl",
    "b-1.0-cp311-cp311-win_amd64.whl",
)


def test_the_whole_document():
    digest = "1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s"
    b = "b-1.0-cp311-cp311-"
    assert (
        # Shown in blocks, which are easier to read than JSON.
        in_blocks(lock(TEXT).document())
        == f"""\
wheelhouse: 2
python: "3.11"
systems:
  aarch64-darwin:
    macos: "14.0"
  x86_64-linux:
    glibc: "2.35"
groups:
  default:
    - "a"
    - "b"
requested:
  requirements:
    default:
      - "a"
      - "b"
closure:
  a: "1.0"
  b: "1.0"
  c: "1.0"
packages:
  - name: "a"
    version: "1.0"
    dependencies:
      - name: "b"
      - name: "c"
        systems:
          - "aarch64-darwin"
  - name: "b"
    version: "1.0"
  - name: "c"
    version: "1.0"
    systems:
      - "aarch64-darwin"
    dependencies:
      - name: "b"
        systems:
          - "aarch64-darwin"
left-out:
  - name: "c"
    version: "1.0"
    systems:
      - "x86_64-linux"
    reason: "a needs it only where sys_platform == 'darwin'"
links:
  - name: "a-1.0-py3-none-any.whl"
    sha256: "{digest}"
    url: "https://index.example/files/a-1.0-py3-none-any.whl"
    size: 1000
    package: "a"
    version: "1.0"
  - name: "{b}macosx_11_0_arm64.whl"
    sha256: "{digest}"
    url: "https://index.example/files/{b}macosx_11_0_arm64.whl"
    size: 1000
    package: "b"
    version: "1.0"
    systems:
      - "aarch64-darwin"
  - name: "{b}manylinux_2_17_x86_64.whl"
    sha256: "{digest}"
    url: "https://index.example/files/{b}manylinux_2_17_x86_64.whl"
    size: 1000
    package: "b"
    version: "1.0"
    systems:
      - "x86_64-linux"
  - name: "c-1.0-py3-none-any.whl"
    sha256: "{digest}"
    url: "https://index.example/files/c-1.0-py3-none-any.whl"
    size: 1000
    package: "c"
    version: "1.0"
    systems:
      - "aarch64-darwin"
"""
    )


def test_the_order_of_the_systems_changes_nothing():
    assert lock(TEXT, SYSTEMS[::-1]).document() == lock(TEXT).document()


def test_the_summary_counts_packages_and_files():
    assert lock(TEXT).summary() == "3 packages and 4 files for 2 systems, Python 3.11"
    one = lock(uv_lock('{ name = "a" }', package("a")), ["x86_64-linux"])
    assert one.summary() == "1 package and 1 file for 1 system, Python 3.11"


def test_of_two_versions_the_closure_has_that_of_the_first_system():
    text = uv_lock(
        '{ name = "a", version = "1.0", marker = "sys_platform == \'darwin\'" }, '
        '{ name = "a", version = "2.0", marker = "sys_platform == \'linux\'" }',
        package("a", "1.0"),
        package("a", "2.0"),
    )
    data = lock(text).document()
    assert data["closure"] == {"a": "1.0"}
    assert data["packages"] == [
        {"name": "a", "version": "1.0", "systems": ["aarch64-darwin"]},
        {"name": "a", "version": "2.0", "systems": ["x86_64-linux"]},
    ]
    assert [item["reason"] for item in data["left-out"]] == [
        "version 2.0 is installed there",
        "version 1.0 is installed there",
    ]


def test_nothing_empty_stands_in_the_document():
    data = lock(uv_lock('{ name = "a" }', package("a"))).document()
    assert "left-out" not in data
    assert data["packages"] == [{"name": "a", "version": "1.0"}]


def test_a_size_that_the_index_does_not_give_is_left_out():
    text = uv_lock('{ name = "a" }', package("a").replace(", size = 1000", ""))
    assert "size" not in yaml.safe_load(dump(lock(text).document()))["links"][0]


def test_packages_without_a_file_are_named_with_their_systems_and_the_remedy():
    text = with_wheels(TEXT, "b-1.0-py3-none-any.whl").replace("manylinux_2_17", "manylinux_2_38")
    with pytest.raises(UnsatisfiableError) as caught:
        lock(text)
    assert str(caught.value).split("\n") == [
        "b 1.0 has no file for x86_64-linux: its wheels need a newer glibc than 2.35",
        "To lock for the other systems only: --system aarch64-darwin",
    ]
