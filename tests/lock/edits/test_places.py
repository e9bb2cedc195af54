"""Repositories, folders and files added to requirements, and removed again."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from lock import edits
from lock.edits.edit import Edit
from lock.edits.wanted import is_place, wanted
from lock.errors import UsageError
from lock.inputs.values.specifier import SpecifierError
from tests.support.index_server import Index
from tests.support.lock_app import LockApp

LIBRARY = """\
[project]
name = "My.Lib"
version = "1"
[project.optional-dependencies]
fast = []
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
PROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.11"
# kept
dependencies = [
  "alpha",
]
[tool.uv]
package = false
"""
FILES = {
    "requirements.yaml": 'alpha: "*"\n',
    "requirements.txt": "alpha\n",
    "pyproject.toml": PROJECT,
}


@pytest.mark.parametrize("text", ["alpha@latest", "git+file:///a b", "../missing", "alpha >"])
def test_a_word_that_is_no_requirement_is_named(text: str, tmp_path: Path) -> None:
    with pytest.raises((UsageError, SpecifierError), match=re.escape(Path(text).name)):
        wanted(text, tmp_path)


@pytest.fixture
def places(lock: LockApp, index: Index) -> LockApp:
    """A folder with a project, a file, and requirements of every kind in a folder beside them."""
    index.wheel("alpha", "1.0")
    index.wheel("filed", "1.0")
    for name in ("library", "wheels", "app"):
        (lock.folder / name).mkdir()
    lock.write(LIBRARY, "library/pyproject.toml")
    lock.write("", "library/backend.py")
    wheel = index.files["/files/filed-1.0-py3-none-any.whl"]
    (lock.folder / "wheels" / "filed-1.0-py3-none-any.whl").write_bytes(wheel)
    return lock


def add(lock: LockApp, name: str, *words: str) -> str:
    file = lock.write(FILES[name], f"app/{name}")
    options = ["-r", f"app/{name}", "-o", "sources.yaml", "--python", "3.11"]
    done = lock.run("add", *options, "--system", "x86_64-linux", *words)
    assert done.returncode == 0, done.stderr
    return file.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("requirements.yaml", "", 'my-lib: {path: "../library"}\n'),
        ("requirements.txt", "", "../library\n"),
        (
            "pyproject.toml",
            '"alpha",\n',
            '"alpha",\n  "my-lib",\n',
        ),
    ],
)
def test_a_project_s_folder_is_written_as_seen_from_the_file(
    places: LockApp, name: str, before: str, after: str
) -> None:
    text = add(places, name, "./library")
    if before:
        assert text.startswith(FILES[name].replace(before, after))
        assert tomllib.loads(text)["tool"]["uv"]["sources"] == {"my-lib": {"path": "../library"}}
    else:
        assert text == FILES[name] + after
    lock = yaml.safe_load((places.folder / "sources.yaml").read_text("utf-8"))
    assert [(one["name"], one["path"]) for one in lock["projects"]] == [("my-lib", "library")]
    again = places.run("remove", "-r", f"app/{name}", "-o", "sources.yaml", "my.lib")
    assert again.returncode == 0, again.stderr
    left = (places.folder / "app" / name).read_text("utf-8")
    assert left.partition("[tool.uv.sources]")[0].rstrip() == FILES[name].rstrip()


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_added_by_its_path(places: LockApp, name: str) -> None:
    text = add(places, name, "wheels/filed-1.0-py3-none-any.whl")
    path = "../wheels/filed-1.0-py3-none-any.whl"
    assert path in text
    lock = yaml.safe_load((places.folder / "sources.yaml").read_text("utf-8"))
    assert lock["closure"] == {"alpha": "1.0", "filed": "1.0"}


def test_an_editable_project_is_written_so_where_a_file_can_say_it(places: LockApp) -> None:
    assert add(places, "requirements.txt", "-e", "library") == "alpha\n-e ../library\n"
    text = add(places, "pyproject.toml", "-e", "./library[fast]")
    source = {"path": "../library", "editable": True}
    assert tomllib.loads(text)["tool"]["uv"]["sources"] == {"my-lib": source}
    assert "my-lib[fast]" in text
    yaml_text = add(places, "requirements.yaml", "--editable", "./library[fast]")
    assert yaml_text == FILES["requirements.yaml"] + 'my-lib[fast]: {path: "../library"}\n'


def test_a_name_may_stand_before_a_path(places: LockApp) -> None:
    assert add(places, "requirements.txt", "my_lib[fast] @ ./library") == (
        "alpha\n../library[fast]\n"
    )
    places.write(FILES["requirements.txt"], "app/requirements.txt")
    told = places.fail(2, "add", "-r", "app/requirements.txt", "--python", "3.11", "x @ ./library")
    assert told == "lock add: x: ./library is my-lib; require it by that name\n"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["./absent"], "lock add: "),
        (["-e", "wheels/filed-1.0-py3-none-any.whl"], "lock add: --editable: wheels/"),
        (["-e", "idna"], "lock add: "),
        ([], "lock add: name at least one requirement"),
    ],
)
def test_what_is_no_place_is_told(places: LockApp, words: list[str], problem: str) -> None:
    places.write("alpha\n", "requirements.txt")
    assert places.fail(2, "add", "--python", "3.11", *words).startswith(problem)


GIT = "thing[x] @ git+https://g.example/thing.git@v1 ; python_version < '3.13'"


def test_a_repository_is_written_into_every_kind_of_file(uv: str, tmp_path: Path) -> None:
    edit = Edit((wanted(GIT, tmp_path),))

    def edited(name: str) -> str:
        environment = {"WHEELHOUSE_UV": uv}
        return edits.apply(FILES[name], tmp_path / name, edit, environment)[0]

    marker = 'python_version < "3.13"'
    assert edited("requirements.txt") == (
        f"alpha\nthing[x] @ git+https://g.example/thing.git@v1 ; {marker}\n"
    )
    assert yaml.safe_load(edited("requirements.yaml"))["thing[x]"] == {
        "git": "https://g.example/thing.git",
        "rev": "v1",
        "markers": marker,
    }
    data = tomllib.loads(edited("pyproject.toml"))
    assert data["tool"]["uv"]["sources"] == {
        "thing": {"git": "https://g.example/thing.git", "rev": "v1"}
    }
    [_, line] = data["project"]["dependencies"]
    assert line.startswith("thing[x]")


def test_a_repository_without_a_name_before_it_is_one_with_an_egg(tmp_path: Path) -> None:
    found = wanted("git+https://g.example/thing.git@v1#egg=thing", tmp_path)
    assert str(found) == "thing @ git+https://g.example/thing.git@v1"


@pytest.mark.parametrize(
    ("before", "add", "after"),
    [
        ("thing==1  # why\n", "thing @ ./library", "./library  # why\n"),
        ("-e ./library  # why\n", "my-lib>=2", "my-lib>=2  # why\n"),
        ("-e ./library\n", "my-lib", "-e ./library\n"),
        ("my-lib @ git+https://g.example/x.git\n", "my-lib @ ./library", "./library\n"),
        (
            "./library\n",
            "my-lib @ git+https://g.example/x.git",
            "my-lib @ git+https://g.example/x.git\n",
        ),
    ],
)
def test_a_place_replaces_a_version_and_the_other_way_round(
    places: LockApp, monkeypatch: pytest.MonkeyPatch, before: str, add: str, after: str
) -> None:
    monkeypatch.chdir(places.folder)
    project = LIBRARY.replace("My.Lib", "thing") if before.startswith("thing") else LIBRARY
    places.write(project, "library/pyproject.toml")
    edit = Edit((wanted(add, places.folder),))
    file = Path("requirements.txt")
    assert edits.apply(f"{before}zeta\n", file, edit, {})[0] == f"{after}zeta\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("./a", True),
        ("../a[x] ; python_version < '3'", True),
        ("/a", True),
        (".", True),
        ("a/b", True),
        ("a-1.0.tar.gz", True),
        ("git+https://g.example/a.git", True),
        ("https://f.example/a-1-py3-none-any.whl", True),
        ("a", False),
        ("a.b>=1", False),
        ("a @ https://f.example/a/b", False),
        ("a[x] ; os_name == 'a/b'", False),
    ],
)
def test_a_place_is_known_by_its_shape(text: str, expected: bool) -> None:
    assert is_place(text) == expected


def test_two_requirements_in_a_word_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        wanted("./a\n./b", tmp_path)


def test_what_to_remove_is_told_with_the_lines_that_have_it(places: LockApp) -> None:
    places.write("-r base.txt\n-c limits.txt\nalpha\n", "requirements.txt")
    places.write("# the base\nidna>=3\n", "base.txt")
    places.write("six<2\n", "limits.txt")
    assert places.fail(1, "remove", "idna", "--python", "3.11") == (
        "requirements.txt: it doesn't ask for idna; these lines have it, edit them by hand:\n"
        "  base.txt:2: idna>=3\n"
    )
    assert "\n  limits.txt:1: six<2\n" in places.fail(1, "remove", "six", "--python", "3.11")
    assert places.fail(1, "remove", "other", "--python", "3.11") == (
        "requirements.txt: it doesn't ask for other\n"
    )


def test_what_to_remove_may_stand_in_another_group_or_member(places: LockApp) -> None:
    groups = '[dependency-groups]\ndev = [\n  "beta",\n]\n'
    workspace = '[tool.uv.workspace]\nmembers = ["library"]\n'
    places.write(PROJECT + workspace + groups, "pyproject.toml")
    places.write(LIBRARY + '[dependency-groups]\ndev = ["gamma"]\n', "library/pyproject.toml")
    assert places.fail(1, "remove", "beta", "--python", "3.11") == (
        "pyproject.toml: it doesn't ask for beta; it is in dev, which --group names:\n"
        '  pyproject.toml:15: "beta",\n'
    )
    assert places.fail(1, "remove", "gamma", "--python", "3.11") == (
        "pyproject.toml: it doesn't ask for gamma; these lines have it, edit them by hand:\n"
        '  library/pyproject.toml:11: dev = ["gamma"]\n'
    )


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_hash_behind_an_address_is_written_and_must_be_the_file_s(
    places: LockApp, index: Index, name: str
) -> None:
    digest = hashlib.sha256(index.files["/files/filed-1.0-py3-none-any.whl"]).hexdigest()
    url = f"{index.url}/files/filed-1.0-py3-none-any.whl#sha256="
    assert f"{url}{digest}" in add(places, name, f"filed @ {url}{digest}")
    places.write(FILES[name], f"app/{name}")
    words = ["-r", f"app/{name}", "-o", "sources.yaml", f"filed @ {url}{'1' * 64}"]
    done = places.run("add", *words, "--python", "3.11")
    assert done.returncode == 1
    assert "no file with one of the given hashes for filed 1.0" in done.stderr


def test_dependencies_that_stand_elsewhere_are_not_added_to_the_project(places: LockApp) -> None:
    text = '[project]\nname = "app"\nversion = "1"\ndynamic = ["dependencies"]\n'
    file = places.write(text, "app/pyproject.toml")
    done = places.run("add", "-r", "app/pyproject.toml", "--python", "3.11", "alpha")
    assert done.returncode == 2
    assert "project.dynamic: the dependencies stand elsewhere" in done.stderr
    assert file.read_text("utf-8") == text


def test_another_tool_s_lock_beside_an_edited_project_is_told_to_be_stale(places: LockApp) -> None:
    places.write("", "app/uv.lock")
    places.write(FILES["pyproject.toml"], "app/pyproject.toml")
    words = ["-r", "app/pyproject.toml", "-o", "sources.yaml", "--python", "3.11", "alpha>=1"]
    done = places.run("add", *words, "--system", "x86_64-linux")
    assert done.returncode == 0, done.stderr
    assert "warning: app/uv.lock: it is stale now; renew it with its tool" in done.stderr
