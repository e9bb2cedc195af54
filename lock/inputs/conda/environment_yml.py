"""Reads the pip part of an environment.yml; packages of conda can't be locked.

Source: conda's documentation, "Managing environments". `platforms` is conda-lock's.
"""

from collections.abc import Mapping
from dataclasses import replace

import yaml

from lock.inputs.conda import conda_packages as conda
from lock.inputs.documents.yaml_nodes import Nodes, is_null, pairs
from lock.inputs.pip import requirements_txt
from lock.models.pythons import only_python
from lock.models.requirements import Requirements

# What edits such a file.
EDITED_BY = "by hand, below `pip:`"

KEYS: Mapping[str, str] = {
    "channels": "where conda's packages come from, without effect",
    "dependencies": "the packages; those of the package index stand below `pip:`",
    "name": "the environment's name, without effect",
    "platforms": "the systems, as conda calls them",
    "prefix": "the environment's folder, without effect",
    "variables": "environment variables, without effect",
}


def parse(text: str, file: str) -> Requirements:
    """Return the requirements below `pip:`, for the version of Python that conda would install.

    Raises UsageError with a line for each error, `FILE:LINE: key: what is wrong; what to do`: for
    packages of conda, and for what a requirements.txt can't have.
    """
    reader = _Reader(file)
    root = reader.compose(text)
    if not isinstance(root, yaml.MappingNode):
        reader.problems.add(1, None, "it has no `dependencies`", "list them there")
        reader.problems.raise_if_any()
        raise AssertionError
    return reader.document(root, text)


class _Reader(Nodes):
    """Reads the keys of a document."""

    def document(self, root: yaml.MappingNode, text: str) -> Requirements:
        python = None
        systems = None
        notes = []
        lines: list[tuple[int, str]] = []
        for key_node, key, value in self.entries(root, None):
            if key not in KEYS:
                self.unknown_key(key_node, key, KEYS)
            elif key == "dependencies":
                python, lines = self.dependencies(value)
            elif key == "platforms":
                systems = self.systems(value)
            elif key == "variables" and not is_null(value):
                notes.append(
                    f"{self.problems.file}: variables: they have no effect; set them in Nix"
                )
        if not (lines or self.problems.found):
            problem = "no package of the package index is asked for"
            self.problems.add(1, "dependencies", problem, "list them in `- pip: […]` there")
        self.problems.raise_if_any()
        # With empty lines around them, so that errors name the line here.
        padded = [""] * max(text.count("\n") + 1, len(lines))
        for number, line in lines:
            padded[number - 1] = line
        requirements = requirements_txt.parse("\n".join(padded), self.problems.file)
        only = only_python(python) if python else None
        return replace(
            requirements,
            python=only,
            systems=systems,
            requires_python=python,
            notes=(*requirements.notes, *notes),
        )

    def systems(self, node: yaml.Node) -> tuple[str, ...] | None:
        """Return the Nix systems of the platforms."""
        platforms = " ".join(text for _, text in self.texts(node, "platforms"))
        return self.attempt(
            node, "platforms", lambda text: conda.systems_of(text.split()), platforms
        )

    def dependencies(self, node: yaml.Node) -> tuple[str | None, list[tuple[int, str]]]:
        """Return the range of Python, and the lines for pip, each with its number."""
        python = None
        lines: list[tuple[int, str]] = []
        refused: list[str] = []
        for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if isinstance(item, yaml.MappingNode):
                lines += self.pip(item)
                continue
            spec = self.text(item, "dependencies")
            name = None if spec is None else self.attempt(item, "dependencies", conda.name_of, spec)
            if spec is None or name is None:
                continue
            if name == conda.PYTHON:
                python = self.attempt(
                    item,
                    "dependencies",
                    lambda text: conda.python_range(conda.version_of(text)),
                    spec,
                )
            elif name not in conda.ALLOWED:
                refused.append(name)
        if refused:
            self.fail(node, "dependencies", *conda.refusal(refused))
        return python or None, lines

    def pip(self, mapping: yaml.MappingNode) -> list[tuple[int, str]]:
        """Return the lines below `pip:`, each in a line of its own."""
        lines: list[tuple[int, str]] = []
        for key, value in pairs(mapping):
            if key != "pip":
                problem = "only `pip:` has requirements below it"
                self.fail(mapping, f"dependencies.{key}", problem, "put them there")
                continue
            for item, text in self.texts(value, "dependencies.pip"):
                after = lines[-1][0] + 1 if lines else 1
                lines.append((max(item.start_mark.line + 1, after), text))
        return lines
