"""Projects as the tools make them: locked, built, run in the sandbox, and editable."""

import os
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.e2e.conftest import NIXES
from tests.support.checkouts import commit
from tests.support.index_server import Index, serve
from tests.support.nix import Nix, in_sandbox, write_user_flake
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]

NIX = Nix(NIXES["at hand"])
ENVIRONMENT = 'makePythonPypiEnvironment { name = "env"; sourcesYaml = ./sources.yaml; }'


@cache
def tools() -> Path:
    """Return bin/ of an environment with hatch, pdm and poetry, which the library itself builds."""
    file = ROOT / "tests" / "e2e" / "data" / "project-tools" / "sources.yaml"
    expression = (
        f"(import {ROOT} {{ pkgs = import <nixpkgs> {{ }}; }}).makePythonPypiEnvironment "
        f'{{ name = "project-tools"; sourcesYaml = {file}; }}'
    )
    return NIX.build("--impure", "--expr", expression) / "bin"


def run(folder: Path, *command: str | Path) -> None:
    """Run a tool in a folder, with a home of its own."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    identity = {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@example.com"}
    environment = os.environ | identity | {"HOME": os.fspath(home), "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run(command, cwd=folder, env=environment, check=True)


def python() -> Path:
    """Return Python 3.12 of the package set."""
    expression = (
        f'(import {ROOT} {{ pkgs = import <nixpkgs> {{ }}; }}).toolchain.interpreter "3.12"'
    )
    return NIX.build("--impure", "--expr", expression) / "bin" / "python3.12"


def with_older_backend(project: Path) -> None:
    """Let a project of uv have an older uv_build: the index may lack that of uv's own version."""
    file = project / "pyproject.toml"
    text = re.sub(r"uv_build>=[\d.]+,", "uv_build>=0.9,", file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")


def uv(folder: Path) -> Path:
    run(
        folder,
        *(os.environ["WHEELHOUSE_UV"], "init", "--package", "--python", python(), "made-thing"),
    )
    with_older_backend(folder / "made-thing")
    return folder / "made-thing"


def poetry(folder: Path) -> Path:
    run(folder, tools() / "poetry", "new", "--python", ">=3.12,<4", "made-thing")
    return folder / "made-thing"


def pdm(folder: Path) -> Path:
    project = folder / "made-thing"
    project.mkdir()
    run(project, tools() / "pdm", "init", "--non-interactive", "--dist", "--python", python())
    return project


def hatch(folder: Path) -> Path:
    # Else it downloads the text of the licence.
    licences = folder / "home" / ".cache" / "hatch" / "licenses"
    licences.mkdir(parents=True)
    (licences / "MIT.txt").write_text("MIT License\n")
    run(folder, tools() / "hatch", "new", "made thing")
    return folder / "made-thing"


@pytest.mark.parametrize("make", [uv, poetry, pdm, hatch], ids=lambda make: make.__name__)
def test_a_new_project_is_built_and_editable(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    project = make(tmp_path)
    NIX.lock(project, "--system", "x86_64-linux", "3.12")
    assert NIX.try_lock(project, "--check").returncode == 0
    lock = yaml.safe_load((project / "sources.yaml").read_text(encoding="utf-8"))
    assert [(one["name"], one["path"]) for one in lock["projects"]] == [("made-thing", ".")]
    command = f"${{{ENVIRONMENT}}}/bin/python -c 'import made_thing; print(made_thing.__file__)'"
    write_user_flake(
        project,
        f"run = {in_sandbox(command)};"
        f'shell = library.makeShell {{ environment = {ENVIRONMENT}; editable.made-thing = "."; }};',
    )
    assert NIX.build("path:.#run", cwd=project).read_text().startswith("/nix/store/")
    module = "import made_thing; print(made_thing.__file__)"
    seen = NIX.output("develop", "path:.#shell", "-c", "python", "-c", module, cwd=project)
    assert seen.splitlines()[-1].startswith(f"{project}/")


def test_poetry_s_lock_has_the_project_beside_it(tmp_path: Path) -> None:
    project = poetry(tmp_path)
    indexes: dict[str, Index] = {}
    with serve(indexes) as address:
        indexes["1"] = index = Index(f"{address}/1")
        index.responding.set()
        index.wheel("alpha", "1.0")
        index.wheel("beta", "1.0")
        run(project, tools() / "poetry", "source", "add", "local", index.simple)
        run(project, tools() / "poetry", "add", "--lock", "alpha")
        NIX.lock(project, "--system", "x86_64-linux", "3.12")
        lock = yaml.safe_load((project / "sources.yaml").read_text(encoding="utf-8"))
        assert "lock" in lock["requested"]
        [own] = [package for package in lock["packages"] if package["name"] == "made-thing"]
        assert own["dependencies"] == [{"name": "alpha"}]
        run(project, tools() / "poetry", "add", "--lock", "beta")
    stale = NIX.try_lock(project, "--check")
    assert stale.returncode == 1
    assert "the lock is stale against poetry.lock" in stale.stderr
    assert "requested.lock: what it was made from has changed" in stale.stderr


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Three members as uv makes them: app needs both libraries, and one of these the other."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    program = os.environ["WHEELHOUSE_UV"]
    run(folder, program, "init", "--bare", "--python", python())
    for name, backend, kind in (
        ("app", "hatch", "--package"),
        ("first-lib", "setuptools", "--lib"),
        ("second_lib", "flit", "--lib"),
    ):
        options = ["--build-backend", backend, "--vcs", "none", "--python", str(python())]
        run(folder, program, "init", kind, *options, f"packages/{name}")
    add = (program, "add", "--frozen", "--python", python())
    run(folder / "packages/app", *add, "first-lib", "second_lib", "click")
    run(folder / "packages/first-lib", *add, "second_lib", "idna")
    run(folder / "packages/app", *add, "--dev", "pytest")
    (folder / "home").rename(tmp_path / "home")
    for home in folder.glob("packages/*/home"):
        home.rename(tmp_path / f"home-{home.parent.name}")
    (folder / "packages/app/src/app/__init__.py").write_text(
        "import first_lib\nimport second_lib\n\n\n"
        "def main() -> None:\n    print(first_lib.hello(), second_lib.hello())\n"
    )
    return folder


APPLICATION = 'library.makePythonPypiApplication { package = "app"; sourcesYaml = ./sources.yaml; }'


def derivations(nix: Nix, folder: Path, installable: str) -> set[str]:
    """Return the derivations that an output is built of."""
    path = nix.evaluate(f"path:.#{installable}.drvPath", cwd=folder)
    executable = Path(nix.executable).parent / "nix-store" if nix.executable else Path("nix-store")
    paths = subprocess.check_output([executable, "-qR", path], text=True).split()
    return {one for one in paths if one.endswith(".drv")}


def names(paths: set[str]) -> set[str]:
    """Return the names of derivations, without their hashes and versions."""
    return {re.sub(r"^[^-]*-(python[\d.]+-)?", "", Path(path).name) for path in paths}


def test_a_workspace_is_locked_built_and_run(workspace: Path) -> None:
    NIX.lock(workspace, "--system", "x86_64-linux", "3.12", "pyproject.toml")
    lock = yaml.safe_load((workspace / "sources.yaml").read_text(encoding="utf-8"))
    assert [(one["name"], one["path"]) for one in lock["projects"]] == [
        ("app", "packages/app"),
        ("first-lib", "packages/first-lib"),
        ("second-lib", "packages/second_lib"),
    ]
    edges = {
        package["name"]: [edge["name"] for edge in package.get("dependencies", ())]
        for package in lock["packages"]
    }
    assert edges["app"] == ["click", "first-lib", "second-lib"]
    assert edges["first-lib"] == ["idna", "second-lib"]
    run(workspace, os.environ["WHEELHOUSE_UV"], "lock", "--python", python())
    (workspace / "sources.yaml").unlink()
    NIX.lock(workspace, "--system", "x86_64-linux", "3.12")
    of_uv = yaml.safe_load((workspace / "sources.yaml").read_text(encoding="utf-8"))
    for key in ("projects", "packages", "groups", "builds", "links"):
        assert of_uv[key] == lock[key], key
    write_user_flake(workspace, f"run = {in_sandbox(f'${{{APPLICATION}}}/bin/app')};")
    printed = NIX.build("path:.#run", cwd=workspace).read_text()
    assert printed == "Hello from first-lib! Hello from second-lib!\n"


def test_only_a_changed_member_and_what_has_it_is_built_again(nix: Nix, workspace: Path) -> None:
    nix.lock(workspace, "--system", "x86_64-linux", "3.12", "pyproject.toml")
    write_user_flake(workspace, f"app = {APPLICATION}; env = {ENVIRONMENT};")
    outputs = ("app", "env")
    before = {name: derivations(nix, workspace, name) for name in outputs}
    member = workspace / "packages" / "second_lib"

    for name in ("README.md", "tests/test_it.py", "notes.nix", "uv.lock", "docs/index.md"):
        (member / name).parent.mkdir(exist_ok=True)
        (member / name).write_text("changed\n")
    (workspace / "README.md").write_text("changed\n")
    assert {name: derivations(nix, workspace, name) for name in outputs} == before

    (member / "src/second_lib/__init__.py").write_text("def hello():\n    return 'changed'\n")
    for name in outputs:
        after = derivations(nix, workspace, name)
        assert names(after - before[name]) == {
            "second-lib-0.1.0-wheel.drv",
            "second-lib-0.1.0.drv",
            f"{name}.drv",
        }
        assert len(after) == len(before[name])


def test_members_are_editable_together(nix: Nix, workspace: Path, tmp_path: Path) -> None:
    nix.lock(workspace, "--system", "x86_64-linux", "3.12", "pyproject.toml")
    editable = (
        'editable = { app = "packages/app"; first-lib = "packages/first-lib"; '
        'second-lib = "./packages/second_lib"; };'
    )
    environment = ENVIRONMENT.replace(" }", ' groups = [ "default" "dev" ]; }')
    write_user_flake(
        workspace, f"shell = library.makeShell {{ environment = {environment}; {editable} }};"
    )
    commit(workspace)
    second = tmp_path / "second"
    subprocess.run(["git", "clone", "--quiet", workspace, second], check=True)

    def in_shell(folder: Path, *command: str) -> str:
        return nix.output("develop", ".#shell", "-c", *command, cwd=folder).splitlines()[-1]

    assert in_shell(workspace, "app") == "Hello from first-lib! Hello from second-lib!"
    changed = workspace / "packages/second_lib/src/second_lib/__init__.py"
    script = f"""
      sed -i 's/Hello from second-lib/Edited/' {changed}
      cd /
      app
    """
    assert in_shell(workspace, "bash", "-c", script) == "Hello from first-lib! Edited!"
    # Another checkout of the same commit, entered somewhere inside.
    assert in_shell(second / "packages", "app") == "Hello from first-lib! Hello from second-lib!"

    test = workspace / "packages/app/tests/test_it.py"
    test.parent.mkdir()
    test.write_text(
        "from importlib import metadata, resources\nimport second_lib\n\n"
        "def test_it():\n"
        "    assert second_lib.hello() == 'Edited!'\n"
        "    assert metadata.version('second-lib') == '0.1.0'\n"
        "    assert str(resources.files('second_lib')).startswith("
        f"{str(workspace)!r})\n"
    )
    assert in_shell(workspace, "pytest", "-q", str(test)).startswith("1 passed")
