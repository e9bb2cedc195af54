"""Python programs evaluate and build with the library, and tell Nix' own errors in few words."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from lock.errors import UsageError
from run import library
from tests.support.nix import SYSTEM, Nix
from tests.support.project import ROOT

pytestmark = pytest.mark.nix

DERIVATION = (
    '{ library, salt, command }: derivation { name = "x"; inherit (library.toolchain) system; '
    'builder = "/bin/sh"; args = [ "-c" "echo begun; echo ${salt}; ${command}" ]; }'
)


@pytest.fixture
def variables(nix: Nix, tmp_path: Path) -> Mapping[str, str]:
    return {**os.environ, **nix.program_variables(tmp_path)}


def test_values_are_data_in_both_directions(variables: Mapping[str, str]) -> None:
    text = 'a"\n${b}'
    expression = (
        "{ library, text, rest }: { inherit text rest; inherit (library.toolchain) system; }"
    )
    value = library.evaluate(expression, {"text": text, "rest": [1, None]}, variables)
    assert value == {"text": text, "rest": [1, None], "system": SYSTEM}


def test_a_result_is_linked_where_the_garbage_collector_sees_it(
    variables: Mapping[str, str], tmp_path: Path
) -> None:
    told: list[str] = []
    link = tmp_path / "result"
    given = {"salt": os.urandom(8).hex(), "command": "echo built > $out"}
    path = library.build(DERIVATION, given, variables, out_link=link, progress=told.append)
    assert path.read_text() == "built\n"
    assert link.readlink() == path
    assert told == ["building x (1)"]
    done = subprocess.run(
        ["nix-store", "--query", "--roots", path],
        env=dict(variables), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(link) in done.stdout
    assert library.build(DERIVATION, given, variables) == path


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        (
            '{ library, salt, command }: throw "wheelhouse: it is ${command}"',
            "wheelhouse: it is exit 3",
        ),
        (
            "{ library, salt, command }: library.makePythonPypiEnvironment "
            '{ name = "x"; sourcesYaml = /nowhere/sources.yaml; }',
            'wheelhouse: environment "x": there is no lock sources.yaml. Run `lock`; in a git '
            "repository, `git add` it as well.",
        ),
        (
            DERIVATION,
            "building x failed with exit code 3:\n  begun\n  salted\nthe whole log: nix-store",
        ),
        (
            "{ library, salt, command }@given: derivation { name = \"y\"; system = "
            f'"{SYSTEM}"; builder = "/bin/sh"; x = ({DERIVATION}) given; }}',
            "building x failed with exit code 3:\n  begun\n  salted\nthe whole log: nix-store",
        ),
    ],
)  # fmt: skip
def test_an_error_is_nix_own_in_few_words(
    variables: Mapping[str, str], expression: str, told: str
) -> None:
    with pytest.raises(library.NixError) as caught:
        library.build(expression, {"salt": "salted", "command": "exit 3"}, variables)
    assert str(caught.value).startswith(told)
    assert len(str(caught.value).split("\n")) <= 4
    assert "" not in str(caught.value).split("\n")


def test_a_library_and_a_nix_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the library isn't there"):
        library.find({"WHEELHOUSE_LIBRARY": str(tmp_path)})
    with pytest.raises(UsageError, match="nix-build isn't on PATH; install Nix"):
        library.build("{ library }: 1", {}, {"PATH": "/nowhere"})
    assert library.find({}).folder == str(ROOT)


def test_an_interruption_ends_nix_and_its_builds(variables: Mapping[str, str]) -> None:
    salt = os.urandom(8).hex()
    program = (
        "import os; from lock.io import signals; from run import library; "
        "signals.install_handlers(); "
        f"library.build({DERIVATION!r}, {{'salt': {salt!r}, 'command': 'read line < /dev/zero'}}, "
        "os.environ, progress=lambda text: print(text, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=dict(variables), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "building x (1)\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(60) != 0
    ended = time.monotonic() + 30
    while _runs(salt) and time.monotonic() < ended:
        time.sleep(0.1)
    assert not _runs(salt)


def _runs(word: str) -> bool:
    """Return whether a process has a word in its command line."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word.encode() in file.read_bytes() and str(os.getpid()) not in file.parts:
                return True
        except OSError:
            continue
    return False
