"""requirements.txt: paths and URLs without a name, as pip reads them."""

import os
from pathlib import Path

import pytest

from lock.errors import UsageError
from lock.inputs import read
from lock.models.requirements import Git, Local, Requirement, Url
from tests.support.wheels import Wheel

PROJECT = '[project]\nname = "{}"\nversion = "1"\n'


def project(folder: Path, name: str) -> Path:
    """Make a project of this name in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(PROJECT.format(name))
    return folder


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a project, other projects, and a folder for requirements."""
    project(tmp_path, "top")
    project(tmp_path / "p", "lib")
    project(tmp_path / "vend" / "deep", "deep")
    (tmp_path / "requirements").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.delenv("PROJECT_ROOT", raising=False)
    return tmp_path


def only(line: str, name: str = "requirements/base.in") -> Requirement:
    """Return the requirement of a file with one line, named as seen from the working directory."""
    Path(name).write_text(f"{line}\n")
    [found] = read(Path(name)).packages
    return found


def refused(line: str, name: str = "requirements/base.in") -> str:
    """Return the error of a file with one line."""
    with pytest.raises(UsageError) as caught:
        only(line, name)
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "name", "folder", "rest"),
    [
        ("-e .", "top", ".", ""),
        ("-e.", "top", ".", ""),
        ("--editable=.", "top", ".", ""),
        ("--editable .", "top", ".", ""),
        ("--ed .", "top", ".", ""),
        ("--pre -e .", "top", ".", ""),
        ("-e file:.", "top", ".", ""),
        (".", "top", ".", ""),
        ("-e .[x]", "top", ".", "[x]"),
        ("-e file:.[x]", "top", ".", "[x]"),
        ("-e p", "lib", "p", ""),
        ("-e p[x]", "lib", "p", "[x]"),
        ("-e 'p'", "lib", "p", ""),
        ("-e 'p' ; python_version > '3'", "lib", "p", ' ; python_version > "3"'),
        ("file:p[x]#egg=lib[y]", "lib", "p", "[x,y]"),
        ("./p", "lib", "p", ""),
        ("p/", "lib", "p", ""),
        ("vend/deep", "deep", "vend/deep", ""),
        ("file:p", "lib", "p", ""),
        ("file:./p#egg=lib[x]", "lib", "p", "[x]"),
        ("file://{}/p", "lib", "p", ""),
        ("file://localhost{}/p#egg=lib", "lib", "p", ""),
        ("file://${{PWD}}/p", "lib", "p", ""),
        ("file:///${{PROJECT_ROOT}}/p", "lib", "p", ""),
        ("file:.#subdirectory=p", "lib", "p", ""),
        ("lib @ file:p", "lib", "p", ""),
        ("lib[x] @ file:./p", "lib", "p", "[x]"),
        ("lib @ file:./p#egg=lib[x]", "lib", "p", "[x]"),
        ("-e ./p ; python_version > '3'", "lib", "p", ' ; python_version > "3"'),
        ("-e ./p; python_version > '3'", "lib", "p", ' ; python_version > "3"'),
        ("./p[x] ; python_version > '3'", "lib", "p", '[x] ; python_version > "3"'),
        ("file:p; python_version > '3'", "lib", "p", ' ; python_version > "3"'),
    ],
)
def test_a_path_is_seen_from_the_working_directory(
    top: Path, line: str, name: str, folder: str, rest: str
) -> None:
    found = only(line.format(top))
    assert isinstance(found.reference, Local)
    assert found.reference.path == os.path.normpath(top / folder)
    extras = f"[{','.join(found.extras)}]" if found.extras else ""
    marker = f" ; {found.marker}" if found.marker else ""
    assert (found.name, extras + marker) == (name, rest)


@pytest.mark.parametrize("line", ["vend/lib-1.0-py3-none-any.whl", "lib-1.0-py3-none-any.whl"])
def test_a_file_may_be_named_without_a_dot(top: Path, line: str) -> None:
    Wheel("lib", "1.0").write(top).rename(top / line)
    found = only(line)
    assert (found.name, found.reference) == ("lib", Local(str(top / line), line))


def test_a_path_that_only_the_file_s_folder_has_is_seen_from_there(top: Path) -> None:
    there = project(top / "requirements" / "own", "own")
    assert only("-e ./own").reference == Local(str(there), "./own")
    assert only("-e own").reference == Local(str(there), "./own")


def test_of_two_projects_at_a_path_none_is_taken_in_silence(top: Path) -> None:
    project(top / "requirements" / "p", "other")
    told = refused("-e ./p")
    assert told.startswith(
        f"requirements/base.in:1: both {top}/p and {top}/requirements/p are there, and pip takes "
    )
    assert "write ./requirements/p for the other, or file://${PWD}/./p for that one" in told
    # What it says helps.
    assert only("-e ./requirements/p").name == "other"
    assert only("-e file://${PWD}/./p").name == "lib"
    # The lock is the same on every machine.
    assert only("-e file://${PWD}/./p").reference == Local(str(top / "p"), "p")
    # Seen from the file's folder there is only one.
    os.chdir("requirements")
    assert only("-e ./p", "base.in").name == "other"


def test_the_same_project_by_two_ways_is_one(top: Path) -> None:
    (top / "requirements" / "p").symlink_to("../p")
    assert only("-e ./p").name == "lib"


def test_a_file_of_requirements_in_a_project_doesn_t_become_another_one(top: Path) -> None:
    project(top / "requirements", "other")
    assert "are there, and pip takes" in refused("-e .")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("https://a.example/a-1.0-py3-none-any.whl", ("a", Url, "")),
        ("https://a.example/a-1.0-py3-none-any.whl; os_name == 'posix'", ("a", Url, "posix")),
        ("https://a.example/a-1.0-py3-none-any.whl ;os_name == 'posix'", ("a", Url, "posix")),
        ("a @ https://a.example/a-1.0-py3-none-any.whl ; os_name == 'posix'", ("a", Url, "posix")),
        ("https://a.example/get;v=1/a-1.0.tar.gz", ("a", Url, "")),
        ("git+https://a.example/a.git@v1#egg=a", ("a", Git, "")),
        ("-e git+ssh://git@a.example/a.git#egg=a ; os_name == 'posix'", ("a", Git, "posix")),
    ],
)
@pytest.mark.usefixtures("top")
def test_an_address_ends_before_the_marker(line: str, expected: tuple[str, type, str]) -> None:
    name, kind, marker = expected
    found = only(line)
    assert (found.name, type(found.reference)) == (name, kind)
    assert (found.marker or "") == (f'os_name == "{marker}"' if marker else "")


@pytest.mark.parametrize(
    "line",
    [
        "git+https://a.example/a.git#egg=a[y,X]",
        "-e git+https://a.example/a.git@v1#egg=a[X,y]",
        "https://a.example/a.tar.gz#egg=a[x,y]",
        "https://a.example/a-1.0-py3-none-any.whl[x,y]",
        "a[y] @ git+https://a.example/a.git#egg=a[x]",
    ],
)
@pytest.mark.usefixtures("top")
def test_extras_of_an_address_are_kept(line: str) -> None:
    assert only(line).extras == ("x", "y")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("./nowhere", "there is no {}/nowhere; name"),
        ("-e ./vend", "{}/vend is no project; a"),
        ("nowhere-1.0-py3-none-any.whl", "there is no {}/nowhere-1.0"),
        ("file://p", "this names a file on the machine p; write three slashes"),
        ("a @ file://p", "this names a file on the machine p; write three slashes"),
        ("git+https://a.example/a.git#egg=a==1.0", '"egg=a==1.0" is no name with extras; write'),
        ("b @ git+https://a.example/a.git#egg=a", "this is b, and its `egg` is a; leave"),
        ("hg+https://a.example/a#egg=a", "only repositories of git can be locked; name"),
    ],
)
def test_a_wrong_place_is_told(top: Path, line: str, expected: str) -> None:
    assert refused(line).startswith(f"requirements/base.in:1: {expected.format(top)}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("-e ./p", "a constraint can't be editable; write"),
        ("a[x]<2", "a constraint can't have extras; write"),
    ],
)
def test_a_constraint_that_pip_refuses_is_refused(top: Path, line: str, expected: str) -> None:
    (top / "requirements" / "limits.txt").write_text(f"{line}\n")
    assert refused("-c limits.txt").startswith(f"requirements/limits.txt:1: {expected}")
