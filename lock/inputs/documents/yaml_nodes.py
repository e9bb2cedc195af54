"""Reads the nodes of a YAML document, which keep text and line of each scalar: `3.10` stays so."""

import re
from collections.abc import Callable, Iterator, Mapping

import yaml

from lock.inputs.documents.problems import Problems, Result
from lock.inputs.values.checks import MAX_TEXT_LENGTH

NULL = "tag:yaml.org,2002:null"
# For values that YAML reads differently without quotes.
QUOTE_HINT = 'put the value in double quotes, as in `Django: ">3.2"`'


class Nodes:
    """Reads nodes and collects their errors."""

    def __init__(self, file: str, form: str = "`lock --help`") -> None:
        """`form` says where the file's form is described."""
        self.problems = Problems(file)
        self.form = form

    def compose(self, text: str) -> yaml.Node | None:
        """Return the root of a document; None for an empty one.

        Raises UsageError for invalid YAML.
        """
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
                else f"see {self.form} for the file's form"
            )
            problem = (error.problem or "broken YAML").removeprefix("could not ")
            self.problems.add(line, None, f"this is not YAML ({problem})", remedy)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            sign = f"U+{ord(text[error.position]):04X}"
            self.problems.add(line, None, f"the character {sign} is not allowed", "remove it")
        except RecursionError:
            self.problems.add(
                1, None, "the file is nested too deeply", f"see {self.form} for its form"
            )
        self.problems.raise_if_any()
        return None

    def fail(self, node: yaml.Node, key: str | None, problem: str, remedy: str) -> None:
        """Add an error in the line of a node."""
        self.problems.add(node.start_mark.line + 1, key, problem, remedy)

    def attempt(
        self, node: yaml.Node, key: str, check: Callable[[str], Result], text: str
    ) -> Result | None:
        """Return what a check returns of a text; None if it fails, which is added."""
        return self.problems.attempt(node.start_mark.line + 1, key, check, text)

    def entries(
        self, mapping: yaml.MappingNode, owner: str | None
    ) -> Iterator[tuple[yaml.Node, str, yaml.Node]]:
        """Yield each key's node, text and value; of a repeated key, the first."""
        lines: dict[str, int] = {}
        for key_node, value in mapping.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.fail(key_node, owner, "a key must be one text", "write `name: specifier`")
                continue
            key = key_node.value
            if len(key) > MAX_TEXT_LENGTH:
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
        """Add an error for an unknown key, with the meanings of the known ones."""
        names = ", ".join(f"`{name}` ({meaning})" for name, meaning in known.items())
        self.fail(
            node, key, "unknown key", f"known are {names}" + (f"; {advice}" if advice else "")
        )

    def text(self, node: yaml.Node, key: str) -> str | None:
        """Return the text of a scalar as it is written, empty for null; None if it is no scalar."""
        if not isinstance(node, yaml.ScalarNode):
            self.fail(node, key, "a single value is expected here", 'write one such as `">=1.2"`')
        elif node.style in ("|", ">") or not node.tag.startswith("tag:yaml.org,2002:"):
            self.fail(node, key, "YAML does not read this value as it looks", QUOTE_HINT)
        elif len(node.value) > MAX_TEXT_LENGTH:
            self.fail(
                node, key, "the value is too long", f"write at most {MAX_TEXT_LENGTH} characters"
            )
        else:
            return "" if is_null(node) else str(node.value).strip()
        return None

    def texts(self, node: yaml.Node, key: str) -> list[tuple[yaml.Node, str]]:
        """Return the texts of a list, or the one text that is written instead of a list."""
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        pairs = [(item, self.text(item, key)) for item in items]
        if isinstance(node, yaml.SequenceNode) and not items:
            self.fail(node, key, "the list is empty", "name at least one, or leave the key out")
        return [(item, text) for item, text in pairs if text is not None]

    def truth(self, node: yaml.Node, key: str) -> bool:
        """Return the boolean of a scalar; False if it is none, which is added."""
        if not isinstance(node, yaml.ScalarNode) or node.value not in ("true", "false"):
            self.fail(node, key, "neither `true` nor `false`", "write one of them")
            return False
        return bool(node.value == "true")

    def checked(self, node: yaml.Node, key: str, check: Callable[[str], Result]) -> Result | None:
        """Return what a check returns of a scalar's text; None if it fails."""
        text = self.text(node, key)
        return None if text is None else self.attempt(node, key, check, text)

    def checked_all(
        self, node: yaml.Node, key: str, check: Callable[[str], Result]
    ) -> list[Result]:
        """Return what a check returns of each text of a list, without those that fail it."""
        found = [self.attempt(item, key, check, text) for item, text in self.texts(node, key)]
        return [one for one in found if one is not None]


def pairs(mapping: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
    """Yield the text of each key, and its value."""
    for key, value in mapping.value:
        if isinstance(key, yaml.ScalarNode):
            yield key.value, value


def is_null(node: yaml.Node) -> bool:
    """Return whether a node is empty, `~` or `null`."""
    return isinstance(node, yaml.ScalarNode) and node.tag == NULL


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number - 1] if number <= len(lines) else ""
