"""Locks of PEP 751: projects' folders, files on this machine, and locks for one machine.

Each text has the form that pip 26.3, uv or Poetry's export plugin 1.10 writes.
"""

import hashlib
import os
import sys
from pathlib import Path

import pytest
import yaml

from lock.errors import UsageError
from lock.inputs import read
from lock.models.requirements import Requirements
from lock.selection.installation import install
from tests.support.index_server import Index
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools
from tests.support.project import ROOT
from tests.support.uv_lock_texts import target

SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
PROJECT = """\
[project]
name = "{}"
version = "1.5"
description = "A project."
dependencies = ["iniconfig"]
[build-system]
requires = ["flit_core>=3.11"]
build-backend = "flit_core.buildapi"
"""


def pylock(*packages: str, head: str = "", created_by: str = "test", version: str = "1.0") -> str:
    lines = [f'lock-version = "{version}"\ncreated-by = "{created_by}"\n{head}']
    return "".join([*lines, *(f"[[packages]]\n{package}\n" for package in packages)])


def wheel(name: str, tag: str = "py3-none-any", more: str = "") -> str:
    file = f"{name}-1.0-{tag}.whl"
    return (
        f'name = "{name}"\nversion = "1.0"\n{more}\nwheels = [{{ name = "{file}", '
        f'url = "https://index.example/{file}", hashes = {{ sha256 = "{SHA256}" }} }}]'
    )


def directory(name: str, path: str, more: str = "") -> str:
    return f'name = "{name}"\n[packages.directory]\npath = "{path}"\n{more}'


def project(folder: Path, name: str) -> Path:
    """Write a project's pyproject.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(PROJECT.format(name), encoding="utf-8")
    return folder


def found(folder: Path, text: str, *, with_own: bool = True) -> Requirements:
    file = folder / "pylock.toml"
    file.write_text(text, encoding="utf-8")
    return read(file, with_own=with_own)


def installed(requirements: Requirements, system: str = "x86_64-linux") -> dict[str, str]:
    assert requirements.locked is not None
    packages = install(requirements.locked.resolution, target(system)).packages
    return {name: package.version for name, package in packages.items()}


@pytest.mark.parametrize("more", ["", "editable = true"])
@pytest.mark.parametrize("subdirectory", [False, True])
def test_a_folder_is_locked_as_a_project(tmp_path: Path, more: str, subdirectory: bool) -> None:
    path = project(tmp_path / "inner" / "thing", "thing")
    at = ("inner", f'{more}\nsubdirectory = "thing"') if subdirectory else ("inner/thing", more)
    requirements = found(tmp_path, pylock(wheel("a"), directory("thing", *at)))
    assert installed(requirements) == {"a": "1.0", "thing": "1.5"}
    [one] = requirements.projects
    assert (one.name, one.version, one.path) == ("thing", "1.5", os.fspath(path))
    assert requirements.locked is not None
    [package] = [p for p in requirements.locked.resolution.packages if p.name == "thing"]
    # So an application of it has what it needs, which such a lock doesn't tell.
    assert [edge.name for edge in package.dependencies] == ["a"]


def test_the_folder_of_the_lock_is_the_own_project(tmp_path: Path) -> None:
    project(tmp_path, "thing")
    text = pylock(wheel("a"), directory("thing", ".", "editable = true"))
    requirements = found(tmp_path, text)
    assert [one.name for one in requirements.packages] == ["thing"]
    assert [one.is_own for one in requirements.projects] == [True]
    assert installed(requirements) == {"a": "1.0", "thing": "1.5"}
    without = found(tmp_path, text, with_own=False)
    assert (installed(without), without.projects) == ({"a": "1.0"}, ())


def test_only_the_extras_that_were_locked_are_groups(tmp_path: Path) -> None:
    project(tmp_path, "thing")
    with (tmp_path / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('[project.optional-dependencies]\ncli = ["b"]\nfast = ["c"]\n')
    extra = wheel("b", more="marker = \"'cli' in extras\"")
    text = pylock(wheel("a"), extra, directory("thing", "."), head='extras = ["cli"]\n')
    requirements = found(tmp_path, text)
    assert {group: [*map(str, listed)] for group, listed in requirements.groups.items()} == {
        "cli": ["thing[cli]"]
    }
    assert installed(requirements) == {"a": "1.0", "b": "1.0", "thing": "1.5"}


def test_files_of_this_machine_are_kept_by_their_paths(lock: LockApp, index: Index) -> None:
    for name in ("a", "b", "c"):
        index.wheel(name, "1.0")
        data = index.files[f"/files/{name}-1.0-py3-none-any.whl"]
        (lock.folder / f"{name}-1.0-py3-none-any.whl").write_bytes(data)
    digests = {
        name: hashlib.new(algorithm, index.files[f"/files/{name}-1.0-py3-none-any.whl"]).hexdigest()
        for name, algorithm in (("a", "sha256"), ("b", "sha256"), ("c", "sha512"))
    }
    text = pylock(
        # As pip writes what it takes from a folder, as it writes an archive, and as Poetry does.
        f'name = "a"\nversion = "1.0"\n[[packages.wheels]]\nname = "a-1.0-py3-none-any.whl"\n'
        f'url = "{lock.folder.as_uri()}/a-1.0-py3-none-any.whl"\n'
        f'[packages.wheels.hashes]\nsha256 = "{digests["a"]}"',
        f'name = "b"\n[packages.archive]\nurl = "{lock.folder.as_uri()}/b-1.0-py3-none-any.whl"\n'
        f'[packages.archive.hashes]\nsha256 = "{digests["b"]}"',
        'name = "c"\nversion = "1.0"\narchive = {path = "c-1.0-py3-none-any.whl", '
        f'hashes = {{sha512 = "{digests["c"]}"}}}}',
    )
    lock.write(text, "pylock.toml")
    data = yaml.safe_load(lock.succeed("3.11", "pylock.toml"))
    assert data["closure"] == {"a": "1.0", "b": "1.0", "c": "1.0"}
    assert [link["path"] for link in data["links"]] == [
        f"{name}-1.0-py3-none-any.whl" for name in ("a", "b", "c")
    ]


VCS = 'name = "a"\n{}[packages.vcs]\ntype = "git"\nurl = "https://g.example/a"\n{}commit-id = "0"'


def test_a_project_in_a_subdirectory_is_kept(tmp_path: Path) -> None:
    archive = (
        'name = "b"\nversion = "1"\n[packages.archive]\nurl = "https://g.example/main.zip"\n'
        f'subdirectory = "y/z"\n[packages.archive.hashes]\nsha256 = "{SHA256}"'
    )
    file = tmp_path / "pylock.toml"
    file.write_text(pylock(VCS.format('version = "1"\n', 'subdirectory = "x"\n'), archive))
    found = read(file).locked
    assert found is not None
    files = [file for package in found.resolution.packages for file in package.files]
    assert [file.subdirectory for file in files] == ["x", "y/z"]


def test_a_newer_minor_version_is_taken_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = pylock(wheel("a", more='colour = "blue"'), head='colour = "blue"\n', version="1.1")
    requirements = found(tmp_path, text)
    assert installed(requirements) == {"a": "1.0"}
    assert requirements.notes == (
        f"{tmp_path}/pylock.toml: format 1.1 is newer than 1.0, the newest that is known here; "
        "what it added has no effect",
    )
    assert caplog.records == []


def test_every_key_of_the_format_is_accepted(tmp_path: Path) -> None:
    in_dev = wheel("b", more="marker = \"'dev' in dependency_groups\"")
    text = f"""\
lock-version = "1.0"
environments = ["sys_platform == 'linux'"]
requires-python = ">=3.9"
extras = ["e"]
dependency-groups = ["base", "dev"]
default-groups = ["base"]
created-by = "test"

[[packages]]
name = "a"
version = "1.0"
marker = "'base' in dependency_groups or 'e' in extras"
requires-python = ">=3.8"
dependencies = [{{ name = "b", version = "1.0" }}]
index = "https://index.example/simple/"
sdist = {{ name = "a-1.0.tar.gz", upload-time = 2026-01-01T00:00:00Z, size = 1, \
url = "https://index.example/a-1.0.tar.gz", hashes = {{ sha256 = "{SHA256}" }} }}
wheels = [{{ name = "a-1.0-py3-none-any.whl", upload-time = 2026-01-01T00:00:00Z, size = 1, \
url = "https://index.example/a-1.0-py3-none-any.whl", \
hashes = {{ sha256 = "{SHA256}", blake2b = "00" }} }}]
tool = {{ other = {{ x = 1 }} }}
[[packages.attestation-identities]]
kind = "GitHub"
repository = "a/a"
workflow = "release.yml"

[[packages]]
{in_dev}

[tool.other]
x = 1
"""
    requirements = found(tmp_path, text)
    assert requirements.notes == ()
    assert installed(requirements) == {"a": "1.0", "b": "1.0"}
    groups = {
        group: [one.name for one in listed] for group, listed in requirements.by_group().items()
    }
    assert groups == {"default": ["a"], "dev": ["b"], "e": ["a"]}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            pylock(version="2.0", head="packages = []\n"),
            "lock-version: format 2.0 is newer than 1.0, the newest that is known here; ",
        ),
        (
            pylock(VCS.format("", "")),
            "a: the lock doesn't tell its version, which only its repository has; "
            'write `a: {git: "https://g.example/a", rev: 0}` into requirements.yaml',
        ),
        (
            pylock(VCS.format('version = "1"\n', 'subdirectory = "../x"\n')),
            'a.subdirectory: "../x" is no folder below the top; ',
        ),
        (
            pylock(
                'name = "a"\n[packages.archive]\nurl = "https://g.example/main.zip"\n'
                f'[packages.archive.hashes]\nsha256 = "{SHA256}"'
            ),
            "a: neither its entry nor its file's name tells its version; write `version = ",
        ),
        (
            pylock(
                'name = "a"\n[packages.archive]\nurl = "https://g.example/a-1.0.zip"\n'
                f'subdirectory = "/x"\n[packages.archive.hashes]\nsha256 = "{SHA256}"'
            ),
            'a.subdirectory: "/x" is no folder below the top; ',
        ),
        (
            pylock(wheel("a", more="marker = \"os_name == 'nt'\""), wheel("a")),
            "a: version 1.0 comes from 2 places, which can't be told apart; keep one of them in",
        ),
        (pylock(directory("a", "nowhere")), "a.directory: there is no {}/nowhere; "),
        (
            pylock(
                'name = "a"\nwheels = [{path = "a-1.0-py3-none-any.whl", '
                f'hashes = {{sha256 = "{SHA256}"}}}}]'
            ),
            "a: there is no {}/a-1.0-py3-none-any.whl; put the file there",
        ),
        (
            pylock(
                wheel("a", more="marker = \"'default' in extras\""), head='extras = ["default"]\n'
            ),
            "extras: default: packages of no group have that name here; give it another",
        ),
    ],
)
def test_what_can_t_be_kept_is_refused_by_a_sentence(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(UsageError) as caught:
        found(tmp_path, text)
    expected = problem.replace("{}", str(tmp_path))
    assert str(caught.value).startswith(f"{tmp_path}/pylock.toml: {expected}")


def test_a_python_that_a_package_excludes_is_not_supported(tmp_path: Path) -> None:
    text = pylock(
        wheel("a", more='requires-python = ">=3.11"'),
        wheel("b", more='requires-python = ">=3.12"\nmarker = "sys_platform == \'win32\'"'),
        head='requires-python = ">=3.9"\n',
    )
    assert found(tmp_path, text).requires_python == ">=3.11,>=3.9"


HEADER = "# This file was autogenerated by uv via the following command:\n#    uv pip compile {}x\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Only wheels of another machine than this one.
        (
            pylock(wheel("a"), wheel("b", "cp311-cp311-macosx_11_0_arm64"), created_by="pip"),
            {"aarch64-darwin"},
        ),
        (
            HEADER.format("--python-platform linux ")
            + pylock(wheel("b", "cp311-cp311-manylinux_2_17_x86_64"), created_by="uv"),
            {"x86_64-linux"},
        ),
        (HEADER.format("--universal ") + pylock(wheel("a"), created_by="uv"), None),
        (pylock(wheel("a"), created_by="uv"), None),
    ],
)
def test_a_lock_for_one_machine_is_for_that_one(
    tmp_path: Path, text: str, expected: set[str] | None
) -> None:
    requirements = found(tmp_path, text)
    assert requirements.locked is not None
    systems = ["aarch64-darwin", "x86_64-darwin", "aarch64-linux", "x86_64-linux"]
    environments = requirements.locked.environments
    fitting = {system for system in systems if any(map(target(system).satisfies, environments))}
    assert fitting == (expected or set())
    assert bool(requirements.notes) == (expected is not None)


def test_a_lock_of_pip_is_for_this_machine(lock: LockApp) -> None:
    lock.write(pylock(wheel("a"), created_by="pip"), "pylock.toml")
    told = lock.fail(1, "3.11", "pylock.toml", "--system", "x86_64-darwin")
    assert "pylock.toml: the lock isn't for x86_64-darwin; " in told
    own = "aarch64-linux" if os.uname().machine == "aarch64" else "x86_64-linux"
    done = lock.run("3.11", "pylock.toml", "--system", own)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(
        "warning: pylock.toml: the tool that wrote it decided everything for one"
    )


@pytest.mark.index
@pytest.mark.parametrize("editable", [False, True])
def test_what_pip_locks_of_a_project_is_kept(lock: LockApp, tools: Tools, editable: bool) -> None:
    project(lock.folder / "proj", "proj")
    (lock.folder / "proj" / "proj.py").write_text("", encoding="utf-8")
    tools.run_tool("pip", "lock", "--quiet", *(["-e"] if editable else []), "./proj")
    text = lock.succeed(
        PYTHON, "pylock.toml", "--system", "x86_64-linux", PYTHONPATH=os.fspath(ROOT)
    )
    data = yaml.safe_load(text)
    assert [(one["name"], one["path"]) for one in data["projects"]] == [("proj", "proj")]
    assert [*data["closure"]] == ["iniconfig"]


@pytest.mark.index
def test_what_uv_exports_of_a_project_is_kept(lock: LockApp, tools: Tools) -> None:
    project(lock.folder, "proj")
    (lock.folder / "proj.py").write_text("", encoding="utf-8")
    tools.run("export", "--format", "pylock.toml", "-o", "pylock.toml")
    text = lock.succeed(PYTHON, "pylock.toml", PYTHONPATH=os.fspath(ROOT))
    data = yaml.safe_load(text)
    assert [(one["name"], one["path"]) for one in data["projects"]] == [("proj", ".")]
    assert data["groups"] == {"default": ["proj"]}
    assert [*data["closure"]] == ["iniconfig"]


@pytest.mark.index
def test_what_poetry_exports_of_a_project_is_kept(lock: LockApp, tools: Tools) -> None:
    project(lock.folder / "lib", "lib")
    (lock.folder / "lib" / "lib.py").write_text("", encoding="utf-8")
    lock.write(PROJECT.format("proj"), "pyproject.toml")
    tools.run("lock")
    source = f'[[tool.poetry.source]]\nname = "main"\nurl = "{tools.index_url}"\n'
    text = PROJECT.format("proj").replace('"iniconfig"', '"lib"')
    lock.write(
        f'{text}\n[tool.poetry.dependencies]\nlib = {{path = "lib", develop = true}}\n{source}',
        "pyproject.toml",
    )
    lock.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    poetry = ["--with", "poetry-plugin-export", "--from", "poetry", "poetry"]
    tools.run_tool(*poetry, "lock")
    tools.run_tool(*poetry, "export", "--format", "pylock.toml", "--output", "pylock.toml")
    data = yaml.safe_load(lock.succeed(PYTHON, "pylock.toml", PYTHONPATH=os.fspath(ROOT)))
    assert [(one["name"], one["path"]) for one in data["projects"]] == [
        ("lib", "lib"),
        ("proj", "."),
    ]
    assert [*data["closure"]] == ["iniconfig"]
