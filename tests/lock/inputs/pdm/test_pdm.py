"""PDM's table: sources, resolution and development dependencies; the same as PDM itself."""

import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.pdm.pdm_table import line
from lock.inputs.project.pyproject import parse
from lock.models.requirements import Git, Settings
from tests.support.index_server import Index, NewIndex
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools
from tests.support.project import ROOT

PROJECT = '[project]\nname = "thing"\nversion = "1"\ndependencies = ["idna"]\n'


def parsed(table, project=PROJECT):
    return parse(f"{project}{table}", "p.toml")


def error(table):
    with pytest.raises(UsageError) as caught:
        parsed(table)
    assert "; " in str(caught.value)
    return str(caught.value)


def source(name, *lines, url=True):
    address = [f'url = "https://{name}.example/simple"'] if url else []
    return "\n".join(["[[tool.pdm.source]]", f'name = "{name}"', *address, *lines, ""])


def shown(index):
    flags = {"default": index.default, "flat": index.flat, "usual": not index.url}
    return " ".join([index.name, *(name for name, is_so in flags.items() if is_so)])


ORDER = "[tool.pdm.resolution]\nrespect-source-order = true\n"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (source("a"), ["a"]),
        (source("a") + ORDER, ["pypi usual", "a"]),
        (source("pypi"), ["pypi default"]),
        (source("a") + source("pypi"), ["a", "pypi default"]),
        (source("pypi") + source("a"), ["pypi", "a default"]),
        (source("pypi", url=False) + source("a") + ORDER, ["pypi usual", "a"]),
        (source("a", 'type = "find_links"'), ["a flat"]),
        (source("pypi") + source("a", 'type = "find_links"'), ["a flat", "pypi default"]),
    ],
)
def test_sources_are_asked_in_their_order(table, expected):
    assert [*map(shown, parsed(table).indexes)] == expected


def test_a_source_may_lie_in_the_project(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        f"{PROJECT}[[tool.pdm.source]]\nname = 'vend'\ntype = 'find_links'\n"
        'url = "file:///${PROJECT_ROOT}/vend"\n'
    )
    [index] = read(tmp_path / "pyproject.toml").indexes
    assert index.url == (tmp_path / "vend").as_uri()
    # The lock has it as it is written, on whatever machine.
    assert index.written == "file:///${PROJECT_ROOT}/vend"


def test_that_the_first_of_several_sources_decides_is_told():
    assert parsed(source("a")).notes == (
        "p.toml: tool.pdm.source: PDM takes the best version that `a` and `pypi` have; here the "
        "first of them that has the package is asked alone, in this order",
    )
    assert parsed(source("a") + ORDER).notes == parsed(source("pypi")).notes == ()


def test_a_source_may_be_the_only_one_of_a_package():
    found = parsed(source("a", 'include_packages = ["IDNA"]'))
    assert [(one.name, one.index) for one in found.packages] == [("idna", "a")]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (
            source("a", 'include_packages = ["six"]'),
            "tool.pdm.source.include_packages: `six` isn't required directly, so that `a` can't be",
        ),
        (
            source("a", 'include_packages = ["company-*"]'),
            "tool.pdm.source.include_packages: `company-*` is a pattern; list",
        ),
        (
            source("a", 'exclude_packages = ["idna"]'),
            "tool.pdm.source.exclude_packages: a source can't leave out packages here; name",
        ),
        (source("a", url=False), "tool.pdm.source.url: the source has no address; add it"),
        (
            source("a", 'type = "flat"'),
            "tool.pdm.source.type: `flat` is no type of a source; write",
        ),
        (
            '[[tool.pdm.source]]\nname = "a"\nurl = "https://u:${PASSWORD}@a.example"\n',
            "tool.pdm.source.url: an address must not hold a password; put",
        ),
        (
            '[tool.pdm.workspace]\nmembers = ["a"]\n',
            "tool.pdm.workspace: PDM's workspaces can't be locked; require",
        ),
        (
            '[tool.pdm.resolution.overrides]\na = "https://a.example/a-1.0.tar.gz"\n',
            "tool.pdm.resolution.overrides.a: an override by its address can't be locked; write",
        ),
        (
            '[tool.pdm.dev-dependencies]\ndefault = ["a"]\n',
            "tool.pdm.dev-dependencies.default: the group `default` is what stands below",
        ),
        (
            '[tool.pdm.dev-dependencies]\ndev = ["git+https://g.example/a.git"]\n',
            'tool.pdm.dev-dependencies.dev: "git+https://g.example/a.git" doesn\'t tell which',
        ),
    ],
)
def test_what_can_t_be_kept_is_refused(table, problem):
    assert error(table).startswith(f"p.toml: {problem}")


def test_the_resolution_is_kept():
    found = parsed(
        "[tool.pdm.resolution]\nallow-prereleases = true\nexcludes = ['Six']\n"
        "exclude-newer = '2026-01-31'\nno-binary = 'A,b'\nonly-binary = [':all:']\n"
        "exclude-newer-override = {Own = false, late = '7d'}\n"
        "[tool.pdm.resolution.overrides]\nAttrs = '22.1'\nidna = '>=3,<4'\n"
    )
    assert found.overrides == ("attrs==22.1", "idna<4,>=3")
    # PDM's dates stand for their beginning.
    assert found.exclude_newer == "2026-01-31T00:00:00Z"
    assert found.settings == Settings(
        prerelease="allow",
        excluded=("six",),
        exclude_newer_of={"own": "false", "late": "7d"},
        no_binary=("a", "b"),
        no_build=(":all:",),
    )


def test_development_dependencies_are_groups():
    found = parsed(
        '[tool.pdm.dev-dependencies]\nTest = ["pytest>=8", "thing[fast]"]\ndev = ["ruff"]\n',
        f'{PROJECT}[project.optional-dependencies]\nfast = ["six"]\n'
        '[dependency-groups]\ndev = ["mypy"]\n',
    )
    assert {group: [*map(str, one)] for group, one in found.groups.items()} == {
        "dev": ["mypy", "ruff"],
        "fast": ["six"],
        "test": ["idna", "pytest>=8", "six"],
    }


@pytest.fixture
def lib(tmp_path: Path) -> Path:
    """A project in a folder, beside others."""
    folder = tmp_path / "lib"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nname = "Own.Lib"\nversion = "1"\n')
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-e file:///${PROJECT_ROOT}/lib", ("own-lib", (), "lib")),
        ("-e file:///${PROJECT_ROOT}/lib#egg=Own-Lib", ("own-lib", (), "lib")),
        ("-e ./lib", ("own-lib", (), "./lib")),
        ("-e ./lib[fast]", ("own-lib", ("fast",), "./lib")),
        ("./lib", ("own-lib", (), "./lib")),
        ("own-lib @ file:///${PROJECT_ROOT}/lib", ("own-lib", (), "lib")),
    ],
)
def test_a_line_may_be_a_folder(lib, text, expected):
    found = line(text, lib)
    assert (found.name, found.extras) == expected[:2]
    assert found.reference.path == str(lib / "lib")


def test_a_line_may_be_a_repository(tmp_path):
    found = line("-e git+https://g.example/a.git@v1#egg=a[x,y] ; python_version > '3.9'", tmp_path)
    assert found.reference == Git("https://g.example/a.git", "v1")
    assert (found.name, found.extras, found.marker) == ("a", ("x", "y"), 'python_version > "3.9"')


def test_keys_without_effect_and_unknown_ones_are_told():
    table = (
        source("pypi", "verify_ssl = false") + "[tool.pdm]\nnoticed = 1\noptions = {lock = []}\n"
    )
    told = parsed(table).notes
    assert [note.partition(": it has")[0] for note in told] == [
        "p.toml: tool.pdm.source.verify_ssl",
        "p.toml: tool.pdm.options",
        "p.toml: tool.pdm.noticed: not known here, and without effect",
    ]


def test_what_pdm_toml_would_decide_is_told(tmp_path):
    (tmp_path / "pdm.toml").write_text('[pypi]\nurl = "https://a.example/simple"\n')
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    assert read(tmp_path / "pyproject.toml").notes == (
        f"{tmp_path}/pdm.toml: pypi: it has no effect here; write `[[tool.pdm.source]]`",
    )


@pytest.mark.parametrize("key", ["distribution = false", 'package-type = "application"'])
def test_without_a_distribution_there_is_no_project(key):
    build = '[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n'
    assert parsed(f"[tool.pdm]\n{key}\n{build}").projects == ()
    assert [one.name for one in parsed(build).projects] == ["thing"]


def test_the_default_index_is_asked_first_where_the_order_counts(
    lock: LockApp, index: Index, new_index: NewIndex
) -> None:
    other = new_index()
    index.wheel("idna", "1.0")
    other.wheel("idna", "2.0")
    table = f'[[tool.pdm.source]]\nname = "other"\nurl = "{other.simple}"\n'
    lock.write(f"{PROJECT}{table}", "pyproject.toml")
    assert yaml.safe_load(lock.succeed("3.11"))["closure"] == {"idna": "2.0"}
    lock.write(f"{PROJECT}{table}{ORDER}", "pyproject.toml")
    assert yaml.safe_load(lock.succeed("--upgrade"))["closure"] == {"idna": "1.0"}


def test_a_page_of_links_is_looked_at_with_every_index(
    lock: LockApp, index: Index, new_index: NewIndex
) -> None:
    other = new_index()
    index.wheel("idna", "2.0")
    other.wheel("idna", "3.0")
    name = "idna-3.0-py3-none-any.whl"
    digest = other.pages["/simple/idna/"][0]["hashes"]["sha256"]
    other.files["/links/"] = f'<a href="../files/{name}#sha256={digest}">{name}</a>'.encode()
    table = f'[[tool.pdm.source]]\nname = "l"\ntype = "find_links"\nurl = "{other.url}/links/"\n'
    lock.write(f"{PROJECT}{table}", "pyproject.toml")
    assert yaml.safe_load(lock.succeed("3.11"))["closure"] == {"idna": "3.0"}
    index.wheel("idna", "4.0")
    assert yaml.safe_load(lock.succeed("--upgrade"))["closure"] == {"idna": "4.0"}


@pytest.mark.index
def test_versions_and_origins_are_those_of_pdm(
    lock: LockApp, tools: Tools, new_index: NewIndex
) -> None:
    first, second = new_index(), new_index()
    for version in ("1.0", "2.0", "3.0"):
        first.wheel("alpha", version, "beta", "unwanted")
        first.wheel("beta", version)
        first.wheel("own", version)
        first.wheel("gamma", version)
        second.wheel("own", version)
    second.wheel("gamma", "9.0")
    first.wheel("unwanted", "1.0")
    second.wheel("only", "1.0", "beta")
    lock.write(
        '[project]\nname = "thing"\nversion = "1"\nrequires-python = ">=3.11,<4"\n'
        'dependencies = ["alpha<3", "own"]\n'
        "[tool.pdm]\ndistribution = false\n"
        '[tool.pdm.dev-dependencies]\nTest = ["gamma>=2", "only ; sys_platform == \'linux\'"]\n'
        '[tool.pdm.resolution]\nrespect-source-order = true\nexcludes = ["unwanted"]\n'
        'overrides = {beta = "2.0"}\n'
        f'[[tool.pdm.source]]\nname = "pypi"\nurl = "{first.simple}"\n'
        f'[[tool.pdm.source]]\nname = "second"\nurl = "{second.simple}"\n'
        'include_packages = ["own"]\n',
        "pyproject.toml",
    )
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    data = yaml.safe_load(
        lock.succeed(python, "pyproject.toml", "--system", "x86_64-linux", PYTHONPATH=str(ROOT))
    )
    # Newer ones have renamed what PDM asks for.
    tools.run_tool("--with", "hishel==1.4.0", "pdm", "lock", "-G:all", "--static-urls")
    locked = tomllib.loads((lock.folder / "pdm.lock").read_text("utf-8"))["package"]
    assert data["closure"] == {one["name"]: one["version"] for one in locked}
    assert {link["url"] for link in data["links"]} == {
        file["url"] for one in locked for file in one["files"]
    }
