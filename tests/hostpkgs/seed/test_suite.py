"""suite.py: what the lists of a Debian suite say, as the data of a package set."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import flake
import pytest
import suite
from private_apt import PrivateApt, SuiteError

if TYPE_CHECKING:
    from pathlib import Path

# A suite with one interpreter for two systems, and a library of another version on each.
PACKAGE = """Package: {name}
Version: {version}
Architecture: {architecture}
Depends: {depends}
Filename: pool/{name}_{architecture}.deb
SHA256: {name}-{architecture}

"""
NAMES = {
    "libc6": ("2.43-7", ""),
    "python3": ("3.20.0-3", "python3.20"),
    "python3.20": ("3.20.1~rc2-1", "python3.20-minimal, libpython3.20-stdlib, tzdata"),
    "python3.20-minimal": ("3.20.1~rc2-1", "libpython3.20-minimal, zlib1g, libc6"),
    "libpython3.20-minimal": ("3.20.1~rc2-1", "libc6"),
    "libpython3.20-stdlib": ("3.20.1~rc2-1", "libffi8 (>= 3) | libffi7, libreadline8t64"),
    "libpython3.20t64": ("3.20.1~rc2-1", "libpython3.20-stdlib"),
    "libpython3.20-dev": ("3.20.1~rc2-1", "libpython3.20t64, zlib1g-dev"),
    "libffi8": ("3.8-1", ""),
    "libreadline8t64": ("8.3-4", "libtinfo6"),
    "libtinfo6": ("6.6", ""),
    "zlib1g": ("1:1.3-2", ""),
    "zlib1g-dev": ("1:1.3-2", "zlib1g"),
    "python3.7": ("3.7.0-1", ""),
}
SOURCES = """Package: python3.20
Version: 3.20.1~rc2-1
Directory: pool/main/p/python3.20
Checksums-Sha1:
 0123456789012345678901234567890123456789 9 python3.20_3.20.1~rc2.orig.tar.xz
Checksums-Sha256:
 {a} 9 python3.20_3.20.1~rc2-1.dsc
 {b} 9 python3.20_3.20.1~rc2.orig.tar.xz
 {c} 9 python3.20_3.20.1~rc2.orig.tar.xz.asc
 {c} 9 python3.20_3.20.1~rc2-1.debian.tar.xz

Package: zlib
Version: 1:1.3.dfsg-2
Extra-Source-Only: yes
Directory: pool/main/z/zlib
Checksums-Sha256:
 {c} 9 zlib_1.3.dfsg.orig.tar.gz

Package: hello
Version: 2-1
Directory: pool/main/h/hello
Checksums-Sha256:
 {c} 9 hello_2.orig.tar.gz
""".format(**{name: name * 64 for name in "abc"})


def lists(folder: Path, *architectures: str, **without: str) -> PrivateApt:
    """Return the lists of a suite that has packages for the architectures."""
    apt = PrivateApt(folder / "suites/new", "new", ("amd64", "arm64"))
    (apt.folder / "state/lists").mkdir(parents=True)
    (apt.folder / "mirror").write_text("http://mirror/debian/")
    for architecture in architectures:
        text = "".join(
            PACKAGE.format(name=name, version=version, depends=depends, architecture=architecture)
            for name, (version, depends) in NAMES.items()
            if name not in without.values()
        )
        (apt.folder / f"state/lists/m_binary-{architecture}_Packages").write_text(text)
    (apt.folder / "state/lists/m_source_Sources").write_text(SOURCES)
    return apt


def described(apt: PrivateApt) -> dict[str, Any]:
    return suite.describe(apt, {})


@pytest.mark.parametrize(
    ("version", "expected"),
    [("3.14.8-1", "3.14.8"), ("1:1.3.dfsg+really1.3.2-3+b1", "1.3.dfsg"), ("2.7", "2.7"),
     ("3.15.0~rc2-1", "3.15.0rc2")],
)  # fmt: skip
def test_upstream_versions(version: str, expected: str) -> None:
    assert suite.upstream(version) == expected


def test_every_python_of_a_suite_is_found_with_its_parts_and_libraries(tmp_path: Path) -> None:
    systems = described(lists(tmp_path, "amd64", "arm64"))["systems"]
    assert systems.keys() == {"x86_64-linux", "aarch64-linux"}
    one = systems["aarch64-linux"]
    assert one["libc"] == {
        "version": "2.43",
        "loader": "ld-linux-aarch64.so.1",
        "multiarch": "aarch64-linux-gnu",
    }
    assert one["python"] == "3.20"
    assert one["pythons"] == {
        "3.20": {
            "version": "3.20.1rc2",
            "debs": ["python3.20-minimal", "python3.20", "libpython3.20-minimal",
                     "libpython3.20-stdlib", "libpython3.20t64", "libpython3.20-dev"],
            "libraries": ["libffi8", "libreadline8t64", "libtinfo6", "zlib1g"],
        }
    }  # fmt: skip
    zlib = one["debian"]["packages"]["zlib1g"]
    assert zlib["url"] == "http://mirror/debian/pool/zlib1g_arm64.deb"
    assert zlib["sha256"] == "zlib1g-arm64"


def test_an_architecture_that_a_suite_lacks_is_missing(tmp_path: Path) -> None:
    assert described(lists(tmp_path, "arm64"))["systems"].keys() == {"aarch64-linux"}


def test_a_suite_without_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"new has no python3\.N of 3\.8 or newer"):
        described(lists(tmp_path, "amd64", name="python3.20"))


def test_sources_are_the_upstream_archives_of_those_that_something_is_built_of(
    tmp_path: Path,
) -> None:
    assert described(lists(tmp_path, "amd64"))["sources"] == {
        "python3.20": {
            "version": "3.20.1rc2",
            "url": "http://mirror/debian/pool/main/p/python3.20/python3.20_3.20.1~rc2.orig.tar.xz",
            "sha256": "b" * 64,
        }
    }


def test_a_suite_is_read_once_until_its_lists_change(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = tmp_path / "machine.json"
    libc = {"path": str(tmp_path), "narHash": "", "loader": "l", "version": "1"}
    seeds = {"system": "x86_64-linux", "libc": libc, "pythons": {}, "debian": {"packages": {}}}
    machine.write_text(json.dumps(seeds))
    (tmp_path / "seeds").mkdir()
    apt = lists(tmp_path, "amd64")

    def generate(known: str) -> Path:
        return flake.generate_suite(project, tmp_path, machine, [], apt, apt.folder / known)

    first = generate("a.json")
    monkeypatch.setattr(PrivateApt, "packages", lambda *_: pytest.fail("read again"))
    assert generate("a.json") == first
    written = json.loads((first / "seeds.json").read_text())
    assert written["suite"] == "new"
    assert written["machine"] == seeds
    monkeypatch.undo()
    assert generate("b.json") == first
    assert [path.name for path in apt.folder.glob("*.json")] == ["b.json"]
