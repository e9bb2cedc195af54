"""headers.py and its like, on the host: what a package for development tells, names the store."""

from __future__ import annotations

from pathlib import Path

import headers
import interpreter
import join
import pg_config
import pytest
import relocation

OUT = Path("/nix/store/x")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("prefix=/usr", "prefix=/nix/store/x"),
        ('exec_prefix="/usr"', 'exec_prefix="/nix/store/x"'),
        ("libdir=${prefix}/lib/x86_64-linux-gnu", "libdir=${prefix}/lib"),
        ("libdir=/usr/lib/aarch64-linux-gnu/mit-krb5", "libdir=/nix/store/x/lib/mit-krb5"),
        ("libdir=/usr/lib/${tripple}/mit-krb5", "libdir=/nix/store/x/lib/mit-krb5"),
        ('libdir="/usr/lib/$triplet/"', 'libdir="/nix/store/x/lib/"'),
        ("libdir=${prefix}/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)", "libdir=${prefix}/lib"),
        ("Libs: -L/usr/lib -lx", "Libs: -L/nix/store/x/lib -lx"),
        ("Cflags: -I/usr/include/libxml2", "Cflags: -I/nix/store/x/include/libxml2"),
        ("root=/opt/usr/lib", "root=/opt/usr/lib"),
        ("if test $includedir != /usr/include; then", "if test $includedir != /usr/include; then"),
    ],
)
def test_texts_name_the_store_path(line: str, expected: str) -> None:
    assert relocation.relocated(f"{line}\n", OUT) == f"{expected}\n"


def test_cmake_files_name_the_store_path_wherever_they_lie() -> None:
    text = (
        'get_filename_component(_IMPORT_PREFIX "${CMAKE_CURRENT_LIST_FILE}" PATH)\n'
        'get_filename_component(_IMPORT_PREFIX "${_IMPORT_PREFIX}" PATH)\n'
        'get_filename_component(PACKAGE_PREFIX_DIR "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)\n'
        '  IMPORTED_LOCATION_NONE "${_IMPORT_PREFIX}/lib/x86_64-linux-gnu/libx.so.1"\n'
    )
    assert headers.relocated_cmake(text, OUT) == (
        'set(_IMPORT_PREFIX "/nix/store/x")\n'
        'set(PACKAGE_PREFIX_DIR "/nix/store/x")\n'
        '  IMPORTED_LOCATION_NONE "${_IMPORT_PREFIX}/lib/libx.so.1"\n'
    )


def test_links_lead_to_the_library_through_links_of_the_package(tmp_path: Path) -> None:
    runtime, dev = tmp_path / "runtime/lib", tmp_path / "dev/lib"
    runtime.mkdir(parents=True)
    (dev / "private").mkdir(parents=True)
    (runtime / "libx.so.1").touch()
    (dev / "private/libx.so").symlink_to("../libx.so.1")
    (dev / "libx.so").symlink_to("private/libx.so")
    (dev / "libgone.so").symlink_to("libgone.so.1")
    (dev / "liby.so").write_text("INPUT(libx.so.1 -lz)\n")
    headers.resolve_links(dev, [tmp_path / "runtime"])
    assert (dev / "libx.so").readlink() == runtime / "libx.so.1"
    assert (dev / "private/libx.so").readlink() == runtime / "libx.so.1"
    assert not (dev / "libgone.so").is_symlink()
    assert (dev / "liby.so").read_text() == f"INPUT({runtime}/libx.so.1 -lz)\n"


def test_a_static_library_stays_where_there_is_no_shared_one(tmp_path: Path) -> None:
    for name in ("libx.a", "libx.so", "liby.a"):
        (tmp_path / name).touch()
    headers.remove_static(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["libx.so", "liby.a"]


def test_the_first_path_that_has_a_file_counts(tmp_path: Path) -> None:
    for name, content in (("a", "1"), ("b", "2")):
        (tmp_path / name / "lib").mkdir(parents=True)
        (tmp_path / name / "lib/both").write_text(content)
        (tmp_path / name / "lib" / name).write_text(content)
        (tmp_path / name / "lib/folder").symlink_to(".")
    (tmp_path / "out").mkdir()
    for name in ("a", "b"):
        join.join(tmp_path / name, tmp_path / "out")
    found = {path.name: path.readlink() for path in (tmp_path / "out/lib").iterdir()}
    assert found == {
        "a": tmp_path / "a/lib/a",
        "b": tmp_path / "b/lib/b",
        "both": tmp_path / "a/lib/both",
        "folder": tmp_path / "a/lib/folder",
    }


def test_pg_config_has_the_values_of_debians_program() -> None:
    script = (
        "#!/usr/bin/perl\nLIBDIR = none\n__DATA__\n"
        "INCLUDEDIR = /usr/include/postgresql\nLIBDIR = /usr/lib/x86_64-linux-gnu\n"
        "LDFLAGS_EX = \nVERSION = PostgreSQL 15\n\nUsage:\n  pg_config [OPTION]...\n"
    )
    assert pg_config.read_values(script, OUT).splitlines() == [
        "INCLUDEDIR = /nix/store/x/include/postgresql",
        "LIBDIR = /nix/store/x/lib",
        "LDFLAGS_EX = ",
        "VERSION = PostgreSQL 15",
    ]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("usr/include/python3.11/Python.h", "include/python3.11/Python.h"),
        ("usr/include/python3.11/pyconfig.h", None),
        (
            "usr/include/x86_64-linux-gnu/python3.11/pyconfig.h",
            "include/python3.11/pyconfig.h",
        ),
        ("usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", "lib/libpython3.11.so.1.0"),
        ("usr/lib/x86_64-linux-gnu/libpython3.11.so", "lib/libpython3.11.so"),
        ("usr/lib/x86_64-linux-gnu/libpython3.11.a", None),
        ("usr/lib/x86_64-linux-gnu/pkgconfig/python-3.11.pc", "lib/pkgconfig/python-3.11.pc"),
        ("usr/bin/x86_64-linux-gnu-python3.11-config", "bin/python3.11-config"),
        ("usr/share/doc/libpython3.11/copyright", None),
    ],
)
def test_of_debians_interpreter_comes_what_builds_want(name: str, place: str | None) -> None:
    assert interpreter.development_file(name) == place


def test_of_the_machines_folders_only_pythons_are_named_anew() -> None:
    data = "{'LIBDIR': '/usr/lib/x86_64-linux-gnu', 'a': '/usr/lib/python3.11', 'b': '/usr/bin'}"
    assert interpreter.relocated(data, OUT, "/usr") == (
        "{'LIBDIR': '/nix/store/x/lib', 'a': '/nix/store/x/lib/python3.11', 'b': '/usr/bin'}"
    )
    details = '{"base_prefix": "/usr", "base_interpreter": "/usr/bin/python3.15"}'
    assert interpreter.relocated(details, OUT, "/usr") == (
        '{"base_prefix": "/nix/store/x", "base_interpreter": "/nix/store/x/bin/python3.15"}'
    )
    file = "prefix=/usr\nlibdir=${prefix}/lib/x86_64-linux-gnu\n"
    assert interpreter.relocated(file, OUT, "/usr") == "prefix=/nix/store/x\nlibdir=${prefix}/lib\n"
    assert interpreter.relocated("a=/opt/p/lib", OUT, "/opt/p") == "a=/nix/store/x/lib"


def test_a_build_finds_what_pkg_config_reads_of_packages_of_programs(tmp_path: Path) -> None:
    told, silent = tmp_path / "shared-mime-info", tmp_path / "libx"
    (told / "share/pkgconfig").mkdir(parents=True)
    (silent / "lib").mkdir(parents=True)
    assert headers.telling([silent, told]) == [told]
