"""pixi.toml as input: its packages of the package index, where conda has nothing but Python."""

import pytest
import yaml

from lock.errors import UsageError
from lock.inputs.conda import pixi_toml
from lock.models.requirements import Git, Local, Url

PIXI = """\
[workspace]
name = "demo"
channels = ["conda-forge"]
platforms = ["linux-64", "osx-arm64", "win-64"]
exclude-newer = "2026-01-31"

[dependencies]
python = "3.12.*"
pip = "*"

[pypi-dependencies]
A_a = { version = ">=1", extras = ["X_x"], env-markers = "python_version < '4'" }
b = "*"
c = { git = "https://g.example/c.git", tag = "v1" }
d = { url = "https://f.example/d-1.0.zip" }
e = { path = "./lib", editable = true }

[target.linux.pypi-dependencies]
f = "~=1.0"

[target.linux-64.pypi-dependencies]
g = "*"

[feature.test.pypi-dependencies]
h = "==2"

[feature.test.target.win-64.pypi-dependencies]
i = "*"

[environments]
test = ["test"]

[pypi-options]
index-url = "https://index.example/simple"
extra-index-urls = ["https://other.example/simple"]
find-links = [{ url = "https://links.example/" }]

[pypi-options.dependency-overrides]
j = "<2"

[tasks]
go = "python -V"
"""


def groups(found):
    named = {group: [*map(str, listed)] for group, listed in found.groups.items()}
    return {"default": [*map(str, found.packages)], **named}


def parsed(tmp_path, text):
    return pixi_toml.parse(text, str(tmp_path / "pixi.toml"))


def test_packages_features_platforms_and_python_are_read(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "pyproject.toml").write_text('[project]\nname = "e"\nversion = "3"\n')
    found = parsed(tmp_path, PIXI)
    path = str(tmp_path / "lib")
    linux = 'sys_platform == "linux"'
    assert groups(found) == {
        "default": [
            'a-a[x-x]>=1 ; python_version < "4"',
            "b",
            "c @ git+https://g.example/c.git@v1",
            "d @ https://f.example/d-1.0.zip",
            f"e @ file://{path}",
            f"f~=1.0 ; {linux}",
            f'g ; {linux} and platform_machine == "x86_64"',
        ],
        "test": ["h==2", 'i ; sys_platform == "win32"'],
    }
    assert [one.reference for one in found.packages if one.reference] == [
        Git("https://g.example/c.git", "v1"),
        Url("https://f.example/d-1.0.zip"),
        Local(path, "./lib"),
    ]
    assert (found.python, found.requires_python) == ("3.12", "==3.12.*")
    assert found.systems == ("aarch64-darwin", "x86_64-linux")
    assert found.exclude_newer == "2026-01-31"
    assert found.overrides == ("j<2",)
    assert [(one.url, one.default, one.flat) for one in found.indexes] == [
        ("https://other.example/simple", False, False),
        ("https://links.example/", False, True),
        ("https://index.example/simple", True, False),
    ]
    assert found.notes == (
        f"{tmp_path}/pixi.toml: tasks: it has no effect; only packages are locked",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "pypi-dependencies: no package of the package index is asked for; "),
        (
            '[dependencies]\nnumpy = "*"\n[feature.x.dependencies]\ngcc = "*"\n'
            '[pypi-dependencies]\na = "*"\n',
            "dependencies: gcc, numpy are packages of conda, which can't be locked; ",
        ),
        ("[pypi-dependencies]\na = 1\n", "pypi-dependencies.a: this is neither a text nor a"),
        ('[pypi-dependencies]\na = {vers = "1"}\n', "pypi-dependencies.a.vers: unknown key; "),
        (
            '[pypi-dependencies]\na = {version = "*", index = "https://i.example"}\n',
            "pypi-dependencies.a.index: an index of one package isn't known here; ",
        ),
        ('[pypi-dependencies]\na = ">>1"\n', 'pypi-dependencies.a: ">>1" is no version'),
        ('[target.lin.pypi-dependencies]\na = "*"\n', "target.lin: lin: unknown platform; "),
        ('[pypi-dependencies]\na = "*"\n[pypi-opts]\n', "pypi-opts: unknown key; "),
        (
            '[pypi-dependencies]\na = "*"\n[pypi-options]\nno-build = true\n',
            "pypi-options.no-build: it can't be honoured here; ",
        ),
        (
            '[dependencies]\npython = "x"\n[pypi-dependencies]\na = "*"\n',
            'dependencies.python: "x" is no version of Python',
        ),
        (
            '[workspace]\nplatforms = ["win-64"]\n[pypi-dependencies]\na = "*"\n',
            "workspace.platforms: no platform can be locked for; ",
        ),
    ],
)
def test_what_is_wrong_is_told(tmp_path, text, problem):
    with pytest.raises(UsageError) as caught:
        parsed(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path}/pixi.toml: {problem}")
    assert "; " in str(caught.value)


def test_it_is_locked(lock, index):
    index.wheel("a", "1.0")
    lock.write(
        '[workspace]\nchannels = []\nplatforms = ["linux-64"]\n[dependencies]\n'
        'python = "3.11.*"\n[pypi-dependencies]\na = "*"\n',
        "pixi.toml",
    )
    data = yaml.safe_load(lock.succeed("pixi.toml"))
    assert (data["python"], data["closure"]) == ("3.11", {"a": "1.0"})
    assert [*data["systems"]] == ["x86_64-linux"]


@pytest.mark.parametrize("platform", ["linux-riscv64", "linux-armv7l", "linux-ppc64le", "win-64"])
def test_other_platforms_of_conda_are_left_out(tmp_path, platform):
    text = f"""\
[workspace]
platforms = ["linux-64", "{platform}"]
[pypi-dependencies]
a = "*"
[target.{platform}.pypi-dependencies]
b = "*"
"""
    assert parsed(tmp_path, text).systems == ("x86_64-linux",)


def test_the_python_of_a_feature_doesn_t_decide(tmp_path):
    more = '\n[feature.old.dependencies]\npython = "3.9.*"\n'
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "pyproject.toml").write_text('[project]\nname = "e"\nversion = "1"\n')
    assert parsed(tmp_path, PIXI + more).requires_python == parsed(tmp_path, PIXI).requires_python
