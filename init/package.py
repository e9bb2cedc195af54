"""Starts the application of a package of the index, described as a package of nixpkgs is."""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from init import next_steps, order
from init.classic import of_style
from init.kinds import CHECK, SHELL, Kind
from init.nixpkgs import asked as asking
from init.nixpkgs import licenses, nix_text, urls
from init.nixpkgs.asked import Asked
from init.nixpkgs.distribution import Distribution
from init.nixpkgs.expression import description, main_program
from init.nixpkgs.gather import Index
from init.order import Order
from init.templates import PLACEHOLDER
from init.writing import check_free, locked, tell_git, write
from lock.errors import UsageError
from lock.io import progress, temporary

# nixpkgs' library, in a flake and without flakes.
LIBRARY = ("inherit (nixpkgs) lib;", "inherit (pkgs) lib;")
FLAKE = """\
{
  # The URL of wheelhouse: of a repository, or of a folder as in "path:/folder/of/wheelhouse".
  inputs.wheelhouse.url = "github:OWNER/wheelhouse";
  inputs.nixpkgs.follows = "wheelhouse/nixpkgs";

  outputs =
    { nixpkgs, wheelhouse, ... }:
    let
      each = wheelhouse.lib.eachSystem nixpkgs;
%(made)s
    in
    {
      packages = each (library: {
        default = %(name)s library;
        inherit (library) lock;
      });
      devShells = each (library: {
        default = library.makeShell { environment = %(environment)s; };
      });
      # Every module of every package can be imported.
      checks = each (library: {
        imports = (%(name)s library).tests.imports;
      });
    };
}
"""
APPLICATION = Kind(
    "", "a program of the index", (("nix run", "start it"), SHELL, CHECK), requirements=""
)
ENVIRONMENT = Kind(
    "", "a library of the index", (("nix run", "start Python with it"), SHELL, CHECK)
)


@dataclass(frozen=True)
class PackageOrder(Order):
    """The order of a package of the index."""

    kind_of_package: Kind = APPLICATION

    @property
    def what(self) -> Kind:
        """Return the kind."""
        return self.kind_of_package


def run(parsed: argparse.Namespace) -> int:
    """Write a flake, requirements and a lock for the package; return the exit code."""
    asked = asking.parse(parsed.package, "init: --package")
    folder = _folder(parsed)
    python = order.OWN_PYTHON
    if parsed.python is not None:
        python = order.python_of("init: --python", parsed.python)
    url = PLACEHOLDER if parsed.url is None else order.url_that_is_there(parsed.url)
    with progress.status(f"asking the index for {asked.name}"):
        found = _read(asked, python)
    wanted = PackageOrder(
        kind="package",
        folder=folder,
        name=asked.name,
        python=python,
        url=url,
        packages=(),
        classic=parsed.classic,
        git=parsed.git,
        lock=parsed.lock,
        force=parsed.force,
        kind_of_package=APPLICATION if found.programs else ENVIRONMENT,
    )
    texts = {
        **of_style(wanted, {"flake.nix": flake(found, asked)}),
        "requirements.yaml": requirements(asked, found, python),
    }
    if wanted.classic:
        texts["default.nix"] = texts["default.nix"].replace(*LIBRARY)
    check_free(wanted, [*texts, wanted.sources])
    if wanted.lock:
        texts[wanted.sources] = locked(wanted, texts)
    write(wanted.folder, texts)
    tell_git(wanted, [*texts])
    print(next_steps.text(wanted, [*texts], wanted.what.next))
    return 0


def _folder(parsed: argparse.Namespace) -> Path:
    """Return the folder to write into. Raises UsageError for what doesn't go with --package."""
    if len(parsed.words) > 1:
        raise UsageError(
            f"init: --package: too many arguments, from {parsed.words[1]!r} on; at most FOLDER"
        )
    for option, given in (("--name", parsed.name), ("--with", parsed.packages or None)):
        if given is not None:
            raise UsageError(f"init: {option}: --package names all that there is; leave it out")
    folder = Path(parsed.words[0] if parsed.words else ".")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"init: {folder}: this is a file; name a folder")
    return folder


def _read(asked: Asked, python: str) -> Distribution:
    with temporary.temporary_folder() as folder:
        index = Index(folder, os.environ, python)
        found = index.read(index.resolve([str(asked)])[asked.name])
    asking.check_extras(asked, found.version, found.extras, "init: --package")
    return found


def requirements(asked: Asked, found: Distribution, python: str) -> str:
    """Return the text of a requirements.yaml for a package."""
    version = nix_text.string(asked.specifier or f">={found.version}")
    lines = [f'python: "{python}"', "requirements:"]
    if asked.extras:
        extras = ", ".join(asked.extras)
        lines += [f"  {asked.name}:", f"    version: {version}", f"    extras: [{extras}]"]
    else:
        lines.append(f"  {asked.name}: {version}")
    return "\n".join(lines) + "\n"


def flake(found: Distribution, asked: Asked) -> str:
    """Return the text of the flake.nix for a package."""
    name = "application" if found.programs else "environment"
    made = [*(_application(found, asked) if found.programs else _environment(found))]
    environment = "(application library).environment" if found.programs else "environment library"
    if any("lib.licenses." in line for line in made):
        made = [LIBRARY[0], *made]
    values = {
        "made": "\n".join(nix_text.indent(nix_text.indent(nix_text.indent(made)))),
        "name": name,
        "environment": environment,
    }
    text = FLAKE
    for key, value in values.items():
        text = text.replace(f"%({key})s", value)
    return text


def _application(found: Distribution, asked: Asked) -> Iterator[str]:
    extras = f"[{','.join(asked.extras)}]" if asked.extras else ""
    program = main_program(found) or found.programs[0]
    yield "application ="
    yield "  library:"
    yield "  library.makePythonPypiApplication {"
    yield f"    package = {nix_text.string(asked.name + extras)};"
    yield "    sourcesYaml = ./sources.yaml;"
    if program != found.name:
        yield f"    mainProgram = {nix_text.string(program)};"
    yield "    meta = {"
    yield from nix_text.indent(nix_text.indent(nix_text.indent(_meta(found))))
    yield "    };"
    yield "  };"


def _environment(found: Distribution) -> Iterator[str]:
    yield "environment ="
    yield "  library:"
    yield "  let"
    yield "    made = library.makePythonPypiEnvironment {"
    yield f"      name = {nix_text.string(found.name)};"
    yield "      sourcesYaml = ./sources.yaml;"
    yield "    };"
    yield "  in"
    yield "  made"
    yield "  // {"
    yield "    meta = made.meta // {"
    yield from nix_text.indent(nix_text.indent(nix_text.indent(_meta(found))))
    yield "    };"
    yield "  };"


def _meta(found: Distribution) -> Iterator[str]:
    if description(found.summary):
        yield f"description = {nix_text.string(description(found.summary))};"
    if urls.homepage(found.urls):
        yield f"homepage = {nix_text.string(urls.homepage(found.urls))};"
    yield from licenses.lines(found.license, found.license_text)
