"""What is loaded, and when: a user waits for the modules that are loaded before uv starts."""

import subprocess
import sys

import pytest

from tests.support.project import ROOT

# What reads a requirements.yaml and starts uv, as `lock` does.
START = """
import lock.commands.lock, lock.commands.report, lock.inputs.yaml.requirements_yaml
import lock.pipeline.jobs, lock.pipeline.plan, lock.pipeline.resolve
"""
PREPARE = """
from lock.models.target import SYSTEMS, Target
from lock.resolution.uv import Run
targets = [Target(SYSTEMS["x86_64-linux"], "3.11")]
run = Run(lambda: None, lambda: {has_ended})
lock.pipeline.resolve._prepare(targets, run, native={native})
"""


def loaded(program: str) -> set[str]:
    """Return the names of the modules that a program loads."""
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return {*done.stdout.split()}


def test_nothing_of_http_is_loaded_before_uv_runs() -> None:
    assert not loaded(START) & {"http.client", "email.message", "ssl", "urllib3", "tarfile"}


@pytest.mark.parametrize(
    ("has_ended", "native", "expected"),
    [
        (False, True, {"tomli", "lock.pipeline.system_needs"}),
        (False, False, {"tomli"}),
        (True, True, {"tomli"}),
    ],
)
def test_what_reads_the_outcome_of_uv_is_loaded_while_it_runs(
    has_ended: bool, native: bool, expected: set[str]
) -> None:
    later = {"tomli", "lock.builds.closure", "lock.pipeline.system_needs"}
    program = PREPARE.format(has_ended=has_ended, native=native)
    assert loaded(START + program) & later == expected
