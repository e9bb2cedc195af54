"""requirements.yaml: what the user asks for, checked in full before anything is resolved."""

from collections.abc import Mapping

import yaml

from lock.inputs.yaml_entries import Entries
from lock.inputs.yaml_nodes import is_null, pairs
from lock.requirements import Requirements
from lock.target import check_python, check_system

# Every key of the full form, with what it holds.
OPTIONS: Mapping[str, str] = {
    "python": "the version of Python, such as 3.11",
    "requirements": "names of packages with their version specifiers",
    "systems": "a list of Nix systems",
}


def parse(text: str, file: str) -> Requirements:
    """The requirements in a text; `file` is named in errors.

    Raises UsageError, one line an error: `FILE:LINE: key: what is wrong; what to do`.
    """
    reader = _Reader(file)
    requirements = reader.document(reader.compose(text))
    reader.problems.end()
    return requirements


class _Reader(Entries):
    """Reads a document's keys."""

    def document(self, root: yaml.Node | None) -> Requirements:
        example = 'write lines such as `Django: ">3.2"`'
        if root is None or is_null(root):
            self.problems.add(1, None, "the file is empty", example)
        elif not isinstance(root, yaml.MappingNode):
            self.fail(root, None, "the file is not a mapping of names to specifiers", example)
        elif any(key == "requirements" and _holds_packages(node) for key, node in pairs(root)):
            return self.full_form(root)
        else:
            return self.plain_form(root)
        return Requirements(None, None, ())

    def plain_form(self, root: yaml.MappingNode) -> Requirements:
        packages = []
        python = None
        for key_node, key, value in self.entries(root, None):
            if key == "python":
                python = self.checked(value, "python", check_python)
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
            self.checked(values["python"], "python", check_python) if "python" in values else None,
            tuple(sorted({*self.checked_all(values["systems"], "systems", check_system)}))
            if "systems" in values
            else None,
            self.packages(listed, list(entries)),
        )


def _holds_packages(node: yaml.Node) -> bool:
    """Whether the value of `requirements` makes it the full form's key, not a package's name."""
    return isinstance(node, yaml.MappingNode) or is_null(node)
