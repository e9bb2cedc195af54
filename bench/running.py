"""Run commands, and measure the time and the memory that they take."""

import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

Argument = str | Path
LAUNCHER = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Command:
    """A command: its arguments, its working directory, and variables added to the environment."""

    arguments: Sequence[Argument]
    folder: Path | None = None
    variables: Mapping[str, str] | None = None
    # Seconds after which it is killed.
    limit: float | None = None


@dataclass(frozen=True)
class Usage:
    """What a process took: seconds of wall and of CPU time, and bytes of memory at the peak.

    CPU time and memory include the processes that it waited for.
    """

    wall: float
    cpu: float
    memory: int


# One run of something that is measured; its argument is the number of the run.
TimedRun = Callable[[int], Usage]


class FailedError(Exception):
    """A command failed, or exceeded its time limit; the text has the end of its output."""


def run(command: Command) -> Usage:
    """Run a command to its end, and return what it took. Raises FailedError."""
    reader, writer = os.pipe()
    with (
        Path(os.devnull).open("rb") as no_input,
        _temporary_file() as log,
        os.fdopen(reader, "rb") as report,
    ):
        process = subprocess.Popen(
            [sys.executable, "-IS", LAUNCHER, str(writer), *command.arguments],
            cwd=command.folder,
            env={**os.environ, **(command.variables or {})},
            stdin=no_input,
            stdout=log,
            stderr=log,
            pass_fds=(writer,),
            # At the time limit its child processes are killed with it.
            process_group=0,
        )
        os.close(writer)
        try:
            process.wait(command.limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise FailedError(f"more than {command.limit:g} s") from None
        if process.returncode != 0:
            log.seek(0)
            words = " ".join(map(str, command.arguments))
            raise FailedError(f"{words}\n{log.read().decode(errors='replace')[-4000:]}")
        seconds, cpu_seconds, kibibytes = report.read().split()
    return Usage(float(seconds), float(cpu_seconds), int(kibibytes) * 1024)


def output(command: Command, *, errors: bool = False) -> str:
    """Return what a command writes to stdout or, with `errors`, to stderr. Raises FailedError."""
    done = subprocess.run(
        command.arguments,
        cwd=command.folder,
        env={**os.environ, **(command.variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise FailedError(f"{' '.join(map(str, command.arguments))}\n{done.stderr[-4000:]}")
    return (done.stderr if errors else done.stdout).strip()


def after_warm_up(command: Command) -> TimedRun:
    """Run a command once, unmeasured, and return a function that runs it again."""
    run(command)
    return lambda _number: run(command)


def in_turns(runs: int, *timed_runs: TimedRun) -> tuple[Sequence[Usage], ...]:
    """Return the usages of each measured thing; their runs alternate.

    So that changes of the machine's load affect all alike.
    """
    all_usages: list[list[Usage]] = [[] for _ in timed_runs]
    for number in range(runs):
        for usages, timed_run in zip(all_usages, timed_runs, strict=True):
            usages.append(timed_run(number))
    return tuple(all_usages)


def wall(usages: Sequence[Usage]) -> float:
    """Return the median of the wall time, in seconds."""
    return statistics.median(usage.wall for usage in usages)


def cpu(usages: Sequence[Usage]) -> float:
    """Return the median of the CPU time, in seconds."""
    return statistics.median(usage.cpu for usage in usages)


def memory(usages: Sequence[Usage]) -> float:
    """Return the median of the peak memory of the largest process, in bytes."""
    return statistics.median(usage.memory for usage in usages)


def _temporary_file() -> IO[bytes]:
    return TemporaryFile()
