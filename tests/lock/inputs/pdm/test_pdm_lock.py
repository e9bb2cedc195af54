"""pdm.lock as input: its versions and files are kept, and one that is stale is told."""

import hashlib
import os
import tomllib

import pytest
import yaml

from lock.errors import UnsatisfiableError, UsageError
from lock.inputs import read
from lock.inputs.pdm import pdm_lock
from lock.models.nix_base32 import from_hex
from lock.pipeline.supported_targets import check_supported
from lock.selection.installation import install
from tests.support.project import ROOT
from tests.support.uv_lock_texts import target

SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
# A PDM whose own requirements can be met together.
PDM = ("--with", "hishel[httpx2]==1.4.0", "pdm==2.29.4")


def entry(name, version="1.0", groups='["default"]', more="", digest=SHA256):
    files = f'files = [{{ file = "{name}-{version}-py3-none-any.whl", hash = "sha256:{digest}" }}]'
    listed = f"groups = {groups}\n" if groups else ""
    return (
        f'[[package]]\nname = "{name}"\nversion = "{version}"\n{listed}{more}\n'
        + ("" if "files = " in more else files)
        + "\n"
    )


def lock_of(
    *entries,
    groups='["default", "dev"]',
    strategy='["inherit_metadata"]',
    version="4.5.1",
    more="",
    targets='[[metadata.targets]]\nrequires_python = ">=3.9"\n',
):
    return (
        f"[metadata]\ngroups = {groups}\nstrategy = {strategy}\nlock_version = "
        f'"{version}"\n{more}\n{targets}\n' + "\n".join(entries)
    )


def groups(found):
    named = {group: [*map(str, listed)] for group, listed in found.groups.items()}
    return {"default": [*map(str, found.packages)], **named}


def installed(found, system="x86_64-linux", python="3.11"):
    packages = install(found.locked.resolution, target(system, python)).packages
    return {name: package.version for name, package in packages.items()}


def parsed(tmp_path, text):
    return pdm_lock.parse(text, str(tmp_path / "pdm.lock"))


def test_groups_markers_and_extras_are_kept(tmp_path):
    found = parsed(
        tmp_path,
        lock_of(
            entry("a", more='dependencies = ["b>=1; os_name == \\"nt\\""]'),
            entry("a", more='extras = ["Fast_x"]\ndependencies = ["c<2", "a==1.0"]'),
            entry("b", groups='["default", "dev"]', more='marker = "os_name == \\"nt\\""'),
            entry("c"),
            entry("d", groups='["Dev_x"]', more='dependencies = ["a[fast-x]"]'),
        ),
    )
    assert groups(found) == {
        "default": ["a==1.0", "a[fast-x]==1.0", 'b==1.0 ; os_name == "nt"', "c==1.0"],
        "dev": ['b==1.0 ; os_name == "nt"'],
        "dev-x": ["d==1.0"],
    }
    assert found.requires_python == ">=3.9"
    assert installed(found) == {"a": "1.0", "c": "1.0", "d": "1.0"}
    [a, *_] = found.locked.resolution.packages
    assert [(one.name, one.marker) for one in a.dependencies] == [("b", 'os_name == "nt"')]
    assert {extra: [one.name for one in listed] for extra, listed in a.extras.items()} == {
        "fast-x": ["c"]
    }


def test_versions_of_one_package_are_told_apart_by_their_markers(tmp_path):
    found = parsed(
        tmp_path,
        lock_of(
            entry("a", more='marker = "python_version < \\"3.11\\""'),
            entry("a", "2.0", more='marker = "python_version >= \\"3.11\\""'),
            entry("b", more='dependencies = ["a>=1"]'),
        ),
    )
    for python, version in (("3.10", "1.0"), ("3.11", "2.0")):
        assert installed(found, python=python) == {"a": version, "b": "1.0"}


def test_the_platforms_that_it_was_locked_for_are_kept(tmp_path):
    platforms = ("linux", "macos_12_0_arm64", "windows_amd64")
    found = parsed(
        tmp_path,
        lock_of(
            entry("a"),
            targets="\n".join(
                f'[[metadata.targets]]\nrequires_python = ">=3.9"\nplatform = "{platform}"\n'
                for platform in platforms
            ),
        ),
    )
    for system in ("x86_64-linux", "aarch64-darwin"):
        check_supported(found, [target(system)], "pdm.lock")
    with pytest.raises(UnsatisfiableError, match="the lock isn't for aarch64-linux"):
        check_supported(found, [target("aarch64-linux")], "pdm.lock")
    with pytest.raises(UnsatisfiableError, match="the lock isn't for x86_64-linux"):
        check_supported(found, [target("x86_64-linux", "3.8")], "pdm.lock")


def test_addresses_of_files_are_kept_where_it_has_them(tmp_path):
    url = "https://f.example/x/a-1.0-py3-none-any.whl"
    files = f'files = [{{ url = "{url}#sha256={SHA256}", hash = "sha256:{SHA256}" }}]'
    strategy = '["inherit_metadata", "static_urls"]'
    found = parsed(tmp_path, lock_of(entry("a", more=files), strategy=strategy))
    [file] = found.locked.resolution.packages[0].files
    assert (file.name, file.url, file.sha256) == ("a-1.0-py3-none-any.whl", url, SHA256)


def test_repositories_folders_and_addresses_are_kept(tmp_path):
    (tmp_path / "lib").mkdir()
    found = parsed(
        tmp_path,
        lock_of(
            entry(
                "a",
                more=f'git = "https://u:p@g.example/r"\nref = "v1"\nrevision = "{COMMIT}"\n'
                "files = []",
            ),
            entry("b", more='path = "./lib"\neditable = true\nfiles = []'),
            entry(
                "c",
                more='url = "https://f.example/c-1.0.zip#sha256=0"\n'
                f'files = [{{ url = "https://f.example/c-1.0.zip", hash = "sha256:{SHA256}" }}]',
            ),
            entry(
                "d",
                more='dependencies = ["a @ git+https://g.example/r", '
                '"c @ https://f.example/c.zip", '
                '"-e file:///${PROJECT_ROOT}/lib#egg=b"]',
            ),
        ),
    )
    files = {one.name: one.files[0] for one in found.locked.resolution.packages}
    assert (files["a"].url, files["a"].commit) == ("https://g.example/r", COMMIT)
    assert files["b"].path == str(tmp_path / "lib") and files["b"].is_folder
    assert (files["c"].url, files["c"].sha256) == ("https://f.example/c-1.0.zip", SHA256)
    [*_, d] = found.locked.resolution.packages
    assert {edge.name for edge in d.dependencies} == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "this is not what PDM writes"),
        (lock_of(version="4.6.0"), "metadata.lock_version: format 4.6.0 is newer than what is"),
        (lock_of(version="3.1"), "metadata.lock_version: format 3.1 is not known here; run"),
        (
            lock_of(entry("a", more='hg = "https://g.example/r"\nfiles = []')),
            "a: it comes from a hg repository",
        ),
        (
            lock_of(entry("a", more='git = "https://g.example/r"\neditable = true')),
            "a: it is editable, so the lock doesn't name its commit",
        ),
        (lock_of(entry("a", more="files = []")), "a: the lock has no sha256 of its files; "),
        (lock_of(entry("a"), strategy="[]"), "a lock without the strategy"),
        (
            lock_of(entry("a"), entry("a", "2.0"), strategy="[]"),
            "a: several versions of one package",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(tmp_path, text, problem):
    with pytest.raises(UsageError) as caught:
        parsed(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path}/pdm.lock: {problem}")
    assert "; " in str(caught.value)


PROJECT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = ["a>=1"]
[project.optional-dependencies]
fast = ["c"]
[dependency-groups]
dev = ["b"]
[tool.pdm.dev-dependencies]
Test_it = ["d"]
[tool.pdm.resolution.overrides]
x = "1"
"""
# What PDM's versions write for it.
CONTENT_HASHES = {
    "2.10.4": "35d924ddf8531f10859f9744c6e26c58068c8f21d22dd51aad8e5496a1303b13",
    "2.17.3": "3fbca81e8df094a5529788fdc13e65945b626779095a6ee1cf74489863d6a4cc",
    "2.29.4": "5946c2e6417b5ad02f61fc162fd2ee27c975944a5b73b5f10f4ff385fd43ec3b",
}
WORKSPACE = "f0bd413ff697a2062eb9ee6f8e8061af39ff58b99c25b1cfee5f28f3f8c07e33"


def with_hash(digest):
    return lock_of(
        entry("a"),
        entry("c", groups='["fast"]'),
        groups='["default", "fast"]',
        more=f'content_hash = "sha256:{digest}"',
    )


@pytest.mark.parametrize("digest", CONTENT_HASHES.values(), ids=CONTENT_HASHES)
def test_a_lock_that_fits_its_project_is_kept(tmp_path, digest):
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    found = parsed(tmp_path, with_hash(digest))
    assert installed(found) == {"a": "1.0", "c": "1.0"}
    assert found.notes == (
        f"{tmp_path}/pdm.lock: it was locked without the groups dev, test-it; "
        "`pdm lock -G :all` locks them, too",
    )


def test_a_lock_of_a_workspace_is_that_of_its_members_too(tmp_path):
    (tmp_path / "pyproject.toml").write_text(f'{PROJECT}[tool.pdm.workspace]\nmembers = ["m"]\n')
    member = tmp_path / "m" / "pyproject.toml"
    member.parent.mkdir()
    member.write_text('[project]\nname = "m"\nversion = "1"\ndependencies = ["q"]\n')
    parsed(tmp_path, with_hash(WORKSPACE))
    member.write_text('[project]\nname = "m"\nversion = "1"\ndependencies = ["r"]\n')
    with pytest.raises(UnsatisfiableError, match="it is stale"):
        parsed(tmp_path, with_hash(WORKSPACE))


def test_a_stale_lock_is_told(lock):
    lock.write(PROJECT.replace("a>=1", "a>=2"), "pyproject.toml")
    lock.write(with_hash(CONTENT_HASHES["2.29.4"]), "pdm.lock")
    told = lock.fail(1, "3.11", "pdm.lock")
    assert told == "pdm.lock: it is stale, since pyproject.toml has changed; run `pdm lock`\n"


def test_a_lock_without_groups_takes_those_of_the_project(tmp_path):
    text = lock_of(
        entry("a", groups="", more='dependencies = ["b"]'),
        entry("b", groups=""),
        entry("c", groups=""),
        strategy='["cross_platform"]',
        version="4.4",
        targets="",
        more=f'content_hash = "sha256:{CONTENT_HASHES["2.10.4"]}"',
    )
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "pdm.lock").write_text(text)
    found = read(tmp_path / "pdm.lock")
    assert groups(found) == {
        "default": ["a==1.0"],
        "dev": ["b==1.0"],
        "fast": ["c==1.0"],
    }
    assert installed(found) == {"a": "1.0", "b": "1.0", "c": "1.0"}


def test_a_lock_of_an_older_format_has_its_files_in_one_table(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    url = "https://f.example/A_x-1.0.zip"
    found = parsed(
        tmp_path,
        '[[package]]\nname = "A_x"\nversion = "1.0"\nsummary = ""\n\n'
        f'[metadata]\nlock_version = "4.2"\n'
        f'content_hash = "sha256:{CONTENT_HASHES["2.10.4"]}"\n\n'
        f'[metadata.files]\n"a-x 1.0" = [{{ url = "{url}", hash = "sha256:{SHA256}" }}]\n',
    )
    [package] = found.locked.resolution.packages
    assert [(file.url, file.sha256) for file in package.files] == [(url, SHA256)]


def test_its_project_is_locked_with_the_extras_that_it_has(tmp_path):
    system = '[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n'
    (tmp_path / "pyproject.toml").write_text(PROJECT + system)
    found = parsed(tmp_path, with_hash(CONTENT_HASHES["2.29.4"]))
    assert groups(found) == {"default": ["demo"], "fast": ["demo[fast]"]}
    assert installed(found).keys() == {"a", "c", "demo"}
    without = with_hash(CONTENT_HASHES["2.29.4"]).replace(', "fast"]', "]")
    assert groups(parsed(tmp_path, without.replace('["fast"]', '["default"]'))) == {
        "default": ["demo"]
    }


def test_its_files_are_found_by_their_hashes(lock, index):
    index.wheel("a", "1.0", "unknown>=5")
    index.wheel("a", "2.0")
    digest = hashlib.sha256(index.files["/files/a-1.0-py3-none-any.whl"]).hexdigest()
    lock.write(lock_of(entry("a", digest=digest)), "pdm.lock")
    [link] = yaml.safe_load(lock.succeed("3.11", "pdm.lock"))["links"]
    assert link["url"] == f"{index.url}/files/a-1.0-py3-none-any.whl"
    assert link["sha256"] == from_hex(digest)


@pytest.mark.index
def test_what_pdm_writes_is_kept(lock, tools):
    lock.write(
        '[project]\nname = "demo"\nversion = "1.0"\nrequires-python = ">=3.10"\n'
        'dependencies = ["httpx[http2]", "colorama; sys_platform == \'win32\'"]\n'
        '[project.optional-dependencies]\nfast = ["idna<3"]\n'
        "[dependency-groups]\ndev = [\"iniconfig; python_version < '3.12'\"]\n"
        "[tool.pdm]\ndistribution = false\n",
        "pyproject.toml",
    )
    tools.run_tool(*PDM, "lock", "-G", ":all")
    written = tomllib.loads((lock.folder / "pdm.lock").read_text("utf-8"))["package"]
    versions = {one["name"]: one["version"] for one in written}
    found = yaml.safe_load(lock.succeed("3.12", "pdm.lock", PYTHONPATH=os.fspath(ROOT)))
    locked = {link["package"]: link["version"] for link in found["links"]}
    assert locked.keys() >= {"httpx", "h2", "idna", "hpack"}
    assert locked.items() <= versions.items()
    assert not {"colorama", "iniconfig"} & locked.keys()
    assert found["groups"].keys() == {"default", "dev", "fast"}
    hashes = {
        one["hash"].removeprefix("sha256:") for package in written for one in package["files"]
    }
    assert {link["sha256"] for link in found["links"]} <= set(map(from_hex, hashes))
