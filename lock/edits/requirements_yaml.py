"""Edits requirements.yaml at the positions of its YAML nodes."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from lock.edits.edit import Edit, not_found
from lock.errors import UsageError
from lock.inputs.documents.yaml_nodes import is_null
from lock.inputs.values.checks import parse_name
from lock.models.requirements import Git, Local, Requirement, Url

BARE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._-]+\])?", re.ASCII)
FULL = "requirements"
GROUPS = "groups"
PYTHON = "python"
# The value of `from`, and a version that is any.
NIXPKGS = "nixpkgs"
ANY = "*"
Pair = tuple[yaml.Node, yaml.Node]


@dataclass(frozen=True)
class Splice:
    """A text that replaces the characters from `start` up to `end`."""

    start: int
    end: int
    text: str


def apply(text: str, file: Path, edit: Edit) -> str:
    """Return the text after an edit. Raises what `lock.edits.apply` raises."""
    for name in edit.remove:
        text = _spliced(text, _removed(text, file, name, edit.group))
    if edit.group is not None and edit.add:
        text = _with_groups(text)
    for requirement in edit.add:
        options = _options(requirement, from_nixpkgs=edit.from_nixpkgs)
        text = _spliced(text, _added(text, file, requirement, edit.group, options))
    return text


def _with_groups(text: str) -> str:
    """Convert a file of the short form to the long one, which can have groups."""
    root = _root(text)
    if root is None or root.flow_style or _is_full(root):
        return text
    head = ""
    python = _pair(root, PYTHON)
    if python is not None:
        line = _without(text, root, python)
        head, text = text[line.start : line.end], _spliced(text, [line])
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = (f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))
    return f"{head}{FULL}:{newline}{''.join(lines)}"


def _spliced(text: str, splices: Sequence[Splice]) -> str:
    for splice in sorted(splices, key=lambda splice: splice.start, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


def _root(text: str) -> yaml.MappingNode | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return root if isinstance(root, yaml.MappingNode) else None


def _pair(mapping: yaml.MappingNode | None, key: str) -> Pair | None:
    return next((pair for pair in mapping.value if pair[0].value == key), None) if mapping else None


def _is_full(root: yaml.MappingNode | None) -> bool:
    pair = _pair(root, FULL)
    return pair is not None and (isinstance(pair[1], yaml.MappingNode) or is_null(pair[1]))


def _entry(mapping: yaml.Node | None, name: str) -> Pair | None:
    """Return the entry of a package in a mapping; None if it has none."""
    if not isinstance(mapping, yaml.MappingNode):
        return None
    return next((pair for pair in mapping.value if _name(pair[0]) == name), None)


def _name(key: yaml.Node) -> str | None:
    found = parse_name(str(key.value))
    return None if found is None else re.sub(r"[-_.]+", "-", found.name).lower()


def _listed(root: yaml.MappingNode | None, group: str | None, file: Path) -> yaml.Node | None:
    """Return the node with the packages of a group; None if there is none yet."""
    if group is None:
        pair = _pair(root, FULL) if _is_full(root) else None
        return pair[1] if pair else root
    if root is not None and not _is_full(root):
        raise UsageError(
            f"{file}: groups stand beside `requirements:`; put the packages in a mapping below a "
            "`requirements:` key"
        )
    pair = _pair(root, GROUPS)
    inner = _pair(pair[1], group) if pair and isinstance(pair[1], yaml.MappingNode) else None
    return inner[1] if inner else None


def _removed(text: str, file: Path, name: str, group: str | None) -> list[Splice]:
    root = _root(text)
    mapping = _listed(root, group, file)
    pair = _entry(mapping, name)
    if pair is None or not isinstance(mapping, yaml.MappingNode):
        raise not_found(file, name, group, _holding(root, name, group))
    if group is not None and len(mapping.value) == 1:
        # A group without packages is removed, too.
        groups = _pair(root, GROUPS)
        if root is not None and groups is not None and isinstance(groups[1], yaml.MappingNode):
            above = _pair(groups[1], group)
            if above is not None:
                only = len(groups[1].value) == 1
                return [_without(text, root if only else groups[1], groups if only else above)]
    return [_without(text, mapping, pair)]


def _holding(root: yaml.MappingNode | None, name: str, group: str | None) -> list[str]:
    """Return the other groups that require a package."""
    pair = _pair(root, GROUPS) if _is_full(root) else None
    groups = pair[1].value if pair and isinstance(pair[1], yaml.MappingNode) else []
    return [key.value for key, value in groups if key.value != group and _entry(value, name)]


def _without(text: str, mapping: yaml.MappingNode, pair: Pair) -> Splice:
    key, value = pair
    at = mapping.value.index(pair)
    if not mapping.flow_style:
        return Splice(_line_start(text, key.start_mark.index), _line_end(text, _end(value)), "")
    if at + 1 < len(mapping.value):
        return Splice(key.start_mark.index, mapping.value[at + 1][0].start_mark.index, "")
    start = _end(mapping.value[at - 1][1]) if at else key.start_mark.index
    return Splice(start, _end(value), "")


def _added(
    text: str, file: Path, requirement: Requirement, group: str | None, options: Mapping[str, str]
) -> list[Splice]:
    """Return the splices that add a requirement with these keys and values."""
    root = _root(text)
    mapping = _listed(root, group, file)
    pair = _entry(mapping, requirement.name)
    if pair is not None and isinstance(mapping, yaml.MappingNode):
        return _changed(requirement, pair, options, in_braces=bool(mapping.flow_style))
    newline = "\r\n" if "\r\n" in text else "\n"
    if isinstance(mapping, yaml.MappingNode):
        return [_inserted(text, mapping, requirement, options, newline)]
    line = f"{_key(requirement, ())}: {_value(options)}"
    if group is None:
        if _is_full(root) and mapping is not None:
            return [Splice(mapping.start_mark.index, mapping.end_mark.index, f"{newline}  {line}")]
        return [_at_the_end(text, line, newline)]
    block = f"{group}:{newline}    {line}"
    pair = _pair(root, GROUPS)
    if pair is None or not isinstance(pair[1], yaml.MappingNode):
        return [_at_the_end(text, f"{GROUPS}:{newline}  {block}", newline)]
    if pair[1].flow_style:
        inner = f"{group}: {{{_key(requirement, (), in_braces=True)}: {_value(options)}}}"
        return [_in_braces(pair[1], inner)]
    indent = " " * pair[1].value[0][0].start_mark.column
    block = f"{indent}{group}:{newline}{indent}  {line}{newline}"
    return [_after(text, _end(pair[1]), block, newline)]


def _at_the_end(text: str, lines: str, newline: str) -> Splice:
    between = "" if not text or text.endswith("\n") else newline
    return Splice(len(text), len(text), f"{between}{lines}{newline}")


def _after(text: str, index: int, lines: str, newline: str) -> Splice:
    """Insert whole lines after the line of an index."""
    end = _line_end(text, index)
    between = "" if text[:end].endswith("\n") else newline
    return Splice(end, end, between + lines)


def _inserted(
    text: str,
    mapping: yaml.MappingNode,
    requirement: Requirement,
    options: Mapping[str, str],
    newline: str,
) -> Splice:
    """Insert an entry: in order if the others are sorted, else after the last one."""
    if mapping.flow_style:
        inner = f"{_key(requirement, (), in_braces=True)}: {_value(options)}"
        return _in_braces(mapping, inner)
    indent = " " * mapping.value[0][0].start_mark.column
    line = f"{indent}{_key(requirement, ())}: {_value(options)}{newline}"
    keys = [str(key.value).lower() for key, _ in mapping.value]
    before = len(keys)
    if len(keys) > 1 and keys == sorted(keys):
        # Never before the first entry: a comment above it may be about the whole file.
        before = max(1, sum(key < requirement.name for key in keys))
    return _after(text, _end(mapping.value[before - 1][1]), line, newline)


def _in_braces(mapping: yaml.MappingNode, entry: str) -> Splice:
    closing = mapping.end_mark.index - 1
    if not mapping.value:
        return Splice(closing, closing, entry)
    end = _end(mapping.value[-1][1])
    return Splice(end, end, f", {entry}")


def _changed(
    requirement: Requirement, pair: Pair, options: Mapping[str, str], *, in_braces: bool
) -> list[Splice]:
    """Return the splices that change the requirement of an entry."""
    key, value = pair
    named = parse_name(str(key.value))
    old = tuple(sorted(named.extras)) if named else ()
    splices = []
    if not {*requirement.extras} <= {*old}:
        new = _key(requirement, old, in_braces=in_braces, spelled=named.name if named else None)
        splices.append(Splice(key.start_mark.index, key.end_mark.index, new))
    texts = {
        name: _text(name, options[name])
        for name in ("version", "markers", "from")
        if name in options and options[name] != ANY
    }
    if (
        isinstance(value, yaml.MappingNode)
        and value.value
        and not _changes_place(requirement, value, texts)
    ):
        splices += _with_keys(value, texts)
    elif texts or requirement.reference:
        if isinstance(value, yaml.ScalarNode) and "version" not in texts and "from" in texts:
            options = {**({"version": value.value} if value.value else {}), **options}
        splices.append(_instead(value, _value(options)))
    return splices


def _with_keys(mapping: yaml.MappingNode, texts: Mapping[str, str]) -> list[Splice]:
    """Return the splices that set keys of an entry; the others, such as `from`, stay."""
    known = {name: pair for name in texts if (pair := _pair(mapping, name))}
    splices = [_instead(pair[1], texts[name]) for name, pair in known.items()]
    first = mapping.value[0][0].start_mark
    after = ", " if mapping.flow_style else f"\n{' ' * first.column}"
    new = "".join(f"{name}: {text}{after}" for name, text in texts.items() if name not in known)
    return [*splices, Splice(first.index, first.index, new)] if new else splices


def _changes_place(
    requirement: Requirement, mapping: yaml.MappingNode, texts: Mapping[str, str]
) -> bool:
    """Return whether new keys replace a direct reference, or a requirement brings one."""
    return requirement.reference is not None or bool(texts and _has_place(mapping))


def _has_place(mapping: yaml.MappingNode) -> bool:
    """Return whether a mapping has a direct reference."""
    return any(_pair(mapping, place) for place in ("url", "git", "path"))


def _instead(value: yaml.Node, text: str) -> Splice:
    start, end = value.start_mark.index, _end(value)
    # An empty value begins right behind the colon.
    return Splice(start, end, f" {text}" if start == end else text)


def _key(
    requirement: Requirement,
    more: Sequence[str],
    *,
    in_braces: bool = False,
    spelled: str | None = None,
) -> str:
    extras = sorted({*requirement.extras, *more})
    text = (spelled or requirement.name) + (f"[{','.join(extras)}]" if extras else "")
    is_bare = BARE_KEY.fullmatch(text) and not (in_braces and extras)
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers.get(text[0], [])
    if is_bare and not any(pattern.match(text) for _, pattern in resolvers):
        return text
    return json.dumps(text)


def _options(requirement: Requirement, *, from_nixpkgs: bool) -> dict[str, str]:
    """Return the keys of a requirement's entry with their values."""
    options: dict[str, str] = {}
    match requirement.reference:
        case Url(_, below) as file:
            options |= {"url": file.hashed_url} | ({"subdirectory": below} if below else {})
        case Git(url, rev, below):
            options |= {"git": url} | ({"rev": rev} if rev else {})
            options |= {"subdirectory": below} if below else {}
        case Local(_, written):
            options["path"] = written
        case None:
            if requirement.specifier or not from_nixpkgs:
                options["version"] = requirement.specifier or ANY
    if requirement.marker:
        options["markers"] = requirement.marker
    return options | ({"from": NIXPKGS} if from_nixpkgs else {})


def _value(options: Mapping[str, str]) -> str:
    """Return the value of an entry with these keys."""
    if [*options] == ["version"]:
        return json.dumps(options["version"])
    return "{" + ", ".join(f"{name}: {_text(name, text)}" for name, text in options.items()) + "}"


def _text(key: str, text: str) -> str:
    return text if key == "from" else json.dumps(text)


def _end(node: yaml.Node) -> int:
    """Return where a node's own text ends; PyYAML ends a block where the next node begins."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return int(node.end_mark.index)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    """Return the index after the line of another index."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1
