"""A policy about licences: which ones are allowed, and what those are that metadata don't tell."""

import fnmatch
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from license_expression import AND, OR, LicenseWithExceptionSymbol, Licensing
from packaging.utils import InvalidName, canonicalize_name

from lock.errors import UsageError
from lock.inputs.documents.yaml_nodes import Nodes
from lock.licenses import spellings
from lock.licenses.metadata import License
from lock.licenses.spdx import OWN, known

KEYS: Mapping[str, str] = {
    "allow": "licences that are allowed; without it, all but those of `deny`",
    "deny": "licences that are forbidden",
    "unknown": "`allow` or `deny` what no metadata tells; `deny` by default",
    "packages": "what single packages are licensed under",
}
PACKAGE_KEYS: Mapping[str, str] = {
    "license": "the licence, where the metadata don't tell it or are wrong",
    "accept": "`true`: the package is accepted, whatever its licence",
    "reason": "why, for people",
}
WITH = " WITH "


@dataclass(frozen=True)
class Rule:
    """A name of a licence, a glob or a category, with its line in the policy."""

    text: str
    line: int

    def fits(self, name: str) -> bool:
        """Return whether the rule is about a licence; both are as the list of SPDX has them now."""
        if self.text in known().categories.values():
            return known().category(name) == self.text
        return fnmatch.fnmatchcase(name.lower(), self.text.lower())

    def fits_any(self, names: Collection[str]) -> bool:
        """Return whether the rule is about one of several licences."""
        return any(map(self.fits, names))

    @property
    def is_about_exceptions(self) -> bool:
        """Return whether the rule is about a licence together with an exception from it."""
        return WITH in self.text.upper()


@dataclass(frozen=True)
class Clarification:
    """What the policy says of one package."""

    line: int
    # An SPDX expression; None where the metadata's is right.
    license: str | None = None
    is_accepted: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Forbidden:
    """A licence that a policy forbids, with the line that does, and what that means."""

    license: str
    line: int
    why: str


@dataclass(frozen=True)
class Policy:
    """The content of a policy's file."""

    file: str
    # None where all are allowed that aren't denied.
    allow: tuple[Rule, ...] | None = None
    allow_line: int = 1
    deny: tuple[Rule, ...] = ()
    allows_unknown: bool = False
    unknown_line: int = 1
    # By normalized name.
    packages: Mapping[str, Clarification] = field(default_factory=dict)

    def clarified(self, name: str, told: License | None) -> License | None:
        """Return a package's licence: the policy's, where it has one, else the one that is told."""
        clarification = self.packages.get(name)
        if clarification is None or clarification.license is None:
            return told
        origin = f"{self.file}:{clarification.line}"
        return License(clarification.license, origin, files=told.files if told else ())

    def accepts(self, name: str) -> bool:
        """Return whether a package may be used whatever its licence."""
        return name in self.packages and self.packages[name].is_accepted

    def forbids(self, name: str, told: License) -> list[Forbidden]:
        """Return what the policy forbids of a package's licence; empty where it may be used."""
        if self.accepts(name):
            return []
        if told.expression is None:
            reason = "a licence that isn't told is forbidden; write it below `packages`"
            return [] if self.allows_unknown else [Forbidden(str(told), self.unknown_line, reason)]
        return self._of(Licensing().parse(told.expression))

    def _of(self, part: object) -> list[Forbidden]:
        """Return what is forbidden of a part of an expression."""
        if isinstance(part, AND):
            return [one for side in part.args for one in self._of(side)]
        if isinstance(part, OR):
            sides = [self._of(side) for side in part.args]
            return [] if [] in sides else [one for side in sides for one in side]
        exception = None
        if isinstance(part, LicenseWithExceptionSymbol):
            exception = part.exception_symbol.key
            part = part.license_symbol
        return self._of_name(str(part), exception)

    def _of_name(self, name: str, exception: str | None) -> list[Forbidden]:
        current = known().current(name)
        choices = [current, *known().later(current)]
        if exception is not None:
            wholes = [f"{one}{WITH}{exception}" for one in choices]
            found, usable = self._choosable(wholes)
            if found is not None:
                return [_denied(wholes[0], found)]
            if any(one.is_about_exceptions and one.fits_any(usable) for one in self.allow or ()):
                return []
        found, usable = self._choosable(choices)
        if found is not None:
            return [_denied(name, found)]
        if self.allow is None or any(rule.fits_any(usable) for rule in self.allow):
            return []
        return [Forbidden(name, self.allow_line, f"`allow` doesn't have {name}")]

    def _choosable(self, choices: Sequence[str]) -> tuple[Rule | None, list[str]]:
        """Return the rule that denies a licence, or else which of its versions aren't denied.

        `choices` are the licence, and the versions that one may choose: of these one is needed. All
        of them have an exception, or none.
        """
        rules = [one for one in self.deny if one.is_about_exceptions == (WITH in choices[0])]
        denying = [next((rule for rule in rules if rule.fits(one)), None) for one in choices]
        usable = [one for one, rule in zip(choices, denying, strict=True) if rule is None]
        if len(choices) > 1 and denying[0] is None and None not in denying[1:]:
            return denying[1], []
        return denying[0], usable


def _denied(name: str, rule: Rule) -> Forbidden:
    which = "" if rule.text == name else f", which {name} is"
    return Forbidden(name, rule.line, f"`deny` has {rule.text}{which}")


def read(file: Path) -> Policy:
    """Read a policy. Raises UsageError where it can't be read, or is wrong."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(
            f"{file}: there is no such file; write one, such as `allow: [permissive]`"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: the file is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name a file with a policy") from None
    return parse(text, str(file))


def parse(text: str, file: str) -> Policy:
    """Parse the text of a policy. Raises UsageError, with all that is wrong and its lines."""
    nodes = Nodes(file, "`lock licenses --help`")
    root = nodes.compose(text)
    if root is None:
        raise UsageError(f"{file}: the policy is empty; write `allow: [permissive]`, for example")
    if not isinstance(root, yaml.MappingNode):
        raise UsageError(f"{file}:1: a policy is a mapping; write `allow: [permissive]`, as one")
    return _Reader(nodes, file).policy(root)


class _Reader:
    """Reads the nodes of a policy."""

    def __init__(self, nodes: Nodes, file: str) -> None:
        self.nodes = nodes
        self.file = file

    def policy(self, root: yaml.MappingNode) -> Policy:
        allow: tuple[Rule, ...] | None = None
        deny: tuple[Rule, ...] = ()
        lines: dict[str, int] = {}
        allows_unknown = False
        packages: Mapping[str, Clarification] = {}
        for key_node, key, value in self.nodes.entries(root, None):
            lines[key] = key_node.start_mark.line + 1
            if key == "allow":
                allow = self._rules(value, key)
            elif key == "deny":
                deny = self._rules(value, key)
            elif key == "unknown":
                allows_unknown = self.nodes.checked(value, key, _unknown) == "allow"
            elif key == "packages":
                packages = self._packages(value)
            else:
                self.nodes.unknown_key(key_node, key, KEYS)
        if not {"allow", "deny"} & {*lines}:
            self.nodes.fail(root, None, "it has neither `allow` nor `deny`", "write one of them")
        self.nodes.problems.raise_if_any()
        return Policy(
            self.file,
            allow,
            lines.get("allow", 1),
            deny,
            allows_unknown,
            lines.get("unknown", 1),
            packages,
        )

    def _rules(self, node: yaml.Node, key: str) -> tuple[Rule, ...]:
        found = []
        for item, text in self.nodes.texts(node, key):
            rule = self.nodes.attempt(item, key, _rule, text)
            if rule is not None:
                found.append(Rule(rule, item.start_mark.line + 1))
        return tuple(found)

    def _packages(self, node: yaml.Node) -> dict[str, Clarification]:
        found: dict[str, Clarification] = {}
        if not isinstance(node, yaml.MappingNode):
            self.nodes.fail(node, "packages", "this is no mapping", "write `NAME: MIT` below it")
            return found
        for key_node, key, value in self.nodes.entries(node, "packages"):
            name = self.nodes.attempt(key_node, f"packages.{key}", _name, key)
            clarification = self._package(key_node, f"packages.{key}", value)
            if name in found:
                remedy = f"keep one of them, the first stands in line {found[name].line}"
                self.nodes.fail(key_node, f"packages.{key}", "the package stands twice", remedy)
            elif name is not None and clarification is not None:
                found[name] = clarification
        return found

    def _package(self, key_node: yaml.Node, key: str, node: yaml.Node) -> Clarification | None:
        line = key_node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            text = self.nodes.checked(node, key, _expression)
            return None if text is None else Clarification(line, text)
        license_text, reason, is_accepted = None, "", False
        for inner_node, inner, value in self.nodes.entries(node, key):
            if inner == "license":
                license_text = self.nodes.checked(value, f"{key}.license", _expression)
            elif inner == "accept":
                is_accepted = self.nodes.truth(value, f"{key}.accept")
            elif inner == "reason":
                reason = self.nodes.text(value, f"{key}.reason") or ""
            else:
                self.nodes.unknown_key(inner_node, f"{key}.{inner}", PACKAGE_KEYS)
        if license_text is None and not is_accepted:
            self.nodes.fail(
                key_node, key, "it says nothing of the licence", "write `license` or `accept: true`"
            )
        return Clarification(line, license_text, is_accepted, reason)


def _unknown(text: str) -> str:
    if text not in ("allow", "deny"):
        raise UsageError("neither `allow` nor `deny`; write one of them")
    return text


def _name(text: str) -> str:
    try:
        return canonicalize_name(text, validate=True)
    except InvalidName:
        raise UsageError("this is no package's name; write one") from None


def _expression(text: str) -> str:
    found = spellings.expression(text)
    if found is None:
        raise UsageError(
            f"{text!r} is no SPDX expression; write one such as `MIT` or `MIT OR Apache-2.0`, and "
            f"`{OWN}NAME` for a licence of another name"
        )
    return found


def _rule(text: str) -> str:
    """Return a rule, as it is compared with names of licences. Raises UsageError for no rule."""
    names = known()
    license_text, _, exception = re.sub(r"\s+with\s+", WITH, text, flags=re.I).partition(WITH)
    category = license_text.lower().replace(" ", "-")
    categories = {*names.categories.values()}
    if category in categories and not exception:
        return category
    current = names.current(license_text)
    if exception and not _has(names.exceptions, exception.lower()):
        raise UsageError(
            f"SPDX has no exception {exception!r}; write one such as `Classpath-exception-2.0`, or "
            "a glob such as `GCC-*`"
        )
    own = current.lower().startswith(OWN.lower()) and len(current) > len(OWN)
    if own or _has(names.names, current.lower().removesuffix("+")):
        return f"{current}{WITH}{exception}" if exception else current
    raise UsageError(
        f"no SPDX licence is called {text!r}; write one such as `MIT`, a glob such as `GPL-*`, or "
        f"one of {', '.join(sorted(categories))}"
    )


def _has(names: Collection[str], glob: str) -> bool:
    return any(fnmatch.fnmatchcase(name, glob) for name in names)
