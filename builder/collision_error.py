"""Write the error of packages that collide: the paths, and the way out that fits.

Of packages that bring the same modules, all but one are to be excluded while locking. Any other
collision may be ignored.
"""

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from builder.alternatives import (
    Alternatives,
    Candidate,
    find_alternatives,
    find_requirers,
    module_files,
)
from builder.merge import Collision

if TYPE_CHECKING:
    from builder.compose import Package

# How many paths of one folder are listed one by one.
LISTED_PATHS = 5
# How many of those who require a package are named.
NAMED_REQUIRERS = 3


def format_collisions(
    collisions: Sequence[Collision], packages: Sequence["Package"], site: str, python: str
) -> str:
    """Return the lines that name all collisions, and what to do about them.

    `site` is site-packages relative to the prefix, `python` the version (3.12).
    """
    groups = find_alternatives(read_candidates(collisions, packages, site, python), collisions)
    others = [one for one in collisions if not any(group.explain(one) for group in groups)]
    rows = format_rows(others, site, LISTED_PATHS)
    for group in groups:
        rows += format_rows(filter(group.explain, collisions), site, 1)
    width = max(len(path) for path, _ in rows)
    lines = [f"  {path:<{width}}  {owners}" for path, owners in sorted(rows)]
    lines += map(advise, groups)
    if others:
        lines.append(
            f"To let the first of them by name win{' elsewhere' if groups else ''}, list the "
            "paths, or globs of them, in `ignoreCollisions`."
        )
    return "\n".join(lines)


def read_candidates(
    collisions: Iterable[Collision], packages: Sequence["Package"], site: str, python: str
) -> list[Candidate]:
    """Return the packages that have a part in a collision."""
    owners = {owner for collision in collisions for owner in collision.owners}
    paths = {package.name: f"{package.path}/{site}" for package in packages}
    dist_infos = {
        package.name: f"{paths[package.name]}/{package.notes['distInfo']}" for package in packages
    }
    names = sorted(owners & paths.keys())
    required = find_requirers(dist_infos, names, python, extras=False)
    optional = find_requirers(dist_infos, names, python, extras=True)
    return [
        Candidate(name, module_files(paths[name]), required[name], optional[name]) for name in names
    ]


def format_rows(collisions: Iterable[Collision], site: str, listed: int) -> list[tuple[str, str]]:
    """Return paths and their owners.

    If some packages collide at more than `listed` paths in a folder, one row has a glob of them and
    their number.
    """
    folders: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for collision in collisions:
        key = (top_folder(collision.path, site), collision.owners)
        folders.setdefault(key, []).append(collision.path)
    rows = []
    for (folder, owners), paths in folders.items():
        if folder and len(paths) > listed:
            shared = os.path.commonpath([os.path.dirname(path) for path in paths])
            rows.append((f"{shared}/*", f"{join_names(owners)}, {len(paths)} files"))
        else:
            rows += [(path, join_names(owners)) for path in paths]
    return rows


def top_folder(path: str, site: str) -> str:
    """Return the folder of a path's top-level module, else its first folder; "" if it has none."""
    inside = path.removeprefix(f"{site}/")
    first, slash, _ = inside.partition("/")
    if not slash:
        return ""
    return first if inside == path else f"{site}/{first}"


def advise(group: Alternatives) -> str:
    """Return what to do so that only one of several packages stays."""
    excluded = [one.name for one in group.others if one.required_by or one.optional_for]
    own = [one.name for one in group.members if one.name not in excluded]
    text = f"{join_names([describe(one) for one in group.members])} bring the same modules. "
    if len(own) > 1:
        text += f"Require only one of {join_names(own)}"
    if not excluded:
        return f"{text}, and lock again."
    quoted = ", ".join(f'"{name}"' for name in excluded)
    text += "; write" if len(own) > 1 else f"To keep {group.kept.name} alone, write"
    return (
        f"{text}\n"
        f"  exclude: [{', '.join(excluded)}]\n"
        "beside `requirements:` in requirements.yaml, or "
        f"`exclude-dependencies = [{quoted}]` below `[tool.uv]` in pyproject.toml, and lock again."
    )


def describe(candidate: Candidate) -> str:
    """Return the name of a package with those who require it."""
    requirers = candidate.required_by or candidate.optional_for
    if not requirers:
        return candidate.name
    names = list(requirers[:NAMED_REQUIRERS])
    if len(requirers) > NAMED_REQUIRERS:
        names.append(f"{len(requirers) - NAMED_REQUIRERS} more")
    words = "required by" if candidate.required_by else "required by an extra of"
    return f"{candidate.name} ({words} {join_names(names)})"


def join_names(names: Sequence[str]) -> str:
    """Return names as a text: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
