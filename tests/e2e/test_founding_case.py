"""The environment that the project was born from: Python 3.8, fifteen packages, torch 1.7.0."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.project import ROOT

EXAMPLE = ROOT / "examples" / "ml-3.8"

pytestmark = [pytest.mark.nix, pytest.mark.index]

PACKAGES = """
  inherit (rec {
    environment = makePythonPypiEnvironment { name = "ml"; sourcesYaml = ./sources.yaml; };
    environment-without-torch = makePythonPypiEnvironment {
      name = "ml-without-torch";
      sourcesRaw = environment.sources // {
        packages = builtins.filter (item: item.name != "torch") environment.sources.packages;
        links = builtins.filter (link: link.package != "torch") environment.sources.links;
      };
    };
    run = environment: derivation {
      name = "check-ml";
      system = "x86_64-linux";
      builder = "${environment}/bin/python";
      PATH = "${environment}/bin";
      args = [ "-I" "${wheelhouse}/examples/check.py" "${wheelhouse}/examples/ml-3.8/program.py" ];
    };
    check = run environment;
    check-without-torch = run environment-without-torch;
  }) environment-without-torch check check-without-torch;
"""
STEPS = ["encoded a mask of 8", "wrote and read (64, 64)", "drew PNG"]


def lock(nix, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    locker = nix.build(".#lock") / "bin" / "lock"
    return subprocess.run(
        [locker, *arguments, "3.8", "requirements.yaml", "sources.yaml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_systems_without_a_file_of_torch_are_named_and_nothing_is_written(nix, tmp_path):
    shutil.copy(EXAMPLE / "requirements.yaml", tmp_path)
    done = lock(nix, tmp_path)
    assert done.returncode == 1
    assert "torch 1.7.0 has no file for aarch64-darwin, aarch64-linux" in done.stderr
    assert "--system x86_64-darwin --system x86_64-linux" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["requirements.yaml"]


def test_the_lock_holds_for_the_systems_that_work(nix, tmp_path):
    shutil.copy(EXAMPLE / "requirements.yaml", tmp_path)
    done = lock(nix, tmp_path, "--system", "x86_64-linux")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "sources.yaml").read_text(encoding="utf-8")
    assert '  torch: "1.7.0"\n' in text
    assert '  - package: "pycocotools"\n    version: "2.0.0"\n' in text


@pytest.mark.large
@pytest.mark.interpreter("3.8")
def test_everything_imports_and_computes_in_the_sandbox(nix, user_flake):
    folder = user_flake(PACKAGES, sources=EXAMPLE / "sources.yaml")
    printed = nix.build("path:.#check", cwd=folder).read_text()
    for step in ["resnet18 (1, 1000)", *STEPS]:
        assert step in printed


@pytest.mark.interpreter("3.8")
def test_without_torch_s_download_all_the_rest_computes_in_the_sandbox(nix, user_flake):
    folder = user_flake(PACKAGES, sources=EXAMPLE / "sources.yaml")
    environment = nix.build("path:.#environment-without-torch", cwd=folder)
    site = environment / "lib" / "python3.8" / "site-packages"
    # They need torch, and are installed without it.
    assert (site / "torchvision").exists()
    assert (site / "thop").exists()
    printed = nix.build("path:.#check-without-torch", cwd=folder).read_text()
    for step in STEPS:
        assert step in printed
    assert "resnet18" not in printed
