"""The step `unpack` unpacks a wheel, or refuses it with one error."""

import base64
import hashlib
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.record import Entry, format_record
from tests.support.builder_steps import RUNNING_PYTHON, Builder, Package, error_message
from tests.support.record_check import record_mismatches
from tests.support.record_files import parse_record, read_record
from tests.support.wheels import Wheel, build_record, record_hash

FILES: dict[str, str | bytes] = {
    "demo/__init__.py": "x = 1\n",
    "demo/data.bin": bytes(range(256)),
    "demo/empty": b"",
}


def site(package: Package) -> Path:
    """Return site-packages of an unpacked wheel."""
    return package.path / RUNNING_PYTHON.site


def files_below(tree: Path) -> dict[str, bytes]:
    """Return the files of a tree but bytecode: path to content."""
    return {
        os.path.relpath(path, tree): path.read_bytes()
        for path in tree.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_a_pure_wheel_s_files_stay_byte_for_byte(builder: Builder) -> None:
    wheel = Wheel(files=FILES)
    files = files_below(site(builder.unpack(wheel)))
    for added in ("INSTALLER", "RECORD"):
        files.pop(f"{wheel.dist_info}/{added}")
    expected = wheel.contents()
    expected.pop(f"{wheel.dist_info}/RECORD")
    assert files == expected


def test_the_file_installer_names_wheelhouse(builder: Builder) -> None:
    wheel = Wheel(files=FILES)
    assert (site(builder.unpack(wheel)) / wheel.dist_info / "INSTALLER").read_text() == (
        "wheelhouse\n"
    )


def test_record_lists_every_file_with_its_hash_and_size(builder: Builder) -> None:
    wheel = Wheel(files=FILES)
    package = builder.unpack(wheel)
    entries = {e.path: e for e in read_record(site(package) / wheel.dist_info / "RECORD")}
    files = files_below(site(package))
    assert entries.pop(f"{wheel.dist_info}/RECORD") == Entry(f"{wheel.dist_info}/RECORD")
    files.pop(f"{wheel.dist_info}/RECORD")
    assert entries == {
        path: Entry(path, record_hash(content), len(content)) for path, content in files.items()
    }


def test_file_names_may_have_any_characters(builder: Builder) -> None:
    names = (
        "größe.py",
        "a, b.txt",
        'a "quoted" name',
        "-x",
        "日本/__init__.py",
        "x y/z",
    )
    package = builder.unpack(Wheel(files={f"demo/{name}": name for name in names}))
    for name in names:
        assert (site(package) / "demo" / name).read_text() == name
    assert record_mismatches(builder.compose([package]), "demo") == []


def test_record_is_sorted(builder: Builder) -> None:
    wheel = Wheel(files={"b.py": "", "a.py": "", "c/__init__.py": ""})
    paths = [e.path for e in read_record(site(builder.unpack(wheel)) / wheel.dist_info / "RECORD")]
    assert paths == sorted(paths)


def test_only_files_marked_as_executable_are_executable(builder: Builder) -> None:
    files = {"demo/tool": "#!/bin/sh\n", "demo/text": "a\n"}
    tree = site(builder.unpack(Wheel(files=files, executable=frozenset({"demo/tool"}))))
    assert stat.S_IMODE((tree / "demo/tool").stat().st_mode) == 0o755
    assert stat.S_IMODE((tree / "demo/text").stat().st_mode) == 0o644


def test_each_scheme_has_its_folder(builder: Builder) -> None:
    wheel = Wheel(
        files={
            "top.py": "",
            "demo-1.0.data/purelib/pure.py": "",
            "demo-1.0.data/platlib/plat.py": "",
            "demo-1.0.data/scripts/tool": "#!python\n",
            "demo-1.0.data/data/share/demo/x": "x",
            "demo-1.0.data/headers/demo.h": "#define X\n",
        }
    )
    package = builder.unpack(wheel)
    for path in ("top.py", "pure.py", "plat.py"):
        assert (site(package) / path).is_file()
    extras = package.path / "wheelhouse"
    assert (extras / "scripts/tool").read_text() == "#!python\n"
    assert (extras / "data/share/demo/x").read_text() == "x"
    assert (extras / "headers/demo.h").is_file()
    assert not (site(package) / "demo-1.0.data").exists()
    recorded = {e.path for e in read_record(site(package) / wheel.dist_info / "RECORD")}
    assert {"top.py", "pure.py", "plat.py"} <= recorded
    assert not any("demo-1.0.data" in path for path in recorded)


def test_entry_points_are_noted(builder: Builder) -> None:
    entry_points = "[console_scripts]\nrun = demo:main\n[gui_scripts]\nshow = demo.gui:App.show\n"
    notes = builder.unpack(Wheel(files=FILES, entry_points=entry_points)).notes
    assert notes["entryPoints"] == [
        {"name": "run", "module": "demo", "attr": "main", "section": "console"},
        {"name": "show", "module": "demo.gui", "attr": "App.show", "section": "gui"},
    ]


def test_files_are_checked_with_other_hashes_than_sha256(builder: Builder) -> None:
    content = b"x = 1\n"
    value = base64.urlsafe_b64encode(hashlib.sha512(content).digest()).rstrip(b"=").decode()
    valid = Wheel(files={"demo.py": content})
    rows = valid.contents()[f"{valid.dist_info}/RECORD"].replace(
        record_hash(content).encode(), f"sha512={value}".encode()
    )
    assert builder.unpack(Wheel(files={"demo.py": content}, metadata={"RECORD": rows}))
    changed = Wheel(files={"demo.py": b"x = 2\n"}, metadata={"RECORD": rows})
    path = changed.write(builder.scratch / "changed")
    spec = builder.unpack_spec(changed, path)
    assert "demo.py" in error_message(
        builder.run_step("unpack", spec, builder.scratch / "changed-out")
    )


REFUSED = {
    "a file other than RECORD says": (
        Wheel(
            files={"demo.py": "x = 2\n"},
            metadata={"RECORD": build_record({"demo.py": b"x = 1\n"}, "demo-1.0.dist-info/RECORD")},
        ),
        "RECORD",
    ),
    "a file that RECORD lacks": (
        Wheel(files=FILES, members=(("demo/extra.py", b""),)),
        "does not list demo/extra.py",
    ),
    "no RECORD": (Wheel(files=FILES, metadata={"RECORD": None}), "no demo-1.0.dist-info/RECORD"),
    "RECORD that is no table": (
        Wheel(files=FILES, metadata={"RECORD": "one,two,three,four\n"}),
        "RECORD",
    ),
    "RECORD that is no text": (Wheel(files=FILES, metadata={"RECORD": b"\xff\xfe\n"}), "RECORD"),
    "RECORD with an unknown hash": (
        Wheel(metadata={"RECORD": "demo-1.0.dist-info/METADATA,nosuch=abc,1\n"}),
        "nosuch",
    ),
    "no WHEEL": (Wheel(files=FILES, metadata={"WHEEL": None}), "WHEEL"),
    "no METADATA": (Wheel(files=FILES, metadata={"METADATA": None}), "METADATA"),
    "WHEEL of another major version": (Wheel(files=FILES, wheel_version="2.0"), "2.0"),
    "WHEEL without a version": (Wheel(files=FILES, metadata={"WHEEL": "x: y\n"}), "Wheel-Version"),
    "two dist-info folders": (
        Wheel(files={"other-1.0.dist-info/METADATA": ""}),
        "dist-info",
    ),
    "another distribution": (
        Wheel(name="demo", file_name="other-1.0-py3-none-any.whl"),
        "demo",
    ),
    "a path that leaves the wheel": (Wheel(files={"../x.py": ""}), "../x.py"),
    "a path that leaves the wheel below": (Wheel(files={"demo/../../x.py": ""}), "x.py"),
    "a path that leaves a scheme": (
        Wheel(files={"demo-1.0.data/scripts/../../../x": ""}),
        "../x",
    ),
    "an absolute path": (Wheel(files={"/tmp/x.py": ""}), "/tmp/x.py"),
    "an unknown scheme": (Wheel(files={"demo-1.0.data/nosuch/x": ""}), "nosuch"),
    "a duplicate member": (Wheel(files=FILES, members=(("demo/__init__.py", b"y\n"),)), "twice"),
    "a file twice through two schemes": (
        Wheel(files={"a.py": "", "demo-1.0.data/purelib/a.py": "x = 1\n"}),
        "two files into the place of a.py",
    ),
    "a file that is a folder, too": (Wheel(files={"a": "", "a/b": ""}), "a/b"),
    "entry points that can't be read": (Wheel(files=FILES, entry_points="[x\n"), "entry_points"),
    "an entry point without an object": (
        Wheel(files=FILES, entry_points="[console_scripts]\nrun = demo\n"),
        "entry_points.txt",
    ),
    "a wheel for musl": (Wheel(tag="py3-none-musllinux_1_2_x86_64"), "musl"),
    "a wheel for another Python": (Wheel(tag="cp37-cp37m-manylinux_2_17_x86_64"), "cp37-cp37m"),
    "a file name that is no wheel's": (Wheel(file_name="demo.whl"), "demo.whl"),
}


def test_a_file_that_is_the_same_in_two_schemes_is_there_once(builder: Builder) -> None:
    wheel = Wheel(files={"a.py": "x = 1\n", "demo-1.0.data/platlib/a.py": "x = 1\n"})
    site = builder.unpack(wheel).path / RUNNING_PYTHON.site
    assert (site / "a.py").read_text() == "x = 1\n"
    (record,) = site.glob("*.dist-info/RECORD")
    assert record.read_text().count("a.py,") == 1


@pytest.mark.parametrize(("wheel", "expected"), REFUSED.values(), ids=REFUSED)
def test_an_invalid_wheel_is_refused(builder: Builder, wheel: Wheel, expected: str) -> None:
    message = error_message(builder.try_unpack(wheel))
    assert expected in message
    assert wheel.archive_name in message
    outside = {"x", "x.py"} & {path.name for path in builder.scratch.parent.iterdir()}
    assert not outside


def test_entries_of_record_without_a_file_are_dropped(builder: Builder) -> None:
    rows = Wheel().contents()["demo-1.0.dist-info/RECORD"] + b"gone.py,,\n"
    package = builder.unpack(Wheel(metadata={"RECORD": rows}))
    recorded = read_record(site(package) / "demo-1.0.dist-info/RECORD")
    assert "gone.py" not in {entry.path for entry in recorded}


@pytest.mark.parametrize(
    "path", ["demo/__pycache__/x.cpython-311.pyc", "demo-1.0.dist-info/INSTALLER"]
)
def test_bytecode_and_installer_of_a_wheel_are_left_out(builder: Builder, path: str) -> None:
    package = builder.unpack(Wheel(files={"demo/y.py": "", path: b"from the wheel"}))
    assert package.log == ""
    assert b"from the wheel" not in files_below(site(package)).values()
    assert not (site(package) / "demo/__pycache__/x.cpython-311.pyc").exists()


def test_a_wheel_of_another_name_than_the_lock_has_is_refused(builder: Builder) -> None:
    message = error_message(builder.try_unpack(Wheel(files=FILES), package="other"))
    assert "holds demo, where other was expected" in message


def test_a_wheel_of_another_version_than_the_lock_has_is_refused(builder: Builder) -> None:
    assert "1.0" in error_message(builder.try_unpack(Wheel(files=FILES), version="2.0"))


@pytest.mark.parametrize(
    ("name", "locked"), [("Demo_Name", "demo-name"), ("demo.name", "demo-name")]
)
def test_names_are_compared_in_their_normal_form(builder: Builder, name: str, locked: str) -> None:
    done = builder.try_unpack(Wheel(name=name, files=FILES), package=locked)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("version", [("1.0+local.1", "1.0+local.1"), ("1.0.post1", "1.0-1")])
def test_versions_are_compared_in_their_normal_form(
    builder: Builder, version: tuple[str, str]
) -> None:
    inside, locked = version
    done = builder.try_unpack(Wheel(version=inside, files=FILES), version=locked)
    assert done.returncode == 0, done.stderr


def test_a_file_that_is_not_an_archive_is_refused(builder: Builder, tmp_path: Path) -> None:
    path = tmp_path / "x.whl"
    path.write_text("<html>404</html>")
    assert "not a readable wheel" in error_message(builder.try_unpack(Wheel(), path))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.98])
def test_a_truncated_archive_is_refused(builder: Builder, tmp_path: Path, share: float) -> None:
    path = Wheel(files=FILES).write(tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert "not a readable wheel" in error_message(builder.try_unpack(Wheel(), path))


def test_a_changed_byte_of_an_archive_is_refused(builder: Builder, tmp_path: Path) -> None:
    path = Wheel(files={"demo.py": os.urandom(4000)}).write(tmp_path)
    content = bytearray(path.read_bytes())
    content[1000] ^= 0xFF
    path.write_bytes(content)
    assert "demo-1.0" in error_message(builder.try_unpack(Wheel(), path))


def compressed(wheel: Wheel, folder: Path, method: int) -> Path:
    """Write a wheel whose files are compressed by some method."""
    folder.mkdir()
    path = folder / wheel.archive_name
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in wheel.contents().items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_files_may_be_compressed_by_any_method(builder: Builder, method: int) -> None:
    wheel = Wheel(files=FILES)
    path = compressed(wheel, builder.scratch / "compressed", method)
    done = builder.try_unpack(wheel, path)
    assert done.returncode == 0, done.stderr
    tree = builder.scratch / "demo-1.0" / RUNNING_PYTHON.site
    assert (tree / "demo/data.bin").read_bytes() == FILES["demo/data.bin"]


@pytest.mark.parametrize(
    ("method", "module"), [(zipfile.ZIP_BZIP2, "_bz2"), (zipfile.ZIP_LZMA, "_lzma")]
)
def test_a_method_that_this_python_was_built_without_is_refused(
    builder: Builder, method: int, module: str
) -> None:
    wheel = Wheel(files=FILES)
    spec = builder.unpack_spec(wheel, compressed(wheel, builder.scratch / "compressed", method))
    # As in a Python that was built without the library's headers.
    lines = [f"sys.modules[{module!r}] = None", "builder.step.run(['unpack'])"]
    done = builder.run_lines(spec, builder.scratch / "out", *lines)
    assert "is not a readable wheel" in error_message(done)
    assert module in done.stderr


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_file_is_refused_however_it_is_compressed(builder: Builder, method: int) -> None:
    wheel = Wheel(files={"demo.py": "x = 1\n" * 900})
    path = compressed(wheel, builder.scratch / "compressed", method)
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo("demo.py")
    start = member.header_offset + len(zipfile.stringFileHeader) + 26 + len(member.filename)
    content = bytearray(path.read_bytes())
    half = member.compress_size // 2
    content[start + half : start + half + 8] = bytes(8)
    path.write_bytes(content)
    assert "is not a readable wheel" in error_message(builder.try_unpack(wheel, path))


def test_an_archive_without_dist_info_is_refused(builder: Builder, tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "demo.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("demo.py", "")
    assert "dist-info" in error_message(builder.try_unpack(Wheel(), path))


def test_only_a_wheel_for_the_interpreter_s_libc_is_unpacked(builder: Builder) -> None:
    builder.unpack(Wheel(tag="cp38-abi3-musllinux_1_2_x86_64"), libc="musl")
    message = error_message(
        builder.try_unpack(Wheel(tag="cp38-abi3-manylinux_2_17_x86_64"), libc="musl")
    )
    assert "is built for glibc, and the interpreter for musl" in message


def test_a_wheel_for_musl_and_glibc_is_unpacked(builder: Builder) -> None:
    tag = "py3-none-manylinux_2_17_x86_64.musllinux_1_1_x86_64"
    assert builder.unpack(Wheel(tag=tag, files=FILES))


def test_notes_are_indented_and_sorted(builder: Builder) -> None:
    package = builder.unpack(Wheel(files=FILES))
    text = (package.path / "wheelhouse/package.json").read_text()
    assert text == json.dumps(package.notes, indent=2, sort_keys=True) + "\n"


METADATA = ("METADATA", "WHEEL", "RECORD")
PATHS = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), min_size=1)


@given(st.lists(st.builds(Entry, PATHS, st.just("sha256=abc"), st.integers(0)), unique=True))
def test_a_written_record_is_read_back_unchanged(entries: list[Entry]) -> None:
    assert sorted(parse_record(format_record(entries)), key=lambda e: (e.path, e.size)) == sorted(
        entries, key=lambda e: (e.path, e.size)
    )


def test_a_hexadecimal_hash_of_record_is_understood(builder: Builder) -> None:
    rows = f"demo.py,sha256={hashlib.sha256(b'x = 1').hexdigest()},5\n"
    metadata = {"RECORD": rows + "".join(f"demo-1.0.dist-info/{name},,\n" for name in METADATA)}
    package = builder.unpack(Wheel(files={"demo.py": b"x = 1"}, metadata=metadata))
    assert record_mismatches(builder.compose([package]), "demo") == []
    changed = Wheel(files={"demo.py": b"x = 2"}, metadata=metadata)
    spec = builder.unpack_spec(changed, changed.write(builder.scratch / "changed"))
    assert "demo.py is not what RECORD says" in error_message(
        builder.run_step("unpack", spec, builder.scratch / "changed-out")
    )


def test_metadata_that_record_contradicts_is_warned_about(builder: Builder) -> None:
    wheel = Wheel(
        files={"demo.py": "value = 1\n"},
        metadata={
            "RECORD": "demo.py,,\ndemo-1.0.dist-info/METADATA,sha256=AAAA,1\n"
            "demo-1.0.dist-info/WHEEL,,\ndemo-1.0.dist-info/RECORD,,\n"
        },
    )
    package = builder.unpack(wheel)
    assert "demo-1.0.dist-info/METADATA is not what RECORD says" in package.log
    assert record_mismatches(builder.compose([package]), "demo") == []


def test_any_version_is_taken_where_only_the_build_knows_it(builder: Builder) -> None:
    wheel = Wheel(version="2.0.dev1")
    done = builder.try_unpack(wheel, version=None)
    assert done.returncode == 0, done.stderr
    notes = json.loads((builder.scratch / "demo-2.0.dev1/wheelhouse/package.json").read_text())
    assert notes["version"] == "2.0.dev1"


@pytest.mark.parametrize("names", [(), ("a-1.0-py3-none-any.whl", "b-1.0-py3-none-any.whl")])
def test_a_folder_without_one_wheel_is_refused(
    builder: Builder, tmp_path: Path, names: tuple[str, ...]
) -> None:
    folder = tmp_path / "source"
    folder.mkdir()
    for name in names:
        (folder / name).touch()
    spec = builder.unpack_spec(Wheel(), folder)
    spec["wheel"]["name"] = None
    spec["source"] = "overrides.demo"
    message = error_message(builder.run_step("unpack", spec, tmp_path / "out"))
    assert (
        f"overrides.demo: {folder} has {len(names) or 'no'} wheels, where one was expected"
        in message
    )


def test_a_source_of_another_version_is_told_where_to_say_so(
    builder: Builder, tmp_path: Path
) -> None:
    wheel = Wheel(version="2.0")
    spec = builder.unpack_spec(wheel, wheel.write(tmp_path), version="1.0")
    spec["source"] = "overrides.demo"
    message = error_message(builder.run_step("unpack", spec, tmp_path / "out"))
    assert message.endswith(
        "holds demo 2.0, where 1.0 was expected; give another `overrides.demo.source`, "
        "or say its version as `overrides.demo.version`"
    )


def test_a_source_for_another_python_needs_another_source(builder: Builder, tmp_path: Path) -> None:
    wheel = Wheel(tag="cp37-cp37m-linux_x86_64")
    spec = builder.unpack_spec(wheel, wheel.write(tmp_path)) | {"source": "overrides.demo"}
    message = error_message(builder.run_step("unpack", spec, tmp_path / "out"))
    assert message.endswith("built for cp37-cp37m; give another `overrides.demo.source`")


def test_a_source_of_another_distribution_needs_another_source(
    builder: Builder, tmp_path: Path
) -> None:
    wheel = Wheel("other")
    spec = {**builder.unpack_spec(wheel, wheel.write(tmp_path)), "package": "demo"}
    spec["source"] = "overrides.demo"
    message = error_message(builder.run_step("unpack", spec, tmp_path / "out"))
    assert message.endswith(
        "holds other, where demo was expected; give another `overrides.demo.source`"
    )
