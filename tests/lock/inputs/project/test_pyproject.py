"""pyproject.toml: standard tables, uv's and Poetry's; each error names file and key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement as PackagingRequirement

from lock.errors import UsageError
from lock.inputs import read
from lock.inputs.project.pyproject import parse, parse_dependencies
from lock.models.requirements import Git, Index, Local, Url


def wanted(text):
    return [*map(str, parse(text, "p.toml").packages)]


def groups(text):
    return {group: [*map(str, listed)] for group, listed in parse(text, "p.toml").groups.items()}


def errors(text):
    with pytest.raises(UsageError) as caught:
        parse(text, "p.toml")
    return str(caught.value).split("\n")


STANDARD = """\
[project]
name = "Thing"
requires-python = ">=3.10, <4"
dependencies = ["Django>3.2", "uvloop ; sys_platform == 'linux'"]

[project.optional-dependencies]
fast = ["orjson"]
Dev_x = ["pytest", "thing[fast]"]

[dependency-groups]
test = ["pytest>=8", {include-group = "lint"}]
lint = ["ruff"]
"""


def test_extras_and_dependency_groups_are_groups():
    found = parse(STANDARD, "p.toml")
    assert found.requires_python == "<4,>=3.10"
    assert [*map(str, found.packages)] == ["django>3.2", 'uvloop ; sys_platform == "linux"']
    assert groups(STANDARD) == {
        "fast": ["orjson"],
        "dev-x": ["orjson", "pytest"],
        "test": ["pytest>=8", "ruff"],
        "lint": ["ruff"],
    }


def test_an_extra_and_a_group_of_one_name_are_one_group():
    text = '[project.optional-dependencies]\ndev = ["a"]\n[dependency-groups]\ndev = ["b", "a"]\n'
    assert groups(text) == {"dev": ["a", "b"]}


def test_extras_that_ask_for_each_other_end():
    text = (
        '[project]\nname = "p"\n[project.optional-dependencies]\n'
        'a = ["p[b]", "x"]\nb = ["p[a]", "y"]\n'
    )
    assert groups(text) == {"a": ["x", "y"], "b": ["x", "y"]}


UV = """\
[project]
name = "thing"
dependencies = ["a>=1", "b", "c", "d"]

[tool.uv]
constraint-dependencies = ["x<2"]
override-dependencies = ["y==1"]
dev-dependencies = ["pytest", "b"]
exclude-newer = "2026-01-31"
no-binary-package = ["B"]

[tool.uv.extra-build-dependencies]
b = ["numpy"]

[tool.uv.sources]
a = { git = "https://git.example/a", tag = "v1" }
b = { index = "private" }
c = { url = "https://c.example/c-1.0.tar.gz" }

[[tool.uv.index]]
name = "private"
url = "https://private.example/simple/"
explicit = true
"""


def test_uv_s_settings_are_taken():
    found = parse(UV, "p.toml")
    a, b, c, d = found.packages
    assert a.reference == Git("https://git.example/a", "v1")
    assert b.index == "private"
    assert (found.prefer_sdist, found.build_requires) == (["b"], {"b": ("numpy",)})
    assert c.reference == Url("https://c.example/c-1.0.tar.gz")
    assert d.reference is d.index is None
    assert found.indexes == (Index("private", "https://private.example/simple/", explicit=True),)
    assert (found.constraints, found.overrides) == (("x<2",), ("y==1",))
    assert found.exclude_newer == "2026-01-31"
    assert groups(UV) == {"dev": ["b", "pytest"]}
    assert found.groups["dev"][0].index == "private"


POETRY = """\
[tool.poetry]
name = "thing"

[tool.poetry.dependencies]
python = "^3.9"
Django = "^4.2"
httpx = { version = "~0.27", extras = ["http2"], source = "private" }
orjson = { version = "*", optional = true }
uvloop = { version = "*", platform = "linux", markers = "implementation_name == 'cpython'" }
tomli = { version = "^2", python = "<3.11" }
numpy = [{ version = "1.24", python = "<3.9" }, { version = "^1.26", python = ">=3.9,<3.13" }]
git = { git = "https://git.example/g.git", branch = "main" }

[tool.poetry.extras]
fast = ["orjson"]

[tool.poetry.group.test.dependencies]
pytest = "^8"

[tool.poetry.dev-dependencies]
ruff = "*"

[[tool.poetry.source]]
name = "private"
url = "https://private.example/simple/"
priority = "explicit"

[[tool.poetry.source]]
name = "mirror"
url = "https://mirror.example/simple/"
"""


def test_poetry_s_table_is_read():
    found = parse(POETRY, "p.toml")
    assert [*map(str, found.packages)] == [
        "django>=4.2,<5",
        "git @ git+https://git.example/g.git@main",
        "httpx[http2]>=0.27,<0.28",
        'numpy==1.24 ; python_version < "3.9"',
        'numpy>=1.26,<2 ; python_version >= "3.9" and python_version < "3.13"',
        'tomli>=2,<3 ; python_version < "3.11"',
        'uvloop ; implementation_name == "cpython" and sys_platform == "linux"',
    ]
    assert found.requires_python == ">=3.9,<4"
    assert groups(POETRY) == {"test": ["pytest>=8,<9"], "dev": ["ruff"], "fast": ["orjson"]}
    assert found.indexes == (
        Index("private", "https://private.example/simple/", explicit=True),
        Index("mirror", "https://mirror.example/simple/", default=True),
    )


def test_poetry_s_alternatives_of_python_become_a_marker():
    text = (
        "[tool.poetry.dependencies]\n"
        'a = { version = "*", python = "~2.7 || ^3.5.2" }\nb = { version = "*", python = "*" }\n'
    )
    a, b = wanted(text)
    assert a == (
        'a ; (python_version >= "2.7" and python_version < "2.8") '
        'or (python_full_version >= "3.5.2" and python_version < "4")'
    )
    assert b == "b"


def test_the_standard_table_goes_before_poetry_s():
    text = (
        '[project]\nname = "p"\ndependencies = ["a"]\n'
        '[tool.poetry.dependencies]\nb = "1"\n[tool.poetry.group.dev.dependencies]\nc = "^1"\n'
    )
    assert wanted(text) == ["a"]
    assert groups(text) == {"dev": ["c>=1,<2"]}


def test_dynamic_dependencies_are_poetry_s_where_it_has_them():
    text = (
        '[project]\nname = "p"\ndynamic = ["dependencies"]\n[tool.poetry.dependencies]\nb = "1"\n'
    )
    assert wanted(text) == ["b==1"]


def test_a_path_is_seen_from_the_file(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "pyproject.toml").write_text('[project]\nname = "lib"\nversion = "1"\n')
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "p"\ndependencies = ["lib"]\n[tool.uv.sources]\nlib = {path = "lib"}\n'
    )
    [package] = read(tmp_path / "pyproject.toml").packages
    assert package.reference == Local(str(tmp_path / "lib"), "lib")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[project\n", "p.toml:1: this is not TOML (Expected ']' at the end of a table"),
        ('[project]\nname = "p"\n', "p.toml: no package is asked for; list"),
        ("project = 1", "p.toml: project: this is not a table; write"),
        ("[project]\ndependencies = 1", "p.toml: project.dependencies: this is not a list of"),
        ("[project]\ndependencies = [1]", "p.toml: project.dependencies: this is not a list of"),
        (
            '[project]\ndependencies = ["a b"]',
            'p.toml: project.dependencies: "a b" is no requirement (PEP 508); write',
        ),
        (
            '[project]\ndynamic = ["dependencies"]',
            "p.toml: project.dynamic: the dependencies are known only to the build backend, and "
            "there is nothing to build; list them in `[project]`, or add",
        ),
        (
            '[project]\ndependencies = ["a"]\nrequires-python = "new"',
            'p.toml: project.requires-python: "new" is no range of versions; write',
        ),
        (
            '[project.optional-dependencies]\ndefault = ["a"]',
            "p.toml: project.optional-dependencies.default: the group `default` is",
        ),
        (
            '[dependency-groups]\na = [{include-group = "b"}]',
            "p.toml: dependency-groups.a: this is no group (Dependency group 'b' not found); see",
        ),
        (
            '[dependency-groups]\na = [{include-group = "a"}]',
            "p.toml: dependency-groups.a: this is no group (Cyclic dependency group include",
        ),
        (
            '[project]\ndependencies = ["a"]\n[tool.uv.sources]\na = {workspace = true}',
            "p.toml: tool.uv.sources.a: the workspace has no such member; add its folder",
        ),
        (
            '[project]\ndependencies = ["a"]\n[tool.uv.sources]\na = [{index = "x"}]',
            "p.toml: a: there is no index `x`; add it",
        ),
        (
            '[project]\ndependencies = ["a"]\n[[tool.uv.index]]\nurl = "https://u:p@i.example"',
            "p.toml: tool.uv.index.url: an address must not hold a password; put",
        ),
        (
            '[project]\ndependencies = ["a"]\n[tool.uv.sources]\na = {index = "none"}',
            "p.toml: a: there is no index `none`; add",
        ),
        (
            '[tool.poetry.dependencies]\na = "^x"',
            'p.toml: tool.poetry.dependencies.a: "^x" is no version specifier; write',
        ),
        (
            "[tool.poetry.dependencies]\na = 1",
            "p.toml: tool.poetry.dependencies.a: this is neither a text nor a table; write",
        ),
        (
            '[tool.poetry.dependencies]\na = {git = "https://g.example/a", subdirectory = "../b"}',
            'p.toml: tool.poetry.dependencies.a.subdirectory: "../b" is no folder below the top; ',
        ),
        (
            '[tool.poetry.dependencies]\na = {version = "1", extras = "x"}',
            "p.toml: tool.poetry.dependencies.a.extras: this is not a list of texts; write",
        ),
    ],
)
def test_an_error_names_file_and_key(text, expected):
    [told] = errors(text)
    assert told.startswith(expected)
    assert "; " in told


def test_several_errors_are_told_at_once():
    found = errors('[project]\ndependencies = ["a b", "c", "?"]\nrequires-python = 3\n')
    assert len(found) == 3


TABLES = ["project", "project.optional-dependencies", "dependency-groups", "tool.uv.sources"]
TABLES += ["tool.poetry.dependencies", "tool.poetry", "tool.uv", "tool.poetry.group.dev"]
TABLES += ["tool.pdm", "tool.pdm.resolution", "tool.pdm.dev-dependencies", "tool.poetry.extras"]
TABLES += ["tool.hatch.envs.a", "tool.setuptools.dynamic", "build-system"]
KEYS = ["name", "dependencies", "a", "python", "requires-python", "index", "extras", "dynamic"]
KEYS += ["features", "template", "overrides", "source", "include-groups", "workspace", "options"]
VALUES = ["1", '"a"', '["a"]', "{a = 1}", '{version = "^1"}', "true", "[]", '"^1"', '[{a = "1"}]']


@given(
    st.dictionaries(
        st.sampled_from(TABLES),
        st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=4),
        max_size=4,
    )
)
def test_any_tables_give_requirements_or_errors(tables):
    text = "\n".join(
        f"[{table}]\n" + "\n".join(f"{key} = {value}" for key, value in entries.items())
        for table, entries in tables.items()
    )
    try:
        found = parse(text, "p.toml")
    except UsageError as error:
        assert all(line.startswith("p.toml:") and "; " in line for line in str(error).split("\n"))
    else:
        for requirement in (*found.packages, *(one for g in found.groups.values() for one in g)):
            PackagingRequirement(str(requirement))


def test_a_group_that_names_its_own_project_has_what_that_depends_on():
    text = (
        '[project]\nname = "thing"\ndependencies = ["a"]\n'
        '[project.optional-dependencies]\nfast = ["b"]\n'
        '[dependency-groups]\ndev = ["thing[fast] ; sys_platform == \'linux\'", "c"]\n'
    )
    found = parse_dependencies(text, "pyproject.toml")
    assert [*map(str, found.groups["dev"])] == [
        'a ; sys_platform == "linux"',
        'b ; sys_platform == "linux"',
        "c",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "p"\nversion = "1"\ndependencies = ["a"]\n'
        '[tool.uv.sources]\na = {git = "https://g.example/a", subdirectory = "x/y/"}\n',
        '[tool.poetry.dependencies]\na = {git = "https://g.example/a", subdirectory = "x/y"}\n',
        '[project]\nname = "p"\nversion = "1"\n'
        'dependencies = ["a @ git+https://g.example/a#subdirectory=x/y"]\n',
    ],
)
def test_a_project_in_a_subdirectory_of_a_repository_is_named(text):
    [found] = [one for one in parse(text, "p.toml").every_requirement() if one.name == "a"]
    assert found.reference == Git("https://g.example/a", None, "x/y")


def test_a_source_in_the_workspace_matters_only_for_what_is_required():
    text = (
        '[project]\nname = "thing"\ndependencies = ["a"]\n'
        '[project.optional-dependencies]\nfast = ["b"]\nall = ["thing[fast]"]\n'
        "[tool.uv.sources]\nthing = { workspace = true }\nunused = { workspace = true }\n"
    )
    assert wanted(text) == ["a"]
    assert groups(text) == {"fast": ["b"], "all": ["b"]}
    assert errors(text.replace('"a"', '"unused"')) == [
        "p.toml: tool.uv.sources.unused: the workspace has no such member; add its folder to the "
        "`members` of `tool.uv.workspace`"
    ]
