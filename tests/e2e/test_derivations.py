"""What a change rebuilds, that builds repeat bit by bit, and that all systems evaluate."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.nix import environment, example
from tests.support.project import ROOT

OUTPUTS = {
    "packages": ["env", "lock", "default", "science"],
    "checks": ["django", "science"],
    "devShells": ["default"],
}
SYSTEMS = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"]

pytestmark = [pytest.mark.nix, pytest.mark.index]


def copy_of_the_project(target: Path) -> Path:
    """Copy the files that git tracks into a folder, and return it."""
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, files):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
    return target


def derivation_paths(nix, flake: str, system: str = "x86_64-linux") -> dict[tuple[str, str], str]:
    """Return the derivation of each output of a system; one evaluation gives all of a kind."""
    return {
        (kind, name): path
        for kind, names in OUTPUTS.items()
        for name, path in nix.evaluate(
            f"{flake}#{kind}.{system}",
            "--apply",
            f"all: builtins.mapAttrs (_: one: one.drvPath) {{ inherit (all) {' '.join(names)}; }}",
        ).items()
    }


def requisites(derivation: str) -> set[str]:
    """Return the derivations that a derivation depends on, itself included."""
    listed = subprocess.run(
        ["nix-store", "--query", "--requisites", derivation],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return {path for path in listed if path.endswith(".drv")}


@pytest.mark.parametrize("output", ["env", "science", "lock"])
def test_a_rebuild_is_bit_identical(nix, output):
    nix.build_twice(f".#{output}")


@pytest.mark.parametrize("package", ["numpy", "pandas", "lxml", "django"])
def test_a_rebuild_of_a_package_is_bit_identical(nix, package):
    example = "env" if package == "django" else "science"
    nix.build_twice(f".#{example}.packages.{package}")


def test_editing_prose_and_tests_changes_no_derivation(nix, tmp_path):
    folder = copy_of_the_project(tmp_path / "project")
    before = derivation_paths(nix, f"path:{folder}")
    for name in ["README.md", "docs/architecture.md", "tests/lib/fixtures.nix"]:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("\n# changed\n")
    (folder / "tests" / "new.py").write_text("changed = True\n", encoding="utf-8")
    assert derivation_paths(nix, f"path:{folder}") == before


def test_editing_the_builder_changes_derivations(nix, tmp_path):
    folder = copy_of_the_project(tmp_path / "project")
    before = derivation_paths(nix, f"path:{folder}")
    with (folder / "builder" / "compose.py").open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    after = derivation_paths(nix, f"path:{folder}")
    assert all(after[output] != before[output] for output in before)


def test_changing_one_package_rebuilds_it_and_the_environment_only(nix, tmp_path):
    folder = copy_of_the_project(tmp_path / "project")
    installable = f"path:{folder}#science.drvPath"
    before = requisites(nix.output("eval", "--raw", installable))
    lock = folder / "examples" / "science" / "sources.yaml"
    data = json.loads(lock.read_text(encoding="utf-8"))
    [link] = [one for one in data["links"] if one["package"] == "cycler"]
    link["sha256"] = "0" * 52
    lock.write_text(json.dumps(data), encoding="utf-8")
    after = requisites(nix.output("eval", "--raw", installable))
    new = sorted(re.sub(r"^[^-]+-", "", path) for path in after - before)
    assert new == [
        "cycler-0.12.1-py3-none-any.whl.drv",
        "python3.11-cycler-0.12.1.drv",
        "science-example.drv",
    ]


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_output_evaluates_for_every_system(nix, system):
    paths = derivation_paths(nix, ".", system)
    assert paths and all(path.endswith(".drv") for path in paths.values())
    assert nix.evaluate(f".#apps.{system}.lock.type") == "app"


def complaints(stderr: str) -> list[str]:
    """Return Nix' warnings and errors, without those that the project can't avoid.

    The host package set overrides an input, and Nix warns that it doesn't write flake.lock. Nix 2.8
    doesn't know the outputs `lib` and `flakeModules`, which later versions do. Other tests' Nix may
    have a database of the user's cache or of the store in use.
    """
    unavoidable = (
        "warning: not writing modified lock file",
        "warning: unknown flake output 'flakeModules'",
        "warning: unknown flake output 'lib'",
        "warning: SQLite database",
        "warning: error: SQLite database",
    )
    return [
        line
        for line in map(str.strip, stderr.splitlines())
        if re.match(r"(warning|error):", line) and not line.startswith(unavoidable)
    ]


@pytest.mark.parametrize("command", ["show", "check"])
def test_the_flake_is_clean(nix, command):
    # Nix 2.8 looks at every system anyway, and has no option for it.
    everywhere = [] if nix.version < (2, 14) else ["--all-systems"]
    result = nix.run("flake", command, *everywhere)
    assert result.returncode == 0, result.stderr
    assert complaints(result.stderr) == []


def test_a_canonical_lock_needs_no_import_from_derivation(nix):
    nix.build(".#env", "--option", "allow-import-from-derivation", "false")
    nix.build(".#science", "--option", "allow-import-from-derivation", "false")


def test_the_overlay_adds_the_function(nix, user_flake):
    call = environment("overlaid", sources=example("django"))
    folder = user_flake(
        f"value = (wheelhouse.overlays.default pkgs pkgs).{call};"
        f'classic = (import "${{wheelhouse}}" {{ inherit pkgs; }}).{call};'
    )
    paths = {
        nix.output("eval", "--raw", f"path:.#{name}.drvPath", cwd=folder)
        for name in ["value", "classic"]
    }
    assert len(paths) == 1


def test_the_lock_app_knows_the_index_that_uv_asks(nix):
    launcher = (nix.build(".#lock") / "bin" / "lock").read_text(encoding="utf-8")
    assert re.search(r"'WHEELHOUSE_DEFAULT_INDEX', 'https://[^/]+/simple'", launcher)
