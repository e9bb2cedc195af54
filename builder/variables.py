"""Write the start-up module that sets what packages want of environment variables."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from builder.merge import ENVIRONMENT, GeneratedFile, Tree
from builder.startup import startup_files

# The line of the module that is filled in.
EMPTY = 'VARIABLES: "Variables" = {}\n'


def add_variables(
    tree: Tree,
    variables: Mapping[str, str | Sequence[str]],
    module: str,
    site: str,
    version: str,
) -> None:
    """Add the start-up module to site-packages.

    A list stands before the variable's value, a text replaces it. `module` is the file of the
    module, `site` the path of site-packages in the tree, `version` the interpreter's.
    """
    table = json.dumps(variables, indent=4, sort_keys=True)
    text = Path(module).read_text("utf-8").replace(EMPTY, f'VARIABLES: "Variables" = {table}\n')
    files = startup_files("_wheelhouse_variables", "import _wheelhouse_variables\n", version)
    for name, content in {"_wheelhouse_variables.py": text, **files}.items():
        tree.add_file(f"{site}/{name}", GeneratedFile(ENVIRONMENT, content.encode()))
