"""Edits the block of a script (PEP 723)."""

import re
from collections.abc import Mapping
from pathlib import Path

from lock.edits.by_uv import Editor
from lock.edits.edit import Edit, not_found
from lock.errors import UsageError
from lock.inputs.project.script import START, requirements

# The line of the block that says which versions of Python it is for.
REQUIRES_PYTHON = re.compile(r"^(# requires-python[ \t]*=[ \t]*).*$", re.MULTILINE)

# uv calls the first one needless, but asks the index without it.
OPTIONS = ("--frozen", "--script", "script.py")
REQUIRES_PYTHON_LINE = re.compile(rf"{REQUIRES_PYTHON.pattern}\n", re.MULTILINE)


def apply(text: str, file: Path, edit: Edit, environment: Mapping[str, str]) -> str:
    """Return the text after an edit; a script without a block gets one.

    Raises what `lock.edits.apply` raises.
    """
    if not text and not file.exists():
        raise UsageError(f"{file}: there is no such script; write it first")
    if edit.group is not None:
        raise UsageError(f"{file}: a script has no groups; leave --group out")
    has_block = START.search(text.replace("\r\n", "\n")) is not None
    if edit.remove or has_block:
        listed = {one.name for one in requirements(text, str(file)).packages}
        for name in edit.remove:
            if name not in listed:
                raise not_found(file, name, None, [])
    editor = Editor(file, "script.py", REQUIRES_PYTHON, OPTIONS, environment)
    changed = editor.add(editor.remove(text, edit.remove), edit)
    # uv writes the version of the Python that it runs with, which says nothing of the script.
    return changed if has_block else REQUIRES_PYTHON_LINE.sub("", changed, count=1)
