"""requirements.yaml: what the user wants, checked before anything else happens.

Every scalar is taken as the text that the user wrote: `3.10` is 3.10, quoted or not.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.utils import canonicalize_name

from lock.errors import LockError
from lock.specifier import to_pep440
from lock.target import SYSTEMS, check_python

Node = yaml.Node
PACKAGE_KEYS = ("version", "extras", "markers")
OPTIONS = ("python", "systems", "requirements")
NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class Requirement:
    """One wanted distribution: its normal name, the line of its key, and the PEP 508 text."""

    name: str
    line: int
    specifier: str


@dataclass(frozen=True)
class Requirements:
    """A requirements file; `python` and `systems` are None where the file is silent."""

    file: str
    requirements: tuple[Requirement, ...]
    python: str | None = None
    systems: tuple[str, ...] | None = None


@dataclass
class Reader:
    """Collects what is wrong, so that all of it is said at once."""

    file: str
    problems: list[str] = field(default_factory=list)

    def problem(self, node: Node, key: str, message: str) -> None:
        """Note that something is wrong at a node."""
        at = f"{self.file}:{node.start_mark.line + 1}"
        self.problems.append(f"{at}: {f'{key}: ' if key else ''}{message}")

    def text(self, node: Node, key: str) -> str | None:
        """The text of a scalar, "" for an empty one; None, with the problem noted, if it is none."""
        if not isinstance(node, yaml.ScalarNode):
            self.problem(node, key, "expected a text, not a list or mapping")
            return None
        return "" if node.tag == NULL else str(node.value).strip()

    def texts(self, node: Node, key: str) -> list[str]:
        """The texts of a list of scalars; a single scalar is a list of one."""
        if isinstance(node, yaml.ScalarNode):
            node = yaml.SequenceNode("", [node], node.start_mark, node.end_mark)
        if not isinstance(node, yaml.SequenceNode):
            self.problem(node, key, "expected a list of texts")
            return []
        return [text for item in node.value if (text := self.text(item, key))]

    def pairs(self, node: yaml.MappingNode) -> list[tuple[str, Node, Node]]:
        """The keys of a mapping, as texts, with the nodes of key and value."""
        return [
            (text, key, value)
            for key, value in node.value
            if (text := self.text(key, "")) is not None
        ]


def read_requirements(file: Path) -> Requirements:
    """Read and check a requirements file.

    Raises LockError with a line `FILE:LINE: key: what is wrong` for each problem.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LockError(
            f"{file}: there is no such file; write one with lines as `Django: \">3.2\"`"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LockError(f"{file}: can't be read: {error}") from error
    return parse_requirements(text, str(file))


def parse_requirements(text: str, file: str) -> Requirements:
    """Read and check the text of a requirements file; `file` is named in errors."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise LockError(_yaml_problem(error, file)) from error
    reader = Reader(file)
    if root is None:
        raise LockError(f"{file}: is empty; write a line a package, as `Django: \">3.2\"`")
    if not isinstance(root, yaml.MappingNode):
        raise LockError(f"{file}:1: expected lines as `Django: \">3.2\"`, not a list or a text")
    result = _document(reader, root)
    if reader.problems:
        raise LockError("\n".join(reader.problems))
    if not result.requirements:
        raise LockError(f"{file}: names no package; write a line each, as `Django: \">3.2\"`")
    return result


def _yaml_problem(error: yaml.YAMLError, file: str) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"{file}:{mark.line + 1}" if mark else file
    what = getattr(error, "problem", None) or str(error)
    return (
        f"{where}: not readable as YAML ({what}); "
        'put constraints in quotes, as in `Django: ">3.2"` and `numpy: "*"`, and use no tabs'
    )


def _document(reader: Reader, root: yaml.MappingNode) -> Requirements:
    """The long form has a mapping under `requirements`; else each key but `python` is a package."""
    pairs = reader.pairs(root)
    long = next(
        (
            value
            for key, _, value in pairs
            if key == "requirements" and isinstance(value, yaml.MappingNode)
            and not _is_package_mapping(reader, value)
        ),
        None,
    )
    options = [pair for pair in pairs if long is not None or pair[0] == "python"]
    python: str | None = None
    systems: tuple[str, ...] | None = None
    seen: set[str] = set()
    for key, key_node, value in options:
        if key in seen:
            reader.problem(key_node, key, "stands twice; keep one")
        seen.add(key)
        if key == "python":
            python = _checked(reader, value, key, check_python)
        elif key == "systems":
            names = reader.texts(value, key)
            systems = tuple(sorted({n for n in names if _known_system(reader, value, n)}))
        elif key != "requirements":
            reader.problem(
                key_node, key, f"is no option; known are {', '.join(OPTIONS)} "
                "(packages stand below `requirements`)"
            )
    packages = (
        reader.pairs(long)
        if long is not None
        else [pair for pair in pairs if pair[0] != "python"]
    )
    return Requirements(reader.file, tuple(_packages(reader, packages)), python, systems)


def _is_package_mapping(reader: Reader, node: yaml.MappingNode) -> bool:
    """Whether `requirements: {version: …}` speaks of a package of that name."""
    keys = {key for key, _, _ in reader.pairs(node)}
    return bool(keys) and "version" in keys and keys <= set(PACKAGE_KEYS)


def _known_system(reader: Reader, node: Node, name: str) -> bool:
    if name in SYSTEMS:
        return True
    reader.problem(node, "systems", f"{name!r} is no system; known are {', '.join(SYSTEMS)}")
    return False


def _checked(
    reader: Reader, node: Node, key: str, check: Callable[[str], str]
) -> str | None:
    text = reader.text(node, key)
    if text is None:
        return None
    try:
        return check(text)
    except ValueError as error:
        reader.problem(node, key, str(error))
        return None


def _packages(reader: Reader, pairs: list[tuple[str, Node, Node]]) -> list[Requirement]:
    found: dict[str, Requirement] = {}
    for key, key_node, value in pairs:
        requirement = _package(reader, key, key_node, value)
        if requirement is None:
            continue
        if requirement.name in found:
            first = found[requirement.name].line
            reader.problem(
                key_node, key, f"is the same package as in line {first}; keep one of the two"
            )
            continue
        found[requirement.name] = requirement
    return sorted(found.values(), key=lambda requirement: requirement.name)


def _package(reader: Reader, key: str, key_node: Node, value: Node) -> Requirement | None:
    try:
        parsed = Pep508(key)
    except InvalidRequirement:
        reader.problem(key_node, key, "is no name of a package")
        return None
    if parsed.specifier or parsed.marker or parsed.url:
        reader.problem(
            key_node, key, f"put the version after the colon, as in `{parsed.name}: \">=1.2\"`"
        )
        return None
    version: str | None = ""
    extras = set(parsed.extras)
    markers = ""
    if isinstance(value, yaml.MappingNode):
        for name, name_node, inner in reader.pairs(value):
            if name == "version":
                version = reader.text(inner, f"{key}.version")
            elif name == "extras":
                extras |= set(reader.texts(inner, f"{key}.extras"))
            elif name == "markers":
                markers = reader.text(inner, f"{key}.markers") or ""
            else:
                reader.problem(
                    name_node, f"{key}.{name}", f"is unknown; known are {', '.join(PACKAGE_KEYS)}"
                )
    else:
        version = reader.text(value, key)
    if version is None:
        return None
    try:
        specifier = to_pep440(version)
        if markers:
            Marker(markers)
        bracket = f"[{','.join(sorted(extras))}]" if extras else ""
        requirement = Pep508(f"{parsed.name}{bracket}")
    except ValueError as error:
        reader.problem(value, key, str(error))
        return None
    except InvalidMarker:
        reader.problem(value, key, f"{markers!r} is no marker, as sys_platform == 'linux' is one")
        return None
    except InvalidRequirement:
        reader.problem(value, key, f"the extras {sorted(extras)} are no names")
        return None
    text = f"{requirement}{specifier}{f' ; {markers}' if markers else ''}"
    return Requirement(canonicalize_name(parsed.name), key_node.start_mark.line + 1, text)
