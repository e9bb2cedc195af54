"""The text of an expression for nixpkgs (26.05), from a distribution."""

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from packaging.utils import canonicalize_name, parse_wheel_filename

from init.nixpkgs import licenses, needs, nix_text, urls
from init.nixpkgs.attributes import SHARED_NAMES, attribute
from init.nixpkgs.conditions import MINORS, PATCH, Condition
from init.nixpkgs.distribution import Build, Distribution, SourceFile
from init.nixpkgs.needs import Need
from init.nixpkgs.nix_text import string
from init.nixpkgs.package_set import PackageSet
from init.nixpkgs.urls import Repository
from lock.models.filenames import SDIST_SUFFIXES

# Versions that a repository's tags tell are told to a build by a variable. nixpkgs' setuptools-scm,
# pdm-backend and poetry-dynamic-versioning have hooks that do that.
VERSION_VARIABLES = {"pbr": "PBR_VERSION", "uv-dynamic-versioning": "UV_DYNAMIC_VERSIONING_BYPASS"}
# What meson-python brings.
OF_MESON = frozenset(["meson", "ninja"])
OF_RUST = frozenset(["cargo", "rustc"])
# Columns of a line of Nix.
WIDEST = 100
HASHES_LATER = "lib.fakeHash"


@dataclass(frozen=True)
class Style:
    """What kind of expression is asked for."""

    # For those who call it by `pkgs.callPackage`, and not by that of the Python packages.
    application: bool = False
    # Where the source comes from instead of the index.
    repository: Repository | None = None
    # Extras whose dependencies it always has.
    extras: tuple[str, ...] = ()
    # None where no package set is known.
    package_set: PackageSet | None = None


@dataclass
class Arguments:
    """The arguments that an expression takes, by what they are for."""

    groups: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, group: str, *names: str) -> None:
        """Add arguments, unless they are there."""
        for name in names:
            if not any(name in known for known in self.groups.values()):
                self.groups.setdefault(group, {})[name] = None

    def lines(self, order: Sequence[str]) -> list[str]:
        """Return the lines of the function's arguments; the first group has no title."""
        lines = ["{"]
        for group in order:
            names = self.groups.get(group, {})
            if names and group:
                lines += ["", f"  # {group}"]
            lines += [f"  {name}," for name in (names if not group else sorted(names))]
        return [*lines, "}:"]


ORDER = ("", "build-system", "native dependencies", "dependencies", "optional-dependencies")


def expression(distribution: Distribution, style: Style) -> str:
    """Return the text of an expression."""
    return _Writer(distribution, style).text()


class _Writer:
    """Writes the parts of one expression, and gathers the arguments that they take."""

    def __init__(self, distribution: Distribution, style: Style) -> None:
        self.distribution = distribution
        self.style = style
        self.arguments = Arguments()
        self.names = style.package_set.names if style.package_set else None
        prefix = "python3Packages." if style.application else ""
        self.python = prefix
        self.scope = "with python3Packages; " if style.application else ""
        function = "buildPythonApplication" if style.application else "buildPythonPackage"
        self.builder = f"{prefix}{function}"
        self.arguments.add("", "lib")

    def text(self) -> str:
        body = [*self._body()]
        self._finish_arguments()
        lines = [
            *self.arguments.lines(ORDER),
            "",
            f"{self.builder} (finalAttrs: {{",
            *nix_text.indent(body),
            "})",
        ]
        return "\n".join(lines) + "\n"

    def _finish_arguments(self) -> None:
        """Put the arguments that every expression has before the others."""
        others = [name for name in self.arguments.groups[""] if name not in ("lib", "stdenv")]
        first = ["lib"] + (["stdenv"] if self._uses("stdenv") else [])
        first.append(self.builder.partition(".")[0])
        self.arguments.groups[""] = dict.fromkeys([*first, *sorted(others)])

    def _uses(self, name: str) -> bool:
        return any(name in known for known in self.arguments.groups.values())

    def _body(self) -> Iterator[str]:
        """Yield the lines of the attributes."""
        distribution, build = self.distribution, self.distribution.build
        yield f"pname = {string(distribution.name)};"
        yield f"version = {string(distribution.version)};"
        if build is None:
            yield "# The index has no source distribution of it."
            yield 'format = "wheel";'
        else:
            yield "pyproject = true;"
        yield "__structuredAttrs = true;"
        yield from self._disabled()
        yield from _paragraph(self._source())
        if build is not None and build.is_rust:
            yield from _paragraph(self._cargo(build))
        yield from _paragraph(self._relaxed())
        if build is not None:
            yield from self._build_parts(build)
        elif distribution.wheel and not _is_pure(distribution.wheel.name):
            self.arguments.add("", "autoPatchelfHook")
            yield from _paragraph(["nativeBuildInputs = [ autoPatchelfHook ];"])
        needed = self._needed(needs.always(distribution, self.style.extras), "dependencies")
        if needed:
            yield from _paragraph(_binding("dependencies", needed))
        yield from _paragraph(self._optional())
        if distribution.modules:
            checked = nix_text.list_of([*map(string, distribution.modules)])
            yield from _paragraph(_binding("pythonImportsCheck", [checked]))
        yield from _paragraph(_set("meta", self._meta()))

    def _disabled(self) -> Iterator[str]:
        """Yield what says for which versions of Python it isn't."""
        asked = self.distribution.requires_python
        fitting = [minor for minor in MINORS if asked.contains(f"3.{minor}.{PATCH}")]
        if fitting and fitting[0] != MINORS[0]:
            self._add_helper("pythonOlder")
            yield from _paragraph([f'disabled = {self.python}pythonOlder "3.{fitting[0]}";'])

    def _source(self) -> list[str]:
        repository = self.style.repository
        if repository:
            return self._of_repository(repository)
        self.arguments.add("", "fetchPypi")
        file = self.distribution.sdist
        if file is not None and self.distribution.build is not None:
            return _set("src", self._sdist(file), "fetchPypi ")
        if self.distribution.wheel is None:
            return []
        return _set("src", self._wheel(self.distribution.wheel), "fetchPypi ")

    def _of_repository(self, repository: Repository) -> list[str]:
        self.arguments.add("", repository.fetcher)
        lines = [
            f"owner = {string(repository.owner)};",
            f"repo = {string(repository.name)};",
            'tag = "v${finalAttrs.version}";',
            f"hash = {HASHES_LATER};",
        ]
        return _set("src", lines, f"{repository.fetcher} ")

    def _sdist(self, file: SourceFile) -> Iterator[str]:
        suffix = next(one for one in SDIST_SUFFIXES if file.name.endswith(one))
        stem, _, version = file.name.removesuffix(suffix).rpartition("-")
        yield from self._named(stem, version)
        if suffix != SDIST_SUFFIXES[0]:
            yield f"extension = {string(suffix.removeprefix('.'))};"
        yield f"hash = {_hash(file)};"

    def _wheel(self, file: SourceFile) -> Iterator[str]:
        stem, version, *_ = file.name.split("-")
        python, abi, platform = file.name.removesuffix(".whl").split("-")[-3:]
        yield from self._named(stem, version)
        yield 'format = "wheel";'
        yield f"dist = {string(python)};"
        yield f"python = {string(python)};"
        if (abi, platform) != ("none", "any"):
            yield f"abi = {string(abi)};"
            yield f"platform = {string(platform)};"
        yield f"hash = {_hash(file)};"

    def _named(self, stem: str, version: str) -> Iterator[str]:
        """Yield the name and the version in a file's name."""
        inherited = [] if stem != self.distribution.name else ["pname"]
        inherited += [] if version != self.distribution.version else ["version"]
        if "pname" not in inherited:
            yield f"pname = {string(stem)};"
        if inherited:
            yield f"inherit (finalAttrs) {' '.join(inherited)};"
        if "version" not in inherited:
            yield f"version = {string(version)};"

    def _cargo(self, build: Build) -> Iterator[str]:
        """Yield what fetches the crates that a build compiles."""
        self.arguments.add("", "rustPlatform")
        inherited = ["inherit (finalAttrs) pname version src;"]
        if build.cargo_root:
            inherited.append(f"cargoRoot = {string(build.cargo_root)};")
            yield f"cargoRoot = {string(build.cargo_root)};"
            yield ""
        # The build itself would tell it: no file of the index does.
        lines = [*inherited, f"hash = {HASHES_LATER};"]
        yield from _set("cargoDeps", lines, "rustPlatform.fetchCargoVendor ")

    def _relaxed(self) -> Iterator[str]:
        """Yield the names of dependencies of which the package set has no fitting version."""
        unmet = [
            f"{string(one.name)} # the package set has {one.version}, and it asks for {one.asked}"
            for one in needs.unmet(
                needs.always(self.distribution, self.style.extras), self.style.package_set
            )
        ]
        if unmet:
            yield "pythonRelaxDeps = ["
            yield from nix_text.indent(unmet)
            yield "];"

    def _build_parts(self, build: Build) -> Iterator[str]:
        asked = {need.name: need for need in needs.of_build(build)}
        hooks: list[str] = []
        native = {*build.inputs.native_build}
        if "maturin" in build.names:
            hooks = ["rustPlatform.cargoSetupHook", "rustPlatform.maturinBuildHook"]
            native -= OF_RUST
        elif build.is_rust:
            native |= {*OF_RUST, "rustPlatform.cargoSetupHook"}
        if "meson-python" in asked:
            native -= OF_MESON
        native -= {*asked}
        system = self._needed([*asked.values()], "build-system", hooks)
        if system:
            yield from _paragraph(_binding("build-system", system))
        if "cmake" in native or "cmake" in asked:
            yield from _paragraph(["dontUseCmakeConfigure = true;"])
        for name, inputs in (("nativeBuildInputs", native), ("buildInputs", build.inputs.build)):
            if inputs:
                items = nix_text.list_of([*map(self._native, sorted(inputs))])
                yield from _paragraph(_binding(name, [items]))
        variables = [VERSION_VARIABLES[name] for name in asked if name in VERSION_VARIABLES]
        if variables and self.style.repository:
            lines = [f"{name} = finalAttrs.version;" for name in variables]
            yield from _paragraph(_set("env", lines))

    def _native(self, name: str) -> str:
        """Return an attribute of nixpkgs as it stands in a list."""
        first = name.partition(".")[0]
        shared = self.names if self.names is not None else SHARED_NAMES
        if not self.style.application and first in shared:
            self.arguments.add("", "pkgs")
            return f"pkgs.{name}"
        is_plain = first in ("rustPlatform", "stdenv")
        self.arguments.add("" if is_plain else "native dependencies", first)
        return name

    def _needed(
        self, needed: Sequence[Need], title: str, hooks: Sequence[str] = ()
    ) -> list[list[str]]:
        """Return the lists of what is needed, of which `++` makes one."""
        by_condition: dict[Condition, list[str]] = {}
        further: list[list[str]] = []
        for need in needed:
            found = attribute(need.name, self.names)
            by_condition.setdefault(need.where, []).append(found)
            if not self.style.application:
                self.arguments.add(title, found)
            # What builds is listed with all that it needs.
            for extra in need.extras if title != "build-system" else ():
                name = f"{self.python}{found}.optional-dependencies.{nix_text.key(extra)}"
                further.append([f"{self._optionals(need.where)}{name}"])
        always = [*hooks, *by_condition.pop(Condition(), [])]
        parts = [nix_text.list_of(always, self.scope)] if always else []
        for where, items in sorted(by_condition.items(), key=lambda item: item[0].text):
            opening, closing = ("(", ")") if self.scope else ("", "")
            lines = nix_text.list_of(items, f"{self._optionals(where)}{opening}{self.scope}")
            parts.append([*lines[:-1], f"{lines[-1]}{closing}"])
        return parts + further

    def _optionals(self, where: Condition) -> str:
        """Return the call that a list stands behind, where it doesn't always hold."""
        if not where.text:
            return ""
        for name in where.names:
            self._add_helper(name)
        text = where.text
        if self.style.application:
            text = re.sub(r"\b(pythonAtLeast|pythonOlder|isPyPy)\b", r"python3Packages.\1", text)
        is_word = re.fullmatch(r"[\w.]+", text)
        return f"lib.optionals {text if is_word else f'({text})'} "

    def _add_helper(self, name: str) -> None:
        if not self.style.application or name == "stdenv":
            self.arguments.add("", name)

    def _optional(self) -> list[str]:
        """Return the lines of the extras' dependencies."""
        lines: list[str] = []
        for extra in needs.listed_extras(self.distribution, self.style.extras):
            asked = needs.of_extra(self.distribution, extra)
            lacking = needs.missing(asked, self.style.package_set)
            if lacking:
                lines.append(f"# {extra}: the package set lacks {', '.join(lacking)}.")
            elif asked:
                lines += _binding(
                    nix_text.key(extra), self._needed(asked, "optional-dependencies"), depth=2
                )
        return _set("optional-dependencies", lines) if lines else []

    def _meta(self) -> Iterator[str]:
        distribution = self.distribution
        if description(distribution.summary):
            yield f"description = {string(description(distribution.summary))};"
        for name, url in (
            ("homepage", urls.homepage(distribution.urls)),
            ("changelog", urls.changelog(distribution.urls)),
        ):
            if url:
                yield f"{name} = {_with_version(url, distribution.version)};"
        yield from licenses.lines(distribution.license, distribution.license_text)
        yield "maintainers = [ ];"
        program = main_program(distribution)
        if program:
            yield f"mainProgram = {string(program)};"
        if distribution.build is None and distribution.wheel:
            yield "sourceProvenance = [ lib.sourceTypes.%s ];" % (
                "binaryBytecode" if _is_pure(distribution.wheel.name) else "binaryNativeCode"
            )
            if not _is_pure(distribution.wheel.name):
                yield 'platforms = [ "x86_64-linux" ];'


def main_program(distribution: Distribution) -> str:
    """Return the program that a package is run by: its only one, or the one of its name; or ""."""
    programs = distribution.programs
    if len(programs) == 1:
        return programs[0]
    return next((one for one in programs if canonicalize_name(one) == distribution.name), "")


def description(summary: str) -> str:
    """Return a summary as nixpkgs wants it: no article before it, no full stop behind it.

    >>> description("A simple tool.")
    'Simple tool'
    """
    text = " ".join(summary.split()).rstrip(".")
    text = re.sub(r"^(?:An?|The) (?=\S)", "", text)
    return text[:1].upper() + text[1:]


def _with_version(url: str, version: str) -> str:
    """Return an address as a string, in which a version is that of the package."""
    text = string(url)
    pattern = rf"(?<![\w.]){re.escape(version)}(?![\w.]*\d)"
    return re.sub(pattern, "${finalAttrs.version}", text) if "." in version else text


def _is_pure(wheel: str) -> bool:
    return all(tag.platform == "any" for tag in parse_wheel_filename(wheel)[3])


def _hash(file: SourceFile) -> str:
    """Return the hash of a file in SRI's form, as a string."""
    if file.sha256 is None:
        return HASHES_LATER
    return string(f"sha256-{base64.b64encode(bytes.fromhex(file.sha256)).decode()}")


def _paragraph(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines behind an empty one; nothing for none."""
    listed = [*lines]
    return chain([""], listed) if listed else iter(())


def _binding(name: str, parts: Sequence[Sequence[str]], depth: int = 1) -> list[str]:
    """Return the lines that bind what `++` joins, so many steps to the right."""
    lines = nix_text.joined(parts)
    if len(parts) == 1 or len(parts[0]) > 1:
        return nix_text.binding(name, lines)
    line = f"{name} = {' '.join(lines)};"
    if len(lines) == len(parts) and len(line) + depth * len(nix_text.INDENT) <= WIDEST:
        return [line]
    # nixfmt puts what begins in one line below the name.
    return [f"{name} =", *nix_text.indent(lines[:-1]), f"{nix_text.INDENT}{lines[-1]};"]


def _set(name: str, lines: Iterable[str], function: str = "") -> list[str]:
    """Return the lines that bind an attribute set, maybe as the argument of a function."""
    listed = [*lines]
    return [f"{name} = {function}{{", *nix_text.indent(listed), "};"]
