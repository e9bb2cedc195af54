"""The built programs `with` and `script`, with an index on this machine and real Nix."""

import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.backends import backend
from tests.support.index_server import Index, serve
from tests.support.nix import Nix
from tests.support.wheels import Wheel

pytestmark = pytest.mark.nix

# Prints its version, its arguments and the variables that the programs may change.
SHOW = """
import json, os, sys
VERSION = {version!r}
def main():
    names = ("PATH", "VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "GIVEN", "SSL_CERT_FILE")
    names += tuple(name for name in os.environ if name.startswith(("WHEELHOUSE", "UV_OFFLINE")))
    shown = {{name: os.environ[name] for name in names if name in os.environ}}
    print(json.dumps([VERSION, sys.argv[1:], shown]))
    sys.exit(int(sys.argv[1]) if sys.argv[1:2] > ["0"] else 0)
"""
SCRIPT = """\
# /// script
# dependencies = ["shower{more}"]
# ///
import sys, shower
print(shower.VERSION, sys.argv, __file__)
"""


def show(version: str) -> Wheel:
    # Nobody has this content in the store yet.
    salt = os.urandom(8).hex()
    return Wheel(
        "shower",
        version,
        files={"shower.py": SHOW.format(version=version) + f"# {salt}\n"},
        entry_points="[console_scripts]\nshower = shower:main\n",
    )


@dataclass
class Programs:
    """The built programs in a folder, with these variables only."""

    folder: Path
    index: Index
    paths: Mapping[str, Path]
    environment: dict[str, str]

    @property
    def cache(self) -> Path:
        """Return what they have in the user's cache."""
        return Path(self.environment["XDG_CACHE_HOME"], "wheelhouse", "run")

    def start(self, name: str, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Start a program."""
        return subprocess.Popen(
            [self.paths[name], *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, name: str, *arguments: str, code: int = 0, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a program to the end; it must exit with a code, and without a traceback."""
        process = self.start(name, *arguments, **environment)
        out, messages = process.communicate(timeout=300)
        assert process.returncode == code, (process.returncode, out, messages)
        assert "Traceback" not in messages
        return subprocess.CompletedProcess(process.args, code, out, messages)

    def unreachable(self) -> dict[str, str]:
        """Return variables with which neither an index nor Nix can be had."""
        return {"UV_OFFLINE": "1", "WHEELHOUSE_NIX": "/nowhere/nix", "PATH": "/nowhere"}


@pytest.fixture(scope="module")
def built(
    nix: Nix, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Path], dict[str, str]]:
    paths = {name: nix.build(f".#{name}") / "bin" / name for name in ("with", "script", "lock")}
    return paths, nix.program_variables(tmp_path_factory.mktemp("settings"))


@pytest.fixture
def programs(built: tuple[dict[str, Path], dict[str, str]], tmp_path: Path) -> Iterator[Programs]:
    served: dict[str, Index] = {}
    folder = tmp_path / "project"
    folder.mkdir()
    with serve(served) as address:
        index = served["0"] = Index(f"{address}/0")
        index.responding.set()
        index.valid_wheel(show("1.0"))
        yield Programs(
            folder,
            index,
            built[0],
            {
                "HOME": str(tmp_path),
                "PATH": os.environ["PATH"],
                "XDG_CACHE_HOME": str(tmp_path / "cache"),
                "UV_DEFAULT_INDEX": index.simple,
                "UV_CACHE_DIR": str(tmp_path / "uv"),
                "WHEELHOUSE_NIX_STORE": "",
                "WHEELHOUSE_NO_NATIVE": "1",
                **built[1],
            },
        )


def test_a_command_runs_with_packages_and_as_itself(programs: Programs) -> None:
    given = {"GIVEN": "1", "PYTHONHOME": "/nowhere", "PYTHONPATH": "/mine"}
    done = programs.run("with", "shower>=1", "--", "shower", "7", "--flag", code=7, **given)
    [version, arguments, shown] = json.loads(done.stdout)
    assert (version, arguments) == ("1.0", ["7", "--flag"])
    prefix = shown.pop("VIRTUAL_ENV")
    assert shown.pop("PATH") == f"{prefix}/bin:{programs.environment['PATH']}"
    own = {name: programs.environment[name] for name in shown if name.startswith("WHEELHOUSE")}
    assert shown == {"GIVEN": "1", "PYTHONPATH": "/mine", **own}
    # Warm, it needs neither the index nor Nix, however the packages are written.
    assert programs.run("with", "shower>=1", **programs.unreachable()).stdout.startswith('["1.0"')
    assert programs.run("with", "Shower >=1").stdout.startswith('["1.0"')
    assert len([*programs.cache.glob("locks/*.yaml")]) == 1
    offline = programs.run("with", "--offline", "shower>=1", UV_OFFLINE="0")
    assert json.loads(offline.stdout)[2]["UV_OFFLINE"] == "0"
    # Its end by a signal is that of the command.
    killed = "import os; os.kill(os.getpid(), 15)"
    process = programs.start("with", "shower>=1", "--", "python", "-c", killed)
    assert process.wait() == -signal.SIGTERM
    piped = "print(__import__('signal').getsignal(13).name)"
    assert programs.run("with", "shower>=1", "--", "python", "-c", piped).stdout == "SIG_IGN\n"
    ended = programs.run("with", "shower>=1", "--", "sh", "-c", "kill -PIPE $$; echo on", code=-13)
    assert ended.stdout == ""
    missing = programs.run("with", "shower>=1", "--", "shwer", code=127).stderr
    assert missing == (
        "with: shwer: neither in the environment nor on PATH; the environment has shower\n"
    )
    programs.run("with", "shower>=1", "--", str(programs.folder), code=126)


def test_newer_versions_are_taken_when_they_are_asked_for(programs: Programs) -> None:
    def version(*words: str) -> str:
        return programs.run("with", *words).stdout[:6]

    assert version("shower") == '["1.0"'
    programs.index.valid_wheel(show("2.0"))
    programs.index.files["/files/shower-3.0-py3-none-any.whl"] = b""
    assert version("shower") == '["1.0"'
    assert version("--refresh", "shower") == '["2.0"'
    assert version("shower") == '["2.0"'
    assert '"shower": "2.0"' in programs.run("with", "--print-lock", "shower").stdout
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [programs.paths["with"], "--print-lock", "shower"],
            cwd=programs.folder,
            env=programs.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, "with: No space left on device\n")
    # A root that is gone, and its path too: it is made again of the lock, with the same versions.
    [link] = (programs.cache / "environments").iterdir()
    prefix = link.readlink()
    link.unlink()
    subprocess.run(
        ["nix-store", "--delete", prefix],
        env=programs.environment,
        capture_output=True,
        check=True,
    )
    programs.index.valid_wheel(show("4.0"))
    assert version("shower") == '["2.0"'
    assert link.readlink() == prefix


def test_runs_at_a_time_and_interrupted_ones_leave_a_whole_cache(programs: Programs) -> None:
    programs.index.responding.clear()
    programs.index.held = ".whl"
    process = programs.start("with", "shower")
    assert programs.index.requested.wait(60)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, messages = process.communicate(timeout=60)
    assert (process.returncode, out, messages) == (130, "", "with: interrupted\n")
    programs.index.responding.set()
    with ThreadPoolExecutor(3) as pool:
        done = [*pool.map(lambda _: programs.run("with", "shower").stdout[:6], range(3))]
    assert done == ['["1.0"'] * 3
    assert len([*(programs.cache / "environments").iterdir()]) == 1


def test_a_terminal_is_the_command_s(programs: Programs) -> None:
    ours, theirs = pty.openpty()
    program = "import os, sys; print(os.isatty(0), os.isatty(1), os.getpgrp() == os.tcgetpgrp(0))"
    process = subprocess.Popen(
        ["setsid", "--ctty", programs.paths["with"], "shower", "--", "python", "-c", program],
        env=programs.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    text = b""
    while b"\n" not in text.replace(b"\x1b", b"") or not text.rstrip().endswith(b"True"):
        text += os.read(ours, 1000)
    assert text.endswith(b"True True True\r\n")
    assert process.wait(60) == 0
    os.close(ours)


def test_what_can_t_be_had_is_told_in_a_few_words(programs: Programs) -> None:
    def told(*words: str, code: int, **environment: str) -> str:
        return programs.run("with", *words, code=code, **environment).stderr

    assert "there is no option -x; what belongs to the command stands behind --" in told(
        "shower", "-x", code=2
    )
    (programs.folder / "thing.py").touch()
    assert told("shower", "thing.py", code=2) == (
        "with: thing.py: this is a file, and no package; the command stands behind --, as in "
        "`with PACKAGE -- python thing.py`\n"
    )
    # A package may have such a name.
    assert "thing-else-py was not found" in told("thing-else.py", code=1)
    assert told("-p", "3.12", "shower", "-t", "a b", code=2).endswith(
        "as in `with shower -- shower -t 'a b'`\n"
    )
    assert "Python 3.7 is too old to be locked for" in told("shower", "-p3.7", code=2)
    assert "there is no option --refrsh; did you mean --refresh?" in told("--refrsh", code=2)
    assert "there is no option --refrsh; did you" in told("shower", "--refrsh", code=2)
    assert told("shower[", code=2).startswith("with: ")
    assert told("shower@latest", code=2).startswith("with: shower@latest: this is no address")
    assert "there is no Python 3.99" in told("--python", "3.99", "shower", code=2)
    assert told("--exclude-newer", "", "shower", code=2).startswith(
        'with: --exclude-newer: "" is no time'
    )
    assert "it has 3." in told("--python", "3.16t", "shower", code=2)
    assert "you require nothing-of-that-name" in told("nothing-of-that-name", code=1)
    assert told("shower", code=2, WHEELHOUSE_NIX="/nowhere/nix", PATH="/nowhere") == (
        "nix-build isn't on PATH; install Nix, which builds the environment\n"
    )
    programs.index.files["/files/shower-1.0-py3-none-any.whl"] += b"x"
    assert "hash mismatch" in told("shower", code=1)
    assert [*(programs.cache / "calls").glob("*")] == []


def test_yanked_versions_and_commands_that_aren_t_there_are_told(programs: Programs) -> None:
    [file] = programs.index.pages["/simple/shower/"]
    file["yanked"] = "it bites"
    assert programs.run("with", "shower==1.0", "--", "true").stderr == (
        "with: shower 1.0 is yanked: it bites; ask for another version of it\n"
    )
    for command in ("nothing", ""):
        told = programs.run("with", "shower==1.0", "--", command, code=127).stderr
        assert told == (
            f"with: {command or 'an empty word'}: neither in the environment nor on PATH; the "
            "environment has shower\n"
        )
    assert programs.run("with", "shower==1.0", "--", "/", code=126).stderr.startswith("with: /: ")


def test_projects_of_this_machine_are_looked_at_in_each_run(programs: Programs) -> None:
    project = programs.folder / "tool"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[project]\nname = "tool"\nversion = "1"\ndependencies = ["shower"]\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    for value in ("one", "two"):
        (project / "backend.py").write_text(backend("tool", repr(f"VALUE = {value!r}")))
        done = programs.run(
            "with", "./tool", "--", "python", "-c", "import tool; print(tool.VALUE)"
        )
        assert done.stdout.strip() == value


def test_a_script_runs_with_what_it_names(programs: Programs) -> None:
    script = programs.folder / "thing.py"
    script.write_text(SCRIPT.format(more=""))
    assert programs.run("script", "./thing.py", "-x", "--", "y").stdout == (
        f"1.0 ['./thing.py', '-x', '--', 'y'] {programs.folder}/./thing.py\n"
    )
    programs.index.valid_wheel(show("2.0"))
    # An edit of its code changes nothing of what it needs.
    script.write_text(script.read_text() + "sys.exit(3)\n")
    done = programs.run("script", "thing.py", code=3, **programs.unreachable())
    assert done.stdout.startswith("1.0 ")
    assert programs.run("script", "--refresh", "thing.py", code=3).stdout.startswith("2.0 ")
    assert programs.run("script", "thing.py", code=3).stdout.startswith("2.0 ")
    script.write_text(SCRIPT.format(more="<2"))
    assert programs.run("script", "thing.py").stdout.startswith("1.0 ")
    script.write_text("# /// script\n# dependencies = []\n# ///\nprint('bare')\n")
    assert programs.run("script", "thing.py").stdout == "bare\n"
    script.write_text("print(1)\n")
    assert "without a block of requirements" in programs.run("script", "thing.py", code=2).stderr
    # A name that begins as an option does.
    (programs.folder / "-c.py").write_text(SCRIPT.format(more=""))
    assert programs.run("script", "--", "-c.py", "x").stdout.startswith("2.0 ['./-c.py', 'x'] ")
    os.mkfifo(programs.folder / "pipe.py")
    assert programs.run("script", "pipe.py", code=2).stderr == (
        "script: pipe.py: no regular file; write the script into one\n"
    )
    assert programs.run("script", "no.py", code=2).stderr == (
        "script: no.py: there is no such script\n"
    )
    assert programs.run("script", ".", code=2).stderr == (
        "script: .: this is a folder; name the script in it\n"
    )
    script.write_text(SCRIPT.format(more="").replace("# dep", '# requires-python = ">3.90"\n# dep'))
    told = programs.run("script", "thing.py", code=2).stderr
    assert told.startswith("thing.py: it runs on Python >3.90, and the package set has only 3.")


def test_a_lock_beside_a_script_pins_it(programs: Programs) -> None:
    script, lock = programs.folder / "thing.py", programs.folder / "thing.py.sources.yaml"
    script.write_text(SCRIPT.format(more=""))
    missing = programs.run("script", "--locked", "thing.py", code=1).stderr
    assert missing.startswith("thing.py.sources.yaml: there is no lock, and --locked wants one")
    programs.run("lock", "--system", "x86_64-linux", "3.12", "thing.py")
    programs.index.valid_wheel(show("2.0"))
    assert programs.run("script", "--locked", "thing.py").stdout.startswith("1.0 ")
    programs.run("script", "thing.py")
    assert programs.run("script", "thing.py", **programs.unreachable()).stdout.startswith("1.0 ")
    before = lock.read_bytes()
    script.write_text(SCRIPT.format(more=">=2"))
    stale = programs.run("script", "--locked", "thing.py", code=1).stderr
    assert stale.startswith(
        "thing.py.sources.yaml: the lock is stale against thing.py; run script without --locked to "
        "renew it\n"
    )
    assert lock.read_bytes() == before
    done = programs.run("script", "thing.py")
    assert done.stdout.startswith("2.0 ")
    assert done.stderr == (
        "script: thing.py.sources.yaml: the lock is stale against thing.py; it is made again\n"
        "  ~ shower 1.0 -> 2.0\n"
    )
    assert programs.run("script", "thing.py").stderr == ""
    programs.index.valid_wheel(show("3.0"))
    assert programs.run("script", "--refresh", "thing.py").stdout.startswith("3.0 ")
    assert '"shower": "3.0"' in lock.read_text("utf-8")
    told = programs.run("script", "--python", "3.11", "thing.py", code=2).stderr
    assert told.startswith("thing.py.sources.yaml: it is for Python 3.12; leave --python out")
    lock.write_text("")
    told = programs.run("script", "--python", "3.12", "thing.py", code=2).stderr
    assert told == (
        "thing.py.sources.yaml: this is no lock; remove it, or write one in its place: "
        "`lock 3.12 thing.py`\n"
    )


def test_uv_s_lock_of_a_script_counts_while_it_is_fresh(programs: Programs) -> None:
    script = programs.folder / "thing.py"
    script.write_text(SCRIPT.format(more=""))
    subprocess.run(
        ["uv", "lock", "--script", "thing.py", "--no-config"],
        cwd=programs.folder,
        env=programs.environment,
        capture_output=True,
        check=True,
    )
    programs.index.valid_wheel(show("2.0"))
    assert programs.run("script", "thing.py").stdout.startswith("1.0 ")
    script.write_text(SCRIPT.format(more=">=2"))
    told = programs.run("script", "thing.py", code=1).stderr
    assert "thing.py.lock: it is stale: thing.py has changed" in told
    assert "`uv lock --script thing.py`" in told
