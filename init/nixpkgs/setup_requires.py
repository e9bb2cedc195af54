"""What the build of a source distribution requires by setuptools' own files: `setup_requires`.

They are read, not run; what a setup.py computes isn't found.
"""

import ast
import configparser
from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

KEYWORD = "setup_requires"
# Wanted for `setup.py test` and for uploads only.
NOT_OF_BUILDS = frozenset(["flake8", "pytest-runner", "setuptools-lint", "sphinx", "twine"])


def of_files(setup_py: str, setup_cfg: str) -> list[Requirement]:
    """Return the requirements that the texts of both files name, sorted; empty texts have none.

    >>> [str(one) for one in of_files("setup(setup_requires=['pbr>=2'])", "")]
    ['pbr>=2']
    """
    found = {}
    for text in (*_of_script(setup_py), *_of_configuration(setup_cfg)):
        try:
            one = Requirement(text)
        except InvalidRequirement:
            continue
        one.name = canonicalize_name(one.name)
        if one.name not in NOT_OF_BUILDS:
            found[str(one)] = one
    return [found[key] for key in sorted(found)]


def _of_configuration(text: str) -> Iterator[str]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    value = parser.get("options", KEYWORD, fallback="")
    yield from (line.strip() for line in value.replace(";\n", "\n").splitlines() if line.strip())


def _of_script(text: str) -> Iterator[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    assigned = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        for keyword in node.keywords if isinstance(node, ast.Call) else ():
            if keyword.arg == KEYWORD:
                value = keyword.value
                if isinstance(value, ast.Name):
                    value = assigned.get(value.id, value)
                yield from _texts(value)


def _texts(value: ast.expr) -> Iterator[str]:
    """Yield the strings of a list of them, or the only one."""
    items = value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else [value]
    for item in items:
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield item.value
