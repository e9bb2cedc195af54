"""Locks of other tools as input: their versions and files are kept, and nothing is resolved."""

import hashlib

import pytest
import yaml

from lock.errors import UnsatisfiableError, UsageError
from lock.inputs import read
from lock.inputs.locks import makes_sources, pylock
from lock.inputs.poetry import poetry_lock
from lock.inputs.uv import uv_lock
from lock.models.nix_base32 import from_hex
from lock.pipeline.supported_targets import check_supported
from lock.selection.installation import install
from tests.support.uv_lock_texts import package, target

SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
URL = "https://index.example/files/{}"


def groups(found):
    named = {group: [*map(str, listed)] for group, listed in found.groups.items()}
    return {"default": [*map(str, found.packages)], **named}


def installed(found, system="x86_64-linux", python="3.11"):
    return sorted(install(found.locked.resolution, target(system, python)).packages)


UV = (
    'version = 1\nrevision = 3\nrequires-python = ">=3.10"\n\n'
    '[[package]]\nname = "thing"\nversion = "1"\nsource = { editable = "." }\n'
    'dependencies = [{ name = "a", extra = ["x"] }]\n'
    "[package.optional-dependencies]\n"
    'all = [{ name = "thing", extra = ["cli"] }, { name = "b" }]\ncli = [{ name = "c" }]\n'
    '[package.dev-dependencies]\ndev = [{ name = "b", marker = "os_name == \'nt\'" }]\n\n'
    + package("a", more='[package.optional-dependencies]\nx = [{ name = "d" }]\n')
    + package("b")
    + package("c")
    + package("d")
)


def test_uv_s_extras_and_groups_are_groups():
    found = uv_lock.parse(UV, "uv.lock")
    assert groups(found) == {
        "default": ["thing"],
        "all": ["thing[all]"],
        "cli": ["thing[cli]"],
        "dev": ["b ; os_name == 'nt'"],
    }
    assert found.requires_python == ">=3.10"
    assert installed(found) == ["a", "b", "c", "d", "thing"]


@pytest.mark.parametrize(
    ("text", "parse"),
    [
        (UV, uv_lock.parse_dependencies),
        (UV.replace("editable", "virtual"), uv_lock.parse),
    ],
    ids=["asked for", "virtual"],
)
def test_uv_s_project_may_be_left_out(text, parse):
    found = parse(text, "uv.lock")
    assert groups(found) == {
        "default": ["a[x]"],
        "all": ["b", "c"],
        "cli": ["c"],
        "dev": ["b ; os_name == 'nt'"],
    }
    assert installed(found) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("version = 2\n", "uv writes locks of format 2"),
        ("x", "not in a form that is known here"),
        (
            UV.replace("revision = 3", 'conflicts = [[{ package = "thing" }]]'),
            "whole projects exclude others",
        ),
        (UV.replace('{ editable = "." }', '{ registry = "x" }'), "it names no project"),
    ],
)
def test_a_uv_lock_that_cannot_be_kept_is_refused(text, problem):
    with pytest.raises(UsageError, match=problem) as caught:
        uv_lock.parse(text, "uv.lock")
    assert str(caught.value).startswith("uv.lock: ")
    assert "; " in str(caught.value)


def test_a_newer_revision_of_uv_s_format_is_told():
    assert uv_lock.parse(UV, "uv.lock").notes == ()
    [note] = uv_lock.parse(UV.replace("revision = 3", "revision = 99"), "uv.lock").notes
    assert note.startswith("uv.lock: revision 99 of the format is newer than 5")


def test_unknown_keys_of_a_newer_revision_of_uv_s_format_do_no_harm():
    before = uv_lock.parse(UV, "uv.lock")
    text = UV.replace("revision = 3", "revision = 99\ncolour = [{ blue = true }]")
    text = text.replace('\nname = "', '\ncolour = "blue"\nname = "')
    text = text.replace("{ name", '{ colour = "blue", name')
    assert text.count("colour") > 4
    after = uv_lock.parse(text, "uv.lock")
    assert after.packages == before.packages
    assert after.groups == before.groups
    assert after.locked.resolution == before.locked.resolution


def test_a_newer_version_of_uv_s_format_is_refused_by_one_sentence():
    with pytest.raises(UsageError) as caught:
        uv_lock.parse(UV.replace("version = 1", "version = 2", 1), "uv.lock")
    assert str(caught.value) == (
        "uv.lock: uv writes locks of format 2, but only format 1 is known here; use an older uv, "
        "or a newer wheelhouse"
    )


def pylock_package(name, marker=None, version="1.0", file=None):
    file = file or f"{name}-{version}-py3-none-any.whl"
    lines = ["[[packages]]", f'name = "{name}"', f'version = "{version}"']
    lines += [f"marker = {marker!r}"] if marker else []
    lines.append(
        f'wheels = [{{ name = "{file}", url = "{URL.format(file)}", '
        f'hashes = {{ sha256 = "{SHA256}" }}, size = 10 }}]'
    )
    return "\n".join([*lines, ""])


PYLOCK = (
    'lock-version = "1.0"\ncreated-by = "test"\nrequires-python = ">=3.9"\n'
    "environments = [\"sys_platform == 'linux'\"]\n"
    'extras = ["fast-x"]\ndependency-groups = ["dev", "main"]\ndefault-groups = ["main"]\n'
    + pylock_package("a")
    + pylock_package("b", "'fast-x' in extras")
    + pylock_package("c", '"dev" in dependency_groups or "fast-x" in extras')
    + pylock_package("d", '"main" in dependency_groups and python_version < "3.11"')
    + pylock_package("e", '"main" not in dependency_groups')
    + pylock_package("f", "os_name == 'nt'")
)


def test_pylock_s_extras_and_groups_are_groups():
    found = pylock.parse(PYLOCK, "pylock.toml")
    names = {
        group: [text.split("==")[0] for text in listed] for group, listed in groups(found).items()
    }
    assert names == {
        "default": ["a", "d", "f"],
        "fast-x": ["b", "c", "e"],
        "dev": ["c", "e"],
    }
    assert installed(found) == ["a", "b", "c", "e"]
    assert installed(found, python="3.10") == ["a", "b", "c", "d", "e"]
    [a, *_] = found.locked.resolution.packages
    assert a.files[0].url == URL.format("a-1.0-py3-none-any.whl")
    assert (a.files[0].sha256, a.files[0].size) == (SHA256, 10)


def test_two_versions_of_a_package_are_told_apart_by_their_markers():
    text = (
        'lock-version = "1.0"\ncreated-by = "test"\n'
        + pylock_package("a", "python_version < '3.11'")
        + pylock_package("a", "python_version >= '3.11'", "2.0")
    )
    resolution = pylock.parse(text, "pylock.toml").locked.resolution
    for python, version in (("3.10", "1.0"), ("3.11", "2.0")):
        assert install(resolution, target("x86_64-linux", python)).packages["a"].version == version


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[", "pylock.toml:1: this is not TOML"),
        ('lock-version = "9.0"\ncreated-by = "x"\npackages = []', "pylock.toml: "),
        ('lock-version = "1.0"\npackages = []', "pylock.toml: "),
        (
            'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "a"\n'
            'vcs = { type = "hg", url = "https://g.example/a", commit-id = "0" }',
            "pylock.toml: a: it comes from a repository that isn't git's",
        ),
    ],
)
def test_a_pylock_that_cannot_be_kept_is_refused(text, problem):
    with pytest.raises(UsageError) as caught:
        pylock.parse(text, "pylock.toml")
    assert str(caught.value).startswith(problem)
    assert "; " in str(caught.value)


def poetry_package(name, version="1.0", more="", groups='["main"]', digest=SHA256):
    return (
        f'[[package]]\nname = "{name}"\nversion = "{version}"\noptional = false\n'
        f'python-versions = ">=3.8"\ngroups = {groups}\n'
        f'files = [{{ file = "{name}-{version}-py3-none-any.whl", hash = "sha256:{digest}" }}]\n'
        f"{more}\n"
    )


def poetry(*packages, extras="", version="2.1"):
    return (
        "\n".join(packages)
        + f'\n[extras]\n{extras}\n[metadata]\nlock-version = "{version}"\n'
        + 'python-versions = "^3.9"\ncontent-hash = ""\n'
    )


def test_poetry_s_extras_and_groups_are_groups():
    text = poetry(
        poetry_package(
            "a", more='[package.dependencies]\nb = { version = "^1", optional = true }\n'
        ),
        poetry_package("b", more="markers = 'extra == \"fast\"'"),
        poetry_package(
            "c",
            groups='["main", "dev"]',
            more="markers = {main = \"os_name == 'nt'\", dev = \"os_name == 'posix'\"}",
        ),
        poetry_package("d", groups='["dev"]'),
        extras='fast = ["b"]',
    )
    found = poetry_lock.parse(text, "poetry.lock")
    names = {group: [one.name for one in listed] for group, listed in found.groups.items()}
    assert {"default": [one.name for one in found.packages], **names} == {
        "default": ["a", "c"],
        "fast": ["b"],
        "dev": ["c", "d"],
    }
    assert found.requires_python == ">=3.9,<4"
    assert installed(found) == ["a", "b", "c", "d"]


def test_poetry_s_older_format_takes_the_groups_of_the_project(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.poetry.dependencies]\npython = "^3.9"\na = "^1"\n'
        '[tool.poetry.group.dev.dependencies]\nc = "*"\n'
    )
    needs = '[package.dependencies]\nb = ">=1"\n'
    (tmp_path / "poetry.lock").write_text(
        poetry(
            *(poetry_package("a", more=needs), poetry_package("b"), poetry_package("c")),
            version="2.0",
        ).replace('groups = ["main"]\n', "")
    )
    found = read(tmp_path / "poetry.lock")
    assert groups(found) == {"default": ["a==1.0"], "dev": ["c==1.0"]}
    assert installed(found) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "poetry.lock: this is not what Poetry writes"),
    ],
)
def test_a_poetry_lock_that_cannot_be_kept_is_refused(text, problem):
    with pytest.raises(UsageError) as caught:
        poetry_lock.parse(text, "poetry.lock")
    assert str(caught.value).startswith(problem)
    assert "; " in str(caught.value)


def digest_of(index, file):
    return hashlib.sha256(index.files[f"/files/{file}"]).hexdigest()


def test_poetry_s_files_are_found_by_their_hashes(lock, index):
    for version in ("1.0", "2.0"):
        # What it needs is not asked for.
        index.wheel("a", version, "unknown>=5")
    digest = digest_of(index, "a-1.0-py3-none-any.whl")
    lock.write(poetry(poetry_package("a", digest=digest)), "poetry.lock")
    [link] = yaml.safe_load(lock.succeed("3.11", "poetry.lock"))["links"]
    assert link["url"] == f"{index.url}/files/a-1.0-py3-none-any.whl"
    assert link["sha256"] == from_hex(digest)
    assert "1.0" in lock.succeed("3.11", "poetry.lock")


def test_a_version_that_only_some_systems_have_is_asked_for_there(lock, index):
    index.wheel("a", "1.0", tag="py3-none-macosx_11_0_arm64")
    index.wheel("a", "2.0", tag="py3-none-manylinux2014_x86_64")
    mac, linux = (
        digest_of(index, f"a-{version}-py3-none-{tag}.whl")
        for version, tag in (("1.0", "macosx_11_0_arm64"), ("2.0", "manylinux2014_x86_64"))
    )
    text = poetry(
        poetry_package("a", digest=mac, more="markers = \"sys_platform == 'darwin'\""),
        poetry_package("a", "2.0", digest=linux, more="markers = \"sys_platform == 'linux'\""),
    )
    lock.write(text, "poetry.lock")
    systems = ["--system", "x86_64-linux", "--system", "aarch64-darwin"]
    links = yaml.safe_load(lock.succeed("3.11", "poetry.lock", *systems))["links"]
    assert {link["version"]: link["systems"] for link in links} == {
        "1.0": ["aarch64-darwin"],
        "2.0": ["x86_64-linux"],
    }


def test_files_that_the_index_has_no_more_are_told(lock, index):
    index.wheel("a", "1.0")
    lock.write(poetry(poetry_package("a")), "poetry.lock")
    told = lock.fail(1, "3.11", "poetry.lock")
    assert told.startswith("poetry.lock: a 1.0: the index has none of the files whose hashes")


MAKES = """\
closure:
  Foo_Bar: "1.0"
links:
  - name: foo_bar-1.0-py3-none-any.whl
    sha256: {sha256}
    url: https://index.example/files/foo_bar-1.0-py3-none-any.whl
python: "3.9"
"""


def test_a_lock_of_makes_is_kept(lock):
    lock.write(MAKES.format(sha256=from_hex(SHA256)), "old.yaml")
    data = yaml.safe_load(lock.succeed("old.yaml"))
    assert (data["python"], data["closure"]) == ("3.9", {"foo-bar": "1.0"})
    [link] = data["links"]
    assert link["sha256"] == from_hex(SHA256)
    # Nothing is asked of an index, so it may change without making the lock stale.
    assert lock.run("--check", "old.yaml").returncode == 0
    lock.write(MAKES.format(sha256=from_hex(SHA256[::-1])), "old.yaml")
    assert lock.run("--check", "old.yaml").returncode == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (MAKES.format(sha256="e"), "sources.yaml: links: foo_bar-1.0-py3-none-any.whl: its sha256"),
        (MAKES.format(sha256="0" * 52).replace("3.9", "3.4"), "sources.yaml: python: Python 3.4"),
        (MAKES.format(sha256="0").replace("  - name", "  - nom"), "sources.yaml: the link "),
        (
            "wheelhouse: 1\n" + MAKES.format(sha256="0"),
            "sources.yaml: this is a lock of wheelhouse",
        ),
        (MAKES.format(sha256="0") + "\tx", "sources.yaml: this is not YAML; "),
    ],
)
def test_a_lock_of_makes_that_cannot_be_kept_is_refused(text, problem):
    with pytest.raises(UsageError) as caught:
        makes_sources.parse(text, "sources.yaml")
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize(
    ("python", "system", "problem"),
    [
        ("3.8", "x86_64-linux", "it asks for Python >=3.9, so it can't be locked for 3.8; name"),
        ("3.11", "aarch64-darwin", "the lock isn't for aarch64-darwin; lock for the others only: "),
    ],
)
def test_a_lock_that_isn_t_meant_for_a_target_is_refused(python, system, problem):
    found = pylock.parse(PYLOCK, "pylock.toml")
    targets = [target("x86_64-linux", python), target(system, python)]
    with pytest.raises(UnsatisfiableError) as caught:
        check_supported(found, targets, "pylock.toml")
    assert str(caught.value).startswith(f"pylock.toml: {problem}")


COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_repositories_and_folders_of_every_lock_are_kept(tmp_path):
    (tmp_path.parent / "lib").mkdir(exist_ok=True)
    (tmp_path.parent / "lib" / "pyproject.toml").write_text('[project]\nname = "b"\n')
    of_uv = uv_lock.parse(
        UV.replace(
            '{ registry = "https://index.example/simple" }',
            f'{{ git = "https://g.example/r?rev=v1#{COMMIT}" }}',
            1,
        ).replace('{ registry = "https://index.example/simple" }', '{ directory = "../lib" }', 1),
        str(tmp_path / "uv.lock"),
    )
    head = 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "a"\nversion = "1.0"\n'
    of_pylock = pylock.parse(
        f'{head}vcs = {{ type = "git", url = "https://g.example/r", commit-id = "{COMMIT}" }}\n'
        '[[packages]]\nname = "b"\nversion = "1.0"\ndirectory = { path = "../lib" }\n',
        str(tmp_path / "pylock.toml"),
    )
    git = f'type = "git"\nurl = "https://g.example/r"\nresolved_reference = "{COMMIT}"\n'
    of_poetry = poetry_lock.parse(
        poetry(
            poetry_package("a", more=f"[package.source]\n{git}"),
            poetry_package("b", more='[package.source]\ntype = "directory"\nurl = "../lib"\n'),
        ),
        str(tmp_path / "poetry.lock"),
    )
    for found in (of_uv, of_pylock, of_poetry):
        named = {package.name: package for package in found.locked.resolution.packages}
        a, b = named["a"], named["b"]
        [repository], [folder] = a.files, b.files
        assert (repository.url, repository.commit) == ("https://g.example/r", COMMIT)
        assert folder.path == str(tmp_path.parent / "lib")
        assert repository.is_folder and folder.is_folder
