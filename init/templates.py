"""The files of a template, with the user's name, Python and address of wheelhouse."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from init.names import module_name

# The URL of wheelhouse in the flake.nix of each template.
PLACEHOLDER = "github:OWNER/wheelhouse"


def read(template: str) -> dict[str, str]:
    """Return the files of a template by their paths in it."""
    folder = Path(os.environ["WHEELHOUSE_TEMPLATES"], template)
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in files
        if "__pycache__" not in file.parts
    }


def renamed(files: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Return files in which projects and their modules have other names; so have their paths.

    `names` are normalized names of projects: old → new.
    """
    return {renamed_text(path, names): renamed_text(text, names) for path, text in files.items()}


def renamed_text(text: str, names: Mapping[str, str]) -> str:
    """Return a text in which projects and their modules have other names."""
    if not names:
        return text
    modules = {module_name(old): module_name(new) for old, new in names.items()}
    both = {**names, **modules}
    words = "|".join(map(re.escape, both))
    return re.sub(rf"(?<![\w-])(?:{words})(?![\w-])", lambda found: both[found[0]], text)


def for_python(files: Mapping[str, str], python: str) -> dict[str, str]:
    """Return files that are for a version of Python ("3.12", "3.13t")."""
    changed = dict(files)
    for path, text in files.items():
        if path == ".python-version":
            changed[path] = f"{python}\n"
        else:
            least = python.rstrip("t")
            text = re.sub(
                r'^(# |)requires-python = ">=.*"$',
                rf'\g<1>requires-python = ">={least}"',
                text,
                flags=re.MULTILINE,
            )
            changed[path] = re.sub(r'^python: ".*"$', f'python: "{python}"', text, flags=re.M)
    return changed


def with_url(files: Mapping[str, str], url: str) -> dict[str, str]:
    """Return files whose flake takes wheelhouse from a URL."""
    return {path: text.replace(f'"{PLACEHOLDER}"', f'"{url}"') for path, text in files.items()}


def required(files: Mapping[str, str]) -> set[str]:
    """Return the packages that the projects among files need, normalized."""
    import tomllib

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: set[str] = set()
    for path, text in files.items():
        if path.rpartition("/")[2] != "pyproject.toml":
            continue
        data = tomllib.loads(text)
        lists = [
            data["project"].get("dependencies", ()),
            data.get("build-system", {}).get("requires", ()),
            *data.get("dependency-groups", {}).values(),
        ]
        found |= {canonicalize_name(Requirement(one).name) for texts in lists for one in texts}
    return found
