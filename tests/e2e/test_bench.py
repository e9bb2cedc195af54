"""Run scripts/bench on tiny sets, to see that each measurement works; numbers aren't checked."""

import json
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.nix import find_nix
from bench.running import Command, output, run
from bench.table import HEADER
from tests.support.documents import code_blocks, console_commands
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]


DOCUMENT = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
[[COMMAND]] = map(console_commands, code_blocks(DOCUMENT, "console"))


def measured(*parts: str) -> list[str]:
    """Return the rows that a quick run prints."""
    done = subprocess.run(
        [ROOT / COMMAND, "--quick", *parts],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    header, *rows = done.stdout.splitlines()
    assert header.split(" | ") == [*HEADER]
    assert all(len(row.split(" | ")) == len(HEADER) for row in rows), rows
    return rows


def column(rows: Sequence[str], name: str) -> list[str]:
    """Return the cells of one column of a table."""
    return [row.split(" | ")[HEADER.index(name)] for row in rows]


def test_locks_and_generated_wheels_are_measured():
    rows = measured("lock", "growth")
    for what, unit in (
        ("lock, small, warm", "s"),
        ("lock, small, warm: CPU", "s"),
        ("lock, small: peak memory", "MB"),
        ("28 packages, evaluation: CPU", "s"),
        ("28 packages, fourteen groups, evaluation: memory", "MB"),
        ("28 packages, build", "s"),
        ("28 packages, composition: the largest process", "MB"),
    ):
        assert any(re.match(rf"{what} \| [\d.]+ {unit} \| ", row) for row in rows), rows


@pytest.mark.interpreter("3.12")
def test_builds_are_measured():
    rows = measured("build")
    assert column(rows, "against") == [
        "`uv pip install`",
        "Nix, as many empty derivations",
        "Nix, the same files, copied",
        "its bytecode alone, two processes",
        "copied, and its bytecode",
        "`uv pip install`",
    ]
    assert all(re.fullmatch(r"[\d.]+ s", cell) for cell in column(rows, "CPU")[:4])
    assert all(re.fullmatch(r"[\d.]+ s", cell) for cell in column(rows, "their CPU")[:4])


@pytest.mark.interpreter("3.12")
def test_settings_are_measured():
    rows = measured("settings")
    assert {*column(rows, "against")} == {"two jobs, all cores"}
    assert column(rows, "what") == [
        f"build, small, {setting}"
        for setting in (
            "`max-jobs = 1`, Nix' default",
            "`max-jobs = 4`",
            "`cores = 1`",
            "a build folder in memory",
            "`fsync-metadata = false`",
            "`sandbox = false`",
            "`auto-optimise-store = true`",
        )
    ]


def test_the_lock_app_s_commands_are_measured():
    rows = measured("commands")
    assert [*zip(column(rows, "what"), column(rows, "against"), strict=True)] == [
        ("`lock --check`, small", "`uv lock --check`"),
        ("`lock add cowsay`, small", "`uv add --no-sync`"),
        ("`lock outdated`, small", "`uv tree --outdated`"),
        ("`lock outdated`, small", "its pages, downloaded and parsed"),
        ("lock, small, cold", "`uv lock`"),
        ("lock, small, cold", "`lock --no-native`"),
        ("lock --no-native, small, cold: CPU", "its runs of uv"),
        ("locks of small, 4 systems, 3 Pythons", "`uv.lock`"),
        ("`lock verify`, small", "`curl --parallel`"),
        ("`lock verify`, small", "of a lock with one file"),
    ]


def test_the_builder_s_memory_is_measured():
    assert column(measured("unpack"), "what") == [
        "unpacking a small pure wheel: CPU",
        "unpacking a small pure wheel: CPU",
        "unpacking 2 x 3 MB that need a new rpath: Python's peak memory",
        "unpacking 2 x 3 MB that need a new rpath: the largest process",
    ]


def seconds(times: str) -> float:
    """Return the user time of a line that the shell's `times` writes."""
    [[minutes, rest]] = re.findall(r"^(\d+)m([\d.]+)s", times)
    return 60 * int(minutes) + float(rest)


def test_memory_is_that_of_the_program_alone():
    # Written to, as pages of zeros aren't there.
    filled = b"x" * 200_000_000
    assert run(Command(["true"])).memory < len(filled) / 10


def test_cpu_time_includes_that_of_what_a_command_leaves_behind(tmp_path):
    loop = f"i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; times > {tmp_path}/new"
    loop += f"; mv {tmp_path}/new {tmp_path}/times"
    measured = run(Command(["sh", "-c", f"sh -c '{loop}' &"]))
    while not (tmp_path / "times").exists():
        time.sleep(0.01)
    left, _children = (tmp_path / "times").read_text("utf-8").splitlines()
    assert measured.cpu >= seconds(left) > measured.wall


def test_cpu_time_includes_that_of_nix_builders(tmp_path):
    loop = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"
    expression = (
        f'derivation {{ name = "loop"; system = builtins.currentSystem; builder = "/bin/sh"; '
        f'args = [ "-c" "# {tmp_path}\n{loop}; times > $out" ]; }}'
    )
    nix = find_nix()
    if not nix.builds_itself:
        pytest.skip("a daemon builds here")
    command = nix.command("nix-build", "--no-out-link", "--expr", expression)
    measured = run(command)
    builder, _children = Path(output(command)).read_text("utf-8").splitlines()
    assert measured.cpu >= seconds(builder) > 0


@pytest.mark.interpreter("3.12")
def test_a_project_s_edit_and_shell_are_measured():
    rows = measured("project")
    assert column(rows, "what") == [
        "edit of a project to its application, small",
        "entering an editable shell again, small",
        *(
            f"{command}, nothing changed, {how}, small"
            for command in ("`nix build`", "`nix print-dev-env`", "`nix develop -c true`")
            for how in ("evaluation remembered", "evaluated again")
        ),
    ]


@pytest.mark.interpreter("3.12")
def test_changes_starts_and_sizes_are_measured():
    assert column(measured("change", "start", "size"), "what") == [
        "one package changed, small",
        "built for that",
        "composing, small",
        "start, `python -c pass`",
        "start, `import django`",
        "start, a console script",
        "start, a known GPU driver, small",
        "closure, small",
    ]


def test_programs_without_files_are_measured():
    rows = measured("run")
    assert [*zip(column(rows, "what"), column(rows, "against"), strict=True)] == [
        ("`with cowsay` again", "the program itself"),
        ("`with cowsay` again", "`uvx`"),
        ("`nix run .#with -- cowsay` again", "the program itself"),
        ("`script thing.py` again", "the program itself"),
        ("`script thing.py` again", "`uv run --script`"),
        ("`with cowsay` at first", "`uvx`, an empty cache"),
    ]


@pytest.mark.interpreter("3.12")
def test_caches_are_measured():
    rows = measured("caches")
    assert [re.sub(r"\(\d+ ", "(N ", what) for what in column(rows, "what")] == [
        "planning, nothing in a cache, small (N questions)",
        "all in a cache, small",
        "one package changed, the others in a cache, small",
        "built for that",
    ]
    assert column(rows, "wheelhouse")[-1] == "2.00 derivations"
    assert column(rows, "theirs")[-1] == "python3.12-sqlparse-0.6.1, small"


@pytest.mark.interpreter("3.12")
def test_downloads_are_measured():
    assert column(measured("download"), "against") == [
        "`curl --parallel`",
        "curl, a process for each file, two at a time",
        "curl, a process for each file, one at a time",
        "Nix, from a server on this machine",
    ]


def test_fetching_is_measured():
    assert column(measured("fetch"), "what") == [
        "`lock fetch`, small",
        "`lock fetch`, small: peak memory",
    ]


@pytest.mark.interpreter("3.11")
def test_growth_is_drawn_by_an_environment_of_our_own(nix, tmp_path):
    python = nix.build(".#science") / "bin" / "python"
    points = tmp_path / "points.json"
    measured = {"evaluation": 0.1, "build": 5.0, "composition": 0.2}
    points.write_text(json.dumps([{"packages": count, **measured} for count in (200, 500)]))
    pictures = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for picture in pictures:
        command = [python, ROOT / "bench" / "picture.py", points, picture]
        subprocess.run(command, env={"HOME": str(tmp_path)}, check=True)
    assert pictures[0].read_bytes() == pictures[1].read_bytes()
    assert b"composition" in pictures[0].read_bytes()


def test_what_can_t_be_measured_is_told():
    done = subprocess.run(
        [ROOT / "scripts" / "bench", "speed"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "speed: what there is: lock, commands, evaluation" in done.stderr


@pytest.mark.interpreter("3.12")
def test_reports_are_measured():
    assert column(measured("report"), "what") == [
        "report, small",
        "report opened, small",
        "slowest part shown, small",
    ]
