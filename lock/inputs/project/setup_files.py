"""Reads setup.py and setup.cfg, whose project's backend alone knows what it depends on."""

from dataclasses import replace
from pathlib import Path

from lock.inputs.project import projects
from lock.models.requirements import DEFAULT_GROUP, Requirements

# What edits such a file.
EDITED_BY = "by hand, since it is a program"


def parse(text: str, file: str) -> Requirements:  # noqa: ARG001
    """Return the requirements of a project, which are itself and its extras.

    `file` names a file of its folder. Raises UsageError for a project without a name.
    """
    folder = Path(file).parent
    project = replace(projects.read(folder), is_own=True)
    own = projects.reference(project, folder)
    return Requirements(
        None,
        None,
        (own,),
        {
            extra: (replace(own, extras=(extra,)),)
            for extra in project.extras
            if extra != DEFAULT_GROUP
        },
        projects=(project,),
    )
