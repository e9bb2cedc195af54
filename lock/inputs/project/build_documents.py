"""Finds the documents and folders that a project's build takes something from.

The default filter of a project's source leaves out what only people and tests read
(lib/sources/project-source.nix), unless the project's metadata names it.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli

# The tables of pyproject.toml that builds read.
TABLES = (
    ("project",),
    ("tool", "flit"),
    ("tool", "hatch", "build"),
    ("tool", "hatch", "metadata"),
    ("tool", "hatch", "metadata", "hooks", "requirements_txt", "optional-dependencies"),
    ("tool", "hatch", "version"),
    ("tool", "maturin"),
    ("tool", "meson-python"),
    ("tool", "pdm", "build"),
    ("tool", "pdm", "version"),
    ("tool", "poetry"),
    ("tool", "scikit-build"),
    ("tool", "setuptools"),
    ("tool", "setuptools", "dynamic", "dependencies"),
    ("tool", "setuptools", "dynamic", "optional-dependencies"),
    ("tool", "uv", "build-backend"),
)
# Those that name what dynamic fields are made of.
DYNAMIC_TABLES = (("tool", "hatch", "metadata"), ("tool", "setuptools", "dynamic"))
# Below these keys stands what a wheel doesn't have, or what isn't a path.
SKIPPED = re.compile(
    r"sdist|source-includes?|source-excludes?|exclude|dependencies|dependency-groups|group"
    r"|optional-dependencies|dev-dependencies|urls|scripts|classifiers|keywords"
)
NOTHING = re.compile(r"(?!)")
# The names at a project's top that the filter leaves out.
LEFT_OUT = re.compile(
    r"(tests?|docs?|examples?|benchmarks?)"
    r"|(README|CHANGE|HISTORY|NEWS|AUTHORS|CONTRIBUT|CODE_OF_CONDUCT|SECURITY).*"
)
# The programs that backends run without being told to.
BUILD_SCRIPTS = ("build.py", "hatch_build.py", "pdm_build.py", "setup.py")
GLOB = re.compile(r"[*?\[]")


def documents(data: Mapping[str, Any], folder: Path) -> tuple[str, ...]:
    """Return the paths, relative to a project's folder, that its build reads; sorted.

    `data` is the content of its pyproject.toml. A description that is taken as it is isn't among
    them, if it lies at the top: an empty file serves as well.
    """
    data = _with_hatch_toml(data, folder)
    texts = [text for table in TABLES for text in _texts(data, table)]
    found = {path for text in texts if (path := _path(text))}
    project = data.get("project")
    dynamic = project.get("dynamic", ()) if isinstance(project, Mapping) else ()
    if "readme" in dynamic:
        found |= {path.name for path in folder.iterdir() if path.is_file()}
    else:
        found -= {path for path in found if "/" not in path and (folder / path).is_file()}
    for script in _build_scripts(data, texts, folder):
        found |= _named_in(script, folder)
    return tuple(
        sorted(
            path
            for path in found
            if LEFT_OUT.fullmatch(path.partition("/")[0]) and (folder / path).exists()
        )
    )


def deciding_files(data: Mapping[str, Any], folder: Path) -> tuple[str, ...]:
    """Return the files that dynamic fields of a pyproject.toml are made of; sorted."""
    data = _with_hatch_toml(data, folder)
    texts = (
        text
        for table in DYNAMIC_TABLES
        for text in _texts(data, table, without=NOTHING)
        if _path(text) == text
    )
    return tuple(sorted({text for text in texts if (folder / text).is_file()}))


def _with_hatch_toml(data: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """Return the content of a pyproject.toml with that of hatch.toml, which goes before."""
    try:
        beside = tomli.loads((folder / "hatch.toml").read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError, RecursionError):
        return data
    tool = data.get("tool")
    tool = tool if isinstance(tool, Mapping) else {}
    inner = tool.get("hatch")
    hatch = {**(inner if isinstance(inner, Mapping) else {}), **beside}
    return {**data, "tool": {**tool, "hatch": hatch}}


def _build_scripts(data: Mapping[str, Any], texts: Iterable[str], folder: Path) -> set[Path]:
    """Return the programs of a project that take part in its build."""
    found = {folder / name for name in BUILD_SCRIPTS}
    found |= {folder / text for text in texts if text.endswith(".py") and _path(text) == text}
    for text in _texts(data, ("build-system", "backend-path")):
        found |= {*(folder / text).glob("*.py")} if _path(text) else set()
    return {file for file in found if file.is_file()}


def _named_in(script: Path, folder: Path) -> set[str]:
    """Return what a program names, by its texts, of that which stands at a project's top."""
    try:
        tree = ast.parse(script.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return set()
    texts = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    tops = {path.partition("/")[0] for text in texts if (path := _path(text))}
    return {top for top in tops if (folder / top).exists()}


def _texts(data: Any, keys: tuple[str, ...], without: re.Pattern[str] = SKIPPED) -> Iterator[str]:
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    yield from _all_texts(data, without)


def _all_texts(value: Any, without: re.Pattern[str]) -> Iterator[str]:
    """Yield the keys and texts of a value, but what is below the keys that `without` matches."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _all_texts(item, without)
    elif isinstance(value, Mapping) and value.get("format") != "sdist":
        for key, inner in value.items():
            if not without.fullmatch(key):
                yield key
                yield from _all_texts(inner, without)


def _path(text: str) -> str | None:
    """Return a text as a relative path, up to its first wildcard; None if it can't be one."""
    if len(text) > 200 or "\n" in text or text.startswith(("/", "..")) or ":" in text:
        return None
    parts = []
    for part in text.removeprefix("./").split("/"):
        if GLOB.search(part):
            break
        parts.append(part)
    return "/".join(filter(None, parts)) or None
