"""A default.nix and a shell.nix, made of a template's flake.nix."""

import re
import textwrap

HEAD = """\
{{
  pkgs ? import <nixpkgs> {{ }},
  # Where wheelhouse is: a repository, or a folder.
  wheelhouse ? {wheelhouse},
}}:
let
  library = import wheelhouse {{ inherit pkgs; }};
  each = make: make library;
"""
SHELL = """\
{
  pkgs ? import <nixpkgs> { },
}:
(import ./default.nix { inherit pkgs; }).devShells.default
"""
# The package set of a system, in a flake and here.
PACKAGE_SET = "nixpkgs.legacyPackages.${library.toolchain.system}"
# With flakes → without.
COMMANDS = {
    "nix develop": "nix-shell",
    "nix build": "nix-build -A packages.default",
    "nix run .#lock": "$(nix-build --no-out-link -A packages.lock)/bin/lock",
    "nix flake check": "nix-build --no-out-link -A checks",
}


def default_nix(flake: str, url: str) -> str:
    """Return the default.nix that has the outputs of a template's flake, for one system.

    All templates lay their flakes out alike, from the line of `each` on.
    """
    _, found, outputs = flake.partition("      each = wheelhouse.lib.eachSystem nixpkgs;\n")
    assert found
    body = outputs.removesuffix("    };\n}\n") + "    }\n"
    return HEAD.format(wheelhouse=expression(url)) + textwrap.dedent(body).replace(
        PACKAGE_SET, "pkgs"
    )


def expression(url: str) -> str:
    """Return the expression in Nix of a flake's URL."""
    path = re.fullmatch(r"(?:path:)?(/.*)", url)
    if path:
        return path[1] if re.fullmatch(r"[\w./+-]+", path[1]) else f'/. + "{path[1]}"'
    hosted = re.fullmatch(r"github:([^/?]+/[^/?]+)(?:/([^?]+))?", url)
    if hosted:
        archive = f"https://github.com/{hosted[1]}/archive/{hosted[2] or 'HEAD'}.tar.gz"
        return f'builtins.fetchTarball "{archive}"'
    if url.startswith("git+"):
        return f'builtins.fetchGit "{url.removeprefix("git+")}"'
    return f'builtins.fetchTarball "{url}"'


def command(flake: str, program: str) -> str:
    """Return the command without flakes that does what one with flakes does.

    `program` is what `nix run` runs.
    """
    variables, _, rest = flake.rpartition("nix ")
    if rest.partition(" . --")[0] == "run":
        arguments = rest.removeprefix("run").removeprefix(" . --")
        return f"{COMMANDS['nix build']} && {variables}result/bin/{program}{arguments}"
    return variables + COMMANDS[f"nix {rest}"]
