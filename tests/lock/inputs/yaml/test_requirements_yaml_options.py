"""The full form of requirements.yaml: its options, and where packages come from."""

import pytest

from lock.errors import UsageError
from lock.inputs.yaml.requirements_yaml import parse
from lock.models.requirements import Git, Index, Local, Url

WHEEL = "https://index.example/files/a-1.0-py3-none-any.whl"
FULL = f"""\
python: 3.11
indexes:
  mirror: {{url: "https://mirror.example/simple/", default: true}}
  private: {{url: "https://private.example/simple/", explicit: true}}
  more: https://more.example/simple/
constraints: [numpy<2, 'Foo_Bar ^1.2']
overrides:
  urllib3: ^2.1
exclude-newer: 2026-01-31
groups:
  Dev_Tools:
    pytest: ^8
    a: "*"
  docs: {{sphinx: }}
requirements:
  a: {{url: "{WHEEL}", extras: [x], markers: "os_name == 'posix'"}}
  b: {{version: ^1, index: private}}
  c: {{git: "https://git.example/c.git", rev: v1.0}}
"""


def errors(text):
    with pytest.raises(UsageError) as caught:
        parse(text, "r.yaml")
    return str(caught.value).split("\n")


def test_every_option_reaches_the_model():
    found = parse(FULL, "r.yaml")
    assert found.python == "3.11"
    assert found.indexes == (
        Index("mirror", "https://mirror.example/simple/", default=True),
        Index("private", "https://private.example/simple/", explicit=True),
        Index("more", "https://more.example/simple/"),
    )
    assert found.constraints == ("foo-bar<2,>=1.2", "numpy<2")
    assert found.overrides == ("urllib3>=2.1,<3",)
    assert found.exclude_newer == "2026-01-31"
    groups = {name: [*map(str, wanted)] for name, wanted in found.groups.items()}
    assert groups == {"dev-tools": ["a", "pytest>=8,<9"], "docs": ["sphinx"]}
    assert [*map(str, found.packages)] == [
        f'a[x] @ {WHEEL} ; os_name == "posix"',
        "b>=1,<2",
        "c @ git+https://git.example/c.git@v1.0",
    ]
    assert [package.index for package in found.packages] == [None, "private", None]
    assert found.packages[0].reference == Url(WHEEL)
    assert found.packages[2].reference == Git("https://git.example/c.git", "v1.0")


def test_a_path_is_seen_from_the_file(tmp_path, monkeypatch):
    project = tmp_path / "libs" / "a"
    project.mkdir(parents=True)
    (project / "pyproject.toml").touch()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    [package] = parse("a: {path: libs/a}", "../r.yaml").packages
    assert package.reference == Local(str(project), "libs/a")
    assert str(package) == f"a @ {project.as_uri()}"


def test_a_file_may_have_only_groups():
    found = parse("requirements:\ngroups: {dev: {pytest: '*'}}", "r.yaml")
    assert found.packages == ()
    assert [*map(str, found.groups["dev"])] == ["pytest"]


def test_a_time_has_a_zone():
    text = "requirements: {a: 1}\nexclude-newer: '2026-01-31T12:00:00Z'"
    assert parse(text, "r.yaml").exclude_newer == "2026-01-31T12:00:00Z"


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("exclude-newer: soon", 'exclude-newer: "soon" is no date; write'),
        ("exclude-newer: '2026-01-31T12:00:00'", 'exclude-newer: "2026-01-31T12:00:00" is no'),
        ("groups: [dev]", "groups: a mapping is expected here; write"),
        ("groups: {dev: [pytest]}", "groups.dev: a mapping is expected here; write"),
        ("groups: {dev: {}}", "groups.dev: no package is asked for; write"),
        ("groups: {default: {b: }}", "groups.default: the group `default` is what stands below"),
        ("groups: {-: {b: }}", 'groups.-: "-" is no name of a group; write'),
        ("groups: {a_b: {b: }, a-b: {b: }}", "groups.a-b: the same group stands twice; keep"),
        ("indexes: [a]", "indexes: a mapping is expected here; write"),
        ("indexes: {m: nowhere}", "indexes.m: there is no /"),
        ("indexes: {m: 'https://'}", "indexes.m: this is no address; write"),
        ("indexes: {m: 'https://[x/'}", "indexes.m: this is no address; write"),
        ("indexes: {m: 'https://u:secret@i.example/'}", "indexes.m: an address must not hold a"),
        ("indexes: {-: 'https://i.example/'}", 'indexes.-: "-" is no name of an index; write'),
        ("indexes: {m: {explicit: true}}", "indexes.m: the index has no address; add"),
        ("indexes: {m: {url: 'https://i.example/', explicit: 1}}", "indexes.m.explicit: neither"),
        ("indexes: {m: {uri: x, url: 'https://i.example/'}}", "indexes.m.uri: unknown key; known"),
        (
            "indexes: {m: {url: 'https://i.example/', default: true}, "
            "n: {url: 'https://i.example/', default: true}}",
            "indexes: m and n are both `default`; let",
        ),
        ("constraints: [nothing at all]", 'constraints: "at" is no version specifier; write'),
        ("constraints: {b: {build-requires: c}}", "constraints.b: `build-requires` has no meaning"),
        ("overrides: {b: ^x}", 'b: "^x" is no version specifier; write'),
    ],
)
def test_a_wrong_option_names_its_place(option, expected):
    [told] = errors(f"requirements: {{a: 1}}\n{option}\n")
    assert told.startswith(f"r.yaml:2: {expected}")
    assert "; " in told
    assert "secret" not in told


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{url: 'https://a.example/'}", "a.url: this is the address of neither a wheel nor a"),
        ("{url: a-1.0.tar.gz}", "a.url: this is no address; write"),
        (f"{{url: '{WHEEL}', version: 1}}", "a: `url` and `version` stand together; keep"),
        ("{git: 'https://g.example/a', path: .}", "a: `git` and `path` stand together; keep"),
        ("{git: 'git@g.example:a/b'}", "a.git: git's short form is not known here; write"),
        ("{git: nowhere}", "a.git: this is no address; write"),
        ("{git: 'https://g.example/a', rev: '-x'}", 'a.rev: "-x" is no revision; write'),
        ("{rev: v1}", "a: `rev` stands without `git`; add"),
        ("{path: nowhere-at-all}", "a.path: there is no /"),
        ("{index: none}", "a.index: there is no index `none`; add"),
    ],
)
def test_a_wrong_place_of_a_package_is_named(entry, expected):
    [told] = errors(f"b: 1\na: {entry}\n")
    assert told.startswith(f"r.yaml:2: {expected}")


def test_a_folder_that_is_no_project_is_refused(tmp_path):
    [told] = errors(f"a: {{path: {tmp_path}}}")
    assert "is no project; a pyproject.toml or a setup.py belongs there" in told
