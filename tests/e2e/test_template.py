"""Source `result/template` in the shells that users have."""

import subprocess

import pytest

from tests.support.nix import environment, example

pytestmark = [pytest.mark.nix, pytest.mark.index]

SHELLS = {
    "bash": ["bash", "--norc", "-c"],
    "strict bash": ["bash", "--norc", "-euo", "pipefail", "-c"],
    "zsh": ["zsh", "-f", "-c"],
    "strict zsh": ["zsh", "-f", "-euo", "pipefail", "-c"],
    "sh": ["sh", "-euc"],
}


@pytest.fixture(scope="module")
def environments(nix):
    return nix.build(".#env"), nix.build(".#science")


def shell(kind: str, script: str) -> str:
    result = subprocess.run(
        [*SHELLS[kind], script],
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


@pytest.mark.parametrize("kind", SHELLS)
def test_sourcing_gives_python_with_the_packages(environments, kind):
    django, _ = environments
    printed = shell(
        kind,
        f"""
        . {django}/template
        command -v python
        python -c 'import django, sys; print(sys.prefix)'
        """,
    )
    assert printed.split() == [f"{django}/bin/python", str(django)]


@pytest.mark.parametrize("kind", SHELLS)
def test_sourcing_twice_adds_nothing_twice(environments, kind):
    django, _ = environments
    once = shell(kind, f". {django}/template; export -p")
    twice = shell(kind, f". {django}/template; . {django}/template; export -p")
    assert once == twice


@pytest.mark.parametrize("kind", SHELLS)
def test_two_environments_sourced_one_after_the_other_both_work(environments, kind):
    django, science = environments
    printed = shell(
        kind,
        f"""
        . {django}/template
        . {science}/template
        python -c 'import sys, numpy, django; print(sys.prefix)'
        django-admin --version
        . {django}/template
        python -c 'import sys, numpy, django; print(sys.prefix)'
        f2py -v
        """,
    ).split()
    assert printed[0] == str(science)
    assert printed[2] == str(django)


@pytest.mark.parametrize("kind", SHELLS)
def test_another_python_does_not_see_the_packages(environments, kind):
    django, _ = environments
    shell(
        kind,
        f""". {django}/template
        ! /usr/bin/python3 -c 'import django' 2>/dev/null""",
    )


def test_activate_of_the_virtual_environment_works_too(environments):
    django, _ = environments
    printed = shell(
        "bash", f". {django}/bin/activate; python -c 'import django; print(1)'; deactivate"
    )
    assert printed == "1\n"


def test_search_paths_reach_the_shell_and_compose(nix, user_flake):
    inner = environment(
        "inner",
        'searchPaths.export = [ [ "INNER" "it\'s inner" "" ] ];',
        sources=example("django"),
    )
    search_paths = f"bin = [ pkgs.coreutils ]; rpath = [ pkgs.zlib ]; source = [ ({inner}) ];"
    with_search_paths = environment(
        "outer", f"searchPaths = {{ {search_paths} }};", sources=example("science")
    )
    folder = user_flake(f"outer = {with_search_paths};")
    outer = nix.build("path:.#outer", cwd=folder)
    printed = shell(
        "strict bash",
        f""". {outer}/template
        echo "$INNER"; echo "$LD_LIBRARY_PATH"; command -v cat
        python -c 'import numpy, django'""",
    ).splitlines()
    assert printed[0] == "it's inner"
    assert "zlib" in printed[1]
    assert "coreutils" in printed[2]
