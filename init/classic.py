"""The Nix files of a starting point: its flake.nix, or a default.nix and a shell.nix made of it."""

import re
import textwrap
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from init import templates
from init.nixpkgs.nix_text import string
from init.order import Order
from lock.errors import UsageError

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
    """Return the expression in Nix of a flake's URL. Raises UsageError for one that has none."""
    place, _, query = url.partition("?")
    path = re.fullmatch(r"path:(/.*)", place)
    hosted = re.fullmatch(r"github:([^/]+/[^/]+)(?:/(.+))?", place)
    if path and not query:
        folder = re.sub("/+", "/", unquote(path[1])).rstrip("/")
        is_plain = re.fullmatch(r"[\w./+-]+", folder, re.ASCII)
        return folder if is_plain else f"/. + {string(folder)}"
    if hosted and not query:
        archive = f"https://github.com/{hosted[1]}/archive/{hosted[2] or 'HEAD'}.tar.gz"
        return f"builtins.fetchTarball {string(archive)}"
    if place.startswith("git+"):
        settings = dict(parse_qsl(query))
        if settings.keys() <= {"ref", "rev"}:
            values = {"url": place.removeprefix("git+"), **settings}
            bindings = " ".join(f"{name} = {string(value)};" for name, value in values.items())
            return f"builtins.fetchGit {{ {bindings} }}"
    elif re.match(r"(?:tarball\+)?(?:https?|file):", place):
        return f"builtins.fetchTarball {string(url.removeprefix('tarball+'))}"
    raise UsageError(
        f"init: --url: without flakes, nothing fetches {url}; write the path of a folder, "
        "github:OWNER/NAME, a repository as git+https://…, or an archive as https://…"
    )


def command(flake: str, program: str) -> str:
    """Return the command without flakes that does what one with flakes does.

    `program` is what `nix run` runs.
    """
    variables, _, rest = flake.rpartition("nix ")
    if rest.partition(" . --")[0] == "run":
        arguments = rest.removeprefix("run").removeprefix(" . --")
        return f"{COMMANDS['nix build']} && {variables}result/bin/{program}{arguments}"
    return variables + COMMANDS[f"nix {rest}"]


def of_style(wanted: Order, made: Mapping[str, str]) -> dict[str, str]:
    """Return files with a flake.nix or, without flakes, with a default.nix and a shell.nix."""
    if not wanted.classic:
        return templates.with_url(made, wanted.url)
    others = {path: text for path, text in made.items() if path != "flake.nix"}
    if ".envrc" in others:
        others[".envrc"] = others[".envrc"].replace("use flake", "use nix")
    return {
        "default.nix": default_nix(made["flake.nix"], wanted.url),
        "shell.nix": SHELL,
        **others,
    }
