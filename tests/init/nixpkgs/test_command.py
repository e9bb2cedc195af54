"""The program, with the package index; nothing moves where versions are named."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.evaluation import value_of
from tests.support.project import ROOT

SET = Path(__file__).with_name("package_set.nix")
pytestmark = pytest.mark.index


def run(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    done = subprocess.run(
        [sys.executable, "-m", "init.nixpkgs", *arguments],
        cwd=folder,
        env={name: value for name, value in environment.items() if name != "WHEELHOUSE_PACKAGE_SET"}
        | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def succeed(folder: Path, *arguments: str, **variables: str) -> str:
    done = run(folder, *arguments, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


def fail(folder: Path, code: int, *arguments: str, **variables: str) -> str:
    before = {*folder.rglob("*")}
    done = run(folder, *arguments, **variables)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert {*folder.rglob("*")} == before
    return done.stderr


def test_an_expression_is_printed_of_what_the_index_has(tmp_path: Path) -> None:
    assert succeed(tmp_path, "httpx[http2]==0.28.1") == (
        Path(__file__).with_name("httpx.nix").read_text(encoding="utf-8")
    )


def test_all_that_the_package_set_lacks_is_written(tmp_path: Path) -> None:
    arguments = ("--requirements", "-o", "packages", "--package-set", str(SET))
    done = run(tmp_path, "httpcore[http2]==1.0.9", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    folder = tmp_path / "packages"
    written = {path.name for path in folder.iterdir()}
    assert written == {"default.nix", "h2", "hpack", "httpcore", "hyperframe"}
    found = value_of(
        f"""
        let
          pkgs = import {SET} {{ }};
          set = pkgs.python3.pkgs // extension // {{
            callPackage = file: _: pkgs.python3.pkgs.callPackage file (
              builtins.intersectAttrs (builtins.functionArgs (import file)) extension
            );
          }};
          extension = import ./packages set pkgs.python3.pkgs;
          names = one: map (needed: needed.pname) one.dependencies;
        in
        {{
          inherit (set.httpcore) pythonRelaxDeps;
          httpcore = names set.httpcore;
          h2 = names set.h2;
        }}
        """,
        tmp_path,
    )
    assert found["httpcore"] == ["certifi", "h11", "h2"]
    assert found["h2"] == ["hpack", "hyperframe"]
    # The package set has an old one.
    assert found["pythonRelaxDeps"] == ["h11"]


def test_folders_that_can_t_be_written_are_not_begun(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    (packages / "hpack").write_text("mine\n")
    arguments = ("--requirements", "-o", "packages", "--package-set", str(SET), "--force")
    message = fail(tmp_path, 2, "httpcore[http2]==1.0.9", *arguments)
    assert "packages/hpack" in message


def test_one_text_has_the_closure_for_a_list_of_names(tmp_path: Path) -> None:
    (tmp_path / "names").write_text("certifi\nidna\nhatchling\nflit-core\nsetuptools\n")
    printed = succeed(tmp_path, "h2==4.3.0", "--requirements", "--names", "names")
    assert printed.startswith("# Python packages that nixpkgs lacks")
    assert "\n  h2 = final.callPackage (\n    {\n      lib,\n" in printed
    assert "\n  hpack = final.callPackage (\n" in printed
    assert value_of(f"builtins.attrNames (({printed}) {{ callPackage = f: f; }} {{ }})") == [
        *("h2", "hpack", "hyperframe"),
    ]


def test_a_source_distribution_without_wheels_is_read(tmp_path: Path) -> None:
    printed = succeed(tmp_path, "docopt==0.6.2")
    assert '  pythonImportsCheck = [ "docopt" ];\n' in printed
    assert "    license = lib.licenses.mit;\n" in printed
    assert "  build-system = [ setuptools ];\n" in printed


def test_the_import_check_has_the_names_that_metadata_declares(tmp_path: Path) -> None:
    # The module is called like a folder of build results, which is left out where files tell.
    printed = succeed(tmp_path, "build==1.6.1")
    assert '  pythonImportsCheck = [ "build" ];\n' in printed


def test_a_yanked_version_is_told_and_a_hyphen_is_the_standard_output(tmp_path: Path) -> None:
    done = run(tmp_path, "attrs==21.1.0", "-o", "-")
    assert 'version = "21.1.0";' in done.stdout
    assert done.stderr == (
        "nixpkgs-expression: attrs: 21.1.0 is yanked: Installable but not importable on Python "
        "3.4.; take another version\n"
    )
    assert [*tmp_path.iterdir()] == []


def test_a_file_is_written_once(tmp_path: Path) -> None:
    succeed(tmp_path, "idna==3.10", "-o", "default.nix")
    written = (tmp_path / "default.nix").read_text(encoding="utf-8")
    assert 'pname = "idna";' in written
    message = fail(tmp_path, 2, "idna==3.7", "-o", "default.nix")
    assert message == "default.nix: the file exists; --force replaces it\n"
    succeed(tmp_path, "idna==3.7", "-o", "default.nix", "--force")
    assert 'version = "3.7";' in (tmp_path / "default.nix").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["idna 3"], "write a package's name, maybe with extras and versions"),
        (["idna @ https://x.example/idna.whl"], "an address can't stand there"),
        (["idna; python_version > '3'"], "a marker can't stand there"),
        (["idna[colour]==3.10"], "idna 3.10 has no extra colour; it has all"),
        (["idna", "--requirements"], "there is no package set to compare with"),
        (["idna", "--requirements", "--application"], "name a folder by -o"),
        (["idna", "--python", "3"], "nixpkgs-expression: --python: "),
        (["idna", "--python", ""], 'nixpkgs-expression: --python: "" is no version of Python'),
        (["idna", "--package-set", "missing"], "the package set"),
        (["idna", "--names", "missing"], "missing: No such file or directory"),
        (["--aplication", "idna"], "no option --aplication; did you mean --application?"),
        (["idna", "-o", "."], ".: a folder; name a file, such as default.nix"),
        (["idna", "-o", "no/default.nix"], "there is no folder"),
        (["--repository", "python-daemon==3.1.2"], "names no repository that nixpkgs has a"),
    ],
)
def test_wrong_arguments_are_refused(tmp_path: Path, arguments: list[str], message: str) -> None:
    found = run(tmp_path, *arguments)
    assert found.returncode != 0
    assert message in found.stderr
    assert found.stdout == ""


def test_a_package_that_the_index_lacks_is_refused(tmp_path: Path) -> None:
    message = fail(tmp_path, 1, "idna==0.0.1")
    assert message.startswith("idna==0.0.1: no versions satisfy the requirements")
