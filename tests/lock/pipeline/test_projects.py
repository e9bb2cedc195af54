"""Projects in a lock, against an index on this machine: resolved, checked offline, restricted."""

import hashlib

import pytest
import yaml

IN_TREE = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def write_project(folder, text, **files):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(f"{text}\n{IN_TREE}")
    (folder / "backend.py").write_text("")
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)


def project(name="demo", version='version = "1.0"', dependencies=(), more=""):
    listed = ", ".join(f'"{one}"' for one in dependencies)
    return f'[project]\nname = "{name}"\n{version}\ndependencies = [{listed}]\n{more}'


@pytest.fixture
def demo(lock, index):
    index.wheel("beta", "2.0", "gamma")
    index.wheel("gamma", "3.0")
    more = (
        '[project.scripts]\nrun = "demo:main"\n[project.optional-dependencies]\n'
        'extra = ["gamma"]\n[dependency-groups]\ndev = ["gamma"]'
    )
    write_project(lock.folder, project(dependencies=["beta"], more=more))
    return lock


def test_a_project_has_edges_a_build_and_no_link(demo):
    data = yaml.safe_load(demo.succeed("3.11", "pyproject.toml"))
    assert data["projects"] == [
        {
            "name": "demo",
            "version": "1.0",
            "path": ".",
            "extras": ["extra"],
            "programs": ["run"],
        }
    ]
    assert data["groups"] == {"default": ["demo"], "dev": ["gamma"], "extra": ["demo[extra]"]}
    [own] = [package for package in data["packages"] if package["name"] == "demo"]
    assert own["dependencies"] == [
        {"name": "beta"},
        {"name": "gamma", "of-extras": ["extra"]},
    ]
    assert data["builds"] == [{"package": "demo", "version": "1.0"}]
    assert "demo" not in data["closure"]
    assert {link["package"] for link in data["links"]} == {"beta", "gamma"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"beta"', '"beta>1"', "requested.projects.demo.requirements: "),
        ('version = "1.0"', 'version = "1.1"', "projects: "),
        ('run = "demo:main"', 'walk = "demo:main"', "projects: "),
        ("requires = []", 'requires = ["gamma"]', "requested.projects.demo.build-requires: "),
        ('extra = ["gamma"]', 'extra = ["gamma>2"]', "requested.projects.demo.extras.extra: "),
    ],
)
def test_check_is_exact_and_needs_no_index(demo, index, old, new, told):
    demo.succeed("3.11", "pyproject.toml")
    index.status = 503
    assert demo.run("--check", "pyproject.toml").returncode == 0
    file = demo.folder / "pyproject.toml"
    file.write_text(file.read_text().replace(old, new, 1))
    stale = demo.run("--check", "pyproject.toml")
    assert stale.returncode == 1
    assert told in stale.stderr


def test_an_edit_of_what_decides_nothing_makes_no_lock_stale(demo):
    demo.succeed("3.11", "pyproject.toml")
    (demo.folder / "backend.py").write_text("# changed\n")
    file = demo.folder / "pyproject.toml"
    file.write_text(file.read_text() + "\n[tool.ruff]\nline-length = 100\n")
    assert demo.run("--check", "pyproject.toml").returncode == 0


def test_a_lock_without_the_project_stays_without_it_until_it_is_asked_for(demo):
    assert "projects" not in yaml.safe_load(demo.succeed("3.11", "--no-project", "pyproject.toml"))
    again = demo.run("pyproject.toml")
    assert again.returncode == 0
    assert "it stays without demo, as it was; --project adds that" in again.stderr
    assert demo.run("--check", "pyproject.toml").returncode == 0
    assert "projects" in yaml.safe_load(demo.succeed("--project", "pyproject.toml"))
    assert "projects" in yaml.safe_load(demo.succeed("pyproject.toml"))


def test_a_tool_that_requires_the_project_gets_the_project(lock, index):
    index.wheel("beta", "2.0", "demo<2,>=1.5")
    index.wheel("demo", "1.7")
    write_project(
        lock.folder,
        project(version='dynamic = ["version"]', more='[dependency-groups]\ndev = ["beta"]'),
    )
    data = yaml.safe_load(lock.succeed("3.11", "pyproject.toml"))
    assert data["closure"] == {"beta": "2.0"}
    assert data["projects"] == [{"name": "demo", "path": "."}]
    [beta] = [package for package in data["packages"] if package["name"] == "beta"]
    assert beta["dependencies"] == [{"name": "demo"}]


def test_what_the_backend_alone_knows_is_asked_in_a_copy(lock, index):
    index.wheel("beta", "2.0")
    backend = """\
import pathlib


def prepare_metadata_for_build_wheel(folder, settings=None):
    pathlib.Path("left-behind").touch()
    info = pathlib.Path(folder, "demo-1.0.dist-info")
    info.mkdir()
    version = [line for line in open("PKG-INFO") if line.startswith("Version")][0].split()[1]
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\\nName: demo\\nVersion: {version}\\nRequires-Dist: beta\\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\\nTag: py3-none-any\\n")
    return info.name
"""
    text = '[project]\nname = "demo"\ndynamic = ["version", "dependencies"]\n'
    write_project(lock.folder, text, backend__py=backend)
    data = yaml.safe_load(lock.succeed("3.11", "pyproject.toml"))
    assert data["closure"] == {"beta": "2.0"}
    assert not (lock.folder / "left-behind").exists()
    assert lock.run("--check", "pyproject.toml").returncode == 0
    (lock.folder / "setup.py").write_text("# new\n")
    stale = lock.run("--check", "pyproject.toml")
    assert "requested.projects.demo.digest: what it was made from has changed" in stale.stderr


def test_groups_may_be_left_out_with_extras_that_only_they_need(lock, index):
    index.wheel("beta", "2.0")
    more = (
        '[project.optional-dependencies]\ngood = ["beta"]\nbad = ["unknown-package"]\n'
        '[dependency-groups]\ndev = ["demo[good]"]\ndocs = ["unknown-package"]'
    )
    write_project(lock.folder, project(more=more))
    assert "unknown-package" in lock.fail(1, "3.11", "pyproject.toml")
    data = yaml.safe_load(lock.succeed("3.11", "--only-group", "dev", "pyproject.toml"))
    assert data["groups"] == {"default": ["demo"], "dev": ["beta", "demo[good]"]}
    assert data["projects"][0]["extras"] == ["good"]
    # It is remembered.
    lock.succeed("pyproject.toml")
    assert lock.run("--check", "pyproject.toml").returncode == 0
    told = lock.fail(2, "--only-group", "dve", "pyproject.toml")
    assert "there is no group dve to lock; it has default, bad, dev, docs, good" in told
    assert "unknown-package" in lock.fail(1, "--all-groups", "pyproject.toml")


def test_a_python_version_file_beside_it_names_the_python(demo):
    (demo.folder / ".python-version").write_text("# comment\ncpython-3.12.4\n")
    assert yaml.safe_load(demo.succeed("pyproject.toml"))["python"] == "3.12"


def test_another_tool_s_lock_comes_before_the_pyproject_toml_beside_it(demo):
    (demo.folder / "uv.lock").write_text("version = 99\n")
    told = demo.fail(2, "3.11")
    assert told.startswith("uv.lock: ")
    # An edit is one of pyproject.toml.
    assert demo.run("add", "--python", "3.11", "gamma").returncode == 0
    assert '"gamma"' in (demo.folder / "pyproject.toml").read_text()


def test_the_build_is_pinned_by_what_the_hook_returns(lock, index):
    index.wheel("tool", "1.0")
    backend = "def get_requires_for_build_wheel(settings=None):\n    return ['tool']\n"
    write_project(lock.folder, project(), backend__py=backend)
    data = yaml.safe_load(lock.succeed("3.11", "pyproject.toml"))
    [build] = data["builds"]
    assert build["closure"] == [{"name": "tool", "version": "1.0"}]
    assert [link["package"] for link in data["build-links"]] == ["tool"]


def test_a_project_of_another_folder_is_seen_from_the_lock(lock, index):
    index.wheel("beta", "2.0")
    write_project(lock.folder / "libs" / "demo", project(dependencies=["beta"]))
    (lock.folder / "nix").mkdir()
    lock.write("demo: {path: libs/demo}\n")
    assert lock.run("3.11", "requirements.yaml", "nix/sources.yaml").returncode == 0
    data = yaml.safe_load((lock.folder / "nix" / "sources.yaml").read_text())
    assert data["projects"] == [{"name": "demo", "version": "1.0", "path": "../libs/demo"}]


def test_groups_of_another_tool_s_lock_may_be_left_out(lock, index):
    for name in ("alpha", "beta"):
        index.wheel(name, "1.0")
    listed = ""
    for name in ("alpha", "beta"):
        path = f"/files/{name}-1.0-py3-none-any.whl"
        digest = hashlib.sha256(index.files[path]).hexdigest()
        listed += (
            f'[[package]]\nname = "{name}"\nversion = "1.0"\n'
            f'source = {{ registry = "{index.simple}" }}\n'
            f'wheels = [{{ url = "{index.url}{path}", hash = "sha256:{digest}" }}]\n'
        )
    lock.write(
        'version = 1\nrequires-python = ">=3.8"\n[[package]]\nname = "root"\nversion = "0"\n'
        'source = { virtual = "." }\ndependencies = [{ name = "alpha" }]\n'
        '[package.dev-dependencies]\ndev = [{ name = "beta" }]\n' + listed,
        "uv.lock",
    )
    whole = yaml.safe_load(lock.succeed("3.11", "uv.lock"))
    assert [*whole["closure"]] == ["alpha", "beta"]
    data = yaml.safe_load(lock.succeed("--only-group", "default", "uv.lock"))
    assert [*data["closure"]] == ["alpha"]
    assert data["groups"] == {"default": ["alpha"]}
    assert lock.run("--check", "uv.lock").returncode == 0


def test_the_python_that_a_required_project_asks_for_is_checked(lock):
    (lock.folder / "lib").mkdir()
    lock.write(
        '[project]\nname = "lib"\nversion = "1"\nrequires-python = ">=3.13"\n', "lib/pyproject.toml"
    )
    lock.write("./lib\n", "requirements.txt")
    told = lock.fail(1, "3.12", "requirements.txt")
    assert "the project lib in " in told
    assert "asks for Python >=3.13, so it can't be locked for 3.12" in told
