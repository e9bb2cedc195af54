"""debian.py: what apt says, as records and as dependencies."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from debian import (
    BUNDLES,
    TOOLS,
    Library,
    Package,
    fields,
    parse_records,
    parse_uris,
    python_versions,
    reachable,
    read_table,
    resolve,
    resolve_bundles,
    resolve_libraries,
    resolve_python,
    select,
    without_cycles_of_groups,
)

AVAILABLE = """\
Package: libx
Version: 2:1.0-1
Depends: libc6 (>= 2.34), liby1 (>= 1) | liby0, libx-data, debconf (>= 0.5) | debconf-2.0
Pre-Depends: zlib1g (>= 1:1.1.4)
Architecture: amd64
Filename: pool/libx.deb
SHA256: aa
Description: text
 Depends: not this line

Package: libx
Version: 1:0.9-1
Architecture: amd64
Filename: pool/libx-old.deb
SHA256: ee

Package: libyt64
Version: 1
Provides: liby1 (= 1), liby
Architecture: amd64
Filename: pool/liby.deb
SHA256: bb

Package: zlib1g
Version: 1:1
Architecture: i386
Filename: pool/z-i386.deb
SHA256: ff

Package: zlib1g
Version: 1
Architecture: amd64
Filename: pool/z.deb
SHA256: cc

Package: libx-data
Version: 1
Architecture: all
Filename: pool/data.deb
SHA256: dd
"""
URIS = """\
'http://mirror/pool/libx_1.0%2bb.deb' libx_2%3a1.0-1_amd64.deb 12 SHA256:aa
'http://mirror/pool/liby.deb' libyt64_1_amd64.deb 12 SHA256:bb
'http://mirror/pool/z.deb' zlib1g_1_amd64.deb 12 SHA256:cc
'http://mirror/pool/data.deb' libx-data_1_all.deb 12 SHA256:dd
"""


def records(text: str, *names: str) -> dict[str, dict[str, str]]:
    known = parse_records(text, "amd64")
    return {name: fields(known[name]) for name in names or known}


def selected() -> dict[str, Package]:
    return select(records(AVAILABLE), parse_uris(URIS))


def test_the_candidate_version_is_the_first_record() -> None:
    assert selected()["libx"].version == "2:1.0-1"


def test_another_architectures_package_is_left_out() -> None:
    assert selected()["zlib1g"].sha256 == "cc"


def test_what_is_reached_are_wanted_packages_and_providers() -> None:
    known = parse_records(AVAILABLE, "amd64")
    assert reachable(["libx", "libgone"], known) == ["libx", "libyt64", "zlib1g"]
    # the name of a release without the transition to a 64-bit time
    assert reachable(["liby"], known) == ["libyt64"]


def test_url_and_hash_come_from_apt() -> None:
    package = selected()["libx"]
    assert (package.url, package.sha256) == ("http://mirror/pool/libx_1.0%2bb.deb", "aa")


def test_dependencies_are_libraries_without_libc_and_data() -> None:
    assert selected()["libx"].depends == ["libyt64", "zlib1g"]


def test_files_for_pkg_config_come_with_the_headers_whose_file_requires_them() -> None:
    names = ("libpix-dev", "libpix0", "shared-mime-info")
    text = "".join(
        f"Package: {name}\nVersion: 1\nArchitecture: all\nFilename: f\nSHA256: {name}\n"
        "Depends: shared-mime-info\n\n"
        for name in names
    )
    packages = select(records(text), dict.fromkeys(names, "u"))
    assert packages["libpix-dev"].depends == ["shared-mime-info"]
    assert packages["libpix0"].depends == []
    known = {name: f"Package: {name}\nDepends: shared-mime-info\n" for name in names}
    assert reachable(["libpix-dev"], known) == ["libpix-dev", "shared-mime-info"]
    assert reachable(["libpix0"], known) == ["libpix0"]


def test_a_package_without_url_is_left_out() -> None:
    without = URIS.replace("zlib1g_", "other_")
    packages = select(records(AVAILABLE), parse_uris(without))
    assert "zlib1g" not in packages
    assert packages["libx"].depends == ["libyt64"]


def test_dependencies_that_go_in_a_circle_are_cut() -> None:
    text = (
        "Package: liba\nVersion: 1\nArchitecture: all\nFilename: a\nSHA256: a\nDepends: libb\n\n"
        "Package: libb\nVersion: 1\nArchitecture: all\nFilename: b\nSHA256: b\nDepends: libc0\n\n"
        "Package: libc0\nVersion: 1\nArchitecture: all\nFilename: c\nSHA256: c\nDepends: liba, libb"
    )
    packages = select(records(text), {"liba": "u", "libb": "u", "libc0": "u"})
    assert packages["liba"].depends == ["libb"]
    assert packages["libb"].depends == ["libc0"]
    assert packages["libc0"].depends == []


def test_dependencies_between_groups_that_go_in_a_circle_are_cut() -> None:
    packages = {
        "a-dev": Package("1", "u", "s", ["b-dev", "a-more-dev", "c"]),
        "a-more-dev": Package("1", "u", "s", ["c"]),
        "b-dev": Package("1", "u", "s", ["a-more-dev"]),
        "c": Package("1", "u", "s"),
    }
    groups: list[list[str]] = [["a-dev", "a-more-dev"], ["a-dev"], []]
    found = without_cycles_of_groups(packages, groups)
    assert {name: package.depends for name, package in found.items()} == {
        "a-dev": ["a-more-dev", "c"],
        "a-more-dev": ["c"],
        "b-dev": ["a-more-dev"],
        "c": [],
    }


def test_attributes_take_the_first_name_that_the_release_has() -> None:
    package = Package("1", "u", "s")
    choices = {"x": ["libx-new", "libx-old"], "y": ["liby"]}
    assert resolve(choices, {"libx-old": package}) == {"x": "libx-old"}
    assert resolve(choices, {"libx-old": package, "libx-new": package}) == {"x": "libx-new"}


def test_a_librarys_packages_are_those_that_its_headers_depend_on_of_the_same_source() -> None:
    packages = {
        "libx-dev": Package("1", "u", "s", ["libx3", "libx-bin", "liby1", "libz-dev"], source="x"),
        "libx3": Package("1", "u", "s", source="x"),
        "libx-bin": Package("1", "u", "s", source="x"),
        "libx-extra": Package("1", "u", "s", source="x"),
        "liby1": Package("1", "u", "s", source="y"),
        "libz-dev": Package("1", "u", "s", source="z"),
    }
    table = {
        "x": Library(["libx-gone | libx-extra"], ["libx-dev"]),
        "y": Library(["liby1"], []),
        "gone": Library(["libgone"], ["libgone-dev"]),
    }
    assert resolve_libraries(table, packages) == {
        "x": {"libraries": ["libx-extra", "libx3"], "headers": ["libx-dev"]},
        "y": {"libraries": ["liby1"], "headers": []},
    }


def test_a_librarys_headers_may_have_moved_to_another_package_of_the_same_source() -> None:
    packages = {
        "libx-2-dev": Package("1", "u", "s", ["libx-dev", "libz-dev"], source="x"),
        "libx-dev": Package("1", "u", "s", ["libx2", "libz1"], source="x"),
        "libx2": Package("1", "u", "s", source="x"),
        "libz-dev": Package("1", "u", "s", ["libz1"], source="z"),
        "libz1": Package("1", "u", "s", source="z"),
    }
    assert resolve_libraries({"x": Library([], ["libx-2-dev"])}, packages) == {
        "x": {"libraries": ["libx2"], "headers": ["libx-2-dev"]}
    }


@pytest.mark.parametrize("compiler", ["gcc-16", "gcc-16-x86-64-linux-gnu", "g++-aarch64-linux-gnu",
                                      "gfortran-x86-64-linux-gnu", "cpp-16"])  # fmt: skip
def test_a_compilers_programs_come_with_the_package_that_names_them(compiler: str) -> None:
    names = ("gcc", compiler, "gcc-16-base", "gcc-doc")
    known = {name: f"Package: {name}\n" for name in names}
    known["gcc"] += f"Depends: {compiler}, gcc-16-base, gcc-doc\n"
    assert reachable(["gcc"], known) == sorted(["gcc", compiler])


def test_the_table_of_libraries_is_sorted_and_has_one_a_line(project: Path) -> None:
    file = project / "hostpkgs/libraries.json"
    names = [line.split('"')[1] for line in file.read_text().splitlines() if line.startswith("  ")]
    assert names == sorted(names) == list(read_table(file))


def test_a_bundle_is_left_out_without_its_first_part() -> None:
    package = Package("1", "u", "s")
    bundles = {"x": [["libx2", "libx1"], ["gir-x"]], "y": [["liby"], ["gir-y"]]}
    packages = {"libx1": package, "gir-y": package}
    assert resolve_bundles(bundles, packages) == {"x": ["libx1"]}
    packages = {"libx1": package, "libx2": package, "gir-x": package}
    assert resolve_bundles(bundles, packages) == {"x": ["libx2", "gir-x"]}


@pytest.mark.parametrize(
    ("name", "depends", "versions"),
    [
        ("python3-gi", "libc6, python3 (<< 3.12), python3 (>= 3.11~), python3:any", ["3.11"]),
        ("python3-gi", "python3 (<< 3.16), python3 (>= 3.14~)", ["3.14", "3.15"]),
        # of Debian 12 and of Debian 13
        ("python3-tk", "python3 (>= 3.10.8-0~), python3 (<< 3.12)", ["3.11"]),
        ("python3.13-tk", "libtcl8.6 (>= 8.6.0)", ["3.13"]),
        ("python3-six", "python3 (>= 3.11~), libpython3 (<< 3.12)", []),
        ("libx", "libpython3.11 (<< 3.12)", []),
    ],
)
def test_extension_modules_are_for_the_versions_of_the_name_or_the_dependencies(
    name: str, depends: str, versions: list[str]
) -> None:
    assert python_versions(name, depends) == versions


def test_python_packages_are_grouped_by_version() -> None:
    packages = {
        "python3-gi": Package("1", "u", "s", python=["3.12", "3.13"]),
        "python3-gi-cairo": Package("1", "u", "s", python=["3.12", "3.13"]),
        "python3.13-tk": Package("1", "u", "s", python=["3.13"]),
        "python3-tk": Package("1", "u", "s", python=["3.12"]),
        "python3-cairo": Package("1", "u", "s"),
    }
    gobject = ["python3-gi", "python3-gi-cairo"]
    assert resolve_python(["3.11", "3.12", "3.13"], packages) == {
        "3.12": {"pygobject3": gobject, "tkinter": ["python3-tk"]},
        "3.13": {"pygobject3": gobject, "tkinter": ["python3.13-tk"]},
    }


@pytest.mark.nix
def test_nix_and_the_seeding_know_the_same_attributes(project: Path) -> None:
    names = json.loads(
        subprocess.run(
            ["nix-instantiate", "--eval", "--strict", "--json", "hostpkgs/attributes.nix"],
            cwd=project, capture_output=True, text=True, check=True,
        ).stdout
    )  # fmt: skip
    assert names["libraries"] == list(read_table(project / "hostpkgs/libraries.json"))
    assert set(names["bundles"]) == set(BUNDLES)
    assert set(names["tools"]) | {"bash"} == set(TOOLS)
