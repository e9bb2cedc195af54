"""The step `build` builds the wheel of a source distribution with its own backend, offline."""

import io
import os
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.builder_steps import RUNNING_PYTHON, Builder, error_message

# A backend that the project brings itself, so that no other distribution is needed.
BACKEND = """
import os, pathlib, sys, zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "demo-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory, name), "w") as wheel:
        for member, text in {
            "demo.py": pathlib.Path("demo.py").read_text() + repr(config_settings),
            "demo-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n",
            "demo-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n",
            "demo-1.0.dist-info/RECORD": "",
        }.items():
            time = (1980, 1, 1, 0, 0, 0)
            wheel.writestr(zipfile.ZipInfo(member, time), text)
    print("built with", os.environ["SOURCE_DATE_EPOCH"])
    return name
"""
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
FILES = {"pyproject.toml": PYPROJECT, "backend.py": BACKEND, "demo.py": "value = 1\n"}
PATCH = "--- a/demo.py\n+++ b/demo.py\n@@ -1 +1 @@\n-value = 1\n+value = 2\n"


def write_sdist(files: Mapping[str, str], kind: str, folder: Path, top: str = "demo-1.0") -> Path:
    """Write a source distribution; `kind` is the suffix of its archive."""
    file = folder / f"demo-1.0.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(file, "w") as writer:
            for name, text in files.items():
                writer.writestr(f"{top}/{name}", text)
        return file
    with tarfile.open(file, f"w:{kind.rpartition('.')[2]}") as writer:  # type: ignore[call-overload]
        for name, text in files.items():
            member = tarfile.TarInfo(f"{top}/{name}")
            member.size = len(text.encode())
            writer.addfile(member, io.BytesIO(text.encode()))
    return file


def build(builder: Builder, folder: Path, file: Path, **options: Any) -> Any:
    """Run the step in an empty working folder, as a derivation does."""
    spec = {
        "package": "demo",
        "version": "1.0",
        "source": {"path": os.fspath(file), "name": file.name, "placeholders": []},
        "python": RUNNING_PYTHON.executable,
        "patches": [],
        "configSettings": {},
        "headers": [],
        "libraries": [],
        "sitePackages": RUNNING_PYTHON.site,
        "advice": None,
        "inputs": {"build": [], "native": [], "lacking": []},
        **options,
    }
    scratch = folder / "build"
    scratch.mkdir()
    path = f"{Path(RUNNING_PYTHON.executable).parent}:/usr/bin:/bin"
    variables = {"SOURCE_DATE_EPOCH": "315532800", "PATH": path}
    return builder.run_step("build", spec, folder / "out", variables, cwd=scratch)


@pytest.mark.parametrize("kind", ["tar.gz", "tar.bz2", "zip"])
def test_every_archive_format_is_built(builder: Builder, tmp_path: Path, kind: str) -> None:
    done = build(builder, tmp_path, write_sdist(FILES, kind, tmp_path))
    assert done.returncode == 0, done.stderr
    assert "built with 315532800" in done.stdout
    (wheel,) = (tmp_path / "out").iterdir()
    with zipfile.ZipFile(wheel) as reader:
        assert reader.read("demo.py") == b"value = 1\n{}"


def test_patches_are_applied_and_settings_passed_to_the_backend(
    builder: Builder, tmp_path: Path
) -> None:
    patch = tmp_path / "change.patch"
    patch.write_text(PATCH)
    done = build(
        builder,
        tmp_path,
        write_sdist(FILES, "tar.gz", tmp_path),
        patches=[os.fspath(patch)],
        configSettings={"setup-args": ["-Dx=1"]},
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "out").iterdir()
    with zipfile.ZipFile(wheel) as reader:
        assert reader.read("demo.py") == b"value = 2\n{'setup-args': ['-Dx=1']}"


def test_a_patch_that_does_not_apply_is_named(builder: Builder, tmp_path: Path) -> None:
    patch = tmp_path / "change.patch"
    patch.write_text(PATCH.replace("-value = 1", "-value = 9"))
    file = write_sdist(FILES, "tar.gz", tmp_path)
    message = error_message(build(builder, tmp_path, file, patches=[os.fspath(patch)]))
    assert "demo 1.0: the patch change.patch does not apply" in message
    assert "Hunk #1 FAILED at 1." in message
    assert "The paths in it are seen from the project's folder, with one leading folder" in message


def test_a_patch_that_the_source_has_already_is_not_reverted(
    builder: Builder, tmp_path: Path
) -> None:
    patch = tmp_path / "change.patch"
    patch.write_text(PATCH)
    file = write_sdist({**FILES, "demo.py": "value = 2\n"}, "tar.gz", tmp_path)
    message = error_message(build(builder, tmp_path, file, patches=[os.fspath(patch)]))
    assert "Reversed (or previously applied) patch detected!" in message


def test_a_backend_that_is_missing_is_named_with_the_remedy(
    builder: Builder, tmp_path: Path
) -> None:
    files = {**FILES, "pyproject.toml": '[build-system]\nbuild-backend = "nowhere.to_be_found"\n'}
    message = error_message(build(builder, tmp_path, write_sdist(files, "tar.gz", tmp_path)))
    assert "nowhere.to_be_found is not in the locked build environment" in message
    assert "build-requires" in message


def test_a_backend_that_fails_shows_its_output_and_the_remedy(
    builder: Builder, tmp_path: Path
) -> None:
    files = {**FILES, "backend.py": "def build_wheel(*_, **__):\n    import cython_is_missing\n"}
    done = build(builder, tmp_path, write_sdist(files, "tar.gz", tmp_path))
    assert done.returncode == 1
    assert "No module named 'cython_is_missing'" in done.stdout
    message = error_message(done)
    assert message.startswith("demo 1.0: its build backend backend failed; the lines above say why")
    assert message.endswith("and lock again:\n  demo: {build-requires: [cython_is_missing]}")
    assert "builder/" not in done.stderr


def test_a_backend_that_fails_for_no_known_reason_has_the_general_remedy(
    builder: Builder, tmp_path: Path
) -> None:
    files = {**FILES, "backend.py": "def build_wheel(*_, **__):\n    raise SystemExit(3)\n"}
    sdist = write_sdist(files, "tar.gz", tmp_path)
    assert "a missing library or program into `overrides.demo`" in error_message(
        build(builder, tmp_path, sdist)
    )


def test_the_remedy_leaves_out_what_the_build_gets_or_the_package_set_lacks(
    builder: Builder, tmp_path: Path
) -> None:
    log = "".join(
        f"fatal error: {name}: No such file\\n" for name in ("zstd.h", "bzlib.h", "pcap.h")
    )
    files = {**FILES, "backend.py": f"def build_wheel(*_, **__):\n    raise SystemExit('{log}')\n"}
    inputs = {"build": ["zstd"], "native": [], "lacking": ["libpcap"]}
    sdist = write_sdist(files, "tar.gz", tmp_path)
    message = error_message(build(builder, tmp_path, sdist, inputs=inputs))
    assert "The build gets pkgs.zstd already: the log says why that is not enough. " in message
    assert "The package set has no pkgs.libpcap: take one that has, or build without. " in message
    assert message.endswith("\n  overrides.demo.buildInputs = [ pkgs.bzip2 ];")


@pytest.mark.parametrize("log", ["fatal error: longintrepr.h: No such file", "no reason"])
def test_a_build_that_fails_with_what_its_source_asks_for_may_do_without(
    builder: Builder, tmp_path: Path, log: str
) -> None:
    files = {**FILES, "backend.py": f"def build_wheel(*_, **__):\n    raise SystemExit('{log}')\n"}
    sdist = write_sdist(files, "tar.gz", tmp_path)
    inputs = {"build": ["gmp", "a", "b"], "native": ["c", "d"], "lacking": []}
    message = error_message(build(builder, tmp_path, sdist, inputs=inputs))
    given = "`. It gets pkgs.gmp, pkgs.a, pkgs.b, pkgs.c and 1 more, which its source asks for. "
    assert f"{given}To build without, write " in message
    assert message.endswith("\n  overrides.demo.nativeLibraries = false;")


def test_a_failed_build_names_what_the_package_set_lacks(builder: Builder, tmp_path: Path) -> None:
    files = {**FILES, "backend.py": "def build_wheel(*_, **__):\n    raise SystemExit(3)\n"}
    inputs = {"build": [], "native": [], "lacking": ["sdl3"]}
    sdist = write_sdist(files, "tar.gz", tmp_path)
    message = error_message(build(builder, tmp_path, sdist, inputs=inputs))
    assert "`overrides.demo`. The package set has no pkgs.sdl3: take one that has" in message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not an archive", "demo-1.0.tar.gz can't be unpacked"),
        (None, "has not one folder at its top"),
    ],
)
def test_a_bad_archive_is_refused(
    builder: Builder, tmp_path: Path, content: bytes | None, message: str
) -> None:
    if content is None:
        file = write_sdist({}, "tar.gz", tmp_path)
    else:
        file = tmp_path / "demo-1.0.tar.gz"
        file.write_bytes(content)
    assert message in error_message(build(builder, tmp_path, file))


def test_a_member_outside_of_the_archive_is_refused(builder: Builder, tmp_path: Path) -> None:
    file = write_sdist({"evil": "x"}, "tar.gz", tmp_path, top="../..")
    assert "can't be unpacked" in error_message(build(builder, tmp_path, file))


def test_a_broken_pyproject_is_named(builder: Builder, tmp_path: Path) -> None:
    file = write_sdist({**FILES, "pyproject.toml": "[build-system"}, "tar.gz", tmp_path)
    message = error_message(build(builder, tmp_path, file))
    assert "demo-1.0.tar.gz: its pyproject.toml can't be read" in message


def test_a_folder_is_built_with_empty_documents_and_its_version_in_pkg_info(
    builder: Builder, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "demo.py").write_text("")
    reading = "pathlib.Path('PKG-INFO').read_text() + repr(pathlib.Path('README.md').read_text())"
    (folder / "backend.py").write_text(
        BACKEND.replace('pathlib.Path("demo.py").read_text()', reading)
    )
    source = {"path": os.fspath(folder), "name": "demo-1.0", "placeholders": ["README.md"]}
    done = build(builder, tmp_path, folder, source=source)
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "out").iterdir()
    with zipfile.ZipFile(wheel) as reader:
        text = reader.read("demo.py").decode()
    assert text == "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n''{}"


@pytest.mark.parametrize("of_archive", [True, False])
def test_a_project_below_the_top_is_built_there(
    builder: Builder, tmp_path: Path, of_archive: bool
) -> None:
    files = {f"python/demo/{name}": text for name, text in FILES.items()}
    if of_archive:
        top = write_sdist(files, "tar.gz", tmp_path)
    else:
        top = tmp_path / "repository"
        (top / "python" / "demo").mkdir(parents=True)
        for name, text in files.items():
            (top / name).write_text(text)
    source = {"path": os.fspath(top), "name": top.name, "placeholders": []}
    done = build(builder, tmp_path, top, source=source | {"subdirectory": "python/demo"})
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "out").iterdir()
    with zipfile.ZipFile(wheel) as reader:
        assert reader.read("demo.py") == b"value = 1\n{}"


@pytest.mark.parametrize("below", ["nowhere", "../other"])
def test_a_folder_that_isn_t_below_the_top_is_named(
    builder: Builder, tmp_path: Path, below: str
) -> None:
    file = write_sdist(FILES, "tar.gz", tmp_path)
    source = {"path": os.fspath(file), "name": file.name, "placeholders": []}
    done = build(builder, tmp_path, file, source=source | {"subdirectory": below})
    assert error_message(done) == f"there is no folder {below} in it; lock again"


def test_a_folder_with_one_wheel_is_built_already(builder: Builder, tmp_path: Path) -> None:
    folder = tmp_path / "result"
    folder.mkdir()
    (folder / "demo-1.0-py3-none-any.whl").write_bytes(b"a wheel")
    done = build(builder, tmp_path, folder)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "demo-1.0-py3-none-any.whl").read_bytes() == b"a wheel"


def test_a_project_that_holds_a_wheel_is_built(builder: Builder, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "other-1.0-py3-none-any.whl").write_bytes(b"of a test")
    assert "built with" in build(builder, tmp_path, folder).stdout
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["demo-1.0-py3-none-any.whl"]


@pytest.mark.parametrize(
    ("names", "found"), [(["README"], "no wheel"), (["a-1.whl", "b-1.whl"], "2 wheels, where one")]
)
def test_a_folder_without_a_project_is_refused(
    builder: Builder, tmp_path: Path, names: list[str], found: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in names:
        (folder / name).touch()
    message = error_message(build(builder, tmp_path, folder))
    assert f"demo 1.0: {folder} is no project: it has none of pyproject.toml" in message
    assert found in message
