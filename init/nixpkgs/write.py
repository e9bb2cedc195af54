"""Writes the expressions that the arguments ask for."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from init import order, writing
from init.nixpkgs import asked as asking
from init.nixpkgs import closure, needs, nix_text, package_set, urls
from init.nixpkgs.attributes import attribute
from init.nixpkgs.closure import Closure
from init.nixpkgs.evaluated import Evaluated
from init.nixpkgs.expression import Style, expression
from init.nixpkgs.gather import Index
from init.nixpkgs.notes import notes
from init.nixpkgs.package_set import PackageSet
from lock.errors import LockError, UsageError
from lock.io import files, progress, temporary
from run.library import PACKAGE_SET, SYSTEM

PROGRAM = "nixpkgs-expression"
# nixpkgs' python3 (26.05), where no package set says otherwise.
PYTHON = "3.13"
# As commands have it.
STANDARD_OUTPUT = Path("-")
TITLE = "# Python packages that nixpkgs lacks, for `pythonPackagesExtensions`."


def run(parsed: argparse.Namespace) -> None:
    """Write what is asked for. Raises LockError."""
    asked = asking.parse(parsed.requirement, PROGRAM)
    if parsed.output == STANDARD_OUTPUT:
        parsed.output = None
    _check(parsed)
    environment = os.environ | ({"UV_OFFLINE": "1"} if parsed.offline else {})
    with progress.status("reading the package set"), temporary.temporary_folder() as folder:
        evaluated = _evaluated(parsed, environment)
        known = _known(parsed, evaluated)
        python = parsed.python or (known.python if known else "") or PYTHON
        progress.tell(f"asking the index for {asked.name}")
        index = Index(folder, environment, python)
        resolved = index.resolve([str(asked)])
        first = index.read(resolved[asked.name])
        asking.check_extras(asked, first.version, first.extras, PROGRAM)
        found = Closure({asked.name: first}, {asked.name: {*asked.extras}})
        if parsed.requirements:
            assert known is not None
            found = closure.gather(index, asked, resolved, first, known)
        if evaluated is not None and known is not None:
            progress.tell("reading the package set")
            known = _with_versions(evaluated, known, _attributes(found, known))
    styles = {name: _style(parsed, found, name, known) for name in found.distributions}
    if parsed.requirements:
        _write_closure(parsed, found, styles)
    else:
        text = expression(first, styles[asked.name])
        if parsed.output:
            files.write({parsed.output: text})
        else:
            print(text, end="")
    _tell(found, styles, index.yanked)


def _check(parsed: argparse.Namespace) -> None:
    """Raise UsageError where the options don't go together, or a file is there."""
    if parsed.python is not None:
        order.python_of(f"{PROGRAM}: --python", parsed.python)
    output = parsed.output
    if output is None:
        if parsed.requirements and parsed.application:
            raise UsageError(
                f"{PROGRAM}: --requirements: an application isn't one of the Python packages, so "
                "they stand in several files; name a folder by -o"
            )
        return
    if parsed.requirements:
        if output.exists() and not output.is_dir():
            raise UsageError(f"{output}: not a folder; with --requirements, -o names one")
        if output.is_dir() and any(output.iterdir()) and not parsed.force:
            raise UsageError(f"{output}: the folder isn't empty; --force writes into it")
        return
    if output.is_dir():
        raise UsageError(f"{output}: a folder; name a file, such as {output / 'default.nix'}")
    if output.exists() and not output.is_file():
        raise UsageError(f"{output}: not a regular file; name another one")
    files.check_writable(output)
    if output.exists() and not parsed.force:
        raise UsageError(f"{output}: the file exists; --force replaces it")


def _evaluated(parsed: argparse.Namespace, environment: Mapping[str, str]) -> Evaluated | None:
    """Return the package set to ask; None where there is none."""
    path = parsed.package_set or environment.get(PACKAGE_SET, "")
    if parsed.names or not path:
        return None
    if parsed.package_set:
        path = str(Path(path).absolute())
    return Evaluated(path, environment.get(SYSTEM, ""), parsed.python or "", environment)


def _known(parsed: argparse.Namespace, evaluated: Evaluated | None) -> PackageSet | None:
    """Return what is known of a package set. Raises LockError where it is needed and isn't."""
    if parsed.names:
        return package_set.from_file(parsed.names)
    if evaluated is None:
        if parsed.requirements:
            raise UsageError(
                f"{PROGRAM}: --requirements: there is no package set to compare with; name "
                "nixpkgs by --package-set, or the names of its Python packages by --names"
            )
        return None
    try:
        return evaluated.read()
    except LockError as error:
        if parsed.requirements or parsed.package_set:
            path = evaluated.arguments["packageSet"]
            raise type(error)(
                f"{PROGRAM}: the package set {path} can't be evaluated:\n{error}"
            ) from None
        print(f"{PROGRAM}: the package set isn't compared with: {error}", file=sys.stderr)
        return None


def _with_versions(evaluated: Evaluated, known: PackageSet, names: set[str]) -> PackageSet:
    """Return a package set with the versions of some attributes, if it tells them."""
    try:
        return evaluated.with_versions(known, names)
    except LockError as error:
        print(f"{PROGRAM}: versions aren't compared: {error}", file=sys.stderr)
        return known


def _attributes(found: Closure, known: PackageSet) -> set[str]:
    """Return the attributes of all that the distributions depend on."""
    return {
        attribute(need.name, known.names)
        for name, one in found.distributions.items()
        for need in needs.always(one, sorted(found.extras[name]))
    }


def _style(
    parsed: argparse.Namespace, found: Closure, name: str, known: PackageSet | None
) -> Style:
    """Return the style of one expression. Raises UsageError where it has no repository."""
    distribution = found.distributions[name]
    is_first = name == next(iter(found.distributions))
    repository = urls.repository(distribution.urls) if parsed.repository else None
    if parsed.repository and repository is None and is_first:
        raise UsageError(
            f"{PROGRAM}: --repository: {name} names no repository that nixpkgs has a fetcher for; "
            f"it names {', '.join(distribution.urls.values()) or 'no addresses'}"
        )
    return Style(
        application=parsed.application and is_first,
        repository=repository,
        # What others ask for with extras has them as optional dependencies.
        extras=tuple(sorted(found.extras[name])) if is_first else (),
        package_set=_with_found(known, found),
    )


def _with_found(known: PackageSet | None, found: Closure) -> PackageSet | None:
    """Return a package set with the distributions that expressions are written of."""
    if known is None or len(found.distributions) == 1:
        return known
    names = known.names | {attribute(name) for name in found.distributions}
    return PackageSet(names, known.python, known.versions)


def _write_closure(parsed: argparse.Namespace, found: Closure, styles: Mapping[str, Style]) -> None:
    """Write the expressions of a closure: a folder of them, or one text."""
    texts = {name: expression(one, styles[name]) for name, one in found.distributions.items()}
    library = {name: text for name, text in texts.items() if not styles[name].application}
    if parsed.output is None:
        print(_in_one(library), end="")
        return
    called = {name: [f"final.callPackage ./{name} {{ }}"] for name in library}
    written = {"default.nix": _extension(called)}
    for name, text in texts.items():
        file = "package.nix" if styles[name].application else "default.nix"
        written[f"{name}/{file}"] = text
    writing.write(parsed.output, written)


def _in_one(texts: Mapping[str, str]) -> str:
    """Return an extension of the Python packages with whole expressions in it."""
    return _extension(
        {
            name: ["final.callPackage (", *nix_text.indent(text.splitlines()), ") { }"]
            for name, text in texts.items()
        }
    )


def _extension(values: Mapping[str, list[str]]) -> str:
    bindings = [nix_text.binding(attribute(name), values[name]) for name in sorted(values)]
    spaced = [["", *one] if number else one for number, one in enumerate(bindings)]
    lines = [TITLE, "final: _prev: {", *nix_text.indent(line for one in spaced for line in one)]
    return "\n".join([*lines, "}"]) + "\n"


def _tell(found: Closure, styles: Mapping[str, Style], yanked: Mapping[str, str]) -> None:
    """Tell what the expressions leave open, and of `yanked` versions that they are (PEP 592)."""
    for name, one in found.distributions.items():
        if name in yanked:
            print(f"{PROGRAM}: {name}: {yanked[name]}; take another version", file=sys.stderr)
        for note in notes(one, styles[name]):
            print(f"{PROGRAM}: {name}: {note}", file=sys.stderr)
    for problem in found.problems:
        print(f"{PROGRAM}: there is no expression of what can't be had: {problem}", file=sys.stderr)
