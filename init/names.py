"""The name of a project, and of its modules."""

import keyword
import re
import sys
import unicodedata
from collections.abc import Collection

from lock.errors import UsageError


def distribution_name(text: str, where: str) -> str:
    """Return the normalized name of a project (PEP 503). Raises UsageError for one that is none."""
    from packaging.utils import InvalidName, canonicalize_name

    try:
        return canonicalize_name(text, validate=True)
    except InvalidName:
        raise UsageError(
            f"{where}: {text!r} is no name of a project; write letters, digits and hyphens, as in "
            "`--name my-project`"
        ) from None


def module_name(name: str) -> str:
    """Return the name of the module of a project with a normalized name."""
    return name.replace("-", "_")


def check_modules(name: str, required: Collection[str], where: str) -> None:
    """Raise UsageError where a project can't have this name.

    Its module would have a name that Python has taken, or it would require itself: `required` are
    the packages that it needs, normalized.
    """
    module = module_name(name)
    hint = "choose another one, as in `--name my-project`"
    if not module.isidentifier() or keyword.iskeyword(module):
        raise UsageError(f"{where}: Python can't import a module called {module}; {hint}")
    if module in sys.stdlib_module_names or module in ("tests", "src"):
        raise UsageError(f"{where}: {module} is a module of Python or a folder here; {hint}")
    if name in required:
        raise UsageError(f"{where}: the project needs a package called {name}; {hint}")


def name_of_folder(folder: str) -> str:
    """Return a name for the project in a folder of that name; it may still be no valid one."""
    plain = unicodedata.normalize("NFKD", folder)
    marks = "".join(one for one in plain if not unicodedata.combining(one))
    return re.sub(r"[^A-Za-z0-9._-]+", "-", marks).strip("._-")
