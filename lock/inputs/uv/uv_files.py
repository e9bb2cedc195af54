"""Finds the files that uv takes its settings from (uv's documentation, "Configuration files")."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lock.errors import UsageError
from lock.inputs import read_text
from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import Table, load
from lock.inputs.project import workspace
from lock.inputs.uv.uv_keys import KEYS, Place, Treatment, describe

PREFIX = "tool.uv"


@dataclass(frozen=True)
class Configuration:
    """The tables that hold for a project."""

    # `tool.uv` of its own pyproject.toml.
    own: Table
    # `tool.uv` of the root of its workspace; its own where it has none.
    root: Table
    # The settings proper: a uv.toml or a `tool.uv`.
    settings: Table
    # What the user is told of keys that have no effect.
    notes: tuple[str, ...]

    @property
    def is_member(self) -> bool:
        """Return whether the project isn't the root of its workspace."""
        return self.root is not self.own

    def refuse(self) -> None:
        """Add to the problems what stands where uv refuses it."""
        _refuse(self.settings)


def find(own: Table, folder: Path) -> Configuration:
    """Return what holds for the project in a folder, whose `tool.uv` is `own`.

    uv takes all settings of the nearest uv.toml or `tool.uv`, from the workspace's root upwards.
    Adds a file that can't be read to the problems.
    """
    around = workspace.find(folder)
    top, root = folder, own
    if around is not None and around.folder != folder.absolute():
        top = around.folder
        root = Table(around.table, PREFIX, _problems(own, top / "pyproject.toml"))
    settings = _settings(root, top)
    return Configuration(own, root, settings, tuple(_notes(own, root, settings)))


def unread(file: Path) -> str:
    """Return what the user is told of settings beside a requirements file; empty for nothing.

    Only uv takes them for such a file, and then their indexes as well as its own.
    """
    problems = Problems(str(file))
    beside = Table(workspace.tool_table(file.parent) or {}, PREFIX, problems)
    if (file.parent / "uv.toml").is_file():
        beside = _uv_toml(file.parent / "uv.toml", beside)
    keys = [key for key in _set_keys(beside) if _has_place(key, Place.SETTINGS) and _told(key)]
    if not keys:
        return ""
    place = "pyproject.toml" if beside.key else "uv.toml"
    return (
        f"{file}: the settings of {place} beside it have no effect on it: "
        f"{_listed(beside, keys)}; write them into it as options, such as `--index-url`"
    )


def _settings(root: Table, folder: Path) -> Table:
    """Return the table of the settings proper of the project in a folder."""
    top = folder.absolute()
    for parent in (top, *top.parents):
        # As the user wrote it, where that is known.
        shown = folder if parent == top else parent
        if (shown / "uv.toml").is_file():
            return _uv_toml(shown / "uv.toml", root)
        if parent == top and root.data:
            return root
        table = workspace.tool_table(parent)
        if table is not None:
            problems = _problems(root, shown / "pyproject.toml")
            return root if parent == top else Table(table, PREFIX, problems)
    return Table({}, PREFIX, root.problems)


def _uv_toml(file: Path, root: Table) -> Table:
    problems = _problems(root, file)
    try:
        return Table(load(read_text(file), problems), "", problems)
    except UsageError as error:
        # One that can't be read isn't among the problems yet.
        if not problems.found:
            problems.add_message(str(error))
        return Table({}, "", problems)


def _problems(beside: Table, file: Path) -> Problems:
    return Problems(str(file), beside.problems)


def _refuse(settings: Table) -> None:
    """Add a problem for each key that stands where uv refuses it."""
    if settings.key:
        return
    for key in settings.data:
        if key in KEYS and not KEYS[key].in_uv_toml:
            settings.fail(key, "uv takes this in a pyproject.toml only", "move it there")


def _notes(own: Table, root: Table, settings: Table) -> Iterator[str]:
    """Yield what the user is told of keys without effect, a line each."""
    for table in dict.fromkeys((own, root, settings)):
        yield from describe(table.problems.file, table.key, _set_keys(table))
    beaten = [key for key in _set_keys(root) if _has_place(key, Place.SETTINGS) and _told(key)]
    if settings is not root and beaten:
        yield (
            f"{root.problems.file}: {_listed(root, beaten)} has no effect; uv takes the settings "
            f"of {settings.problems.file} instead"
        )
    if not settings.key:
        lost = [key for key in _set_keys(settings) if _has_place(key, Place.ROOT)]
        if lost:
            yield (
                f"{settings.problems.file}: {_listed(settings, lost)} has no effect for `uv lock` "
                "there; move it to `[tool.uv]` of the pyproject.toml"
            )
    if own is not root:
        lost = [key for key in _set_keys(own) if not _has_place(key, Place.PROJECT) and _told(key)]
        lost = [key for key in lost if key != "index"]
        if lost:
            yield (
                f"{own.problems.file}: {_listed(own, lost)} has no effect in a member of a "
                f"workspace; move it to {root.problems.file}"
            )


def _set_keys(table: Table) -> list[str]:
    """Return the keys whose values ask for something."""
    return [key for key, value in table.data.items() if value not in (False, [], {}, "")]


def _has_place(key: str, place: Place) -> bool:
    return key in KEYS and KEYS[key].place is place


def _told(key: str) -> bool:
    """Return whether a key isn't told already to have no effect at all."""
    return key in KEYS and KEYS[key].treatment is not Treatment.WITHOUT_EFFECT


def _listed(table: Table, keys: list[str]) -> str:
    return ", ".join(map(table.where, keys))
