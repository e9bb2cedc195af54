"""requirements.yaml: what the user asks for, checked in full before anything is resolved."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PackagingRequirement
from packaging.utils import InvalidName, canonicalize_name

from lock.errors import UsageError
from lock.specifier import SpecifierError, translate
from lock.target import check_python, check_system

# Every key that the file knows, with what it holds.
OPTIONS: Mapping[str, str] = {
    "python": "the version of Python, such as 3.11",
    "requirements": "names of packages with their version specifiers",
    "systems": "a list of Nix systems",
}
REQUIREMENT_KEYS: Mapping[str, str] = {
    "build-requires": "what its build needs beside what it declares, such as [Cython, numpy]",
    "extras": "a list of the package's extras",
    "markers": "a marker (PEP 508) that says where the package is wanted",
    "prefer-sdist": "`true` to build it from source even where a wheel fits",
    "version": "a version specifier",
}

EXTRA_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", re.ASCII | re.IGNORECASE)
# A name, extras, a specifier and a marker (PEP 508); an address can't be locked.
REQUIREMENT = re.compile(
    r"\s*([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\s*(\[[^\]]*\])?\s*\(?([^@;()]*?)\)?\s*(?:;(.*))?",
    re.ASCII | re.IGNORECASE,
)
# Variables that markers know only inside a package's own metadata or a lock (PEP 508, PEP 751).
INNER_VARIABLES = re.compile(r"\b(extras?|dependency_groups)\b")
# Keeps what packaging parses within Python's limits of recursion and of digits in a number.
LONGEST_TEXT = 1000
DEEPEST_MARKER = 50
NULL = "tag:yaml.org,2002:null"
# Values that YAML takes for something else when they stand without quotes.
QUOTE_HINT = 'put the value in double quotes, as in `Django: ">3.2"`'


@dataclass(frozen=True)
class Requirement:
    """A package that the user asks for; `name` and `extras` are normalised (PEP 503, PEP 685)."""

    name: str
    extras: tuple[str, ...]
    # PEP 440, empty for any version.
    specifier: str
    # PEP 508.
    marker: str | None
    # What its build needs beside what it declares (PEP 508), sorted.
    build_requires: tuple[str, ...] = ()
    # Whether it is built from source even where a wheel fits.
    prefer_sdist: bool = False

    def __str__(self) -> str:
        """The requirement in PEP 508's form."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        marker = f" ; {self.marker}" if self.marker else ""
        return f"{self.name}{extras}{self.specifier}{marker}"


@dataclass(frozen=True)
class Requirements:
    """The content of a requirements file; None where it leaves something open."""

    python: str | None
    systems: tuple[str, ...] | None
    packages: tuple[Requirement, ...]


def read(file: Path) -> Requirements:
    """The requirements in a file.

    Raises UsageError, one line an error: `FILE:LINE: key: what is wrong; what to do`.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(
            f'{file}: there is no such file; write one with lines such as `Django: ">3.2"`'
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: the file is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name a file that can be read") from None
    return parse(text, str(file))


def parse(text: str, file: str) -> Requirements:
    """The requirements in a text; `file` is named in errors.

    Raises UsageError, one line an error: `FILE:LINE: key: what is wrong; what to do`.
    """
    reader = _Reader(file)
    requirements = reader.document(reader.compose(text))
    if reader.errors:
        raise UsageError("\n".join(line for _, line in sorted(reader.errors)))
    return requirements


class _Reader:
    """Reads the nodes of a document and gathers what is wrong with them.

    Nodes keep each scalar as the text that the user wrote, so `3.10` stays 3.10.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.errors: list[tuple[int, str]] = []

    def compose(self, text: str) -> yaml.Node | None:
        try:
            return yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = 1 if mark is None else mark.line + 1
            found = _line(text, line)
            remedy = (
                "indent with spaces"
                if "\t" in found
                else QUOTE_HINT
                if re.match(r"[^#]*?:\s*[*>&!%@`|]", found)
                else "see `lock --help` for the file's form"
            )
            problem = (error.problem or "broken YAML").removeprefix("could not ")
            self.fail_at(line, None, f"this is not YAML ({problem})", remedy)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            sign = f"U+{ord(text[error.position]):04X}"
            self.fail_at(line, None, f"the character {sign} is not allowed", "remove it")
        except RecursionError:
            self.fail_at(1, None, "the file is nested too deeply", "see `lock --help` for its form")
        raise UsageError(self.errors[0][1])

    def fail_at(self, line: int, key: str | None, problem: str, remedy: str) -> None:
        where = f"{self.file}:{line}: " + (f"{key}: " if key else "")
        self.errors.append((line, f"{where}{problem}; {remedy}"))

    def fail(self, node: yaml.Node, key: str | None, problem: str, remedy: str) -> None:
        self.fail_at(node.start_mark.line + 1, key, problem, remedy)

    def attempt(self, node: yaml.Node, key: str, check: Callable[[str], str], text: str) -> str:
        """What `check` makes of the text; when it objects, that is noted, and the text returned."""
        try:
            return check(text)
        except (SpecifierError, UsageError) as error:
            problem, _, remedy = str(error).partition("; ")
            self.fail(node, key, problem, remedy)
            return text

    def document(self, root: yaml.Node | None) -> Requirements:
        example = 'write lines such as `Django: ">3.2"`'
        if root is None or _is_null(root):
            self.fail_at(1, None, "the file is empty", example)
        elif not isinstance(root, yaml.MappingNode):
            self.fail(root, None, "the file is not a mapping of names to specifiers", example)
        elif any(key == "requirements" and _holds_packages(node) for key, node in _texts(root)):
            return self.full_form(root)
        else:
            return self.plain_form(root)
        return Requirements(None, None, ())

    def plain_form(self, root: yaml.MappingNode) -> Requirements:
        packages = []
        python = None
        for key_node, key, value in self.entries(root, None):
            if key == "python":
                python = self.python(value)
            elif key in OPTIONS and not isinstance(value, yaml.ScalarNode):
                self.fail(
                    key_node,
                    key,
                    "options stand beside `requirements:`",
                    "put the packages in a mapping below a `requirements:` key",
                )
            else:
                packages.append((key_node, key, value))
        return Requirements(python, None, self.packages(root, packages))

    def full_form(self, root: yaml.MappingNode) -> Requirements:
        values = {}
        for key_node, key, value in self.entries(root, None):
            if key in OPTIONS:
                values[key] = value
            else:
                self.unknown_key(key_node, key, OPTIONS, "packages stand below `requirements:`")
        listed = values["requirements"]
        entries = (
            self.entries(listed, "requirements") if isinstance(listed, yaml.MappingNode) else ()
        )
        return Requirements(
            self.python(values["python"]) if "python" in values else None,
            self.systems(values["systems"]) if "systems" in values else None,
            self.packages(listed, list(entries)),
        )

    def entries(
        self, mapping: yaml.MappingNode, owner: str | None
    ) -> Iterator[tuple[yaml.Node, str, yaml.Node]]:
        """Each key's node, its text, and its value; of keys that stand twice, the first."""
        lines: dict[str, int] = {}
        for key_node, value in mapping.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.fail(key_node, owner, "a key must be one text", "write `name: specifier`")
                continue
            key = key_node.value
            if len(key) > LONGEST_TEXT:
                self.fail(key_node, f"{key[:20]}…", "the key is too long", "write a package's name")
                continue
            if key in lines:
                remedy = f"keep one of them, the first stands in line {lines[key]}"
                self.fail(key_node, key, "the key stands twice", remedy)
                continue
            lines[key] = key_node.start_mark.line + 1
            yield key_node, key, value

    def unknown_key(
        self, node: yaml.Node, key: str, known: Mapping[str, str], advice: str | None = None
    ) -> None:
        names = ", ".join(f"`{name}` ({meaning})" for name, meaning in known.items())
        self.fail(
            node, key, "unknown key", f"known are {names}" + (f"; {advice}" if advice else "")
        )

    def text(self, node: yaml.Node, key: str) -> str | None:
        """The text of a scalar as it was written, empty for null; None if it is something else."""
        if not isinstance(node, yaml.ScalarNode):
            self.fail(node, key, "a single value is expected here", 'write one such as `">=1.2"`')
        elif node.style in ("|", ">") or not node.tag.startswith("tag:yaml.org,2002:"):
            self.fail(node, key, "YAML does not read this value as it looks", QUOTE_HINT)
        elif len(node.value) > LONGEST_TEXT:
            self.fail(
                node, key, "the value is too long", f"write at most {LONGEST_TEXT} characters"
            )
        else:
            return "" if _is_null(node) else str(node.value).strip()
        return None

    def texts(self, node: yaml.Node, key: str) -> list[tuple[yaml.Node, str]]:
        """The texts of a list, or the one text that stands in place of a list."""
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        pairs = [(item, self.text(item, key)) for item in items]
        if isinstance(node, yaml.SequenceNode) and not items:
            self.fail(node, key, "the list is empty", "name at least one, or leave the key out")
        return [(item, text) for item, text in pairs if text is not None]

    def truth(self, node: yaml.Node, key: str) -> bool:
        if not isinstance(node, yaml.ScalarNode) or node.value not in ("true", "false"):
            self.fail(node, key, "neither `true` nor `false`", "write one of them")
            return False
        return bool(node.value == "true")

    def python(self, node: yaml.Node) -> str | None:
        text = self.text(node, "python")
        return None if text is None else self.attempt(node, "python", check_python, text)

    def systems(self, node: yaml.Node) -> tuple[str, ...]:
        pairs = self.texts(node, "systems")
        names = {self.attempt(item, "systems", check_system, text) for item, text in pairs}
        return tuple(sorted(names))

    def packages(
        self, owner: yaml.Node, entries: list[tuple[yaml.Node, str, yaml.Node]]
    ) -> tuple[Requirement, ...]:
        found: dict[str, Requirement] = {}
        lines: dict[str, tuple[str, int]] = {}
        for key_node, key, value in entries:
            requirement = self.requirement(key_node, key, value)
            if requirement is None:
                continue
            name = requirement.name
            if name in found:
                first, line = lines[name]
                problem = f"the same package as `{first}` in line {line}"
                self.fail(key_node, key, problem, "keep one of them")
                continue
            found[name] = requirement
            lines[name] = (key, key_node.start_mark.line + 1)
        if not entries and not self.errors:
            self.fail(
                owner, None, "no package is asked for", 'write lines such as `Django: ">3.2"`'
            )
        return tuple(found[name] for name in sorted(found))

    def requirement(self, key_node: yaml.Node, key: str, value: yaml.Node) -> Requirement | None:
        """The requirement that an entry makes; None if its name is wrong."""
        options = (
            self.options(key, value) if isinstance(value, yaml.MappingNode) else {"version": value}
        )
        specifier, marker, extras = "", None, set()
        if "version" in options:
            text = self.text(options["version"], key)
            specifier = (
                "" if text is None else self.attempt(options["version"], key, translate, text)
            )
        if "markers" in options:
            text = self.text(options["markers"], key)
            marker = self.attempt(options["markers"], key, _check_marker, text) if text else None
        if "extras" in options:
            extras = {
                self.attempt(node, key, _check_extra, text)
                for node, text in self.texts(options["extras"], key)
            }
        named = _parse_name(key)
        if named is None or named.specifier or named.url or named.marker:
            remedy = "write `name: specifier`, or `name[extra]: specifier`"
            self.fail(key_node, key, "not a package's name", remedy)
            return None
        extras |= {
            self.attempt(key_node, key, _check_extra, extra) for extra in sorted(named.extras)
        }
        build_requires = (
            self.build_requires(options["build-requires"], key)
            if "build-requires" in options
            else ()
        )
        prefer_sdist = "prefer-sdist" in options and self.truth(
            options["prefer-sdist"], f"{key}.prefer-sdist"
        )
        return Requirement(
            canonicalize_name(named.name),
            tuple(sorted(extras)),
            specifier,
            marker,
            build_requires,
            prefer_sdist,
        )

    def build_requires(self, node: yaml.Node, key: str) -> tuple[str, ...]:
        """What a build needs more: a list of requirements, or a mapping as that of packages."""
        if isinstance(node, yaml.MappingNode):
            entries = [
                (key_node, f"{key}.build-requires.{name}", self.requirement(key_node, name, value))
                for key_node, name, value in self.entries(node, key)
            ]
            for key_node, where, requirement in entries:
                if requirement is None:
                    continue
                if requirement.build_requires or requirement.prefer_sdist:
                    remedy = f"name that below `{requirement.name}` itself"
                    self.fail(key_node, where, "a build's own build needs no mention here", remedy)
            return tuple(sorted(str(found) for _, _, found in entries if found is not None))
        texts = self.texts(node, f"{key}.build-requires")
        return tuple(
            sorted(
                self.attempt(item, f"{key}.build-requires", _check_requirement, text)
                for item, text in texts
            )
        )

    def options(self, owner: str, mapping: yaml.MappingNode) -> dict[str, yaml.Node]:
        """The values of a package's own keys."""
        values = {}
        for key_node, key, value in self.entries(mapping, owner):
            if key in REQUIREMENT_KEYS:
                values[key] = value
            else:
                self.unknown_key(key_node, f"{owner}.{key}", REQUIREMENT_KEYS)
        return values


def _texts(mapping: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in mapping.value:
        if isinstance(key, yaml.ScalarNode):
            yield key.value, value


def _parse_name(key: str) -> PackagingRequirement | None:
    """A package's name with its extras; None for what is neither (PEP 508)."""
    try:
        named = PackagingRequirement(key)
        canonicalize_name(named.name, validate=True)
    except (InvalidName, InvalidRequirement):
        return None
    return named


def _holds_packages(node: yaml.Node) -> bool:
    """Whether the value of `requirements` makes it the full form's key, not a package's name."""
    return isinstance(node, yaml.MappingNode) or _is_null(node)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == NULL


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number - 1] if number <= len(lines) else ""


def _check_marker(text: str) -> str:
    if text.count("(") > DEEPEST_MARKER:
        raise UsageError(f"the marker has too many parentheses; write at most {DEEPEST_MARKER}")
    try:
        marker = str(Marker(text))
    except InvalidMarker:
        raise UsageError(
            f'"{text}" is no marker; write one such as "sys_platform == \'linux\'"'
        ) from None
    outside_quotes = re.sub(r"'[^']*'|\"[^\"]*\"", '""', marker)
    inner = INNER_VARIABLES.search(outside_quotes)
    if inner:
        raise UsageError(
            f"`{inner[0]}` means nothing in a requirement's marker; "
            "name a system or a version of Python there"
        )
    if "===" in outside_quotes:
        raise UsageError("a marker can't compare with `===` here; write `==`")
    return marker


def _check_requirement(text: str) -> str:
    """PEP 508's form of a requirement, whose specifier may be written as Poetry does."""
    match = REQUIREMENT.fullmatch(text)
    if match is None:
        raise UsageError(f'"{text}" is no requirement; write one such as "numpy>=1.20" or "Cython"')
    name, extras, specifier, marker = match.groups()
    marker = f" ; {_check_marker(marker.strip())}" if marker else ""
    found = f"{canonicalize_name(name)}{extras or ''}{translate(specifier)}{marker}"
    try:
        return str(PackagingRequirement(found))
    except InvalidRequirement:
        raise UsageError(
            f'"{text}" is no requirement; write one such as "numpy>=1.20" or "Cython"'
        ) from None


def _check_extra(text: str) -> str:
    if not EXTRA_NAME.fullmatch(text):
        raise UsageError(
            f'"{text}" is no name of an extra; write letters, digits, ".", "_" and "-"'
        )
    return canonicalize_name(text)
