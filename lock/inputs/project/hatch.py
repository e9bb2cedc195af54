"""Reads hatch's environments, in pyproject.toml or hatch.toml, as dependency groups.

Source: hatch's documentation, "Environments".
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from lock.inputs import read_text
from lock.inputs.documents import tool_keys
from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import Table, load
from lock.inputs.documents.tool_keys import BESIDE, HONOURED, Key, Use
from lock.inputs.values import pep508
from lock.inputs.values.checks import check_extra
from lock.models.requirements import DEFAULT_GROUP, Requirement

FILE = "hatch.toml"
# Environments that hatch has itself, which inherit nothing.
OWN = re.compile(r"hatch-(build|check-(code|fmt|types)|static-analysis|test|uv)")
# Those of them that have dependencies of their own, where no others are listed.
EQUIPPED = re.compile(r"hatch-(check-(code|fmt|types)|static-analysis|test)")
LISTS = ("dependencies", "extra-dependencies")
# What a matrix or a variable decides.
OPEN = re.compile(r"\{(matrix|env)[:}]")
# What a group is called where its environment's name is taken.
SUFFIX = "-env"
IN_ENVIRONMENTS = {
    "dependencies": HONOURED,
    "extra-dependencies": HONOURED,
    "features": HONOURED,
    "dependency-groups": HONOURED,
    "template": HONOURED,
    "detached": HONOURED,
    "skip-install": Key(Use.BESIDE, "a group has the project only by its `features`"),
    "matrix": Key(
        Use.WITHOUT_EFFECT,
        "the group has what all environments of the matrix have, and `lock` is told the Pythons",
    ),
    "overrides": Key(
        Use.WITHOUT_EFFECT, "write what depends on a platform as a marker of the dependency"
    ),
    "python": Key(Use.WITHOUT_EFFECT, "`lock` is told the Pythons"),
    "platforms": Key(Use.WITHOUT_EFFECT, "the group is locked for all systems"),
    "sources": Key(
        Use.REFUSED, "hatch's sources can't be locked; write them into `[tool.uv.sources]`"
    ),
    "workspace": Key(Use.WITHOUT_EFFECT, "require the members by their folders"),
    "pre-install-commands": Key(Use.WITHOUT_EFFECT, "what a command installs isn't locked"),
    "post-install-commands": Key(Use.WITHOUT_EFFECT, "what a command installs isn't locked"),
    "system-packages": Key(Use.WITHOUT_EFFECT, "an environment has what is locked alone"),
    **dict.fromkeys(
        (
            "builder",
            "config-path",
            "default-args",
            "description",
            "dev-mode",
            "env-exclude",
            "env-include",
            "env-vars",
            "extra-args",
            "extra-scripts",
            "installer",
            "locked",
            "matrix-name-format",
            "parallel",
            "path",
            "python-sources",
            "randomize",
            "retries",
            "retry-delay",
            "scripts",
            "type",
            "uv-path",
        ),
        BESIDE,
    ),
}
KEYS = {
    **{f"envs.*.{key}": use for key, use in IN_ENVIRONMENTS.items()},
    "env.collectors": Key(Use.WITHOUT_EFFECT, "list the environments in `envs`"),
    "env.requires": BESIDE,
    "sources": Key(
        Use.REFUSED, "hatch's sources can't be locked; write them into `[tool.uv.sources]`"
    ),
    "metadata": Key(Use.HONOURED, "hooks: the build backend is asked for the dependencies"),
    "build": Key(Use.HONOURED, "the build backend is asked for what builds need"),
    **dict.fromkeys(("lock-envs", "locker", "publish", "requires-hatch", "version"), BESIDE),
}


@dataclass(frozen=True)
class Hatch:
    """The environments of a project."""

    # Group → its requirements; those on extras of the project name the project.
    groups: Mapping[str, Sequence[Requirement]]
    notes: Sequence[str]


def read(
    table: Table,
    folder: Path,
    own: str | None,
    groups: Mapping[str, Sequence[Requirement]],
    extras: Collection[str] | None,
) -> Hatch:
    """Return the environments that have dependencies, as groups.

    `own` is the project's name; `groups` are its dependency groups, which environments may name,
    and `extras` are its extras, None where only the build backend knows them. Errors are added to
    the table's problems.
    """
    notes = tool_keys.check(table, KEYS, table.problems.file)
    file = folder / FILE
    environments = table.table("envs")
    if file.is_file():
        problems = Problems(str(file), table.problems)
        beside = Table(load(read_text(file), problems), "", problems)
        notes += tool_keys.check(beside, KEYS, str(file))
        # It goes before the table, key by key of the top.
        environments = beside.table("envs") if beside.has("envs") else environments
    found: dict[str, Sequence[Requirement]] = {}
    for name in environments.data:
        config = _whole(environments, name)
        listed = _requirements(config, folder, own, groups, extras)
        notes += _open(config)
        if listed and EQUIPPED.fullmatch(name) and not config.has("dependencies"):
            notes.append(
                f"{environments.problems.file}: {environments.where(name)}: what hatch itself adds "
                "to this environment isn't locked; list it in `dependencies`"
            )
        group = group_name(name, {*groups, *(extras or ())})
        if listed and environments.attempt(name, check_extra, name) is not None:
            found[group] = [*found.get(group, ()), *listed]
    return Hatch(found, notes)


def group_name(environment: str, taken: Collection[str]) -> str:
    """Return the name of the group of an environment.

    >>> group_name("Docs", []), group_name("default", []), group_name("test", ["test"])
    ('docs', 'default-env', 'test-env')
    """
    name = canonicalize_name(environment)
    return f"{name}{SUFFIX}" if name in taken or name == DEFAULT_GROUP else name


def _whole(environments: Table, name: str) -> Table:
    """Return the table of an environment, with what it inherits from its template."""
    data: dict[str, Any] = {}
    seen: list[str] = []
    while name not in seen:
        seen.append(name)
        table = environments.table(name)
        data = {**table.data, **data}
        alone = OWN.fullmatch(name) or (table.has("detached") and table.truth("detached"))
        template = table.text("template") or DEFAULT_GROUP
        if alone or template == name:
            return _table(environments, seen[0], data)
        if template not in environments.data:
            if table.has("template") and template != DEFAULT_GROUP:
                remedy = "add it, or mend its name"
                table.fail("template", f"there is no environment `{template}`", remedy)
            return _table(environments, seen[0], data)
        name = template
    names = " → ".join(f"`{one}`" for one in (*seen, name))
    remedy = "leave one template out"
    environments.fail(seen[0], f"the templates lead back to each other ({names})", remedy)
    return _table(environments, seen[0], data)


def _open(config: Table) -> list[str]:
    """Return notes about the dependencies that a matrix or a variable decides."""
    return [
        f"{config.problems.file}: {config.where(key)}: `{text}` depends on a matrix or a variable, "
        "and isn't locked; write it out"
        for key in LISTS
        for text in config.texts(key)
        if OPEN.search(text)
    ]


def _table(environments: Table, name: str, data: Mapping[str, Any]) -> Table:
    return Table(data, environments.where(name), environments.problems)


def _requirements(
    config: Table,
    folder: Path,
    own: str | None,
    groups: Mapping[str, Sequence[Requirement]],
    extras: Collection[str] | None,
) -> list[Requirement]:
    """Return what an environment adds to the project."""
    found = []
    for key in LISTS:
        for text in config.texts(key):
            if not OPEN.search(text):
                wanted = config.attempt(key, lambda text: pep508.requirement(text, folder), text)
                found += [wanted] if wanted else []
    features = config.checked_all("features", check_extra)
    for feature in sorted({*features} - {*extras}) if extras is not None else ():
        remedy = "add it to `[project.optional-dependencies]`, or mend its name"
        config.fail("features", f"there is no extra `{feature}`", remedy)
    if features and own:
        found.append(Requirement(own, tuple(sorted({*features})), "", None))
    for name in config.texts("dependency-groups"):
        group = canonicalize_name(name)
        if group in groups:
            found += groups[group]
        else:
            remedy = "add it to `[dependency-groups]`, or mend its name"
            config.fail("dependency-groups", f"there is no group `{name}`", remedy)
    return found
