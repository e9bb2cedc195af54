"""Say what a failed build lacked, and which line gives it."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from native import tables
from native.former_modules import FORMER_MODULES, former_sentence
from native.missing_things import Kind, Missing
from native.tables import Inputs

# A build that probes for many things lacks some of no importance; those at the end count.
MOST_UNKNOWN = 3
NOTHING = Inputs()


@dataclass(frozen=True)
class Remedy:
    """What gives a build a thing that it lacked.

    Attributes of nixpkgs for `buildInputs` and `nativeBuildInputs`, and a Python module.
    """

    inputs: tuple[str, ...] = ()
    native_inputs: tuple[str, ...] = ()
    module: str | None = None

    @property
    def is_known(self) -> bool:
        """Return whether there is any."""
        return bool(self.inputs or self.native_inputs or self.module)


def without_given(missing: Iterable[Missing], given: Inputs) -> list[Missing]:
    """Return what a build lacked and does not get by what its source says that it asks for.

    Attempts are given where one of them is, and modules of pkg-config that no table knows where
    others are: a build may try several names.
    """
    attributes = {*given.build, *given.native_build}

    def is_given(thing: Missing) -> bool:
        found = remedy(thing)
        if thing.kind is Kind.PKG_CONFIG_MODULE and not found.is_known:
            return "pkg-config" in attributes
        return found.is_known and attributes.issuperset(
            [*found.inputs, *found.native_inputs, *filter(None, [found.module])]
        )

    listed = [*missing]
    tried = any(thing.is_attempt and is_given(thing) for thing in listed)
    return [thing for thing in listed if not is_given(thing) and not (thing.is_attempt and tried)]


def build_hint(
    package: str,
    missing: Sequence[Missing],
    module_advice: str | None,
    given: Inputs = NOTHING,
    lacking: Collection[str] = (),
) -> str:
    """Return what the build of `package` lacked, and at the end the lines to paste; "" for nothing.

    `module_advice` says what to do about a missing Python module where requirements.yaml has no
    part in it. No line has what is `given`, nor the attributes that the package set is `lacking`.
    """
    remedies = {thing: remedy(thing) for thing in missing}
    known = [thing for thing in missing if remedies[thing].is_known]
    # Where one of the modules that the build tried is known, the others were alternatives to it.
    is_tried = any(thing.kind is Kind.PKG_CONFIG_MODULE for thing in known)
    unknown = [
        thing
        for thing in missing
        if not remedies[thing].is_known and not (thing.is_attempt and is_tried)
    ]
    if not (known or unknown):
        return ""
    libraries = [thing for thing in unknown if thing.kind is not Kind.CRATE][-MOST_UNKNOWN:]
    crates = [thing for thing in unknown if thing.kind is Kind.CRATE][:1]
    named = ", ".join(f"the {thing.kind} {thing.name}" for thing in [*known, *libraries, *crates])
    sentences = [f"It lacks {named}."]
    sentences += filter(None, (_gone_sentence(package, thing) for thing in [*known, *libraries]))
    sentences += [
        _unknown_sentence(package, thing)
        for thing in [*libraries, *crates]
        if _gone_sentence(package, thing) is None
    ]
    inputs = _unique(remedies[thing].inputs for thing in known)
    native_inputs = _unique(remedies[thing].native_inputs for thing in known)
    had = [*filter(given.build.__contains__, inputs)]
    had += filter(given.native_build.__contains__, native_inputs)
    if had:
        sentences.append(
            f"The build gets {pkgs_list(had)} already: the log says why that is not enough."
        )
    lacked = [*filter(lacking.__contains__, [*inputs, *native_inputs])]
    if lacked:
        sentences.append(lacking_sentence(lacked))
    modules = list(dict.fromkeys(filter(None, (remedies[thing].module for thing in known))))
    nix = nix_line(
        package,
        [one for one in inputs if one not in had and one not in lacked],
        [one for one in native_inputs if one not in had and one not in lacked],
    )
    text = " ".join(sentences)
    if modules and module_advice is not None:
        text += f" {module_advice}"
    elif modules:
        wanted = ", ".join(modules)
        text += (
            " Write into requirements.yaml, with the package's version if it has one there, and "
            f"lock again:\n  {package}: {{build-requires: [{wanted}]}}"
        )
    if nix:
        begin = "\nWrite" if modules else " Write"
        text += f"{begin} into the arguments of makePythonPypiEnvironment:\n  {nix}"
    return text


def lacking_sentence(attributes: Iterable[str]) -> str:
    """Return what to do about attributes that the package set lacks."""
    return f"The package set has no {pkgs_list(attributes)}: take one that has, or build without."


def pkgs_list(attributes: Iterable[str]) -> str:
    """Return attributes of the package set as they are named in messages."""
    return ", ".join(f"pkgs.{attribute}" for attribute in dict.fromkeys(attributes))


def _unique(groups: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(item for group in groups for item in group))


def _gone_sentence(package: str, thing: Missing) -> str | None:
    """Return what to do about a module that Python or setuptools once had."""
    return former_sentence(thing.name, package) if thing.kind is Kind.PYTHON_MODULE else None


def _unknown_sentence(package: str, thing: Missing) -> str:
    if thing.kind is Kind.CRATE:
        return (
            "A build has no network, so its crates must lie in its source; else take a wheel of "
            "it, or the package of nixpkgs (`from: nixpkgs`)."
        )
    key = "nativeBuildInputs" if thing.kind is Kind.PROGRAM else "buildInputs"
    return (
        f"A package of nixpkgs that has {thing.name} goes into "
        f"`overrides.{attribute_name(package)}.{key}`."
    )


def remedy(thing: Missing) -> Remedy:
    """Return what gives a build a thing that it lacked; an empty remedy if that isn't known."""
    match thing.kind:
        case Kind.HEADER:
            return Remedy(
                _known(tables.attribute_for_header(thing.name)),
                module=tables.module_for_header(thing.name),
            )
        case Kind.LIBRARY:
            return Remedy(_known(tables.attribute_for_linked(thing.name)))
        case Kind.PKG_CONFIG_MODULE:
            return Remedy(_known(tables.attribute_for_pkg_config(thing.name)))
        case Kind.PROGRAM:
            found = tables.inputs_for_program(thing.name)
            return Remedy(found.build, found.native_build)
        case Kind.CMAKE_PACKAGE:
            found = tables.inputs_for_cmake(thing.name)
            module = tables.CMAKE_MODULES.get(thing.name.lower())
            return Remedy(found.build, found.native_build, module)
        case Kind.PYTHON_MODULE:
            former = FORMER_MODULES.get(thing.name)
            return Remedy(module=thing.name if former is None else former.requirement)
        case Kind.CRATE:
            return Remedy()


def _known(attribute: str | None) -> tuple[str, ...]:
    return () if attribute is None else (attribute,)


def nix_line(package: str, inputs: Sequence[str], native_inputs: Sequence[str]) -> str:
    """Return the argument of makePythonPypiEnvironment that gives a build its inputs.

    >>> nix_line("pypcap", ["libpcap"], [])
    'overrides.pypcap.buildInputs = [ pkgs.libpcap ];'
    """
    lists = [
        f"{key} = [ {' '.join(f'pkgs.{attribute}' for attribute in attributes)} ];"
        for key, attributes in (("buildInputs", inputs), ("nativeBuildInputs", native_inputs))
        if attributes
    ]
    where = f"overrides.{attribute_name(package)}"
    if len(lists) > 1:
        return f"{where} = {{ {' '.join(lists)} }};"
    return f"{where}.{lists[0]}" if lists else ""


def attribute_name(name: str) -> str:
    """Return a project's name as it stands in an attribute path of Nix."""
    return name if re.fullmatch(r"[a-z_][\w-]*", name) else f'"{name}"'
