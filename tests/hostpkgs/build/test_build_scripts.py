"""The scripts that run in the sandbox, on the host: ELF files, Debian's packages, the loader."""

from __future__ import annotations

import io
import os
import sys
import tarfile
from pathlib import Path

import bundle
import deb
import elf
import glibc
import pytest
import typelib
from elftools.elf.elffile import ELFFile


def _with_elftools(path: str) -> tuple[str | None, list[str]]:
    with Path(path).open("rb") as file:
        parsed = ELFFile(file)
        named = [
            segment.get_interp_name()
            for segment in parsed.iter_segments()
            if segment.header.p_type == "PT_INTERP"
        ]
        interpreter = named[0] if named else None
        dynamic = parsed.get_section_by_name(".dynamic")
        needed = [tag.needed for tag in dynamic.iter_tags() if tag.entry.d_tag == "DT_NEEDED"]
    return interpreter, needed


@pytest.mark.parametrize("name", ["python", "libc"])
def test_reads_what_the_loader_reads(name: str) -> None:
    import libc as seed_libc

    found = seed_libc.find()
    assert found is not None
    path = {
        "python": os.path.realpath(sys.executable),
        "libc": f"{found.folder}/libc.so.6",
    }[name]
    parsed = elf.read(path)
    assert parsed is not None
    assert (parsed.interpreter, parsed.needed) == _with_elftools(path)


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n", b"\x7fELF\x01\x01" + b"\0" * 60])
def test_other_files_are_no_elf(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert elf.read(tmp_path / "file") is None


def test_files_are_listed_in_order_and_without_links(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).write_bytes(Path(os.path.realpath(sys.executable)).read_bytes())
    (tmp_path / "c").symlink_to("a")
    (tmp_path / "text").write_text("text")
    assert [Path(path).name for path, _ in elf.files(tmp_path)] == ["a", "b"]


def test_the_loader_forgets_the_machines_folders() -> None:
    before = b"\0".join(
        (b"x", b"/lib/x86_64-linux-gnu/", b"/usr/lib/x86_64-linux-gnu/", b"/lib/", b"/usr/lib/",
         b"/etc/ld.so.cache", b"")
    )  # fmt: skip
    after = glibc.isolated(before)
    assert len(after) == len(before)
    for place in (b"\0/lib/", b"/usr/lib/", b"/etc/ld.so.cache"):
        assert place in before
        assert place not in after


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("usr/lib/x86_64-linux-gnu/libz.so.1", "lib/libz.so.1"),
        ("lib/aarch64-linux-gnu/libz.so.1", "lib/libz.so.1"),
        ("lib64/ld-linux-x86-64.so.2", "lib/ld-linux-x86-64.so.2"),
        ("bin/bash", "bin/bash"),
        ("usr/sbin/tool", "bin/tool"),
        ("usr/include/zlib.h", "include/zlib.h"),
        ("usr/include/x86_64-linux-gnu/zconf.h", "include/zconf.h"),
        ("usr/lib/git-core/git", "lib/git-core/git"),
        ("usr/share/doc/zlib1g/copyright", None),
        ("etc/profile", None),
        ("usr/share/docs-of-another/x", "share/docs-of-another/x"),
    ],
)
def test_debian_folders_become_store_folders(name: str, place: str | None) -> None:
    assert deb.target_path(name) == place


def _ar(**members: bytes) -> bytes:
    content = b"!<arch>\n"
    for name, data in members.items():
        head = f"{name.replace('__', '.'):<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n"
        content += head.encode() + data + b"\n" * (len(data) % 2)
    return content


def _tar(compression: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=f"w:{compression}") as tar:
        for name, content, mode in (
            ("./usr/bin/tool", b"#!/bin/sh\n", 0o755),
            ("./usr/lib/x86_64-linux-gnu/libx.so.1.2", b"library", 0o644),
        ):
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), mode
            tar.addfile(info, io.BytesIO(content))
        for name, target in (
            ("./usr/lib/x86_64-linux-gnu/libx.so.1", "libx.so.1.2"),
            ("./lib/libx.so", "/usr/lib/x86_64-linux-gnu/libx.so.1.2"),
            ("./usr/share/doc/x", "../y"),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)
    return buffer.getvalue()


@pytest.mark.parametrize("compression", ["xz", "gz"])
def test_unpacks_a_package(tmp_path: Path, compression: str) -> None:
    package = tmp_path / "x.deb"
    package.write_bytes(
        _ar(**{"debian-binary": b"2.0", f"data__tar__{compression}": _tar(compression)})
    )
    deb.unpack(package, tmp_path / "out", deb.target_path)
    found = sorted(
        str(path.relative_to(tmp_path / "out"))
        for path in (tmp_path / "out").rglob("*")
        if not path.is_dir()
    )
    assert found == ["bin/tool", "lib/libx.so", "lib/libx.so.1", "lib/libx.so.1.2"]
    assert (tmp_path / "out/lib/libx.so").read_bytes() == b"library"
    assert (tmp_path / "out/lib/libx.so.1").read_bytes() == b"library"
    assert os.access(tmp_path / "out/bin/tool", os.X_OK)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="reads zstd")
def test_zstd_is_refused_with_a_sentence(tmp_path: Path) -> None:
    package = tmp_path / "ubuntu.deb"
    package.write_bytes(_ar(data__tar__zst=b"\x28\xb5\x2f\xfd"))
    with pytest.raises(SystemExit, match=r"ubuntu\.deb is compressed with zstd.*Python 3\.14"):
        deb.unpack(package, tmp_path / "out", deb.target_path)


def test_what_is_no_package_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.deb").write_bytes(_ar(control=b""))
    with pytest.raises(SystemExit, match="no Debian package"):
        deb.unpack(tmp_path / "x.deb", tmp_path / "out", deb.target_path)


def test_scripts_run_with_the_stores_shell(tmp_path: Path) -> None:
    for name, line in {
        "a": "#!/bin/sh -e",
        "b": "#! /usr/bin/bash",
        "c": "#!/usr/bin/perl",
    }.items():
        (tmp_path / name).write_text(f"{line}\nrest\n")
    deb.rewrite_shebangs(tmp_path, "/nix/store/x/bin/bash")
    lines = [path.read_text().splitlines()[0] for path in sorted(tmp_path.iterdir())]
    assert lines == ["#!/nix/store/x/bin/bash -e", "#!/nix/store/x/bin/bash", "#!/usr/bin/perl"]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("lib/python3/dist-packages/gi/x.py", "site/gi/x.py"),
        ("lib/python3.11/lib-dynload/_x.so", "site/_x.so"),
        ("lib/python3.11/x/y.py", "site/x/y.py"),
        ("lib/python3/x.py", "lib/python3/x.py"),
        ("lib/libx.so.1", "lib/libx.so.1"),
        (None, None),
    ],
)
def test_folders_are_moved_to_where_nixpkgs_has_them(path: str | None, place: str | None) -> None:
    moves = [
        ("lib/python3/dist-packages", "site"),
        ("lib/python3.11/lib-dynload", "site"),
        ("lib/python3.11", "site"),
    ]
    assert bundle.moved(path, moves) == place


def _typelib(libraries: bytes) -> bytes:
    header = bytearray(b"GOBJ\nMETADATA\r\n\x1a\4" + b"\0" * 95)
    header[52:56] = (112 if libraries else 0).to_bytes(4, "little")
    content = header + libraries + b"\0name\0"
    content[40:44] = len(content).to_bytes(4, "little")
    return bytes(content)


def test_a_typelib_names_the_paths_of_its_libraries() -> None:
    content = _typelib(b"liba.so.1,libb.so.1")
    changed = typelib.with_paths(content, {"liba.so.1": Path("/store/lib/liba.so.1")})
    start = int.from_bytes(changed[52:56], "little")
    assert changed[start:].rstrip(b"\0") == b"/store/lib/liba.so.1,libb.so.1"
    assert int.from_bytes(changed[40:44], "little") == len(changed)
    assert changed[56 : len(content)] == content[56:]


def test_a_typelib_without_libraries_stays_as_it_is() -> None:
    content = _typelib(b"")
    assert typelib.with_paths(content, {"liba.so.1": Path("/store/lib/liba.so.1")}) == content


@pytest.mark.parametrize("content", [b"", b"GOBJ\nMETADATA\r\n\x1a\3" + b"\0" * 95])
def test_another_file_is_no_typelib(content: bytes) -> None:
    with pytest.raises(ValueError, match="format 4"):
        typelib.with_paths(content, {})
