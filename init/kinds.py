"""What can be started."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of starting point."""

    # The folder of templates/ that has its files.
    template: str
    # What it is, for the help and the questions.
    what: str
    # Name in the template → the user's, where `{}` stands for the name that the user gives. The
    # names of modules follow: those with `_` in place of `-`.
    names: Mapping[str, str]


KINDS: Mapping[str, Kind] = {
    "environment": Kind("default", "an environment of packages", {}),
    "project": Kind("project", "a project: a program, its shell and its tests", {"demo-app": "{}"}),
    "workspace": Kind(
        "workspace",
        "a workspace of a service and a library",
        {"demo-workspace": "{}", "demo-service": "{}-service", "demo-core": "{}-core"},
    ),
}
