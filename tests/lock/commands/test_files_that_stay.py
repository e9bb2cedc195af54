"""A file that is no lock is never replaced by one, wherever the command line names it."""

from pathlib import Path

import pytest

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

REQUIREMENTS = "this is no lock but a file of requirements, which stays as it is"
LOCK_OF_MAKES = """\
closure:
  alpha: "1.0"
links:
  - name: alpha-1.0-py3-none-any.whl
    sha256: 0000000000000000000000000000000000000000000000000000
    url: https://files.example/alpha-1.0-py3-none-any.whl
python: "3.11"
"""
PYLOCK = """\
lock-version = "1.0"
created-by = "{tool}"
requires-python = "==3.11.*"
packages = []
"""


@pytest.fixture(autouse=True)
def requirements(lock: LockApp, index: Index) -> None:
    """Requirements that can be satisfied."""
    for name in ("alpha", "beta"):
        index.wheel(name, "1.0")
    lock.write("alpha\n", "a.txt")


def test_a_second_file_of_requirements_stays_and_the_form_for_both_is_told(lock: LockApp) -> None:
    lock.write("beta\n", "a-dev.txt")
    told = lock.fail(2, "3.12", "a.txt", "a-dev.txt")
    assert told.startswith(f"a-dev.txt: {REQUIREMENTS}; ")
    assert "`lock 3.12 -r a.txt -r a-dev.txt`" in told


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("uv.lock", 'version = 1\nrequires-python = ">=3.11"\n', "the lock of uv"),
        ("poetry.lock", "package = []\n", "the lock of Poetry"),
        ("pyproject.toml", '[project]\nname = "x"\n', "the pyproject.toml of a project"),
        ("requirements.yaml", "beta: '*'\n", "a file of requirements"),
        ("requirements.yaml", "wheelhouse: '>=1'\n", "a file of requirements"),
        ("compose.yaml", "services:\n  web: {image: web}\n", "other YAML"),
        ("sources.yaml", "python: '3.11'\n", "other YAML"),
        ("package.json", '{"closure": {}}', "other JSON"),
        ("sbom.json", '{"bomFormat": "CycloneDX"}', "other JSON"),
        ("pylock.toml", PYLOCK.format(tool="uv"), "a lock of uv"),
        ("requirements.txt", "# This file was made by hand.\n-r a.txt\n", "a file of requirements"),
        ("notes.md", "# Made of hope\n", "something else"),
        ("notes.txt", "To do: everything that is left.\n", "something else"),
    ],
)
def test_what_is_no_lock_stays_and_is_named(lock: LockApp, name: str, text: str, kind: str) -> None:
    lock.write(text, name)
    assert f"{name}: this is no lock but {kind}, which stays" in lock.fail(2, "3.11", "a.txt", name)
    lock.write("wheelhouse: 1\npython: '3.11'\n", "own.yaml")
    assert f"{name}: this is no lock but {kind}, which" in lock.fail(
        2, "export", "own.yaml", "-o", name
    )


def test_a_file_that_is_no_text_stays(lock: LockApp) -> None:
    (lock.folder / "image.png").write_bytes(b"\x89PNG\r\n\xff\xfe")
    assert "image.png: this is no lock but no text" in lock.fail(2, "3.11", "a.txt", "image.png")


@pytest.mark.parametrize("command", ["add", "remove"])
def test_an_edit_replaces_no_other_file_either(lock: LockApp, command: str) -> None:
    lock.write("alpha\nbeta\n", "a.txt")
    lock.write("gamma\n", "a-dev.txt")
    told = lock.fail(2, command, "beta", "-r", "a.txt", "-o", "a-dev.txt", "--python", "3.11")
    assert told.startswith(f"a-dev.txt: {REQUIREMENTS}")


def test_of_several_pythons_no_file_is_replaced_where_one_is_no_lock(lock: LockApp) -> None:
    lock.write("beta\n", "pinned-3.12.txt")
    told = lock.fail(2, "3.11", "3.12", "a.txt", "pinned-{python}.txt")
    assert told.startswith(f"pinned-3.12.txt: {REQUIREMENTS}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        LOCK_OF_MAKES,
        '{"closure": {}, "links": [], "python": "3.11"}',
        "wheelhouse: 1\npython: '3.9'\n",
        "# Made by a script.\n---\nwheelhouse: 1\npython: '3.9'\n",
        '{"wheelhouse": 2,\n"python": "3.9"\n}\n',
        '# Made by a script.\n{"wheelhouse": 2,\n"python": "3.9"\n}\n',
        '<<<<<<< HEAD\n{"wheelhouse": 2,\n=======\n{"wheelhouse": 2,\n>>>>>>> other\n',
        "<<<<<<< HEAD\nwheelhouse: 1\n=======\nwheelhouse: 1\n>>>>>>> other\n",
    ],
)
def test_a_lock_and_an_empty_file_are_replaced(lock: LockApp, text: str) -> None:
    lock.write(text, "sources.yaml")
    assert "alpha" in lock.succeed("3.11", "a.txt")


@pytest.mark.parametrize("form", ["sources", "pylock", "requirements", "cyclonedx"])
def test_what_is_exported_is_replaced_by_any_format(lock: LockApp, form: str) -> None:
    lock.succeed("3.11", "a.txt")
    if form == "sources":
        (lock.folder / "out").write_bytes((lock.folder / "sources.yaml").read_bytes())
    else:
        assert lock.run("export", "--format", form, "-o", "out").returncode == 0
    before = (lock.folder / "out").read_bytes()
    assert lock.run("export", "--format", "pylock", "-o", "out").returncode == 0
    (lock.folder / "out").write_bytes(before)
    assert lock.run("3.11", "a.txt", "out").returncode == 0
    assert (lock.folder / "out").read_text().startswith('{"wheelhouse": 2,\n')


def test_what_is_compared_only_may_be_any_file(lock: LockApp) -> None:
    lock.write("beta\n", "a-dev.txt")
    assert "the lock is stale" in lock.fail(1, "3.12", "a.txt", "a-dev.txt", "--check")


def test_a_link_to_a_file_that_is_no_lock_stays(lock: LockApp) -> None:
    target = lock.write("beta\n", "real.txt")
    Path(lock.folder / "sources.yaml").symlink_to(target)
    assert "sources.yaml: this is no lock" in lock.fail(2, "3.11", "a.txt")
