"""Binary caches: one machine fills one, another builds only what nobody has built."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.e2e.conftest import NIXES
from tests.support.binary_cache import BinaryCache, serve
from tests.support.cache_user import CacheUser
from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.nix import Nix, environment, example, write_user_flake
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]

NIX = Nix(NIXES["at hand"])
DOCUMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
SECTION = DOCUMENT.partition("\n## Fill a cache, use a cache\n")[2].partition("\n## ")[0]
FILL, FILL_FOR_CHANGES, FILL_SHELL = map(console_commands, code_blocks(SECTION, "console"))
[SETTINGS] = code_blocks(SECTION, "ini")
[FLAKE_SETTINGS] = code_blocks(SECTION, "nix")

PYPROJECT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.12"
dependencies = []

[project.scripts]
demo = "demo:main"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""


@dataclass(frozen=True)
class Filled:
    """A cache that commands of the document fill, and its public key."""

    folder: Path

    @property
    def key(self) -> str:
        """Return the public key, which the first command makes."""
        return (self.folder / "public.key").read_text().strip()

    def add(self, *lines: str, flake: str = str(ROOT), output: str = "env") -> None:
        """Run commands of the document, for another output of a flake than its own."""
        there = [
            re.sub(r"\.#[\w.-]+", f"{flake}#{output}", line).replace("/srv", str(self.folder))
            for line in lines
        ]
        with tempfile.TemporaryDirectory() as programs:
            run_commands(NIX, there, self.folder, Path(programs) / "bin")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A cache with Django's environment and what its builds use."""
    made = Filled(tmp_path_factory.mktemp("filled"))
    made.add(*FILL, *FILL_FOR_CHANGES)
    yield made
    shutil.rmtree(made.folder)


@pytest.fixture(scope="module")
def cache(filled: Filled) -> Iterator[BinaryCache]:
    """The cache, served."""
    with serve(filled.folder / "cache") as served:
        yield served


@pytest.fixture(scope="module")
def machine(
    nix: Nix, filled: Filled, cache: BinaryCache, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CacheUser]:
    """Another machine for each Nix, whose nix.conf the document shows."""
    store = tmp_path_factory.mktemp("machine") / "store"
    yield CacheUser(nix, store, at(cache, filled, SETTINGS))
    subprocess.run(["chmod", "-R", "u+w", store], check=True)
    shutil.rmtree(store)


def at(cache: BinaryCache, filled: Filled, text: str) -> str:
    """Return settings of the document with the address and the key of this cache."""
    return text.replace("https://cache.example.org", cache.url).replace("example-1:KEY", filled.key)


def closure(path: Path) -> set[str]:
    """Return the names of the store paths that a path needs, without their hashes."""
    listed = subprocess.run(
        ["nix-store", "--query", "--requisites", path], capture_output=True, text=True, check=True
    ).stdout
    return {Path(line).name[33:] for line in listed.split()}


def test_the_secret_key_is_for_its_owner_alone(filled):
    assert (filled.folder / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("output", ["env", "science"])
def test_what_a_cache_has_is_fetched_and_nothing_is_built(output, filled, machine):
    if output != "env":
        filled.add(*FILL[-2:], output=output)
    environment = NIX.build(f".#{output}")
    planned = machine.plan("build", f".#{output}")
    assert planned.built == set()
    assert environment.name[33:] in planned.fetched
    assert planned.fetched <= closure(environment)
    assert machine.do("build", "--no-link", f".#{output}") == planned


@pytest.mark.large
def test_a_large_environment_is_fetched_and_nothing_is_built(filled, machine):
    large = ["-f", f"{ROOT}/bench/environments.nix", "--argstr", "set", "large", "environment"]
    NIX.output("build", "--impure", "--no-link", *large)
    key = f"secret-key={filled.folder}/secret.key"
    to = f"file://{filled.folder}/cache?{key}&compression=zstd"
    NIX.output("copy", "--impure", "--to", to, *large)
    planned = machine.plan("build", "--impure", *large)
    assert planned.built == set()
    assert len(planned.fetched) > 300
    assert machine.do("build", "--impure", "--no-link", *large) == planned


def test_only_what_changed_is_built(machine, user_flake):
    removed = "lib/python3.11/site-packages/sqlparse/cli.py"
    overrides = f'overrides.sqlparse.remove = [ "{removed}" ];'
    flake = user_flake(f"changed = {environment('changed', overrides, sources=example('django'))};")
    planned = machine.plan("build", "path:.#changed", cwd=flake)
    assert planned.built == {"python3.11-sqlparse-0.6.1.drv", "changed.drv"}
    # Of the files of the index, that of the changed package is needed, and in the cache.
    assert {name for name in planned.fetched if name.endswith(".whl")} == {
        "sqlparse-0.6.1-py3-none-any.whl"
    }
    assert machine.do("build", "--no-link", "path:.#changed", cwd=flake, jobs=1) == planned


def test_a_flake_can_name_its_cache(filled, machine, cache, user_flake):
    flake = user_flake(f"named = {environment('named', sources=example('django'))};")
    file = flake / "flake.nix"
    file.write_text("{" + at(cache, filled, FLAKE_SETTINGS) + file.read_text().removeprefix("{"))
    filled.add(*FILL[-2:], flake=f"path:{flake}", output="named")
    without = replace(machine, settings="")
    assert "named.drv" in without.plan("build", "path:.#named", cwd=flake).built
    planned = without.plan("build", "--accept-flake-config", "path:.#named", cwd=flake)
    assert planned.built == set()
    assert "named" in planned.fetched


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a lock, and a flake with its application and its editable shell."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "demo.py").write_text("def main():\n    print('demo')\n")
    NIX.lock(folder, "--system", "x86_64-linux", "3.12")
    arguments = "sourcesYaml = ./sources.yaml;"
    return write_user_flake(
        folder,
        f"""
        application = library.makePythonPypiApplication {{ {arguments} }};
        shell = library.makeShell {{
          environment = makePythonPypiEnvironment {{ name = "env"; {arguments} }};
          editable.demo = ".";
          packages = [ pkgs.gnutar ];
        }};""",
    )


def test_an_application_and_the_base_of_an_editable_shell_are_fetched(filled, machine, project):
    for output in ("application", "shell"):
        NIX.build(f"path:.#{output}", cwd=project)
    filled.add(*FILL[-2:], flake=f"path:{project}", output="application")
    filled.add(*FILL_SHELL, flake=f"path:{project}", output="shell")
    work = machine.do("build", "--no-link", "path:.#application", cwd=project)
    assert work.built == set()
    assert any("-demo-1.0" in name for name in work.fetched)
    work = machine.do("print-dev-env", "path:.#shell", cwd=project, jobs=1)
    # Nix makes this one of its own of every shell.
    assert work.built == {"env-shell-env.drv"}


@pytest.mark.parametrize("output", ["env", "science", "lock", "devShells.x86_64-linux.default"])
def test_a_cache_is_asked_for_every_derivation_but_a_shell_s(nix, output):
    command = ["show-derivation"] if nix.version < (2, 13) else ["derivation", "show"]
    derivations = json.loads(nix.output(*command, "--recursive", f".#{output}"))
    unasked = [
        made["env"]["name"]
        for made in derivations.get("derivations", derivations).values()
        if made["env"].get("allowSubstitutes", "1") != "1"
    ]
    assert unasked == (["tools-shell"] if "devShells" in output else [])
