"""From where licences are read, and what of it is downloaded."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from lock.errors import LockError, UsageError
from lock.io.nix_store import store_path
from lock.licenses.metadata import License
from lock.licenses.reading import DECIDING, LicenseReader, of_folder
from lock.models.packages import File
from lock.wheels.distribution_files import Distribution
from tests.lock.licenses.test_metadata import BSD, ENDORSE
from tests.support.index_server import Index

BSD_CLASSIFIER = "Classifier: License :: OSI Approved :: BSD License"


def read(index: Index, folder: Path, file: str, **variables: str) -> License | LockError:
    """Return the licence of a file of an index, in a run of its own."""
    data = index.files.get(f"/files/{file}", b"")
    sha256 = hashlib.sha256(data).hexdigest()
    scratch = folder / f"scratch-{len([*folder.iterdir()])}"
    scratch.mkdir()
    environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "WHEELHOUSE_NIX_STORE": ""}
    reader = LicenseReader(scratch, environment | variables)
    one = File(file, f"{index.url}/files/{file}", sha256, len(data))
    [found] = reader.read([Distribution("demo", "1.0", (one,))])
    return found


def test_metadata_beside_a_wheel_serve(index: Index, tmp_path: Path) -> None:
    index.wheel("demo", "1.0", headers=["License-Expression: MIT"])
    found = read(index, tmp_path, "demo-1.0-py3-none-any.whl")
    assert found == License("MIT", "License-Expression")
    assert [*index.sent] == ["/files/demo-1.0-py3-none-any.whl.metadata"]


def test_what_was_read_is_known_without_the_index(index: Index, tmp_path: Path) -> None:
    index.wheel("demo", "1.0", headers=["License: Apache 2.0", "License-File: LICENSE"])
    file = "demo-1.0-py3-none-any.whl"
    first = read(index, tmp_path, file)
    index.sent.clear()
    assert read(index, tmp_path, file, UV_OFFLINE="1") == first
    assert first == License("Apache-2.0", "License", files=("LICENSE",))
    assert index.sent == {}


def test_an_answer_of_another_list_of_spdx_names_is_read_again() -> None:
    # This exception is in that list only.
    assert any("x11vnc-openssl-exception" in one.read_text("utf-8") for one in DECIDING)


def test_a_wheel_in_the_nix_store_is_read_there(index: Index, tmp_path: Path) -> None:
    index.wheel("demo", "1.0", headers=["License: MIT"])
    file = "demo-1.0-py3-none-any.whl"
    data = index.files[f"/files/{file}"]
    store = tmp_path / "store"
    store.mkdir()
    Path(store_path(file, hashlib.sha256(data).hexdigest(), str(store))).write_bytes(data)
    variables = {"NIX_STORE_DIR": str(store), "WHEELHOUSE_NIX_STORE": "nix-store"}
    assert read(index, tmp_path, file, UV_OFFLINE="1", **variables) == License("MIT", "License")
    assert index.sent == {}


def test_offline_a_licence_that_is_nowhere_is_missing(index: Index, tmp_path: Path) -> None:
    index.wheel("demo", "1.0", headers=["License: MIT"])
    found = read(index, tmp_path, "demo-1.0-py3-none-any.whl", UV_OFFLINE="1")
    assert isinstance(found, UsageError)
    assert "it isn't downloaded while uv is offline" in str(found)
    assert index.sent == {}


@pytest.mark.parametrize("sends_parts", [True, False])
def test_of_a_large_wheel_the_texts_are_read_in_parts(
    index: Index, tmp_path: Path, sends_parts: bool
) -> None:
    index.sends_parts = sends_parts
    index.wheel(
        "demo",
        "1.0",
        headers=[BSD_CLASSIFIER, "License-File: LICENSE"],
        modules={
            "demo.bin": os.urandom(1 << 20),
            "demo-1.0.dist-info/licenses/LICENSE": BSD + ENDORSE,
        },
    )
    file = "demo-1.0-py3-none-any.whl"
    found = read(index, tmp_path, file)
    assert found == License("BSD-3-Clause", "LICENSE", files=("LICENSE",))
    assert (index.sent[f"/files/{file}"] < 1 << 18) == sends_parts


def test_an_index_without_metadata_files_gives_the_wheel(index: Index, tmp_path: Path) -> None:
    index.wheel("demo", "1.0", headers=["License: ISC"], separate_metadata=False)
    assert read(index, tmp_path, "demo-1.0-py3-none-any.whl") == License("ISC", "License")


def test_a_source_distribution_tells_by_its_metadata_and_its_files(
    index: Index, tmp_path: Path
) -> None:
    head = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
    index.sdist("demo", "1.0", files={"PKG-INFO": f"{head}License: MIT\n"})
    assert read(index, tmp_path, "demo-1.0.tar.gz") == License("MIT", "License")
    index.sdist("demo", "2.0", files={"PKG-INFO": f"{head}{BSD_CLASSIFIER}\n", "COPYING": BSD})
    assert read(index, tmp_path, "demo-2.0.tar.gz") == License("BSD-2-Clause", "COPYING")
    index.sdist("demo", "3.0", files={"PKG-INFO": head, "LICENSE": "Ask us."})
    assert str(read(index, tmp_path, "demo-3.0.tar.gz")) == "unknown"


def test_a_damaged_file_is_named(index: Index, tmp_path: Path) -> None:
    index.files["/files/demo-1.0-py3-none-any.whl"] = b"no archive"
    found = read(index, tmp_path, "demo-1.0-py3-none-any.whl")
    assert str(found) == "demo-1.0-py3-none-any.whl: it can't be read: File is not a zip file"


@pytest.mark.parametrize(
    ("project", "told"),
    [
        ('license = "MIT OR ISC"', "MIT OR ISC"),
        ('license = {text = "Apache 2.0"}', "Apache-2.0"),
        ('license = {file = "LICENSE"}', "BSD-2-Clause"),
        ('classifiers = ["License :: OSI Approved :: MIT License"]', "MIT"),
        ("classifiers = 1", "BSD-2-Clause"),
        ("", "BSD-2-Clause"),
    ],
)
def test_a_projects_folder_tells(tmp_path: Path, project: str, told: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "demo"\n{project}\n')
    (tmp_path / "LICENSE").write_text(BSD)
    assert of_folder(tmp_path).expression == told


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ('[tool.poetry]\nlicense = "MIT"', "MIT"),
        ('[tool.poetry]\nlicense = "MIT"\n[project]\nlicense = "ISC"', "ISC"),
        ('[tool.poetry]\nlicense = "Proprietary"', "unknown: Proprietary"),
        ("tool = 1", "unknown"),
    ],
)
def test_a_project_of_poetry_tells(tmp_path: Path, tables: str, told: str) -> None:
    (tmp_path / "pyproject.toml").write_text(tables)
    assert str(of_folder(tmp_path)) == told


def test_a_wheel_is_read_before_a_source_distribution() -> None:
    sdist = File("demo-1.0.tar.gz", "", "0", 10)
    large = File("demo-1.0-cp311-cp311-linux_x86_64.whl", "", "1", 100)
    small = replace(large, name="demo-1.0-py3-none-any.whl", size=50)
    assert Distribution("demo", "1.0", (sdist, large, small)).file is small
