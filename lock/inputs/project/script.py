"""Reads the requirements of a script with inline metadata (PEP 723)."""

import re
from dataclasses import replace
from pathlib import Path

from lock.errors import UsageError
from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import Table, load
from lock.inputs.project.pyproject import check_python_range
from lock.inputs.uv import uv_settings
from lock.inputs.values import pep508
from lock.models.requirements import Requirement, Requirements

# A block, as PEP 723 has it; `content` has the marks of its comments.
BLOCK = re.compile(
    r"^# /// (?P<type>[a-zA-Z0-9-]+)[ \t]*$\s(?P<content>(^#(| .*)$\s)+)^# ///[ \t]*$",
    re.MULTILINE,
)
START = re.compile(r"^# /// script[ \t]*$", re.MULTILINE)
EXAMPLE = '`# /// script`, `# dependencies = ["httpx"]`, `# ///`'
KEYS = ("dependencies", "requires-python", "tool")


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a script, with uv's settings in its block.

    Raises UsageError with a line for each error: `FILE: key: what is wrong; what to do`.
    """
    found = requirements(text, file)
    if not found.packages:
        raise UsageError(f"{file}: dependencies: no package is asked for; list them there")
    return found


def requirements(text: str, file: str) -> Requirements:
    """Return the requirements of a script, which may have none. Raises what `parse` raises."""
    problems = Problems(file)
    folder = Path(file).parent
    document = Table(load(block(text, file), problems), "", problems)
    for key in sorted(document.data.keys() - {*KEYS}):
        document.fail(key, "unknown key", f"known are {', '.join(KEYS)} (PEP 723)")
    listed = document.checked_all("dependencies", lambda one: pep508.requirement(one, folder))
    found = Requirements(
        None,
        None,
        _together(listed),
        requires_python=document.checked("requires-python", check_python_range),
    )
    found = uv_settings.apply(document.table("tool").table("uv"), found, folder)
    known = {index.name for index in found.indexes}
    for wanted in found.packages:
        if wanted.index is not None and wanted.index not in known:
            remedy = "add it to `[[tool.uv.index]]`"
            problems.add(None, wanted.name, f"there is no index `{wanted.index}`", remedy)
    problems.raise_if_any()
    return replace(found, packages=_together(found.packages))


def block(text: str, file: str) -> str:
    """Return the TOML document of a script's block, with empty lines before it.

    So a line of the document is that of the script. Raises UsageError unless there is one block.
    """
    text = text.replace("\r\n", "\n")
    found = [match for match in BLOCK.finditer(text) if match["type"] == "script"]
    if not found:
        start = START.search(text)
        if start is not None:
            line = text.count("\n", 0, start.start()) + 1
            raise UsageError(
                f"{file}:{line}: the block `# /// script` isn't closed, or a line of it isn't a "
                "comment; end it with `# ///`"
            )
        raise UsageError(
            f"{file}: it is a Python file without a block of requirements (PEP 723); write one: "
            f"{EXAMPLE}"
        )
    if len(found) > 1:
        line = text.count("\n", 0, found[1].start()) + 1
        raise UsageError(f"{file}:{line}: a second block `# /// script`; keep one")
    [match] = found
    lines = match["content"].splitlines()
    before = text.count("\n", 0, match.start("content"))
    return "\n" * before + "\n".join(line[2:] if line.startswith("# ") else "" for line in lines)


def _together(requirements: list[Requirement] | tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    """Return each requirement once, sorted."""
    return tuple(sorted(dict.fromkeys(requirements), key=str))
