"""Driving uv: the project that is generated, its isolation, and the end of its runs."""

import os
import shutil
import sys
import time
import tomllib
from pathlib import Path

import pytest

from lock.errors import UsageError
from lock.models.target import DEFAULT_SYSTEMS, SYSTEMS
from lock.resolution.request import Options, Preference, Request
from lock.resolution.uv import Resolver, executable, isolated_environment
from lock.resolution.uv_lock import versions
from lock.resolution.uv_project import ROOT, preferences_lock, pyproject, settings
from tests.support.uv_lock_texts import target

TARGETS = [target(system) for system in DEFAULT_SYSTEMS]


def environment(**more):
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "WHEELHOUSE_UV") if name in os.environ
    }
    return kept | {"UV_OFFLINE": "1"} | more


def fake_uv(folder, script):
    """A program in place of uv."""
    file = folder / "fake-uv"
    file.write_text(f"#!{shutil.which('bash')}\n{script}\n", encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def test_the_project_asks_for_every_target():
    data = tomllib.loads(pyproject(Request("all", ["a[x]>=1", 'b ; os_name == "\x7f\\"'], TARGETS)))
    assert data["project"]["requires-python"] == ">=3.8"
    assert data["project"]["dependencies"] == ["a[x]>=1", 'b ; os_name == "\x7f\\"']
    assert data["tool"]["uv"]["package"] is False
    assert data["tool"]["uv"]["environments"] == [found.uv_environment() for found in TARGETS]


def test_what_builds_need_more_is_a_setting():
    assert settings(Options()) == ""
    data = tomllib.loads(settings(Options({"b-c": ["d"], "a": ['x ; os_name == "nt"', "y"]})))
    assert data == {"extra-build-dependencies": {"a": ['x ; os_name == "nt"', "y"], "b-c": ["d"]}}


def test_a_preference_is_a_name_a_version_and_where_it_holds():
    lock = """
version = 1
revision = 3
[[package]]
name = "root"
version = "0"
source = { virtual = "." }
dependencies = [{ name = "a" }]
[[package]]
name = "a"
version = "1.0"
source = { registry = "https://index.example/simple" }
resolution-markers = ["sys_platform == 'linux'"]
sdist = { url = "https://index.example/a.tar.gz" }
"""
    assert tomllib.loads(preferences_lock(versions(lock))) == {
        "version": 1,
        "requires-python": ">=3.8",
        "package": [
            {
                "name": "a",
                "version": "1.0",
                "source": {"registry": "https://index.example/simple"},
                "resolution-markers": ["sys_platform == 'linux'"],
            }
        ],
    }


def test_questions_are_answered_in_their_order_four_at_a_time(tmp_path):
    # Each waits for its fellows, and fails when a fifth one runs beside them.
    script = """
touch ../$(basename $PWD).running
n=0
until [ $(ls ../*.running | wc -l) = 4 ]; do sleep 0.01; n=$((n + 1)); [ $n = 500 ] && exit 3; done
sleep 0.3
mv ../$(basename $PWD).running ../$(basename $PWD).done
basename $PWD
"""
    resolver = Resolver(tmp_path, environment(WHEELHOUSE_UV=fake_uv(tmp_path, script)))
    names = [*"abcdefgh"]
    outcomes = resolver.lock_all([Request(name, [], TARGETS) for name in names])
    assert [(outcome.exit_code, outcome.messages) for outcome in outcomes] == [
        (0, f"{name}\n") for name in names
    ]


def test_the_lock_of_a_run_that_failed_is_not_the_preferred_one(tmp_path):
    resolver = Resolver(tmp_path, environment(WHEELHOUSE_UV=fake_uv(tmp_path, "exit 1")))
    [outcome] = resolver.lock_all([Request("a", [], TARGETS)], [Preference("b", "1.0")])
    assert 'version = "1.0"\n' in (tmp_path / "a" / "uv.lock").read_text()
    assert (outcome.exit_code, outcome.lock) == (1, "")


def test_uv_locks_the_project_for_pythons_that_are_not_here(tmp_path):
    for python in ("3.8", "3.16"):
        targets = [target(system, python) for system in SYSTEMS]
        outcome = Resolver(tmp_path, environment()).lock(Request(python, [], targets))
        assert outcome.exit_code == 0, outcome.messages
        assert tomllib.loads(outcome.lock)["package"][0]["name"] == ROOT


def test_a_workspace_in_a_folder_above_does_not_take_part(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "above"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["surely-not-there"]\n[tool.uv.workspace]\nmembers = ["scratch/*"]\n',
        encoding="utf-8",
    )
    (tmp_path / "uv.toml").write_text('index-url = "nonsense://"', encoding="utf-8")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    outcome = Resolver(scratch, environment()).lock(Request("all", [], TARGETS))
    assert outcome.exit_code == 0, outcome.messages
    names = [entry["name"] for entry in tomllib.loads(outcome.lock)["package"]]
    assert names == [ROOT]


def test_only_what_says_where_to_look_is_passed_on():
    passed = {
        "HOME": "/home/u",
        "HTTPS_PROXY": "http://proxy.example",
        "SSL_CERT_FILE": "/certs",
        "UV_CACHE_DIR": "/cache",
        "UV_DEFAULT_INDEX": "https://index.example/simple",
        "UV_EXTRA_INDEX_URL": "https://index.example/more",
        "UV_HTTP_TIMEOUT": "10",
        "UV_INDEX": "https://index.example/other",
        "UV_INDEX_PRIVATE_PASSWORD": "secret",
        "UV_INDEX_URL": "https://index.example/simple",
        "UV_NATIVE_TLS": "1",
        "UV_OFFLINE": "1",
    }
    cleared = {
        "CONDA_PREFIX": "/conda",
        "PYTHONHOME": "/python",
        "PYTHONPATH": "/lib",
        "UV_CONFIG_FILE": "/uv.toml",
        "UV_CONSTRAINT": "/c.txt",
        "UV_EXCLUDE_NEWER": "2020-01-01",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_NO_CONFIG": "1",
        "UV_PRERELEASE": "allow",
        "UV_PROJECT": "/elsewhere",
        "UV_PYTHON": "3.8",
        "UV_RESOLUTION": "lowest",
        "UV_WORKING_DIRECTORY": "/elsewhere",
        "VIRTUAL_ENV": "/venv",
    }
    found = isolated_environment(passed | cleared)
    assert {name: found[name] for name in passed} == passed
    assert not cleared.keys() & found.keys()


def test_the_launchers_uv_comes_before_that_on_path():
    assert executable({"WHEELHOUSE_UV": "/given/uv", "PATH": "/bin"}) == "/given/uv"
    with pytest.raises(UsageError, match="install it"):
        executable({"PATH": "/nowhere"})


def test_a_uv_that_cannot_be_run_is_named(tmp_path):
    resolver = Resolver(tmp_path, {"WHEELHOUSE_UV": "/nowhere/uv"})
    with pytest.raises(UsageError, match="/nowhere/uv: No such file"):
        resolver.lock(Request("all", [], TARGETS))


@pytest.mark.parametrize(
    ("given", "expected"), [({}, sys.executable), ({"WHEELHOUSE_PYTHON": "/p"}, "/p")]
)
def test_the_interpreter_that_builds_metadata_is_named_to_uv(tmp_path, given, expected):
    uv = fake_uv(tmp_path, 'echo "$@"')
    outcome = Resolver(tmp_path, {"WHEELHOUSE_UV": uv, **given}).lock(Request("all", [], TARGETS))
    assert outcome.messages.split() == ["lock", "--config-file", "uv.toml", "--python", expected]


def test_probes_run_together_and_keep_their_order(tmp_path):
    log = tmp_path / "log"
    uv = fake_uv(
        tmp_path, f'echo start >> {log}; sleep 0.3; echo end >> {log}; echo "${{PWD##*/}}"; exit 1'
    )
    outcomes = Resolver(tmp_path, environment(WHEELHOUSE_UV=uv)).lock_each_target(
        Request("all", [], TARGETS)
    )
    assert [outcome.messages.strip() for outcome in outcomes] == [t.system.name for t in TARGETS]
    assert log.read_text().split() == ["start"] * len(TARGETS) + ["end"] * len(TARGETS)


def test_leaving_a_run_ends_uv_and_what_it_started(tmp_path):
    pids = tmp_path / "pids"
    uv = fake_uv(tmp_path, f"sleep 60 & echo $! $$ > {pids}; wait")
    resolver = Resolver(tmp_path, environment(WHEELHOUSE_UV=uv))
    with pytest.raises(KeyboardInterrupt), resolver.locking(Request("all", [], TARGETS)):
        while not (pids.exists() and pids.read_text().strip()):
            time.sleep(0.01)
        raise KeyboardInterrupt
    for pid in pids.read_text().split():
        assert wait_until_gone(pid)


def wait_until_gone(pid):
    """Whether a process ends soon; one that only its parent hasn't asked for has ended."""
    status = Path("/proc", pid, "stat")
    for _ in range(100):
        try:
            if status.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False
