"""The environment that the project was founded for: Python 3.8, fifteen packages, torch 1.7.0."""

import shutil

import pytest

from tests.support.nix import environment, sandbox_run
from tests.support.project import ROOT

EXAMPLE = ROOT / "examples" / "ml-3.8"

pytestmark = [pytest.mark.nix, pytest.mark.index]

ML = environment("ml")
WITHOUT_TORCH = f"""
  let all = {ML}; in makePythonPypiEnvironment {{
    name = "ml-without-torch";
    sourcesRaw = all.sources // {{
      packages = builtins.filter (item: item.name != "torch") all.sources.packages;
      links = builtins.filter (link: link.package != "torch") all.sources.links;
    }};
  }}
"""
CHECK = '"-I" "${wheelhouse}/examples/check.py" "${wheelhouse}/examples/ml-3.8/program.py"'
PACKAGES = f"""
  environment-without-torch = {WITHOUT_TORCH};
  check = {sandbox_run(ML, CHECK)};
  check-without-torch = {sandbox_run(WITHOUT_TORCH, CHECK)};
"""
LOCK = ("3.8", "requirements.yaml", "sources.yaml")
STEPS = ["encoded a mask of 8", "wrote and read (64, 64)", "drew PNG"]


def test_systems_without_a_file_of_torch_are_named_and_nothing_is_written(nix, tmp_path):
    shutil.copy(EXAMPLE / "requirements.yaml", tmp_path)
    done = nix.try_lock(tmp_path, *LOCK)
    assert done.returncode == 1
    assert "torch 1.7.0 has no file for aarch64-darwin, aarch64-linux" in done.stderr
    assert "--system x86_64-darwin --system x86_64-linux" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["requirements.yaml"]


def test_the_lock_holds_for_the_systems_that_work(nix, tmp_path):
    shutil.copy(EXAMPLE / "requirements.yaml", tmp_path)
    # Looking at its wheels would download torch.
    nix.lock(tmp_path, "--no-native", "--system", "x86_64-linux", *LOCK)
    text = (tmp_path / "sources.yaml").read_text(encoding="utf-8")
    assert '  "torch": "1.7.0"' in text
    assert '  {"package": "pycocotools", "version": "2.0.0", ' in text


@pytest.mark.one_nix
@pytest.mark.large
@pytest.mark.interpreter("3.8")
def test_everything_imports_and_computes_in_the_sandbox(nix, user_flake):
    folder = user_flake(PACKAGES, sources=EXAMPLE / "sources.yaml")
    printed = nix.build("path:.#check", cwd=folder).read_text()
    for step in ["resnet18 (1, 1000)", *STEPS]:
        assert step in printed


@pytest.mark.one_nix
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
