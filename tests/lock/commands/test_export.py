"""A lock in other formats, by the command line."""

import json
import subprocess
import sys
import tomllib

import pytest

from tests.support.index_server import Index
from tests.support.lock_app import LockApp


@pytest.fixture
def locked(lock: LockApp, index: Index) -> LockApp:
    """A lock with a group and a folder beside it."""
    index.wheel("web", "1.0")
    index.wheel("check", "1.0")
    lock.write("requirements:\n  web: '*'\ngroups:\n  dev: {check: '*'}\n")
    lock.succeed("3.11", "--system", "x86_64-linux")
    return lock


def test_a_lock_is_written_to_the_output_or_to_a_file(locked: LockApp) -> None:
    text = locked.run("export").stdout
    assert {one["name"] for one in tomllib.loads(text)["packages"]} == {"check", "web"}
    assert locked.run("export", "--format", "pylock", "-o", "pylock.toml").stdout == ""
    assert (locked.folder / "pylock.toml").read_text("utf-8") == text
    only = locked.run("export", "--format", "requirements", "--group", "dev", "sources.yaml")
    assert "check==1.0" in only.stdout
    assert "web" not in only.stdout


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["-o", "sources.yaml"], "sources.yaml: the lock stands in this file; name another one"),
        (["-o", "no/x.toml"], "no/x.toml: there is no folder "),
        (["other.yaml"], "other.yaml: there is no lock; make one with `lock`"),
        (["--group", "docs"], "sources.yaml: the lock has no group docs; name one of default, dev"),
    ],
)
def test_what_can_t_be_exported_is_told(
    locked: LockApp, arguments: list[str], problem: str
) -> None:
    assert locked.fail(2, "export", *arguments).startswith(problem)


def test_an_export_into_another_folder_finds_the_files_from_there(
    locked: LockApp, index: Index
) -> None:
    wheel = "/files/web-1.0-py3-none-any.whl"
    (locked.folder / "wheels").mkdir()
    (locked.folder / "wheels" / "web-1.0-py3-none-any.whl").write_bytes(index.files[wheel])
    locked.write("web: {path: wheels/web-1.0-py3-none-any.whl}")
    locked.succeed()
    (locked.folder / "out").mkdir()
    assert locked.run("export", "-o", "out/pylock.toml").returncode == 0
    [web] = tomllib.loads((locked.folder / "out" / "pylock.toml").read_text("utf-8"))["packages"]
    place = web.get("archive") or web["wheels"][0]
    assert place["path"] == "../wheels/web-1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("pylock", "pylock.toml"),
        ("requirements", "requirements.txt"),
        ("cyclonedx", "sbom.cdx.json"),
    ],
)
def test_a_lock_in_another_format_keeps_its_versions(
    lock: LockApp, index: Index, name: str, file: str
) -> None:
    index.wheel("web", "1.0")
    lock.write("python: '3.11'\nrequirements: {web: '*'}")
    assert lock.run("--format", name).returncode == 0
    before = (lock.folder / file).read_text("utf-8")
    assert "web" in before
    index.wheel("web", "2.0")
    index.wheel("more", "1.0")
    lock.write("python: '3.11'\nrequirements: {more: '*', web: '*'}")
    done = lock.run("--format", name)
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, "  + more 1.0")
    assert lock.run("--format", name, "--upgrade").stderr.startswith("  ~ web 1.0 -> 2.0\n")
    assert not (lock.folder / "sources.yaml").exists()


def test_several_pythons_get_a_file_each(lock: LockApp, index: Index) -> None:
    index.wheel("web", "1.0")
    lock.write("web: '*'")
    assert lock.run("--format", "requirements", "3.11", "3.12").returncode == 0
    assert {"requirements-3.11.txt", "requirements-3.12.txt"} <= lock.tree().keys()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--format", "conda"], "lock: --format: 'conda' is unknown; known are sources, pylock,"),
        (["--format", "pylock", "--check"], "lock: --check looks at sources.yaml only"),
    ],
)
def test_formats_that_make_no_sense_are_refused(
    locked: LockApp, arguments: list[str], problem: str
) -> None:
    assert locked.fail(2, *arguments).startswith(problem)


COMPLETING = """\
source <("$PYTHON" -m lock completion bash)
complete() { COMP_WORDS=(lock "$@") COMP_CWORD=$#; COMPREPLY=(); _lock; echo "${COMPREPLY[*]}"; }
complete tr
complete --upg
complete export --fo
complete sour
"""


def test_bash_completes_commands_options_and_files(locked: LockApp) -> None:
    done = subprocess.run(
        ["bash", "-c", COMPLETING],
        cwd=locked.folder,
        env=locked.environment | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "tree",
        "--upgrade --upgrade-package",
        "--format",
        "sources.yaml",
    ]


def test_zsh_reads_its_completion(locked: LockApp) -> None:
    script = locked.run("completion", "zsh").stdout
    done = subprocess.run(["zsh", "-n"], input=script, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_fish_is_told_of_every_command(locked: LockApp) -> None:
    lines = locked.run("completion", "fish").stdout.splitlines()
    assert "complete -c lock -n '__fish_seen_subcommand_from tree' -l depth" in "\n".join(lines)
    assert all(line.startswith("complete -c lock -n ") for line in lines)


def test_machines_read_json_in_the_bill_of_materials(locked: LockApp) -> None:
    data = json.loads(locked.run("export", "--format", "cyclonedx").stdout)
    assert data["bomFormat"] == "CycloneDX"
