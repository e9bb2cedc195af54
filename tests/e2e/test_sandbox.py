"""Run the examples inside the sandbox, where nothing but their closure exists."""

import re

import pytest

from tests.support.nix import environment, example

pytestmark = [pytest.mark.nix, pytest.mark.index]

# The library on a toolchain that has no libraries for wheels.
WITHOUT_LIBRARIES = (
    '(import "${wheelhouse}/lib" (library.toolchain // { runtimeLibraries = [ ]; }))'
)


def test_the_sandbox_is_on(nix):
    settings = nix.output("show-config")
    assert re.search(r"^sandbox = true$", settings, flags=re.MULTILINE)


def test_programs_start_commands_with_the_sandboxs_shell(nix, user_flake):
    folder = user_flake(
        """
        shell = derivation {
          name = "shell";
          inherit (pkgs) system;
          builder = "/bin/sh";
          args = [ "-c" "echo a shell > $out" ];
        };
        """
    )
    assert nix.build("path:.#shell", cwd=folder).read_text() == "a shell\n"


def test_django_stores_and_renders(nix):
    printed = nix.build(".#checks.x86_64-linux.django").read_text()
    assert "8367 kB in 3 wheels" in printed
    assert "DJANGO 8300" in printed


@pytest.mark.one_nix
def test_science_solves_fits_draws_and_parses(nix):
    printed = nix.build(".#checks.x86_64-linux.science").read_text()
    for step in [
        "solved [1.0, -2.0, -2.0]",
        "fitted 3.0 7.0",
        "drew PNG",
        "parsed numpy lxml",
    ]:
        assert step in printed


@pytest.mark.one_nix
def test_science_fails_without_the_runtime_libraries(nix, user_flake):
    check = f'(import "${{wheelhouse}}/project.nix" {WITHOUT_LIBRARIES}).checks.science'
    folder = user_flake(f"check = {check};")
    result = nix.run("build", "--no-link", "--print-build-logs", "path:.#check", cwd=folder)
    assert result.returncode != 0
    assert re.search(
        r"lib(stdc\+\+|gcc_s|z)\.so\.\d+: cannot open shared object file", result.stderr
    ), result.stderr


@pytest.mark.one_nix
def test_an_unmet_library_is_named_in_the_log_and_strict_refuses_it(nix, user_flake):
    strict = environment("strict", "strict = true;", sources=example("science"))
    folder = user_flake(f"strict = {WITHOUT_LIBRARIES}.{strict};")
    result = nix.run("build", "--no-link", "--print-build-logs", "path:.#strict", cwd=folder)
    assert result.returncode != 0
    assert "wheelhouse: error:" in result.stderr
    assert "libstdc++.so.6" in result.stderr


@pytest.mark.one_nix
def test_every_module_of_an_environment_imports(nix):
    lines = nix.build(".#science.tests.imports").read_text().splitlines()
    assert {
        "numpy: numpy",
        "pillow: PIL",
        "pyyaml: yaml",
        "matplotlib: mpl_toolkits.mplot3d",
    } <= set(lines)


def test_modules_that_do_not_import_are_reported_at_once(nix, user_flake):
    bare = environment("bare", sources=example("science"))
    folder = user_flake(f"imports = ({WITHOUT_LIBRARIES}.{bare}).tests.imports;")
    result = nix.run("build", "--no-link", "--print-build-logs", "path:.#imports", cwd=folder)
    assert result.returncode != 0
    for module in ["numpy: import numpy", "contourpy: import contourpy"]:
        assert re.search(rf"{module}: .*cannot open shared object file", result.stderr), module
    assert "import packaging:" not in result.stderr
