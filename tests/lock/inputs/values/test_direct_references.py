"""Packages that don't come from an index: by an address, or from a page of links."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from lock.models.nix_base32 import from_hex
from tests.support.index_server import archive, requiring


class Repository:
    """A git repository on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> str:
        identity = {
            f"GIT_{who}_{what}": "x"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        return subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=os.environ | identity,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def __call__(self, files: dict[str, str], tag: str | None = None) -> str:
        """Adds a commit with these files; its name."""
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "x")
        if tag:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


def links(sources):
    """Each link's lines, without their keys' order."""
    return sources.partition('\n"links": [\n')[2]


def test_a_wheel_by_its_address_is_pinned_by_its_hash(lock, index):
    index.wheel("alpha", "1.0", "beta")
    index.wheel("beta", "2.0")
    data = index.files["/files/alpha-1.0-py3-none-any.whl"]
    # No index knows it.
    index.pages.pop("/simple/alpha/")
    url = f"{index.url}/files/alpha-1.0-py3-none-any.whl"
    lock.write(f"alpha: {{url: '{url}'}}\n")
    found = links(lock.succeed("3.11"))
    assert f'"url": "{url}"' in found
    assert f'"sha256": "{from_hex(hashlib.sha256(data).hexdigest())}"' in found
    assert '"name": "beta-2.0-py3-none-any.whl"' in found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.yaml", "alpha: {{url: '{url}'}}\n"),
        (
            "pyproject.toml",
            '[project]\nname = "p"\nversion = "1"\ndependencies = ["alpha @ {url}"]',
        ),
        (
            "pyproject.toml",
            '[project]\nname = "p"\nversion = "1"\ndependencies = ["alpha"]\n'
            "[tool.uv.sources]\nalpha = {{ url = '{url}' }}",
        ),
        ("pyproject.toml", "[tool.poetry.dependencies]\nalpha = {{ url = '{url}' }}"),
        ("Pipfile", "[packages]\nalpha = {{ file = '{url}' }}"),
        ("requirements.txt", "alpha @ {url}"),
    ],
    ids=["yaml", "project", "uv", "poetry", "pipenv", "pip"],
)
def test_the_hash_behind_an_address_must_be_the_file_s(lock, index, name, text):
    index.wheel("alpha", "1.0")
    url = f"{index.url}/files/alpha-1.0-py3-none-any.whl"
    digest = hashlib.sha256(index.files["/files/alpha-1.0-py3-none-any.whl"]).hexdigest()
    lock.write(text.format(url=f"{url}#sha256={digest}"), name)
    assert url in lock.succeed("3.11", name)
    lock.write(text.format(url=f"{url}#sha256={'1' * 64}"), name)
    assert "no file with one of the given hashes for alpha 1.0" in lock.fail(1, "3.11", name)
    lock.write(text.format(url=f"{url}#sha256=nonsense"), name)
    assert '"nonsense" is no sha256; write its 64 hexadecimal digits' in lock.fail(2, "3.11", name)


def test_a_source_distribution_by_its_address_has_its_build_pinned(lock, index):
    index.sdist("alpha", "1.0")
    index.pages.pop("/simple/alpha/")
    url = f"{index.url}/files/alpha-1.0.tar.gz"
    lock.write(f"alpha: {{url: '{url}'}}\n")
    sources = lock.succeed("3.11")
    assert f'"url": "{url}"' in links(sources)
    assert '\n"builds": [\n  {"package": "alpha"' in sources


def test_a_page_of_links_stands_beside_an_index(lock, index, new_index):
    links = new_index()
    for name, version in (("alpha", "1.0"), ("beta", "2.0")):
        links.wheel(name, version)
    files = [path.rpartition("/")[2] for path in links.files if path.endswith(".whl")]
    page = "".join(f'<a href="../files/{file}">{file}</a>' for file in files)
    links.files["/links/"] = page.encode()
    index.wheel("alpha", "2.0")
    index.wheel("beta", "1.0")
    lock.write(f"-f {links.url}/links/\nalpha\nbeta\n", "requirements.txt")
    done = lock.run("3.11", "requirements.txt")
    assert done.returncode == 0, done.stderr
    assert "several indexes" not in done.stderr
    data = yaml.safe_load((lock.folder / "sources.yaml").read_text())
    # As pip has it: the newest of all.
    assert data["closure"] == {"alpha": "2.0", "beta": "2.0"}


def test_a_page_of_links_stands_in_place_of_an_index(lock, index):
    index.wheel("alpha", "1.0")
    file = "alpha-1.0-py3-none-any.whl"
    digest = hashlib.sha256(index.files[f"/files/{file}"]).hexdigest()
    index.files["/links/"] = f'<a href="../files/{file}#sha256={digest}">{file}</a>'.encode()
    index.pages.clear()
    lock.write(f"--no-index\n-f {index.url}/links/\nalpha\n", "requirements.txt")
    found = links(lock.succeed("3.11", "requirements.txt"))
    assert not any(path.startswith("/simple/") for path in index.sent)
    assert f'"url": "{index.url}/files/alpha-1.0-py3-none-any.whl"' in found


DYNAMIC = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "alpha"
dynamic = ["version"]
"""
PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "alpha"
version = "1.0"
dependencies = ["beta"]
"""


METADATA = """\
import pathlib


def prepare_metadata_for_build_wheel(folder, settings=None):
    info = pathlib.Path(folder, "alpha-1.0.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: alpha\\nVersion: 1.0\\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\\nTag: py3-none-any\\n")
    return info.name
"""


def test_a_repository_is_pinned_to_a_commit_and_its_build_with_it(lock, index, repository):
    index.wheel("beta", "2.0")
    commit = repository({"pyproject.toml": PROJECT, "backend.py": ""}, tag="v1")
    repository({"new": ""})
    lock.write(f"alpha: {{git: 'file://{repository.folder}', rev: v1}}\n")
    data = yaml.safe_load(lock.succeed("3.11"))
    alpha, beta = sorted(data["links"], key=lambda link: link["package"])
    assert alpha == {
        "name": "alpha-1.0",
        "git": f"file://{repository.folder}",
        "rev": commit,
        "package": "alpha",
        "version": "1.0",
    }
    assert beta["name"] == "beta-2.0-py3-none-any.whl"
    assert data["builds"] == [{"package": "alpha", "version": "1.0"}]


FROM_TAG = """
import pathlib, subprocess


def get_requires_for_build_wheel(settings=None):
    return []


def prepare_metadata_for_build_wheel(folder, settings=None):
    tags = subprocess.run(["git", "tag", "--points-at", "HEAD"], capture_output=True, text=True)
    version = tags.stdout.strip().removeprefix("v") or "0"
    info = pathlib.Path(folder, f"alpha-{version}.dist-info")
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\\nName: alpha\\nVersion: {version}\\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\\nTag: py3-none-any\\n")
    return info.name
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.yaml", "alpha: {{git: '{url}', rev: v1}}\n"),
        ("requirements.txt", "alpha @ git+{url}@v1\n"),
        ("requirements.txt", "git+{url}@v1\n"),
        ("requirements.txt", "alpha @ git+{url}@v1 ; sys_platform == 'linux'\n"),
    ],
    ids=["yaml", "named", "unnamed", "marker"],
)
def test_a_version_of_a_tag_that_has_moved_is_read_at_its_new_place(lock, repository, name, text):
    project = {"pyproject.toml": DYNAMIC, "backend.py": FROM_TAG}
    repository(project, tag="v1")
    lock.write(text.format(url=repository.folder.as_uri()), name)
    assert '"alpha": "1"' in lock.succeed("3.11", name)
    moved = repository({"new": ""})
    repository.git("tag", "--force", "v1")
    found = lock.succeed("--upgrade", "3.11", name)
    assert f'"rev": "{moved}"' in found
    assert '"alpha": "1"' in found


def test_a_commit_stays_until_it_is_to_be_upgraded(lock, index, repository):
    index.wheel("other", "1.0")
    index.wheel("beta", "2.0")
    first = repository({"pyproject.toml": PROJECT, "backend.py": ""})
    repository.git("branch", "-M", "main")
    url = repository.folder.as_uri()
    lock.write(f"alpha @ git+{url}@main\n", "requirements.txt")
    assert f'"rev": "{first}"' in lock.succeed("3.11", "requirements.txt")
    second = repository({"news.txt": "x"})
    assert f'"rev": "{first}"' in lock.succeed()
    lock.write(f"alpha @ git+{url}@main\nother\n", "requirements.txt")
    assert f'"rev": "{first}"' in lock.succeed()
    assert f'"rev": "{second}"' in lock.succeed("--upgrade-package", "alpha")
    third = repository({"news.txt": "y"})
    repository.git("branch", "dev")
    lock.write(f"alpha @ git+{url}@dev\n", "requirements.txt")
    assert f'"rev": "{third}"' in lock.succeed()


def test_a_folder_s_path_is_seen_from_the_lock(lock, index):
    index.wheel("beta", "2.0")
    project = lock.folder / "libs" / "alpha"
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text(PROJECT)
    (project / "backend.py").touch()
    lock.write("alpha: {path: libs/alpha}\n")
    (lock.folder / "nix").mkdir()
    done = lock.run("3.11", "requirements.yaml", "nix/sources.yaml")
    assert done.returncode == 0, done.stderr
    data = yaml.safe_load((lock.folder / "nix" / "sources.yaml").read_text())
    assert data["projects"] == [{"name": "alpha", "version": "1.0", "path": "../libs/alpha"}]
    assert [link["package"] for link in data["links"]] == ["beta"]
    # Not where the project lies on this machine, or the lock would differ on another one.
    assert data["requested"]["requirements"]["default"] == ["alpha @ libs/alpha"]
    assert lock.run("--check", "3.11", "requirements.yaml", "nix/sources.yaml").returncode == 0


def test_a_wheel_on_this_machine_is_named_by_its_path(lock, index):
    index.wheel("alpha", "1.0")
    file = "alpha-1.0-py3-none-any.whl"
    (lock.folder / file).write_bytes(index.files[f"/files/{file}"])
    index.pages.clear()
    lock.write(f"alpha: {{path: {file}}}\n")
    [link] = yaml.safe_load(lock.succeed("3.11"))["links"]
    assert link == {"name": file, "path": file, "package": "alpha", "version": "1.0"}


def test_a_version_that_only_the_backend_knows_is_left_to_the_build(lock, tmp_path):
    project = tmp_path / "alpha"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        PROJECT.replace('version = "1.0"\ndependencies = ["beta"]', 'dynamic = ["version"]')
    )
    (project / "backend.py").write_text(METADATA)
    lock.write(f"alpha: {{path: {project}}}\n")
    data = yaml.safe_load(lock.succeed("3.11"))
    assert data["projects"] == [{"name": "alpha", "path": os.path.relpath(project, lock.folder)}]
    assert data["packages"] == [{"name": "alpha", "version": "0"}]


BELOW = {"python/alpha/pyproject.toml": PROJECT, "python/alpha/backend.py": ""}


def test_a_project_in_a_subdirectory_of_a_repository_is_locked(lock, index, repository):
    index.wheel("beta", "2.0")
    index.wheel("tool", "1.0")
    declared = PROJECT.replace("requires = []", 'requires = ["tool"]')
    # The repository's own project needs something else for its build.
    commit = repository(
        BELOW | {"python/alpha/pyproject.toml": declared, "pyproject.toml": requiring("nowhere")}
    )
    address = f"file://{repository.folder}"
    expected = {
        "name": "alpha-1.0",
        "git": address,
        "rev": commit,
        "subdirectory": "python/alpha",
        "package": "alpha",
        "version": "1.0",
    }
    lock.write(f"alpha: {{git: '{address}', subdirectory: python/alpha}}\n")
    of_yaml = yaml.safe_load(lock.succeed("3.11"))
    assert [one for one in of_yaml["links"] if one["package"] == "alpha"] == [expected]
    closure = [{"name": "tool", "version": "1.0"}]
    assert of_yaml["builds"] == [
        {"package": "alpha", "version": "1.0", "requires": ["tool"], "closure": closure}
    ]
    for line in (
        f"git+{address}#subdirectory=python/alpha",
        f"-e git+{address}#egg=alpha&subdirectory=python/alpha",
        f"alpha @ git+{address}#subdirectory=python/alpha/",
    ):
        lock.write(f"{line}\n", "requirements.txt")
        data = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))
        assert data["links"] == of_yaml["links"]
        asked = f"alpha @ git+{address}#subdirectory=python/alpha"
        assert data["requested"]["requirements"]["default"] == [asked]
    # What is exported is read again.
    exported = lock.run("export", "--format", "requirements").stdout
    assert f"alpha @ git+{address}@{commit}#subdirectory=python/alpha" in exported
    assert 'subdirectory = "python/alpha"' in lock.run("export", "--format", "pylock").stdout
    assert f"{commit}#python/alpha" in lock.run("export", "--format", "cyclonedx").stdout


def test_a_project_in_a_subdirectory_of_an_archive_is_locked(lock, index):
    index.wheel("beta", "2.0")
    members = {f"main/{name}": text for name, text in BELOW.items()}
    members |= {"main/pyproject.toml": requiring("nowhere")}
    index.files["/files/main.tar.gz"] = archive(members, ".tar.gz")
    lock.write(f"{index.url}/files/main.tar.gz#subdirectory=python/alpha\n", "requirements.txt")
    data = yaml.safe_load(lock.succeed("3.11", "requirements.txt"))
    [alpha] = [one for one in data["links"] if one["package"] == "alpha"]
    assert (alpha["name"], alpha["subdirectory"]) == ("main.tar.gz", "python/alpha")
    assert data["builds"] == [{"package": "alpha", "version": "1.0"}]


@pytest.mark.parametrize("below", ["../alpha", "/alpha", "a/../../alpha", ".."])
def test_a_subdirectory_lies_below_the_top(lock, repository, below):
    lock.write(f"alpha: {{git: 'file://{repository.folder}', subdirectory: {below}}}\n")
    message = lock.fail(2, "3.11")
    assert f'alpha.subdirectory: "{below}" is no folder below the top; write its path' in message


def test_a_subdirectory_without_a_repository_is_refused(lock):
    lock.write("alpha: {version: '1', subdirectory: a}\n")
    assert "alpha: `subdirectory` stands alone; add the repository" in lock.fail(2, "3.11")
