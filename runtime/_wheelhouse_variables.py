"""The start-up module of an environment whose packages want environment variables.

A shell that sources the environment's `template` has them as well; this module sets them where no
shell does. A list stands before the value of its variable, unless it stands there already.

A file of site-packages imports it at every start of any Python since 3.8 (builder/startup.py). The
builder fills in VARIABLES (builder/variables.py).
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence

    Variables = Mapping[str, str | Sequence[str]]

VARIABLES: "Variables" = {}


def extend(environment: "MutableMapping[str, str]", variables: "Variables") -> None:
    """Set variables that are texts, and put those that are lists before what is there."""
    for name, value in variables.items():
        if isinstance(value, str):
            environment[name] = value
        else:
            others = environment.get(name, "").split(":")
            kept = [part for part in others if part and part not in value]
            environment[name] = ":".join([*value, *kept])


extend(os.environ, VARIABLES)
