"""A YAML document as its nodes, which keep each scalar's text and line: `3.10` stays 3.10."""

import re
from collections.abc import Callable, Iterator, Mapping

import yaml

from lock.inputs.checks import LONGEST_TEXT
from lock.inputs.problems import Problems, Result

NULL = "tag:yaml.org,2002:null"
# Values that YAML takes for something else when they stand without quotes.
QUOTE_HINT = 'put the value in double quotes, as in `Django: ">3.2"`'


class Nodes:
    """Reads nodes and gathers what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.problems = Problems(file)

    def compose(self, text: str) -> yaml.Node | None:
        """The root of a document; None for an empty one. Raises UsageError for broken YAML."""
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
            self.problems.add(line, None, f"this is not YAML ({problem})", remedy)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            sign = f"U+{ord(text[error.position]):04X}"
            self.problems.add(line, None, f"the character {sign} is not allowed", "remove it")
        except RecursionError:
            self.problems.add(
                1, None, "the file is nested too deeply", "see `lock --help` for its form"
            )
        self.problems.end()
        return None

    def fail(self, node: yaml.Node, key: str | None, problem: str, remedy: str) -> None:
        """Notes an error in the line of a node."""
        self.problems.add(node.start_mark.line + 1, key, problem, remedy)

    def attempt(
        self, node: yaml.Node, key: str, check: Callable[[str], Result], text: str
    ) -> Result | None:
        """What `check` makes of a text; None when it objects, which is noted."""
        return self.problems.attempt(node.start_mark.line + 1, key, check, text)

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
        """Notes a key that isn't among the known ones, and says what they mean."""
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
            return "" if is_null(node) else str(node.value).strip()
        return None

    def texts(self, node: yaml.Node, key: str) -> list[tuple[yaml.Node, str]]:
        """The texts of a list, or the one text that stands in place of a list."""
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        pairs = [(item, self.text(item, key)) for item in items]
        if isinstance(node, yaml.SequenceNode) and not items:
            self.fail(node, key, "the list is empty", "name at least one, or leave the key out")
        return [(item, text) for item, text in pairs if text is not None]

    def truth(self, node: yaml.Node, key: str) -> bool:
        """The truth value of a scalar; False when it is none, which is noted."""
        if not isinstance(node, yaml.ScalarNode) or node.value not in ("true", "false"):
            self.fail(node, key, "neither `true` nor `false`", "write one of them")
            return False
        return bool(node.value == "true")

    def checked(self, node: yaml.Node, key: str, check: Callable[[str], Result]) -> Result | None:
        """What `check` makes of a scalar's text; None when something is wrong with it."""
        text = self.text(node, key)
        return None if text is None else self.attempt(node, key, check, text)

    def checked_all(
        self, node: yaml.Node, key: str, check: Callable[[str], Result]
    ) -> list[Result]:
        """What `check` makes of each text of a list, or of the one that stands in its place."""
        found = [self.attempt(item, key, check, text) for item, text in self.texts(node, key)]
        return [one for one in found if one is not None]


def pairs(mapping: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
    """Each key's text and its value."""
    for key, value in mapping.value:
        if isinstance(key, yaml.ScalarNode):
            yield key.value, value


def is_null(node: yaml.Node) -> bool:
    """Whether a node is written as nothing, `~` or `null`."""
    return isinstance(node, yaml.ScalarNode) and node.tag == NULL


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number - 1] if number <= len(lines) else ""
