"""Well-known projects as their developers have them: locked, built, and run in the sandbox."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.e2e.conftest import NIXES
from tests.support.checkouts import checkout
from tests.support.nix import Nix, in_sandbox, write_user_flake

pytestmark = [pytest.mark.nix, pytest.mark.index]

NIX = Nix(NIXES["at hand"])
SOURCES = "sourcesYaml = ./sources.yaml;"

# Project, build backend, and how its own program is called and answers.
PROGRAMS = [
    ("black", "hatchling, hatch-vcs and a README made of parts", "black --version", "black, "),
    ("bottle", "setup.py alone", "bottle --version", "Bottle 0."),
    ("dunamai", "poetry-core", "dunamai --help", "usage: dunamai"),
    ("flask", "flit, with a uv.lock", "flask --version", "Flask 3."),
    ("gunicorn", "setuptools", "gunicorn --version", "gunicorn (version 23"),
    ("pip-tools", "setuptools-scm", "pip-compile --version", "pip-compile, version 0+unknown"),
    ("pipx", "hatch-vcs with a hook of its own", "pipx --version", "0+unknown"),
    ("typer", "pdm-backend", "typer --version", "Typer version: "),
    ("uvicorn", "hatchling", "uvicorn --version", "Running uvicorn "),
    ("versioningit", "versioningit", "versioningit --version", "versioningit 3."),
]
# Project, build backend, and a program in Python.
LIBRARIES = [
    ("contourpy", "meson-python", "import contourpy._contourpy as m; print(m.__file__)", ".so"),
    ("pytest-socket", "uv_build", "import pytest_socket; print(pytest_socket.__name__)", "pytest"),
]
# Project, further requirements of a group with its test tools; none where it has one.
SUITES = [
    ("flask", "tests", ()),
    ("gunicorn", "checks", ("pytest", "pytest-cov", "gevent", "eventlet")),
    ("iniconfig", "checks", ("pytest",)),
    ("pluggy", "checks", ("pytest",)),
    ("tomlkit", "checks", ("pytest", "pyyaml")),
]
# Of these, the suites that take minutes, or show what others show.
LONG = {"gunicorn", "iniconfig"}


def locked(project: Path, *, group: str = "default", requirements: tuple[str, ...] = ()) -> Path:
    """Lock a checkout for this machine with one group."""
    options = ["--system", "x86_64-linux", "--only-group", group]
    if requirements:
        # A group that its uv.lock doesn't have.
        (project / "uv.lock").unlink(missing_ok=True)
        NIX.lock(project, "add", "--python", "3.12", "--group", group, *options, *requirements)
    else:
        NIX.lock(project, *options, "3.12")
    assert NIX.try_lock(project, "--check").returncode == 0
    return project


def application(name: str, program: str) -> str:
    """Return a call of makePythonPypiApplication in Nix."""
    return (
        f'library.makePythonPypiApplication {{ package = "{name}"; mainProgram = "{program}"; '
        f"{SOURCES} }}"
    )


@pytest.mark.parametrize(
    ("name", "command", "answer"),
    [pytest.param(name, *run, id=f"{name}: {backend}") for name, backend, *run in PROGRAMS],
)
def test_a_project_s_program_runs_in_the_sandbox(tmp_path, name, command, answer):
    project = locked(checkout(name, tmp_path / "checkout"))
    program = command.partition(" ")[0]
    app = application(name, program)
    write_user_flake(project, f"app = {app}; run = {in_sandbox(f'${{{app}}}/bin/{command}')};")
    built = NIX.build("path:.#app", cwd=project)
    assert answer in NIX.build("path:.#run", cwd=project).read_text()
    # Nothing of what it depends on is seen.
    programs = {path.name for path in (built / "bin").iterdir()}
    assert program in programs
    assert not {"python", "activate"} & programs
    assert {path.name for path in built.iterdir()} <= {"bin", "libexec", "share"}


@pytest.mark.parametrize(
    ("name", "program", "answer"),
    [pytest.param(name, *run, id=f"{name}: {backend}") for name, backend, *run in LIBRARIES],
)
def test_a_project_s_modules_run_in_the_sandbox(tmp_path, name, program, answer):
    project = locked(checkout(name, tmp_path / "checkout"))
    (project / "program.py").write_text(program)
    environment = f'makePythonPypiEnvironment {{ name = "env"; {SOURCES} }}'
    command = f"${{{environment}}}/bin/python -I ${{./program.py}}"
    write_user_flake(project, f"run = {in_sandbox(command)};")
    assert answer in NIX.build("path:.#run", cwd=project).read_text()


@pytest.mark.parametrize(
    ("name", "group", "requirements"),
    [
        pytest.param(*one, id=one[0], marks=[pytest.mark.large] if one[0] in LONG else [])
        for one in SUITES
    ],
)
def test_a_project_s_own_suite_passes_as_in_a_venv(tmp_path, name, group, requirements):
    project = locked(checkout(name, tmp_path / "checkout"), group=group, requirements=requirements)
    write_user_flake(
        project,
        f"""tests = (makePythonPypiEnvironment {{
          name = "env"; {SOURCES}
        }}).projects.{name}.tests.pytest {{ groups = [ "{group}" ]; args = [ "-q" ]; }};
        python = library.toolchain.interpreter "3.12";""",
    )
    printed = NIX.build("path:.#tests", cwd=project).read_text()
    assert passed(printed) == passed(suite_in_venv(project, tmp_path, group)) > 50


def passed(printed: str) -> int:
    """Return how many tests passed; none may have failed."""
    summary = printed.strip().splitlines()[-1]
    assert "failed" not in summary and "error" not in summary, printed
    match = re.search(r"(\d+) passed", summary)
    assert match is not None, printed
    return int(match[1])


def suite_in_venv(project: Path, folder: Path, group: str) -> str:
    """Return what pytest prints in a virtual environment that uv makes of the same versions."""
    packages = yaml.safe_load((project / "sources.yaml").read_text(encoding="utf-8"))["closure"]
    constraints = folder / "constraints.txt"
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in packages.items()))
    venv = folder / "venv"
    python = NIX.build("path:.#python", cwd=project)
    uv = os.environ["WHEELHOUSE_UV"]
    [version] = re.findall(r"-([0-9.]+)$", project.name)
    environment = os.environ | {
        "VIRTUAL_ENV": os.fspath(venv),
        "SETUPTOOLS_SCM_PRETEND_VERSION": version,
        "UV_PYTHON_DOWNLOADS": "never",
        # Without them greenlet can't be imported there, and Flask skips two tests.
        "LD_LIBRARY_PATH": os.environ["WHEELHOUSE_LIBRARIES"],
    }
    for command in (
        ["venv", "--python", f"{python}/bin/python3.12", os.fspath(venv)],
        ["pip", "install", "-c", os.fspath(constraints), "--group", group, os.fspath(project)],
    ):
        subprocess.run([uv, *command], cwd=project, env=environment, check=True)
    return subprocess.run(
        [venv / "bin" / "pytest", "-q"],
        cwd=project,
        env=environment | {"PATH": f"{venv}/bin:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
