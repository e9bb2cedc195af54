"""Locks that Poetry wrote, of every format of it, with the smallest content of each kind.

The texts are parts of what Poetry 1.0.10, 1.1.15, 1.8.5 and 2.5.1 wrote.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from lock.errors import LockError, UsageError
from lock.inputs import read
from lock.inputs.poetry import poetry_lock
from lock.models.requirements import Requirements
from lock.selection.installation import install
from tests.support.index_server import Index, NewIndex
from tests.support.lock_app import LockApp
from tests.support.uv_lock_texts import target

DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def entry(name: str, version: str, *lines: str, more: str = "") -> str:
    """An entry of a lock of any format; `more` are its tables."""
    keys = [f'name = "{name}"', f'version = "{version}"', "optional = false", *lines]
    return "\n".join(["[[package]]", *keys, more, ""])


def files(name: str, version: str, digest: str = DIGEST) -> str:
    return f'files = [{{file = "{name}-{version}-py3-none-any.whl", hash = "sha256:{digest}"}}]'


def new(name: str, version: str, markers: str = "", more: str = "") -> str:
    """An entry of format 2.1, in the group `main`."""
    listed = [f"markers = {markers}"] if markers else []
    return entry(name, version, 'groups = ["main"]', files(name, version), *listed, more=more)


def metadata(version: str, pythons: str = "*", more: str = "") -> str:
    return (
        f'[metadata]\nlock-version = "{version}"\npython-versions = "{pythons}"\n'
        f'content-hash = "{DIGEST}"\n{more}'
    )


def installed(found: Requirements, python: str, system: str = "x86_64-linux") -> dict[str, str]:
    assert found.locked is not None
    packages = install(found.locked.resolution, target(system, python)).packages
    return {name: package.version for name, package in packages.items()}


def edges(found: Requirements, name: str, python: str) -> dict[str, str | None]:
    """The versions that a package depends on, on Linux, by name."""
    assert found.locked is not None
    [package] = [one for one in found.locked.resolution.packages if one.name == name]
    on = target("x86_64-linux", python)
    return {edge.name: edge.version for edge in package.dependencies if on.satisfies(edge.marker)}


def test_alternatives_in_constraints_are_a_union() -> None:
    needs = '[package.dependencies]\nb = ">=1.0,<1.5 || >1.5,<2.0 || >=3.0"\n'
    text = "".join(
        [
            new("a", "1.0", more=needs),
            new("b", "1.5", "\"python_version < '3.10'\""),
            new("b", "3.1", "\"python_version >= '3.10'\""),
            metadata("2.1", ">=3.8,<3.12 || >=3.13,<4.0"),
        ]
    )
    found = poetry_lock.parse(text, "poetry.lock")
    assert edges(found, "a", "3.11") == {"b": "3.1"}
    assert installed(found, "3.11") == {"a": "1.0", "b": "3.1"}
    allowed = [f"3.{minor}" for minor in range(7, 15) if _supports(found, f"3.{minor}.1")]
    assert allowed == ["3.8", "3.9", "3.10", "3.11", "3.13", "3.14"]


def _supports(found: Requirements, python: str) -> bool:
    from packaging.specifiers import SpecifierSet

    return python in SpecifierSet(found.requires_python or "")


def test_several_versions_that_a_constraint_allows_are_told_apart_by_their_markers() -> None:
    text = "".join(
        [
            new("a", "1.0", more='[package.dependencies]\nb = "*"\n'),
            new("b", "1.0", '"python_version < \\"3.10\\" or extra == \\"x\\""'),
            new("b", "2.0", "\"python_version >= '3.10'\""),
            '[extras]\ny = ["b"]\n',
            metadata("2.1"),
        ]
    ).replace(' or extra == \\"x\\"', "")
    found = poetry_lock.parse(text, "poetry.lock")
    assert edges(found, "a", "3.9") == {"b": "1.0"}
    assert edges(found, "a", "3.12") == {"b": "2.0"}


def test_a_marker_that_never_holds_rules_its_package_out() -> None:
    dev = entry(
        "b",
        "1.0",
        'groups = ["main", "dev"]',
        files("b", "1.0"),
        'markers = {main = "sys_platform == \\"linux\\"", dev = "<empty>"}',
    )
    needs = '[package.dependencies]\nc = {version = "*", markers = "<empty>"}\n'
    text = new("a", "1.0", more=needs) + dev + new("c", "1.0") + metadata("2.1")
    found = poetry_lock.parse(text, "poetry.lock")
    assert "dev" not in found.groups
    assert edges(found, "a", "3.11") == {}
    assert installed(found, "3.11") == {"a": "1.0", "b": "1.0", "c": "1.0"}
    assert installed(found, "3.11", "x86_64-darwin") == {"a": "1.0", "c": "1.0"}


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("python_version < '3.11' and extra == 'toml'", {"cover"}),
        ("python_version >= '3.11' and extra == 'toml'", {"cover", "tomli"}),
        ("extra == 'other'", {"cover"}),
    ],
)
def test_what_an_extra_adds_has_the_marker_that_stands_among_the_dependencies(
    marker: str, expected: set[str]
) -> None:
    toml = "\n[package.dependencies]\ntomli = { version = '*', optional = true, markers = "
    toml += f'"{marker}" }}\n[package.extras]\ntoml = ["tomli"]\n'
    tester = '\n[package.dependencies]\ncover = { version = "*", extras = ["toml"] }\n'
    text = (
        new("tester", "1.0", more=tester)
        + new("cover", "1.0", more=toml)
        + new("tomli", "2.0").replace('["main"]', '["other"]')
        + metadata("2.1")
    )
    found = poetry_lock.parse(text, "poetry.lock")
    tester_of = found.locked.resolution.packages
    edge = next(one for one in tester_of if one.name == "tester").dependencies[0]
    resolution = replace(found.locked.resolution, requirements=(edge,))
    assert {*install(resolution, target("x86_64-linux", "3.12")).packages} == expected


def test_an_extra_keeps_a_package_that_the_project_needs_only_elsewhere() -> None:
    marker = '"sys_platform == \\"darwin\\" or extra == \\"fast\\""'
    text = new("a", "1.0") + new("b", "1.0", marker) + '[extras]\nfast = ["b"]\n' + metadata("2.1")
    found = poetry_lock.parse(text, "poetry.lock")
    assert [one.name for one in found.packages] == ["a", "b"]
    assert [one.name for one in found.groups["fast"]] == ["b"]
    assert installed(found, "3.11") == {"a": "1.0", "b": "1.0"}


PYPROJECT = """\
[tool.poetry]
name = "demo"
version = "1"
[tool.poetry.dependencies]
python = ">=3.8"
a = "^1.0"
colors = {version = "*", platform = "darwin"}
wheel-of-ours = {path = "dist/ours-1.0-py3-none-any.whl"}
lib = {path = "lib"}
extra-one = {version = "*", optional = true}
[tool.poetry.dev-dependencies]
tester = "<8"
[tool.poetry.extras]
fast = ["extra-one"]
"""
FILES = f"""
[metadata.files]
a = [{{file = "a-1.0-py3-none-any.whl", hash = "sha256:{DIGEST}"}}]
b = [
    {{file = "b-1.0-py3-none-any.whl", hash = "sha256:{"1" * 64}"}},
    {{file = "b-1.0.tar.gz", hash = "sha256:{"2" * 64}"}},
    {{file = "b-2.0-py3-none-any.whl", hash = "sha256:{"3" * 64}"}},
]
colors = [{{file = "colors-1.0-py3-none-any.whl", hash = "sha256:{DIGEST}"}}]
extra-one = []
lib = []
tester = []
wheel-of-ours = [{{file = "ours-1.0-py3-none-any.whl", hash = "sha256:{DIGEST}"}}]
"""


def of_poetry_1(version: str) -> str:
    """A lock of format 1.0 or 1.1: files stand apart, and no package has its groups."""
    tables = {
        "1.1": 'b = ">=1"\ncolors = {version = "*", markers = "sys_platform == \\"win32\\""}\n'
        'c = {version = ">=1", markers = "python_version < \\"3.9\\""}\n',
        "1.0": 'b = ">=1"\ncolors = "*"\n[package.dependencies.c]\npython = "<3.9"\n'
        'version = ">=1"\n',
    }
    main = 'category = "main"'
    windows = 'marker = "sys_platform == \\"darwin\\" or sys_platform == \\"win32\\""'
    return "".join(
        [
            entry("a", "1.0", main, more=f"[package.dependencies]\n{tables[version]}"),
            entry("b", "1.0", main, 'python-versions = ">=3.5"'),
            entry("b", "2.0", main, 'python-versions = ">=3.9"'),
            entry("c", "1.0", main),
            entry("colors", "1.0", main, *([windows] if version == "1.0" else [])),
            entry("extra-one", "1.0", main).replace("false", "true"),
            entry(
                "lib",
                "1.0",
                main,
                more='[package.source]\ntype = "directory"\nurl = "lib"\nreference = ""\n',
            ),
            entry("tester", "7.4", 'category = "dev"'),
            entry(
                "wheel-of-ours",
                "1.0",
                main,
                more='[package.source]\ntype = "file"\nurl = "dist/ours-1.0-py3-none-any.whl"\n',
            ),
            '[extras]\nfast = ["extra-one"]\n',
            metadata(version, ">=3.8", FILES),
        ]
    )


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_poetry_1_s_lock_takes_files_groups_and_versions_from_where_they_stand(
    tmp_path: Path, version: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    for folder in ("lib", "dist"):
        (tmp_path / folder).mkdir()
    (tmp_path / "lib" / "pyproject.toml").write_text(
        '[tool.poetry]\nname = "lib"\nversion = "1.0"\n', encoding="utf-8"
    )
    (tmp_path / "dist" / "ours-1.0-py3-none-any.whl").write_bytes(b"")
    file = tmp_path / "poetry.lock"
    file.write_text(of_poetry_1(version), encoding="utf-8")
    found = read(file, with_own=False)
    names = {group: [one.name for one in listed] for group, listed in found.groups.items()}
    assert names == {"dev": ["tester"], "fast": ["extra-one"]}
    default = ["a", "colors", "lib", "wheel-of-ours"]
    assert [one.name for one in found.packages] == default
    expected = {"a": "1.0", "b": "2.0", "extra-one": "1.0", "lib": "1.0", "tester": "7.4"}
    expected["wheel-of-ours"] = "1.0"
    assert installed(found, "3.11") == expected
    assert installed(found, "3.27") == expected
    assert installed(found, "3.8") == expected | {"b": "1.0", "c": "1.0"}
    assert installed(found, "3.11", "x86_64-darwin") == expected | {"colors": "1.0"}
    assert found.locked is not None
    by_version = {(one.name, one.version): one for one in found.locked.resolution.packages}
    assert [file.name for file in by_version["b", "1.0"].files] == [
        "b-1.0-py3-none-any.whl",
        "b-1.0.tar.gz",
    ]
    assert [file.sha256 for file in by_version["b", "2.0"].files] == ["3" * 64]
    [ours] = by_version["wheel-of-ours", "1.0"].files
    assert (ours.path, ours.sha256) == (f"{tmp_path}/dist/ours-1.0-py3-none-any.whl", DIGEST)
    [lib] = by_version["lib", "1.0"].files
    assert (lib.path, lib.is_folder, ours.is_folder) == (f"{tmp_path}/lib", True, False)


def test_a_project_in_a_subdirectory_of_its_repository_is_kept() -> None:
    source = '[package.source]\ntype = "git"\nurl = "https://g.example/a"\nsubdirectory = "x/y"\n'
    text = new("a", "1.0", more=f'{source}resolved_reference = "0"\n') + metadata("2.1")
    found = poetry_lock.parse(text, "poetry.lock").locked
    assert found is not None
    [package] = found.resolution.packages
    assert [file.subdirectory for file in package.files] == ["x/y"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            metadata("2.2"),
            "metadata.lock-version: format 2.2 is newer than 2.1, the newest that is known here; "
            "use an older Poetry, or a newer wheelhouse",
        ),
        (metadata("3.0"), "metadata.lock-version: format 3.0 is newer than 2.1"),
        (metadata("0.9"), "metadata.lock-version: there is no format 0.9; "),
        (
            '[metadata]\ncontent-hash = "x"\nplatform = "*"\n[metadata.hashes]\na = []\n',
            "metadata: Poetry before 1.0 wrote this, and its hashes don't say of which files",
        ),
        (
            metadata("2.0"),
            "pyproject.toml isn't beside it, and format 2.0 tells only there which packages the "
            "project asks for; put it there, or run `poetry lock` with Poetry 2",
        ),
        (
            new("a", "1.0", more='[package.source]\ntype = "hg"\nurl = "x"\n') + metadata("2.1"),
            "a: it comes from a hg source",
        ),
        (
            new(
                "a",
                "1.0",
                more='[package.source]\ntype = "git"\nurl = "x"\nsubdirectory = "../y"\n'
                'resolved_reference = "z"\n',
            )
            + metadata("2.1"),
            'a.source: "../y" is no folder below the top; write its path from there',
        ),
        (
            new("a", "1.0", "\"os_name == 'nt'\"") + new("a", "1.0") + metadata("2.1"),
            "a: version 1.0 comes from 2 places, which can't be told apart; keep one of them in",
        ),
        (
            new("a", "1.0").replace('["main"]', '["default"]') + metadata("2.1"),
            "the group or extra `default`: packages of no group have that name here; give it",
        ),
    ],
)
def test_what_can_t_be_kept_is_refused_by_a_sentence(
    tmp_path: Path, text: str, problem: str
) -> None:
    file = tmp_path / "poetry.lock"
    with pytest.raises(UsageError) as caught:
        poetry_lock.parse(text, str(file))
    assert str(caught.value).startswith(f"{file}: {problem}")
    assert "; " in str(caught.value)


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ('a = "^2.0"', "a: {} asks for a>=2.0,<3, and the lock has 1.0; run `poetry lock`"),
        ('b = "*"', "b: {} asks for b, and the lock hasn't got it; run `poetry lock`"),
    ],
)
def test_an_older_format_that_lacks_what_its_project_asks_for_is_refused(
    tmp_path: Path, wanted: str, problem: str
) -> None:
    beside = tmp_path / "pyproject.toml"
    beside.write_text(f"[tool.poetry.dependencies]\n{wanted}\n", encoding="utf-8")
    text = entry("a", "1.0", files("a", "1.0")) + metadata("2.0", ">=3.9")
    with pytest.raises(UsageError) as caught:
        poetry_lock.parse(text, str(tmp_path / "poetry.lock"))
    assert str(caught.value) == f"{tmp_path}/poetry.lock: {problem.format(beside)}"
    # Poetry locks nothing for a Python that the project doesn't run on.
    beside.write_text(
        '[tool.poetry.dependencies]\na = "*"\nc = {version = "*", python = "<3.9"}\n',
        encoding="utf-8",
    )
    found = poetry_lock.parse(text, str(tmp_path / "poetry.lock"))
    assert [one.name for one in found.packages] == ["a"]


def test_versions_that_an_older_format_doesn_t_tell_apart_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.poetry.dependencies]\na = "*"\nb = "<2"\n', encoding="utf-8"
    )
    text = "".join(
        [
            entry("a", "1.0", files("a", "1.0"), more='[package.dependencies]\nb = "*"\n'),
            entry("b", "1.0", files("b", "1.0")),
            entry("b", "2.0", files("b", "2.0")),
            metadata("2.0"),
        ]
    )
    found = poetry_lock.parse(text, str(tmp_path / "poetry.lock"))
    with pytest.raises(LockError, match="two versions of b"):
        installed(found, "3.11")


def test_a_file_is_found_by_name_where_the_lock_has_no_sha256(lock: LockApp, index: Index) -> None:
    index.wheel("a", "1.0")
    data = index.files["/files/a-1.0-py3-none-any.whl"]
    text = new("a", "1.0") + metadata("2.1")
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    lock.write(text.replace(f"sha256:{DIGEST}", f"md5:{md5}"), "poetry.lock")
    [link] = yaml.safe_load(lock.succeed("3.11", "poetry.lock"))["links"]
    assert link["url"] == f"{index.url}/files/a-1.0-py3-none-any.whl"
    lock.write(text.replace(f"sha256:{DIGEST}", f"md5:{md5[::-1]}"), "poetry.lock")
    told = lock.run("3.11", "poetry.lock").stderr
    assert f"its md5 is {md5}, but {md5[::-1]} is expected" in told


def test_each_package_is_taken_from_its_own_source(
    lock: LockApp, index: Index, new_index: NewIndex
) -> None:
    other = new_index()
    for served in (index, other):
        served.wheel("a", "1.0", "b")
    # The same version, but other files; the source that is named first has it, too.
    index.wheel("b", "1.0")
    other.wheel("b", "1.0", modules={"b.py": ""})
    wheel = "b-1.0-py3-none-any.whl"
    digests = {
        "a": hashlib.sha256(index.files["/files/a-1.0-py3-none-any.whl"]).hexdigest(),
        "b": hashlib.sha256(other.files[f"/files/{wheel}"]).hexdigest(),
    }
    lock.write('[tool.poetry.dependencies]\na = "*"\n', "pyproject.toml")
    source = '[package.source]\ntype = "legacy"\nurl = "{}"\nreference = "{}"\n'
    text = "".join(
        [
            entry(
                "a",
                "1.0",
                files("a", "1.0", digests["a"]),
                more='[package.dependencies]\nb = "*"\n' + source.format(index.simple, "alpha"),
            ),
            entry(
                "b",
                "1.0",
                files("b", "1.0", digests["b"]),
                more=source.format(other.simple, "beta"),
            ),
            metadata("2.0"),
        ]
    )
    hashed = dict.fromkeys(("dev-dependencies", "extras", "source")) | {"dependencies": {"a": "*"}}
    content_hash = hashlib.sha256(json.dumps(hashed, sort_keys=True).encode()).hexdigest()
    lock.write(text.replace(DIGEST, content_hash), "poetry.lock")
    links = yaml.safe_load(lock.succeed("3.11", "poetry.lock"))["links"]
    assert [link["url"] for link in links] == [
        f"{index.url}/files/a-1.0-py3-none-any.whl",
        f"{other.url}/files/{wheel}",
    ]
