"""Poetry's table: alone, beside `[project]`, and its sources; the same as Poetry itself."""

import sys
import tomllib

import pytest
import yaml

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.project.pyproject import parse
from lock.models.requirements import Index as Named
from lock.models.requirements import Origin, Url
from tests.support.index_server import Index, NewIndex
from tests.support.lock_app import LockApp
from tests.support.other_tools import Tools
from tests.support.project import ROOT

PRIVATE = '[[tool.poetry.source]]\nname = "Private"\nurl = "https://private.example/simple/"\n'
EXPLICIT = f'{PRIVATE}priority = "explicit"\n'


def listed(text):
    return [*map(str, parse(text, "p.toml").packages)]


def groups(text):
    return {group: [*map(str, one)] for group, one in parse(text, "p.toml").groups.items()}


def error(text):
    with pytest.raises(UsageError) as caught:
        parse(text, "p.toml")
    assert "; " in str(caught.value)
    return str(caught.value)


def beside(dependencies, table, more=""):
    """A pyproject.toml of Poetry 2: standard dependencies, and a table that enriches them."""
    return (
        f'[project]\nname = "thing"\ndependencies = {dependencies}\n{more}\n'
        f"[tool.poetry.dependencies]\n{table}\n{EXPLICIT}"
    )


def test_the_table_gives_a_standard_requirement_its_source():
    found = parse(beside('["idna"]', 'idna = {source = "private"}'), "p.toml")
    [idna] = found.packages
    assert (str(idna), idna.index) == ("idna", "Private")
    assert Named("Private", "https://private.example/simple/", explicit=True) in found.indexes


@pytest.mark.parametrize(
    ("standard", "table", "expected"),
    [
        ("idna>=3", '"<4"', ["idna<4,>=3"]),
        ("idna>=3", '{version = "^3.2"}', ["idna<4,>=3,>=3.2"]),
        ("idna[a]", '{extras = ["b"]}', ["idna[a]"]),
        ("idna", "{optional = true}", ["idna"]),
        (
            "idna ; python_version > '3.11'",
            "{markers = \"sys_platform == 'linux'\"}",
            ['idna ; python_version > "3.11" and sys_platform == "linux"'],
        ),
        ("idna", '{python = "<3.13"}', ['idna ; python_version < "3.13"']),
        ("idna", '{platform = "linux"}', ['idna ; sys_platform == "linux"']),
        # Where both never hold together, the table says nothing.
        (
            "idna ; sys_platform == 'linux'",
            '{version = "<3", platform = "darwin"}',
            ['idna ; sys_platform == "linux"'],
        ),
        (
            "idna>=3",
            '[{version = "<4", platform = "linux"}, {version = "<5", platform = "darwin"}]',
            ['idna<4,>=3 ; sys_platform == "linux"', 'idna<5,>=3 ; sys_platform == "darwin"'],
        ),
        ("idna>=3", '{url = "https://i.example/idna-3.0.tar.gz"}', None),
    ],
)
def test_the_table_enriches_a_standard_requirement(standard, table, expected):
    text = beside(f'["{standard}"]', f"idna = {table}")
    if expected is None:
        [package] = parse(text, "p.toml").packages
        assert package.reference == Url("https://i.example/idna-3.0.tar.gz")
    else:
        assert listed(text) == expected


def test_the_table_enriches_extras_and_dependency_groups():
    more = '[project.optional-dependencies]\nfast = ["idna"]\n[dependency-groups]\ndev = ["six"]\n'
    text = beside('["attrs"]', 'idna = "<4"', more)
    text += '[tool.poetry.group.dev.dependencies]\nsix = {version = "^1", source = "private"}\n'
    assert groups(text) == {"fast": ["idna<4"], "dev": ["six<2,>=1"]}
    assert parse(text, "p.toml").groups["dev"][0].index == "Private"


def test_what_only_the_table_has_is_ignored_and_told():
    found = parse(beside('["idna"]', 'tomli = "^2"\nsix = "*"\nidna = "*"'), "p.toml")
    assert [*map(str, found.packages)] == ["idna"]
    assert found.notes == (
        "p.toml: tool.poetry.dependencies: `six`, `tomli` isn't in `[project]`, and Poetry "
        "ignores it, too; add it there",
    )


@pytest.mark.parametrize("more", ["", "dependencies = []\n", 'dynamic = ["dependencies"]\n'])
def test_the_table_alone_counts_where_the_project_lists_nothing(more):
    text = f'[project]\nname = "thing"\n{more}[tool.poetry.dependencies]\nidna = "^3"\n'
    assert listed(text) == ["idna>=3,<4"]


def test_dynamic_dependencies_are_the_table_s_beside_static_extras():
    text = (
        '[project]\nname = "thing"\ndynamic = ["dependencies"]\n'
        '[project.optional-dependencies]\nfast = ["six"]\n'
        '[tool.poetry.dependencies]\nidna = "^3"\nsix = "<2"\n'
    )
    assert listed(text) == ["idna>=3,<4", "six<2"]
    assert groups(text) == {"fast": ["six<2"]}


def test_two_places_of_one_package_are_refused():
    text = beside(
        '["idna @ https://a.example/idna-3.0.tar.gz"]',
        'idna = {url = "https://b.example/idna-3.0.tar.gz"}',
    )
    assert error(text) == (
        "p.toml: tool.poetry.dependencies.idna: `idna` comes from two places; keep one of them"
    )


def test_a_source_of_a_list_holds_under_its_marker_only():
    table = '[{version = "*", source = "private", platform = "linux"}, {platform = "darwin"}]'
    listed = parse(f"[tool.poetry.dependencies]\ntorch = {table}\n{EXPLICIT}", "p.toml").packages
    linux = 'sys_platform == "linux"'
    assert {(one.marker, one.index, one.origins) for one in listed} == {
        (linux, None, (Origin(linux, "Private"),)),
        ('sys_platform == "darwin"', None, ()),
    }


def test_folders_by_marker_are_refused():
    table = '[{path = "a.whl", platform = "linux"}, {version = "*", platform = "darwin"}]'
    text = f"[tool.poetry.dependencies]\ntorch = {table}\n{EXPLICIT}"
    assert error(text).split("\n")[-1] == (
        "p.toml: tool.poetry.dependencies.torch: a package's folders by markers can't be told "
        "apart here; give all of them the same `path`"
    )


def test_one_package_from_two_sources_is_refused():
    text = (
        f'[tool.poetry.dependencies]\nidna = {{source = "private"}}\n{EXPLICIT}{source("other")}'
        '[tool.poetry.group.dev.dependencies]\nidna = {source = "other"}\n'
    )
    assert error(text) == (
        "p.toml: tool.poetry.dependencies: `idna` has the sources `other` and `private`; keep one "
        "of them"
    )


def test_what_poetry_toml_would_decide_is_told(tmp_path):
    (tmp_path / "poetry.toml").write_text(
        '[installer]\nno-binary = ["numpy"]\n[virtualenvs]\nin-project = true\n'
    )
    (tmp_path / "pyproject.toml").write_text('[tool.poetry.dependencies]\nidna = "*"\n')
    assert read(tmp_path / "pyproject.toml").notes == (
        f"{tmp_path}/poetry.toml: installer.no-binary: it has no effect here; write "
        "`no-binary-package` in `[tool.uv]`",
    )


def test_the_sources_of_a_project_that_is_required_are_left_to_it(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "pyproject.toml").write_text(
        '[tool.poetry]\nname = "lib"\nversion = "1"\n[tool.poetry.dependencies]\n'
        f'idna = {{version = "^3", source = "private"}}\n{EXPLICIT}'
        "[tool.hatch.sources]\nidna = {index = 'a'}\n"
    )
    (tmp_path / "requirements.yaml").write_text("lib: {path: lib}\n")
    found = read(tmp_path / "requirements.yaml")
    [idna] = found.projects[0].dependencies
    assert (str(idna), idna.index) == ("idna>=3,<4", None)


def test_groups_include_groups():
    text = (
        '[tool.poetry.group.lint.dependencies]\nruff = "*"\n'
        '[tool.poetry.group.dev]\ninclude-groups = ["Lint", "test"]\noptional = true\n'
        '[tool.poetry.group.dev.dependencies]\nsix = "*"\n'
        '[tool.poetry.group.test]\ninclude-groups = ["lint"]\n'
        '[dependency-groups]\ntest = ["pytest"]\n'
    )
    assert groups(text) == {
        "lint": ["ruff"],
        "dev": ["pytest", "ruff", "six"],
        "test": ["pytest", "ruff"],
    }


@pytest.mark.parametrize(
    ("included", "problem"),
    [
        ('["nothing"]', "there is no group `nothing`; add"),
        ('["dev"]', "the groups include each other (`dev` → `dev`); leave"),
    ],
)
def test_groups_that_can_t_be_included_are_named(included, problem):
    text = f'[tool.poetry.group.dev]\ninclude-groups = {included}\ndependencies = {{a = "*"}}\n'
    assert error(text).startswith(f"p.toml: tool.poetry.group.dev.include-groups: {problem}")


def test_pre_releases_are_allowed_for_a_package():
    text = (
        "[tool.poetry.dependencies]\n"
        'a = {version = "*", allow-prereleases = true}\n'
        'b = {version = "*", allow-prereleases = false}\nc = "*"\n'
    )
    assert parse(text, "p.toml").settings.prerelease_of == {"a": "allow", "b": "disallow"}


def source(name, priority="", url=True):
    lines = [f'name = "{name}"', f'url = "https://{name}.example/"' if url else ""]
    lines.append(f'priority = "{priority}"' if priority else "")
    return "\n".join(["[[tool.poetry.source]]", *lines, ""])


def shown(index):
    use = "explicit" if index.explicit else "default" if index.default else ""
    return " ".join([index.name, *([use] if use else []), *([] if index.url else ["usual"])])


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([source("a")], ["a default"]),
        ([source("a"), source("b", "primary")], ["a", "b default"]),
        ([source("s", "supplemental"), source("a")], ["a", "s default"]),
        # The default index has the empty address, and its place is the last unless it is named.
        ([source("s", "supplemental")], ["pypi usual", "s"]),
        ([source("s", "supplemental"), source("pypi", "primary", url=False)], ["pypi usual", "s"]),
        ([source("a"), source("PyPI", "supplemental", url=False)], ["a"]),
        ([source("PyPI", url=False), source("a")], ["pypi usual", "a"]),
        ([source("x", "explicit")], ["x explicit"]),
        ([source("x", "explicit"), source("a")], ["x explicit", "a default"]),
        # Those of Poetry 1.
        ([source("b", "secondary"), source("a", "default")], ["a", "b default"]),
        ([source("b", "secondary")], ["pypi usual", "b"]),
        (
            [source("b") + "secondary = true\n", source("a") + "default = true\n"],
            ["a", "b default"],
        ),
    ],
)
def test_sources_are_asked_by_priority(sources, expected):
    text = '[tool.poetry.dependencies]\nidna = "*"\n' + "".join(sources)
    found = parse(text, "p.toml").indexes
    assert [*map(shown, found)] == expected


def test_that_the_first_of_several_sources_decides_is_told():
    text = '[tool.poetry.dependencies]\nidna = "*"\n' + source("a") + source("b")
    assert parse(text, "p.toml").notes == (
        "p.toml: tool.poetry.source: Poetry takes the best version that `a` and `b` have; here the "
        "first of them that has the package is asked alone, in this order",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (source("a", "first"), "tool.poetry.source.priority: `first` is no priority; write"),
        (source("a", url=False), "tool.poetry.source.url: the source has no address; add it"),
        (source("a") * 2, "tool.poetry.source.name: there are two sources `a`; name"),
    ],
)
def test_a_source_that_is_wrong_is_named(text, problem):
    found = error(f'[tool.poetry.dependencies]\nidna = "*"\n{text}')
    assert found.startswith(f"p.toml: {problem}")


def test_the_default_index_may_be_named_by_a_dependency():
    text = f'[tool.poetry.dependencies]\nidna = {{version = "*", source = "PyPI"}}\n{source("a")}'
    found = parse(text, "p.toml")
    assert found.packages[0].index == "pypi"
    assert Named("pypi", "", explicit=True) in found.indexes


def test_keys_without_effect_and_unknown_ones_are_told():
    text = (
        "[tool.poetry]\npackage-mode = false\nnoticed = 1\n[tool.poetry.dependencies]\n"
        'idna = {version = "*", allows-prereleases = true, marker = "x"}\n'
        '[tool.poetry.build-constraints]\nnumpy = {setuptools = "<70"}\n'
    )
    assert parse(text, "p.toml").notes == (
        "p.toml: tool.poetry.dependencies.idna.allows-prereleases: it has no effect here; Poetry "
        "ignores it, too; write `allow-prereleases`",
        "p.toml: tool.poetry.build-constraints: it has no effect here; write "
        "`build-constraint-dependencies` in `[tool.uv]`",
        "p.toml: tool.poetry.noticed, tool.poetry.dependencies.idna.marker: not known here, and "
        "without effect",
    )


def test_the_default_index_is_asked_before_a_supplemental_one(
    lock: LockApp, index: Index, new_index: NewIndex
) -> None:
    supplemental = new_index()
    index.wheel("both", "1.0")
    supplemental.wheel("both", "2.0")
    supplemental.wheel("only", "3.0")
    lock.write(
        '[tool.poetry.dependencies]\nboth = "*"\nonly = "*"\n[[tool.poetry.source]]\n'
        f'name = "s"\nurl = "{supplemental.simple}"\npriority = "supplemental"\n',
        "pyproject.toml",
    )
    data = yaml.safe_load(lock.succeed("3.11"))
    assert data["closure"] == {"both": "1.0", "only": "3.0"}
    assert lock.run("--check").returncode == 0
    # The other commands ask the same indexes.
    assert lock.run("outdated").stdout == ""
    assert "only-3.0-py3-none-any.whl" in lock.run("explain", "only").stdout
    exported = lock.run("export", "--format", "requirements").stdout
    assert [line for line in exported.splitlines() if "index" in line] == [
        f"--extra-index-url {supplemental.simple}"
    ]


def test_a_place_of_the_default_index_needs_its_address(lock: LockApp) -> None:
    lock.environment.pop("UV_DEFAULT_INDEX")
    lock.write(
        '[tool.poetry.dependencies]\na = "*"\n' + source("s", "supplemental"), "pyproject.toml"
    )
    assert lock.fail(2, "3.11").startswith("UV_DEFAULT_INDEX: the default index has a place")


POETRY_S_OWN = {
    "enriched": (
        '[project]\nname = "thing"\nversion = "1"\nrequires-python = ">=3.11,<4"\n'
        'dependencies = ["alpha>=1", "beta", "gamma[x] ; sys_platform == \'linux\'", "delta"]\n'
        '[project.optional-dependencies]\nfast = ["epsilon"]\n'
        "[tool.poetry.dependencies]\n"
        'alpha = "<3"\nbeta = {source = "second"}\n'
        'gamma = {version = "*", extras = ["y"], python = ">=3.5"}\n'
        'delta = {version = "<2", platform = "linux"}\nepsilon = {source = "second"}\n'
        'zeta = "*"\n'
    ),
    "the table alone": (
        '[project]\nname = "thing"\nversion = "1"\nrequires-python = ">=3.11,<4"\n'
        '[tool.poetry.dependencies]\nalpha = "^1 || ^3"\n'
        'beta = {version = "*", source = "second"}\nzeta = {version = "*", optional = true}\n'
        'gamma = {version = "*", allow-prereleases = true}\n'
        '[tool.poetry.extras]\nlast = ["zeta"]\n'
    ),
    "groups": (
        '[project]\nname = "thing"\nversion = "1"\nrequires-python = ">=3.11,<4"\n'
        '[dependency-groups]\ndev = ["alpha", {include-group = "lint"}]\nlint = ["delta"]\n'
        '[tool.poetry.group.dev.dependencies]\nalpha = "<3"\nzeta = "*"\n'
        '[tool.poetry.group.docs]\ninclude-groups = ["lint"]\noptional = true\n'
        '[tool.poetry.group.docs.dependencies]\nbeta = {version = "*", source = "second"}\n'
    ),
    "priorities": (
        '[project]\nname = "thing"\nversion = "1"\nrequires-python = ">=3.11,<4"\n'
        'dependencies = ["alpha", "only"]\n'
        '[[tool.poetry.source]]\nname = "third"\nurl = "{third}"\n'
        'priority = "supplemental"\n'
    ),
}


@pytest.mark.index
@pytest.mark.parametrize("case", POETRY_S_OWN)
def test_versions_and_origins_are_those_of_poetry(
    lock: LockApp, tools: Tools, new_index: NewIndex, case: str
) -> None:
    first, second, third = new_index(), new_index(), new_index()
    for name in ("alpha", "beta", "delta", "epsilon", "zeta"):
        for version in ("1.0", "2.0", "3.0"):
            first.wheel(name, version)
        second.wheel(name, "2.5")
        third.wheel(name, "4.0")
    first.wheel("gamma", "1.0", extras={"x": ["alpha"], "y": ["zeta"]})
    first.wheel("gamma", "2.0b1")
    third.wheel("only", "1.0")
    text = POETRY_S_OWN[case].replace("{third}", third.simple)
    lock.write(
        f"{text}[tool.poetry]\npackage-mode = false\n"
        f'[[tool.poetry.source]]\nname = "first"\nurl = "{first.simple}"\n'
        f'[[tool.poetry.source]]\nname = "second"\nurl = "{second.simple}"\n'
        'priority = "explicit"\n',
        "pyproject.toml",
    )
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    system = ["--system", "x86_64-linux"]
    data = yaml.safe_load(lock.succeed(python, "pyproject.toml", *system, PYTHONPATH=str(ROOT)))
    tools.run_tool("poetry", "lock")
    locked = tomllib.loads((lock.folder / "poetry.lock").read_text("utf-8"))["package"]
    assert data["closure"] == {one["name"]: one["version"] for one in locked}
    assert {
        link["name"].partition("-")[0]: link["url"].partition("/files/")[0]
        for link in data["links"]
    } == {one["name"]: one["source"]["url"].removesuffix("/simple") for one in locked}
    of_group: dict[str, set[str]] = {}
    for one in locked:
        for group in one["groups"]:
            of_group.setdefault(group.replace("main", "default"), set()).add(one["name"])
    extras = tomllib.loads(text).get("project", {}).get("optional-dependencies", {})
    extras |= tomllib.loads(text).get("tool", {}).get("poetry", {}).get("extras", {})
    for group in of_group.keys() - {"default"}:
        assert {name.partition("[")[0] for name in data["groups"][group]} == of_group[group]
    assert data["groups"].keys() - {"default"} == (of_group.keys() | extras.keys()) - {"default"}
