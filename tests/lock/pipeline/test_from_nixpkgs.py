"""Packages that come from nixpkgs: nothing is downloaded, and who asks for them is known."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.checkouts import commit
from tests.support.index_server import IN_TREE, Index, requiring
from tests.support.lock_app import LockApp

LINUX, MAC = "x86_64-linux", "aarch64-darwin"
SYSTEMS = ("--system", LINUX, "--system", MAC)


def backend(name: str, requirement: str, version: str = "1.0") -> str:
    """Return a build backend that knows what its project requires."""
    metadata = (
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Dist: {requirement}\n"
    )
    return (
        "import os\n"
        "def prepare_metadata_for_build_wheel(folder, config_settings=None):\n"
        f"    info = '{name}-{version}.dist-info'\n"
        "    os.mkdir(os.path.join(folder, info))\n"
        "    with open(os.path.join(folder, info, 'METADATA'), 'w') as file:\n"
        f"        file.write({metadata!r})\n"
        "    return info\n"
        "def build_wheel(*arguments): raise NotImplementedError\n"
    )


def locked(lock: LockApp, *arguments: str) -> Any:
    return yaml.safe_load(lock.succeed(*SYSTEMS, *arguments))


def item(read: Any, name: str) -> Any:
    [found] = [one for one in read["packages"] if one["name"] == name]
    return found


def test_a_package_that_no_index_has_comes_from_nixpkgs(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    lock.write("tkinter: {from: nixpkgs}\nalpha: '*'\n")
    done = lock.run(*SYSTEMS, "3.11")
    assert done.returncode == 0, done.stderr
    assert "1 package and 1 file, 1 package from nixpkgs for 2 systems, Python 3.11" in done.stderr
    read = yaml.safe_load((lock.folder / "sources.yaml").read_text(encoding="utf-8"))
    assert item(read, "tkinter") == {"name": "tkinter", "version": "0", "from": "nixpkgs"}
    assert read["groups"] == {"default": ["alpha", "tkinter"]}
    assert read["requested"]["from-nixpkgs"] == ["tkinter"]
    assert read["closure"] == {"alpha": "1.0"}
    assert [one["package"] for one in read["links"]] == ["alpha"]
    assert "left-out" not in read


def test_a_lock_may_have_packages_of_nixpkgs_only(lock: LockApp) -> None:
    lock.write("tkinter: {from: nixpkgs}\n")
    read = locked(lock, "3.11")
    assert item(read, "tkinter")["from"] == "nixpkgs"
    assert not read.keys() & {"closure", "links"}
    assert lock.run("--check").returncode == 0


def test_everybody_s_range_is_recorded_for_the_systems_where_it_holds(
    lock: LockApp, index: Index
) -> None:
    index.wheel("gi", "9.0")
    index.wheel("plot", "1.0", "gi >=3.42,<5", "math")
    index.wheel("math", "1.0", "gi != 4.1 ; sys_platform == 'linux'", "gi ; sys_platform == 'x'")
    index.wheel("any", "1.0", "gi")
    index.wheel("never", "1.0", "gi>=9 ; sys_platform == 'win32'")
    lock.write("requirements: {gi: {from: nixpkgs, version: ^3}, plot:, any:, never:}\n")
    read = locked(lock, "3.11")
    assert item(read, "gi") == {
        "name": "gi",
        "version": "0",
        "from": "nixpkgs",
        "required": [
            {"specifier": "<4,>=3"},
            {"by": "math", "specifier": "!=4.1", "systems": [LINUX]},
            {"by": "plot", "specifier": "<5,>=3.42"},
        ],
    }
    assert item(read, "any")["dependencies"] == [{"name": "gi"}]
    assert item(read, "math")["dependencies"] == [{"name": "gi", "systems": [LINUX]}]
    assert "dependencies" not in item(read, "never")
    assert not any("gi-9.0" in path for path in index.sent)


def test_a_marker_of_the_requirement_itself_holds(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "gi ; sys_platform == 'win32'")
    lock.write("gi: {from: nixpkgs, version: '>=3', markers: sys_platform == 'linux'}\nalpha: 1.0")
    read = locked(lock, "3.11")
    found = item(read, "gi")
    assert found["systems"] == [LINUX]
    assert found["required"] == [{"specifier": ">=3", "systems": [LINUX]}]
    [left_out] = read["left-out"]
    assert (left_out["name"], left_out["systems"]) == ("gi", [MAC])
    assert "the requirements ask for it only where sys_platform ==" in left_out["reason"]


def test_extras_bring_their_own_edges_and_ranges(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", extras={"gui": ["gi>=3"], "all": ["gi>=4", "beta"]})
    index.wheel("beta", "1.0")
    lock.write("gi: {from: nixpkgs}\nalpha[gui]:\n")
    read = locked(lock, "3.11")
    assert item(read, "alpha")["dependencies"] == [{"name": "gi", "of-extras": ["gui"]}]
    assert item(read, "gi")["required"] == [{"by": "alpha", "specifier": ">=3"}]


def test_markers_with_extras_in_every_form_are_understood(lock: LockApp, index: Index) -> None:
    index.wheel(
        "alpha",
        "1.0",
        "gi>=1 ; extra == 'A_b'",
        "gi>=2 ; (sys_platform == 'linux' or sys_platform == 'win32') and extra == 'a-b'",
        "gi>=3 ; extra == 'other' or sys_platform == 'darwin'",
        extras={"a-b": [], "other": []},
    )
    lock.write("gi: {from: nixpkgs}\nalpha[a-b]:\n")
    assert item(locked(lock, "3.11"), "gi")["required"] == [
        {"by": "alpha", "specifier": ">=1"},
        {"by": "alpha", "specifier": ">=2", "systems": [LINUX]},
        {"by": "alpha", "specifier": ">=3", "systems": [MAC]},
    ]


def test_it_counts_for_what_other_groups_require(lock: LockApp, index: Index) -> None:
    index.wheel("gi", "9.0")
    index.wheel("alpha", "1.0", "gi>=2")
    lock.write("requirements: {alpha: '*'}\ngroups: {gui: {gi: {from: nixpkgs}}}\n")
    read = locked(lock, "3.11")
    assert read["groups"] == {"default": ["alpha"], "gui": ["gi"]}
    assert item(read, "gi")["required"] == [{"by": "alpha", "specifier": ">=2"}]
    # Also where only the other group is locked.
    read = locked(lock, "--only-group", "default")
    assert item(read, "gi")["from"] == "nixpkgs"


def test_choices_among_conflicting_groups_have_ranges_of_their_own(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0", "gi>=1")
    index.wheel("alpha", "2.0", "gi>=2")
    lock.write(
        "requirements: {gi: {from: nixpkgs}}\nconflicts: [[old, new]]\n"
        "groups: {old: {alpha: 1.0}, new: {alpha: 2.0}}\n"
    )
    read = locked(lock, "3.11")
    assert item(read, "gi")["required"] == [
        {"by": "alpha", "specifier": ">=1", "choices": ["old"]},
        {"by": "alpha", "specifier": ">=2", "choices": ["new"]},
    ]
    assert "left-out" not in read
    assert lock.run("--check").returncode == 0


def test_constraints_are_ranges_of_the_user(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "gi")
    lock.write(
        "requirements: {gi: {from: nixpkgs}, alpha: 1.0}\n"
        "constraints: [gi<4, 'gi<3 ; sys_platform == \"linux\"']\n"
    )
    assert item(locked(lock, "3.11"), "gi")["required"] == [
        {"specifier": "<3", "systems": [LINUX]},
        {"specifier": "<4"},
    ]


@pytest.mark.parametrize("separate", [True, False])
def test_metadata_is_read_beside_the_wheel_or_in_it(
    lock: LockApp, index: Index, *, separate: bool
) -> None:
    index.wheel("alpha", "1.0", "gi>=3", separate_metadata=separate)
    lock.write("gi: {from: nixpkgs}\nalpha:\n")
    assert item(locked(lock, "3.11"), "gi")["required"] == [{"by": "alpha", "specifier": ">=3"}]
    wheel = "/files/alpha-1.0-py3-none-any.whl"
    if separate:
        assert wheel not in index.sent
    index.sent.clear()
    # What was read once is known, also offline.
    again = lock.run("--upgrade", *SYSTEMS, "--offline")
    assert again.returncode == 0, again.stderr
    assert [*index.sent] == []
    assert again.stderr.count("\n") == 1


PKG_INFO = "Metadata-Version: {}\nName: alpha\nVersion: 1.0\n{}"


@pytest.mark.parametrize(
    ("files", "known"),
    [
        ({"PKG-INFO": PKG_INFO.format("2.2", "Requires-Dist: gi>=3\n")}, True),
        ({"PKG-INFO": PKG_INFO.format("2.2", "Dynamic: Requires-Dist\n")}, False),
        ({"PKG-INFO": PKG_INFO.format("2.1", "Requires-Dist: gi>=3\n")}, False),
    ],
)
def test_metadata_of_a_source_distribution_counts_where_it_is_static(
    lock: LockApp, index: Index, files: dict[str, str], *, known: bool
) -> None:
    index.sdist("alpha", "1.0", files={"backend.py": backend("alpha", "gi>=3")} | files)
    lock.write("gi: {from: nixpkgs}\nalpha:\n")
    done = lock.run(*SYSTEMS, "3.11")
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load((lock.folder / "sources.yaml").read_text(encoding="utf-8"))
    assert item(read, "alpha")["dependencies"] == [{"name": "gi"}]
    note = "alpha 1.0 asks for gi, but its metadata can't be had here, or leaves to its build in"
    assert (note in done.stderr) is not known
    expected = [{"by": "alpha", "specifier": ">=3"}] if known else None
    assert item(read, "gi").get("required") == expected


def test_projects_ask_with_their_own_ranges(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    for name, keys in {
        "lib": 'dependencies = ["gi>=2 ; sys_platform == \'linux\'", "alpha"]\n'
        '[project.optional-dependencies]\nx = ["gi>=3"]\n',
        "old": 'dynamic = ["dependencies"]\n',
    }.items():
        (lock.folder / name).mkdir()
        text = f'[project]\nname = "{name}"\nversion = "1"\n{keys}{IN_TREE}'
        lock.write(text, f"{name}/pyproject.toml")
        of_build = backend(name, 'gi>=1 ; sys_platform == "darwin"', version="1")
        lock.write(of_build, f"{name}/backend.py")
    lock.write("gi: {from: nixpkgs}\nlib[x]: {path: lib}\nold: {path: old}\n")
    read = locked(lock, "3.11")
    assert item(read, "gi")["required"] == [
        {"by": "lib", "specifier": ">=2", "systems": [LINUX]},
        {"by": "lib", "specifier": ">=3"},
        {"by": "old", "specifier": ">=1", "systems": [MAC]},
    ]
    assert [one["name"] for one in item(read, "lib")["dependencies"]] == ["alpha", "gi", "gi"]
    assert item(read, "old")["dependencies"] == [{"name": "gi", "systems": [MAC]}]


def test_declared_metadata_counts_instead_of_a_package_s_own(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "gi>=9")
    lock.write(
        '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["alpha"]\n[tool.uv]\npackage = false\n'
        '[[tool.uv.dependency-metadata]]\nname = "alpha"\nrequires-dist = ["gi>=3"]\n',
        "pyproject.toml",
    )
    lock.write("gi: {from: nixpkgs}\n", "more.yaml")
    read = locked(lock, "3.11", "-r", "pyproject.toml", "-r", "more.yaml")
    assert item(read, "gi")["required"] == [{"by": "alpha", "specifier": ">=3"}]


def test_a_project_and_a_small_file_beside_it_are_locked_together(
    lock: LockApp, index: Index
) -> None:
    index.wheel("alpha", "1.0", "Psycopg2")
    index.wheel("psycopg2-binary", "2.9")
    lock.write(
        '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["alpha", "tkinter>=3"]\n',
        "pyproject.toml",
    )
    lock.write("requirements: {tkinter: {from: nixpkgs}}\nreplace: {psycopg2: psycopg2-binary}\n")
    files = ("-r", "pyproject.toml", "-r", "requirements.yaml")
    read = locked(lock, "3.11", "--no-project", *files)
    assert item(read, "tkinter")["required"] == [{"specifier": ">=3"}]
    assert item(read, "alpha")["dependencies"] == [{"name": "psycopg2-binary"}]
    assert lock.run("--check", *SYSTEMS, *files).returncode == 0
    lock.write("requirements: {tkinter: {from: nixpkgs}}\n")
    stale = lock.run("--check", *SYSTEMS, *files)
    assert "requested.replace.psycopg2: psycopg2-binary is not asked for any more" in stale.stderr


def test_several_files_may_not_contradict_each_other(lock: LockApp) -> None:
    lock.write("gi: {from: nixpkgs}\n", "one.yaml")
    lock.write("requirements: {}\nreplace: {gi: other}\n", "two.yaml")
    told = lock.fail(2, "3.11", "-r", "one.yaml", "-r", "two.yaml")
    assert "one.yaml and two.yaml: gi: it comes from nixpkgs, but `replace` names it, too" in told
    assert "one.yaml:1: gi: {from: nixpkgs}" in told
    lock.write("requirements: {}\nreplace: {gi: third}\n", "one.yaml")
    told = lock.fail(2, "3.11", "-r", "one.yaml", "-r", "two.yaml")
    assert "replace: gi: they contradict each other (third, other)" in told


def test_hashes_of_the_other_packages_are_still_asked_for(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "gi")
    sha256 = index.pages["/simple/alpha/"][0]["hashes"]["sha256"]
    lock.write(f"--require-hashes\nalpha==1.0 --hash=sha256:{sha256}\n", "requirements.txt")
    lock.write("gi: {from: nixpkgs}\n", "more.yaml")
    read = locked(lock, "3.11", "-r", "requirements.txt", "-r", "more.yaml")
    assert item(read, "gi")["from"] == "nixpkgs"


def test_locking_again_changes_nothing_and_keeps_versions(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "gi>=1")
    lock.write("gi: {from: nixpkgs}\nalpha:\n")
    before = lock.succeed(*SYSTEMS, "3.11")
    index.wheel("alpha", "2.0", "gi>=2")
    assert lock.succeed() == before
    assert lock.run("--check").returncode == 0
    done = lock.run("--diff", "--upgrade")
    assert done.stdout == "sources.yaml:\n  ~ alpha 1.0 -> 2.0\n"
    # A lock in which the package came from the index.
    index.wheel("gi", "1.5")
    lock.write("gi: '*'\nalpha:\n")
    lock.succeed()
    lock.write("gi: {from: nixpkgs}\nalpha:\n")
    assert lock.succeed() == before


def test_each_python_has_its_own(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "gi>=1 ; python_version < '3.12'", "gi>=2")
    lock.write("gi: {from: nixpkgs}\nalpha:\n")
    done = lock.run(*SYSTEMS, "3.11", "3.12", "requirements.yaml", "s-{python}.yaml")
    assert done.returncode == 0, done.stderr
    found = {
        python: [
            one["specifier"]
            for one in item(
                yaml.safe_load((lock.folder / f"s-{python}.yaml").read_text("utf-8")), "gi"
            )["required"]
        ]
        for python in ("3.11", "3.12")
    }
    assert found == {"3.11": [">=1", ">=2"], "3.12": [">=2"]}


def test_what_an_extra_of_it_adds_is_told_to_be_missing(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "gi[cairo]")
    lock.write("gi: {from: nixpkgs}\nalpha:\n")
    done = lock.run(*SYSTEMS, "3.11")
    assert "gi comes from nixpkgs, so what its extra cairo adds isn't locked (alpha asks" in (
        done.stderr
    )


def test_builds_get_it_from_the_index_or_fail_with_one_clear_error(
    lock: LockApp, index: Index
) -> None:
    index.wheel("gi", "9.0")
    index.sdist("alpha", "1.0", requiring("gi"))
    lock.write("gi: {from: nixpkgs}\nalpha:\n")
    read = locked(lock, "3.11")
    assert read["builds"][0]["closure"] == [{"name": "gi", "version": "9.0"}]
    index.sdist("alpha", "2.0", requiring("tkinter"))
    lock.write("tkinter: {from: nixpkgs}\nalpha: 2.0\n")
    told = lock.fail(1, *SYSTEMS)
    assert "alpha 2.0: what the build needs can't be resolved (tkinter)" in told
    assert "tkinter comes from nixpkgs for what runs only; builds take it from an index" in told


def test_metadata_that_is_declared_of_it_brings_nothing(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0")
    lock.write(
        '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["gi"]\n[tool.uv]\npackage = false\n'
        '[[tool.uv.dependency-metadata]]\nname = "gi"\nrequires-dist = ["alpha"]\n',
        "pyproject.toml",
    )
    lock.write("gi: {from: nixpkgs}\n", "more.yaml")
    read = locked(lock, "3.11", "-r", "pyproject.toml", "-r", "more.yaml")
    assert [one["name"] for one in read["packages"]] == ["gi"]


def test_each_version_of_who_asks_has_its_own_range(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "gi>=1")
    index.wheel("alpha", "2.0", "gi>=2")
    lock.write(
        "alpha==2.0 ; sys_platform == 'linux'\nalpha==1.0 ; sys_platform == 'darwin'\n",
        "requirements.txt",
    )
    lock.write("gi: {from: nixpkgs}\n", "more.yaml")
    read = locked(lock, "3.11", "-r", "requirements.txt", "-r", "more.yaml")
    assert item(read, "gi")["required"] == [
        {"by": "alpha", "specifier": ">=1", "systems": [MAC]},
        {"by": "alpha", "specifier": ">=2", "systems": [LINUX]},
    ]


def test_of_a_large_wheel_only_parts_are_read(lock: LockApp, index: Index) -> None:
    index.wheel(
        "alpha", "1.0", "gi>=3", modules={"big.py": "#" * 5_000_000}, separate_metadata=False
    )
    lock.write("gi: {from: nixpkgs}\nalpha:\n")
    assert item(locked(lock, "3.11"), "gi")["required"] == [{"by": "alpha", "specifier": ">=3"}]
    # uv asks this server for the whole of it, once.
    assert index.sent["/files/alpha-1.0-py3-none-any.whl"] < 6_000_000


def test_metadata_that_can_t_be_had_offline_is_told(lock: LockApp, index: Index) -> None:
    index.wheel("alpha", "1.0", "gi>=3", "gi ; sys_platform == 'win32'")
    lock.write("alpha: '*'\ngi: '*'\n")
    index.wheel("gi", "3.0")
    lock.succeed(*SYSTEMS, "3.11")
    index.sent.clear()
    lock.write("gi: {from: nixpkgs}\nalpha:\n")
    done = lock.run("--offline")
    assert done.returncode == 0, done.stderr
    assert "alpha 1.0 asks for gi, but its metadata can't be had here" in done.stderr
    read = yaml.safe_load((lock.folder / "sources.yaml").read_text(encoding="utf-8"))
    assert item(read, "alpha")["dependencies"] == [{"name": "gi"}]
    assert "required" not in item(read, "gi")
    assert [*index.sent] == []


def test_a_project_is_not_taken_from_elsewhere(lock: LockApp, index: Index) -> None:
    index.wheel("gi", "1.0")
    lock.write(
        f'[project]\nname = "app"\nversion = "1"\ndependencies = ["gi"]\n{IN_TREE}'
        f"[tool.uv.sources]\ngi = {{ index = 'own' }}\n"
        f"[[tool.uv.index]]\nname = 'own'\nurl = '{index.simple}'\n",
        "pyproject.toml",
    )
    files = ("-r", "pyproject.toml", "-r", "more.yaml")
    lock.write("replace: {app: other}\n", "more.yaml")
    told = lock.fail(2, "3.11", *files)
    assert "replace.app: it is replaced, but it is a project of yours; keep one of both" in told
    lock.write("gi: {from: nixpkgs}\n", "more.yaml")
    told = lock.fail(2, "3.11", *files)
    assert "gi: it comes from nixpkgs, but a requirement of it has `index`; keep one of" in told
    assert "more.yaml:1: gi: {from: nixpkgs}" in told


@pytest.mark.parametrize(
    "keys",
    ["dependencies = [\"gi>=2 ; sys_platform == 'linux'\"]", 'dynamic = ["dependencies"]'],
)
def test_a_repository_s_static_metadata_is_read(lock: LockApp, tmp_path: Path, keys: str) -> None:
    project = tmp_path / "repository" / "python"
    project.mkdir(parents=True)
    text = f'[project]\nname = "lib"\nversion = "1"\n{keys}\n{IN_TREE}'
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    of_build = backend("lib", "gi>=2 ; sys_platform == 'linux'", version="1")
    (project / "backend.py").write_text(of_build, encoding="utf-8")
    commit(project.parent)
    git = f"git: '{project.parent.as_uri()}', subdirectory: python"
    lock.write(f"gi: {{from: nixpkgs}}\nlib: {{{git}}}\n")
    read = locked(lock, "3.11")
    known = "dynamic" not in keys
    expected = [{"by": "lib", "specifier": ">=2", "systems": [LINUX]}] if known else None
    assert item(read, "gi").get("required") == expected
    where = {"systems": [LINUX]} if known else {}
    assert item(read, "lib")["dependencies"] == [{"name": "gi"} | where]
