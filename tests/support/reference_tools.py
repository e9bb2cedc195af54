"""What uv, Poetry and PDM install of a project's file: by selection of groups, and by system."""

import functools
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from lock.models.requirements import DEFAULT_GROUP
from lock.models.target import SYSTEMS, Target
from tests.support import pins
from tests.support.real_files import CACHE, Case

POETRY = ("--from", "poetry==2.5.1", "--with", "poetry-plugin-export==1.10.1", "poetry")
PDM = ("--from", "pdm==2.29.4", "pdm")
# The newest platforms that `lock` takes files for without further arguments.
PLATFORMS = {
    "aarch64-darwin": "aarch64-apple-darwin",
    "aarch64-linux": "aarch64-manylinux_2_35",
    "x86_64-darwin": "x86_64-apple-darwin",
    "x86_64-linux": "x86_64-manylinux_2_35",
}
# The sources of a uv.lock's own projects.
OWN_SOURCES = ("editable", "virtual")
WITHOUT_COMMENTS = ("--no-header", "--no-annotate")


@dataclass(frozen=True)
class Selection:
    """What somebody installs: groups of our lock, and the tool's arguments for the same."""

    name: str
    groups: tuple[str, ...]
    arguments: tuple[str, ...]


# By selection and system.
Answers = Mapping[tuple[Selection, str], pins.Pins]


@dataclass(frozen=True)
class Tools:
    """Runs uv, and through it other tools, in a project's folder."""

    uv: str
    environment: Mapping[str, str]

    @classmethod
    def with_caches(cls, uv: str, scratch: Path) -> "Tools":
        """Return the tools, with the index that the machine names.

        What they download and build is kept between runs; other files go to a folder.
        """
        kept = CACHE / "tools"
        home = kept / "home"
        home.mkdir(parents=True, exist_ok=True)
        environment = dict(os.environ) | {
            "HOME": os.fspath(home),
            "NO_COLOR": "1",
            "PDM_CHECK_UPDATE": "false",
            "PDM_USE_VENV": "false",
            "TMPDIR": os.fspath(scratch),
            "UV_CACHE_DIR": os.fspath(kept / "uv"),
            "UV_PYTHON": sys.executable,
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_TOOL_DIR": os.fspath(kept / "programs"),
            "WHEELHOUSE_UV": uv,
            "XDG_CACHE_HOME": os.fspath(home / ".cache"),
        }
        for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV"):
            environment.pop(name, None)
        # Poetry brings its own list of authorities, whatever the machine trusts.
        if "SSL_CERT_FILE" in os.environ:
            environment.setdefault("REQUESTS_CA_BUNDLE", os.environ["SSL_CERT_FILE"])
        return cls(uv, environment)

    @functools.cached_property
    def index_url(self) -> str:
        """Return the address of the index, as uv knows it."""
        project = '[project]\nname = "x"\nversion = "1"\ndependencies = ["idna"]\n'
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "pyproject.toml").write_text(project, encoding="utf-8")
            self.run(folder, "lock")
            packages = _load(folder / "uv.lock")["package"]
        return next(str(one["source"]["registry"]) for one in packages if one["name"] == "idna")

    def answers(self, case: Case, project: Path) -> Answers:
        """Return what the tool of a case installs for each selection on each system."""
        known = {
            "uv export": self._uv_export,
            "poetry export": self._poetry_export,
            "pdm export": self._pdm_export,
            "uv lock": self._uv_lock,
            "uv pip compile": self._uv_pip_compile,
        }
        return known[case.tool](case, project)

    def run(self, folder: Path, *arguments: str) -> str:
        """Return the output of a command of uv, which must succeed."""
        done = subprocess.run(
            [self.uv, *arguments],
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run_tool(self, folder: Path, *arguments: str) -> str:
        return self.run(folder, "tool", "run", "--python", sys.executable, *arguments)

    def _uv_export(self, case: Case, project: Path) -> Answers:
        folder = (project / case.file).parent
        own = [] if case.with_project else ["--no-emit-workspace"]
        names = _project_names(folder)

        def export(selection: Selection) -> str:
            return self.run(
                folder, "export", "--frozen", *WITHOUT_COMMENTS, *own, *selection.arguments
            )

        answers = _by_system(case, _uv_selections(case, folder), export, names)
        own_entries = _own_entries(_load(folder / "uv.lock"))
        return {
            (selection, system): _with_asked(found, own_entries, selection, case, system)
            for (selection, system), found in answers.items()
        }

    def _poetry_export(self, case: Case, project: Path) -> Answers:
        folder = (project / case.file).parent

        def export(selection: Selection) -> str:
            return self._run_tool(folder, *POETRY, "export", *selection.arguments)

        return _by_system(case, _poetry_selections(case, folder), export, {})

    def _pdm_export(self, case: Case, project: Path) -> Answers:
        folder = (project / case.file).parent
        # Otherwise PDM makes a virtual environment with some Python that it finds.
        (folder / ".pdm-python").write_text(f"{sys.executable}\n", encoding="utf-8")

        def export(selection: Selection) -> str:
            return self._run_tool(folder, *PDM, "export", *selection.arguments)

        return _by_system(case, _pdm_selections(case, folder), export, {}, with_extras=True)

    def _uv_pip_compile(self, case: Case, project: Path) -> Answers:
        """Return what uv resolves for each system by itself."""
        folder, file = (project / case.file).parent, Path(case.file).name
        selection = Selection(DEFAULT_GROUP, (DEFAULT_GROUP,), ())

        def compile_for(system: str) -> pins.Pins:
            text = self.run(
                folder,
                *("pip", "compile", *WITHOUT_COMMENTS, "--no-strip-extras", "--generate-hashes"),
                *("--python-platform", PLATFORMS[system], "--python-version", case.python),
                *("--exclude-newer", case.exclude_newer, file),
            )
            target = Target(SYSTEMS[system], case.python)
            return pins.listed(text, target, with_extras=True, project_of={})

        with ThreadPoolExecutor(os.cpu_count()) as executor:
            found = executor.map(compile_for, case.systems)
            return {
                (selection, system): answer
                for system, answer in zip(case.systems, found, strict=True)
            }

    def _uv_lock(self, case: Case, project: Path) -> Answers:
        """Return what uv resolves for all systems and Pythons at once."""
        folder = (project / case.file).parent
        self.run(folder, "lock", "--exclude-newer", case.exclude_newer)
        answers = self._uv_export(case, project)
        (folder / "uv.lock").unlink()
        return answers


def _by_system(
    case: Case,
    selections: Sequence[Selection],
    export: Callable[[Selection], str],
    project_of: Mapping[str, str],
    *,
    with_extras: bool = False,
) -> Answers:
    """Return the answers of a tool that lists all systems' packages, with markers."""
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        texts = dict(zip(selections, executor.map(export, selections), strict=True))
    return {
        (selection, system): pins.listed(
            text,
            Target(SYSTEMS[system], case.python),
            with_extras=with_extras,
            project_of=project_of,
        )
        for selection, text in texts.items()
        for system in case.systems
    }


def _load(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def _wanted(case: Case, selections: Sequence[Selection]) -> list[Selection]:
    """Return the default group's selection, and those of the groups that the case has."""
    return [
        one
        for one in selections
        if not case.only_groups or {*one.groups} <= {DEFAULT_GROUP, *case.only_groups}
    ]


def _selections(
    extras: Mapping[str, Sequence[str]],
    groups: Mapping[str, tuple[Sequence[str], Sequence[str]]],
    default: Sequence[str],
) -> list[Selection]:
    """Return the default group's selection, and one for each extra and each group.

    All give the tool's arguments, groups both alone and beside the default one. An extra and a
    group of one name are selected together.
    """
    found = [Selection(DEFAULT_GROUP, (DEFAULT_GROUP,), tuple(default))]
    for name, arguments in extras.items():
        beside = groups[name][1] if name in groups else ()
        found.append(Selection(name, (DEFAULT_GROUP, name), (*default, *arguments, *beside)))
    for name, (alone, _) in groups.items():
        if name not in extras:
            found.append(Selection(name, (name,), tuple(alone)))
    return found


def _uv_selections(case: Case, folder: Path) -> list[Selection]:
    data = _load(folder / "uv.lock")
    own = _own_entries(data)
    extras = {extra for entry in own for extra in entry.get("optional-dependencies", ())}
    groups = {
        *(group for entry in own for group in entry.get("dev-dependencies", ())),
        *data.get("manifest", {}).get("dependency-groups", ()),
    }
    every = ["--all-packages"] if len(own) > 1 else []
    return _wanted(
        case,
        _selections(
            {extra: ["--extra", extra] for extra in sorted(extras)},
            {
                group: (["--only-group", group, *every], ["--group", group])
                for group in sorted(groups)
            },
            ["--no-default-groups", *every],
        ),
    )


def _own_entries(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the projects that a uv.lock belongs to."""
    members = {canonicalize_name(name) for name in data.get("manifest", {}).get("members", ())}
    return [
        entry
        for entry in data.get("package", ())
        if canonicalize_name(entry["name"]) in members
        or (not members and "." in (entry["source"].get(kind) for kind in OWN_SOURCES))
    ]


def _with_asked(
    found: pins.Pins,
    own_entries: Sequence[Mapping[str, Any]],
    selection: Selection,
    case: Case,
    system: str,
) -> pins.Pins:
    """Return pins with the extras that the projects of a uv.lock ask for."""
    target = Target(SYSTEMS[system], case.python)
    asked: dict[str, set[str]] = {}
    for entry in own_entries:
        tables = [
            *([entry.get("dependencies", [])] if DEFAULT_GROUP in selection.groups else []),
            *(
                entry.get(kind, {}).get(group, [])
                for kind in ("optional-dependencies", "dev-dependencies")
                for group in selection.groups
            ),
        ]
        for edge in (edge for table in tables for edge in table):
            # Markers of projects with conflicts ask for extras, too.
            if target.satisfies(edge.get("marker")):
                asked.setdefault(canonicalize_name(edge["name"]), set()).update(
                    map(canonicalize_name, edge.get("extra", ()))
                )
    return {
        name: pin
        if pin.origin == pins.FOLDER
        else replace(pin, asked=frozenset(asked.get(name, ())))
        for name, pin in found.items()
    }


def _project_names(folder: Path) -> dict[str, str]:
    """Return the name of each project of a uv.lock by its path."""
    found: dict[str, str] = {}
    for entry in _load(folder / "uv.lock").get("package", ()):
        for kind in ("editable", "virtual", "directory"):
            if kind in entry["source"]:
                path = entry["source"][kind]
                found |= dict.fromkeys((path, f"./{path}"), canonicalize_name(entry["name"]))
    return found


def _poetry_selections(case: Case, folder: Path) -> list[Selection]:
    data = _load(folder / "pyproject.toml")
    poetry = data.get("tool", {}).get("poetry", {})
    extras = {
        **poetry.get("extras", {}),
        **data.get("project", {}).get("optional-dependencies", {}),
    }
    groups = {**poetry.get("group", {}), **data.get("dependency-groups", {})}
    if "dev-dependencies" in poetry:
        groups["dev"] = {}
    return _wanted(
        case,
        _selections(
            {canonicalize_name(extra): ["--extras", extra] for extra in sorted(extras)},
            {
                canonicalize_name(group): (["--only", group], ["--with", group])
                for group in sorted(groups)
            },
            [],
        ),
    )


def _pdm_selections(case: Case, folder: Path) -> list[Selection]:
    data = _load(folder / "pyproject.toml")
    extras = data.get("project", {}).get("optional-dependencies", {})
    groups = {
        **data.get("tool", {}).get("pdm", {}).get("dev-dependencies", {}),
        **data.get("dependency-groups", {}),
    }
    return _wanted(
        case,
        _selections(
            {canonicalize_name(extra): ["--group", extra] for extra in sorted(extras)},
            {
                canonicalize_name(group): (
                    ["--no-default", "--dev", "--group", group],
                    ["--dev", "--group", group],
                )
                for group in sorted(groups)
            },
            ["--prod"],
        ),
    )
