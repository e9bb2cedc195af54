"""Tells the kind of a file that requirements are read from, by its name and its content."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of file."""

    # The module of lock/inputs that reads it.
    module: str
    # How it is usually called; shown to the user.
    usual: str
    # Matches the whole name of such a file.
    name: str
    # Matches somewhere in its text, but in no text of another kind; None where only the name tells.
    content: str | None = None
    # Matches the whole name of any file whose content may tell that it is one.
    other_name: str = r".+"

    def has_name(self, name: str) -> bool:
        """Return whether a file of this name is usually one."""
        return re.fullmatch(self.name, name) is not None

    def has_content(self, name: str, text: str) -> bool:
        """Return whether the content of a file tells that it is one."""
        return (
            self.content is not None
            and re.fullmatch(self.other_name, name) is not None
            and re.search(self.content, text, re.MULTILINE) is not None
        )


TOML = r".+\.(toml|lock)"
YAML = r".+\.(ya?ml|lock)"
# All lines before the first table of a TOML document.
TOP = r"\A(?:[^\[\n].*\n|\n)*"

# The first that fits wins.
KINDS: Sequence[Kind] = (
    Kind("yaml.requirements_yaml", "requirements.yaml", r"requirements\.ya?ml"),
    Kind("pip.requirements_txt", "requirements.txt", r".+\.(txt|in)|requirements.*\.lock"),
    Kind("project.setup_files", "setup.py", r"setup\.(cfg|py)"),
    Kind("project.script", "a script with a block `# /// script`", r".+\.py"),
    Kind("locks.pylock", "pylock.toml", r"pylock(\.[^.]+)?\.toml", TOP + r"lock-version *=", TOML),
    Kind("pdm.pdm_lock", "pdm.lock", r"pdm\.lock", r"^lock_version *= *\"", TOML),
    Kind(
        "poetry.poetry_lock",
        "poetry.lock",
        r"poetry\.lock",
        r"^\[metadata\]\n(?:[^\[\n].*\n)*lock-version *=",
        TOML,
    ),
    Kind(
        "uv.uv_lock",
        "uv.lock",
        r"uv\.lock|.+\.py\.lock",
        TOP + r"version *= *\d(?s:.*)(?:^source = \{ (?:registry|git|url|path|directory|editable|"
        r"virtual) = |^\[manifest\])",
        TOML,
    ),
    Kind("pipenv.pipfile_lock", "Pipfile.lock", r"Pipfile\.lock", r'^ +"pipfile-spec":'),
    Kind("pipenv.pipfile", "Pipfile", r"Pipfile", r"^\[(?:dev-)?packages\]", r"Pipfile.*|.+\.toml"),
    Kind("conda.pixi_lock", "pixi.lock", r"pixi\.lock", r"^environments:\n(?s:.*)^packages:", YAML),
    Kind(
        "conda.pixi_toml",
        "pixi.toml",
        r"pixi\.toml",
        r"^\[pypi-dependencies\]|^channels *= *\[",
        TOML,
    ),
    Kind(
        "project.pyproject",
        "pyproject.toml",
        r"pyproject\.toml",
        r"^\[(?:project|build-system|dependency-groups|tool)\b",
        TOML,
    ),
    Kind(
        "conda.conda_lock",
        "conda-lock.yml",
        r"(.+[.-])?conda-lock\.ya?ml",
        r"^package:\n(?s:.*)^ +manager: ",
        YAML,
    ),
    Kind(
        "conda.environment_yml",
        "environment.yml",
        r"environment.*\.ya?ml",
        r"^dependencies: *(?:#.*)?\n *- ",
        YAML,
    ),
    Kind(
        "locks.makes_sources",
        "a sources.yaml of Makes",
        r"(?!)",
        r"^[\"']?closure[\"']?: *$(?s:.*)^[\"']?links[\"']?: *$|"
        r"^[\"']?links[\"']?: *$(?s:.*)^[\"']?closure[\"']?: *$",
    ),
    # Last, since a name without a suffix tells nothing.
    Kind("yaml.requirements_yaml", "requirements.yaml", r".+\.ya?ml|[^.]+"),
)


def kind_of(name: str, text: str) -> Kind | None:
    """Return the kind of a file; None where neither its name nor its content tells.

    Content that tells it counts more than the name, so that a renamed file is known.
    """
    named = next((kind for kind in KINDS if kind.has_name(name)), None)
    if named is not None and named.has_content(name, text):
        return named
    told = next((kind for kind in KINDS if kind.has_content(name, text)), None)
    return told or named


def known() -> str:
    """Return what the user may name, for a message."""
    return ", ".join(dict.fromkeys(kind.usual for kind in KINDS))
