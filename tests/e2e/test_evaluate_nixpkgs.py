"""scripts/evaluate-nixpkgs: what a nixpkgs makes of the project, without building."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.evaluate_nixpkgs import evaluation_warnings
from tests.e2e.conftest import NIXES
from tests.support.nix import Nix
from tests.support.project import ROOT

pytestmark = pytest.mark.nix

SYSTEMS = ["x86_64-linux", "aarch64-linux", "aarch64-darwin", "x86_64-darwin"]


def evaluate(*arguments: str | Path, newest: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the script with Nix at hand, and with the newest one."""
    variables = {name: value for name, value in os.environ.items() if "NIX" not in name}
    if NIXES["at hand"]:
        variables["WHEELHOUSE_NIX"] = NIXES["at hand"]
    if newest and NIXES.get("newest"):
        variables["WHEELHOUSE_NEWEST_NIX"] = str(NIXES["newest"])
    return subprocess.run(
        [ROOT / "scripts" / "evaluate-nixpkgs", *arguments],
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def rows(printed: str) -> dict[str, list[str]]:
    """Return the rows of the table, by output."""
    split = (re.split(r"  +", line) for line in printed.splitlines())
    return {row[0]: row[1:] for row in split if len(row) > 1}


@pytest.fixture(scope="module")
def host() -> Path:
    """The folder of the host package set."""
    found = Nix(NIXES["at hand"]).output(
        "eval", "--impure", "--raw", "--expr", "toString <nixpkgs>"
    )
    return Path(found)


def package_set(folder: Path, text: str) -> Path:
    """Write a package set, and return its folder."""
    folder.mkdir()
    (folder / "default.nix").write_text(text, encoding="utf-8")
    return folder


def test_all_outputs_of_all_systems_evaluate_on_the_host_package_set(host: Path) -> None:
    done = evaluate(host, newest=True)
    assert done.returncode == 0, done.stdout + done.stderr
    table = rows(done.stdout)
    assert table[""] == SYSTEMS
    for output in ("packages.lock", "checks.django", "templates.project: packages.default"):
        assert len(set(table[output])) == len(SYSTEMS)
    assert table["makeOciImage"][2:] == ["-", "-"]
    if "newest" in NIXES:
        assert done.stdout.count(": the same derivations\n") == 1
    assert re.search(r"^uv: uv-\d", done.stdout, re.MULTILINE)
    assert re.search(r"^stdenv.hostPlatform: glibc \(.*x86_64-linux.*\); macOS", done.stdout, re.M)
    assert "\nOf all these, aliases: none\n" in done.stdout
    assert "warning" not in done.stdout


def test_warnings_are_of_the_package_set_and_not_of_the_store() -> None:
    printed = """warning: error: SQLite database '/nix/var/nix/db/db.sqlite' is busy
warning: SQLite database '/nix/var/nix/db/db.sqlite' is busy
warning: the group 'nixbld' does not exist
evaluation warning: foo is deprecated
trace: warning: bar has been renamed
building '/nix/store/x.drv'...
"""
    assert evaluation_warnings(printed) == [
        "evaluation warning: foo is deprecated",
        "trace: warning: bar has been renamed",
    ]


def test_what_fails_of_a_supported_system_is_told(host: Path, tmp_path: Path) -> None:
    folder = package_set(
        tmp_path / "set",
        f"""{{ system, config, ... }}@arguments:
        if system != "x86_64-linux" then throw "dropped ${{system}}"
        else removeAttrs (import {host} arguments // {{
          coreutils = throw "coreutils are gone";
        }}) (if config.allowAliases then [ ] else [ "libpcap" ])""",
    )
    done = evaluate(folder)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "aarch64-linux is no system of the package set: dropped aarch64-linux\n" in done.stdout
    table = rows(done.stdout)
    assert table[""] == ["x86_64-linux"]
    assert table["devShells.default"] == ["failed"]
    assert table["packages.lock"] != ["failed"]
    assert re.search(
        r"^x86_64-linux: .*devShells.default.*: coreutils are gone$", done.stdout, re.M
    )
    assert "\ncoreutils: failed: coreutils are gone\n" in done.stdout
    assert "\nOf all these, aliases: libpcap\n" in done.stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "is no folder. Give the path of a checkout of nixpkgs."),
        ("", "has no default.nix, by which a package set is imported"),
        ("{ zlib = 1; }", "default.nix is of the type set, and no function of a `system`"),
        ("{ pkgs }: pkgs", "has no package set with a stdenv and a `python3`:"),
        ("{ ... }: { stdenv.drvPath = 1; }", "has no package set with a stdenv and a `python3`:"),
    ],
)
def test_a_path_without_a_package_set_is_told(
    tmp_path: Path, text: str | None, message: str
) -> None:
    folder = tmp_path / "set"
    if text is not None:
        package_set(folder, text)
    if text == "":
        (folder / "default.nix").unlink()
    done = evaluate(folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("scripts/evaluate-nixpkgs: ")
    assert f"{folder}" in done.stderr
    assert message in done.stderr


def test_a_nix_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "evaluate-nixpkgs", tmp_path],
        env=os.environ | {"WHEELHOUSE_NIX": str(tmp_path / "nix")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        f"scripts/evaluate-nixpkgs: {tmp_path}/nix-instantiate is no program. WHEELHOUSE_NIX and "
    )


def test_the_script_names_all_that_the_toolchain_takes() -> None:
    library = (ROOT / "lib" / "toolchain.nix").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|#[^\n]*", "", library, flags=re.DOTALL)
    taken = set(re.findall(r"\bpkgs\.([a-zA-Z][\w.]*)", code))
    taken |= set(re.findall(r"\w+", re.findall(r"inherit \(pkgs\)([^;]*);", code)[0]))
    script = (ROOT / "scripts" / "evaluate-nixpkgs.nix").read_text(encoding="utf-8")
    [listed] = re.findall(r"  taken = \[(.*?)\];", script, re.DOTALL)
    assert taken
    assert taken <= set(re.findall(r'"(.*?)"', listed))


@pytest.fixture(scope="module")
def core(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A descendant of nixpkgs: ekala-project/corepkgs, with two corrections (August 2026)."""
    folder = Path(request.config.getoption("--checkouts")).resolve()
    core = tmp_path_factory.mktemp("set") / "corepkgs"
    shutil.copytree(folder / "corepkgs", core, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    (core / "pins.nix").write_text(f"{{ lib = {folder / 'nix-lib'}; }}", encoding="utf-8")
    libraries = core / "python" / "manylinux" / "default.nix"
    text = libraries.read_text(encoding="utf-8")
    libraries.write_text(text.replace("xorg.libx11", "xorg.libX11"), encoding="utf-8")
    return core


@pytest.mark.checkouts
def test_all_outputs_evaluate_on_a_descendant_of_nixpkgs(core: Path) -> None:
    done = evaluate(core, newest=True)
    assert done.returncode == 0, done.stdout + done.stderr
    table = rows(done.stdout)
    assert table[""] == SYSTEMS[:2]
    assert {"Python 3.13t", "pkgsMusl: lock", "searchPaths"} <= set(table)
    assert "\npath: absent\n" in done.stdout


@pytest.mark.checkouts
@pytest.mark.parametrize(
    ("package_set", "python", "message"),
    [
        ("pkgs", "pkgs.python311.override { enableOptimizations = false; }", None),
        ("pkgs.extend (_final: _prev: { })", "null", None),
        ("pkgs.pkgsMusl", "null", "the lock is for"),
        ("pkgs", "pkgs.python311.withPackages (ps: [ ps.lxml ])", "(`withPackages`), which would"),
        ("pkgs", "pkgs.pypy311", "`python` is pypy"),
        ("pkgs", "pkgs.python311Packages", "`python` is no interpreter"),
        ("pkgs", "pkgs.pkgsCross.aarch64-multiplatform.python311", "for aarch64-linux, but"),
        ("pkgs.pkgsCross.aarch64-multiplatform", "null", "cross-compiles for aarch64-linux on x86"),
        ("pkgs.pkgsStatic", "null", "the package set links statically"),
    ],
)
def test_interpreters_and_package_sets_of_nixpkgs_are_taken_or_refused(
    core: Path, package_set: str, python: str, message: str | None
) -> None:
    expression = f"""
      let pkgs = import {core} {{ system = "x86_64-linux"; config = {{ }}; }}; in
      ((import {ROOT} {{ pkgs = {package_set}; }}).makePythonPypiEnvironment {{
        name = "x";
        sourcesYaml = {ROOT}/examples/django/sources.yaml;
        python = {python};
      }}).drvPath"""
    command = ["nix-instantiate", "--eval", "--json", "--read-write-mode", "--expr", expression]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if message is None:
        assert done.returncode == 0, done.stderr
    else:
        assert "wheelhouse: " in done.stderr
        assert message in done.stderr
