"""The command line's arguments, and what stands in for those that are left out."""

import tomllib
from pathlib import Path

import pytest

from lock import __version__
from lock.commands import main
from lock.commands.arguments import positional
from lock.errors import UsageError
from lock.models.requirements import Requirements
from lock.pipeline import plan
from tests.support.project import ROOT


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run_with(*arguments):
        try:
            code = main.main(arguments)
        except SystemExit as ended:
            code = ended.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_with


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ([], "requirements.yaml", None)),
        (["3.11"], (["3.11"], "requirements.yaml", None)),
        (["r.yaml"], ([], "r.yaml", None)),
        (["r.yaml", "s.yaml"], ([], "r.yaml", "s.yaml")),
        (["3.11", "r.yaml", "s.yaml"], (["3.11"], "r.yaml", "s.yaml")),
        (["3.13t", "./3.11"], (["3.13t"], "3.11", None)),
        (["3.11", "3.12"], (["3.11", "3.12"], "requirements.yaml", None)),
        (["3.11", "3.12", "3.11", "r", "s"], (["3.11", "3.12"], "r", "s")),
    ],
)
def test_pythons_are_known_by_their_shape(given, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = positional(given)
    assert (files.pythons, *map(str, files.requirements), files.sources) == expected


@pytest.mark.parametrize(
    ("argument", "required", "existing", "expected"),
    [
        ("3.12", "3.11", "3.10", "3.12"),
        (None, "3.11", "3.10", "3.11"),
        (None, None, "3.10", "3.10"),
    ],
)
def test_the_python_of_the_command_line_comes_first(
    tmp_path, argument, required, existing, expected
):
    sources = tmp_path / "sources.yaml"
    sources.write_text(f'wheelhouse: 1\npython: "{existing}"\n')
    assert (
        plan.choose_python(argument, Requirements(required, None, ()), sources, sources) == expected
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["3.11", "a", "b", "c"], "lock: too many arguments, from 'c' on"),
        (["3.99"], "lock: there is no Python 3.99;"),
        (["3.15.0rc1", "requirements.yaml", "s"], 'lock: "3.15.0rc1" names a build; write'),
        (["3.15.2+freethreaded", "requirements.yaml", "s"], "names a build; write 3.15t,"),
        (["3.12t"], "lock: Python 3.12t has no free-threaded build"),
        (["--system", "x", "3.11"], 'lock: --system: "x" is no system'),
        (["3.11", "--system", "x"], 'lock: --system: "x" is no system'),
        (["--nonsense"], "--nonsense"),
        ([], "which Python?"),
        (["requirements.yaml", "s-{python}.yaml"], "which Python?"),
        (["3.11", "3.12", "requirements.yaml", "s"], "s: a lock is for one Python; write {python}"),
        (["3.11", "requirements.yaml", "no/s.yaml"], "no/s.yaml: there is no folder"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(run, arguments, problem):
    Path("requirements.yaml").write_text("a: 1\n")
    code, out, err = run(*arguments)
    assert code == 2
    assert problem in err
    assert out == ""
    assert sorted(path.name for path in Path().iterdir()) == ["requirements.yaml"]


def test_a_python_that_the_old_lock_names_is_told_with_its_file(run):
    Path("requirements.yaml").write_text("a: 1\n")
    Path("sources.yaml").write_text("wheelhouse: 1\npython: 3.7\n")
    assert run()[2].startswith("sources.yaml: Python 3.7 is too old to be locked for")


def test_help_shows_examples(run):
    code, out, _ = run("--help")
    assert code == 0
    assert "lock 3.11 requirements.yaml sources.yaml" in out
    assert "--system" in out


def test_the_version_is_that_of_the_project(run):
    pyproject = ROOT / "pyproject.toml"
    expected = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"]
    assert __version__ == expected
    assert run("--version")[:2] == (0, f"wheelhouse {expected}\n")


@pytest.mark.parametrize("given", [["r.yaml", "3.12"], ["r.yaml", "3.12", "s.yaml"]])
def test_a_python_behind_the_files_is_told_to_stand_first(given):
    with pytest.raises(UsageError, match=r"3\.12: versions of Python stand first"):
        positional(given)
