"""requirements.txt: addresses without a name, which uv finds out."""

from pathlib import Path

import pytest
import yaml

from tests.support.checkouts import commit
from tests.support.index_server import IN_TREE, Index, archive, requiring
from tests.support.lock_app import LockApp

PYPROJECT = f'{IN_TREE}\n[project]\nname = "Alpha_x"\nversion = "1.0"\n'
MEMBERS = {"alpha-main/pyproject.toml": PYPROJECT, "alpha-main/backend.py": ""}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of a project."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "backend.py").touch()
    commit(folder, tag="v1")
    return folder


def test_a_repository_without_a_name_has_that_of_its_project(
    lock: LockApp, repository: Path
) -> None:
    lock.write(f"git+file://{repository}@v1\n", "requirements.txt")
    data = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))
    assert data["groups"] == {"default": ["alpha-x"]}
    assert [link["git"] for link in data["links"]] == [f"file://{repository}"]
    assert lock.run("--check", "3.11", "requirements.txt").returncode == 0


def test_an_extra_and_a_marker_of_a_nameless_repository_are_kept(
    lock: LockApp, index: Index, repository: Path
) -> None:
    extra = '\n[project.optional-dependencies]\nfast = ["beta"]\n'
    (repository / "pyproject.toml").write_text(PYPROJECT + extra)
    commit(repository)
    index.wheel("beta", "1.0")
    line = f"git+file://{repository}[fast]; sys_platform == 'linux'\n"
    lock.write(line, "requirements.txt")
    data = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))
    assert data["groups"] == {"default": ["alpha-x[fast]"]}
    assert data["closure"] == {"alpha-x": "1.0", "beta": "1.0"}
    assert {item["name"] for item in data["left-out"]} == {"alpha-x", "beta"}


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_an_archive_whose_file_name_tells_nothing_is_looked_into(
    lock: LockApp, index: Index, suffix: str
) -> None:
    index.files[f"/files/main{suffix}"] = archive(MEMBERS, suffix)
    lock.write(f"{index.url}/files/main{suffix}\n", "requirements.txt")
    data = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))
    assert data["closure"] == {"alpha-x": "1.0"}
    assert [link["url"] for link in data["links"]] == [f"{index.url}/files/main{suffix}"]


def test_an_archive_on_this_machine_is_looked_into(lock: LockApp) -> None:
    (lock.folder / "main.zip").write_bytes(archive(MEMBERS, ".zip"))
    for line in ("main.zip", "./main.zip", f"file://{lock.folder}/main.zip"):
        lock.write(f"{line}\n", "requirements.txt")
        data = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))
        assert [link["path"] for link in data["links"]] == ["main.zip"]


def test_the_indexes_of_the_file_serve_to_find_out_a_name(
    lock: LockApp, index: Index, repository: Path
) -> None:
    del lock.environment["UV_DEFAULT_INDEX"]
    (repository / "pyproject.toml").write_text(requiring("tool"))
    (repository / "backend.py").write_text(
        "import pathlib, tool\n\n\n"
        "def prepare_metadata_for_build_wheel(folder, settings=None):\n"
        "    info = pathlib.Path(folder, 'alpha_x-1.0.dist-info')\n"
        "    info.mkdir()\n"
        "    text = 'Metadata-Version: 2.1\\nName: alpha-x\\nVersion: 1.0\\n'\n"
        "    (info / 'METADATA').write_text(text)\n"
        "    (info / 'WHEEL').write_text('Wheel-Version: 1.0\\nTag: py3-none-any\\n')\n"
        "    return info.name\n"
    )
    commit(repository)
    index.wheel("tool", "1.0", modules={"tool.py": ""})
    # The index stands behind the line.
    lock.write(f"git+file://{repository}\n-i {index.simple}\n", "requirements.txt")
    data = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))
    assert data["closure"] == {"alpha-x": "1.0"}


def test_a_name_that_uv_can_t_find_out_is_told_with_the_line(
    lock: LockApp, index: Index, tmp_path: Path
) -> None:
    lock.write(f"beta\ngit+file://{tmp_path}/nowhere\n", "requirements.txt")
    index.wheel("beta", "1.0")
    message = lock.fail(2, "3.11", "requirements.txt")
    assert message.startswith(
        f"requirements.txt:2: uv can't find out the name of git+file://{tmp_path}/nowhere ("
    )
    assert message.endswith("; write `name @` before it\n")


def test_offline_no_server_is_asked_for_a_name(lock: LockApp, index: Index) -> None:
    index.files["/files/main.zip"] = archive(MEMBERS, ".zip")
    lock.write(f"{index.url}/files/main.zip\n", "requirements.txt")
    lock.fail(2, "--offline", "3.11", "requirements.txt")
    assert not index.requested.is_set()
