"""Runs commands and says what they took."""

import os
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

Argument = str | Path


@dataclass(frozen=True)
class Command:
    """What is run: its arguments, its folder, and variables beside those of this process."""

    arguments: Sequence[Argument]
    folder: Path | None = None
    variables: Mapping[str, str] | None = None
    # Seconds after which it is ended.
    limit: float | None = None


@dataclass(frozen=True)
class Usage:
    """What a process and those that it waited for took: seconds, and bytes at the peak."""

    wall: float
    cpu: float
    memory: int


class FailedError(Exception):
    """A command that failed; the text is what it said."""


def run(command: Command) -> Usage:
    """Runs a command to its end. Raises FailedError."""
    with Path(os.devnull).open("rb") as nothing, _scratch() as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command.arguments,
            cwd=command.folder,
            env={**os.environ, **(command.variables or {})},
            stdin=nothing,
            stdout=said,
            stderr=said,
            # So that what it started ends with it.
            process_group=0,
        )
        ended = threading.Event()
        if command.limit is not None:
            timer = threading.Timer(command.limit, _end, (process, ended))
            timer.daemon = True
            timer.start()
        _, status, used = os.wait4(process.pid, 0)
        ended.set()
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if command.limit is not None and wall >= command.limit:
            raise FailedError(f"more than {command.limit:g} s")
        if process.returncode != 0:
            said.seek(0)
            words = " ".join(map(str, command.arguments))
            raise FailedError(f"{words}\n{said.read().decode(errors='replace')[-4000:]}")
    # Linux gives the peak in KiB.
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def _end(process: "subprocess.Popen[bytes]", ended: threading.Event) -> None:
    if not ended.is_set():
        os.killpg(process.pid, signal.SIGKILL)


def output(command: Command, *, errors: bool = False) -> str:
    """What a command prints, or what it says beside that. Raises FailedError."""
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


def repeated(command: Command) -> Callable[[int], Usage]:
    """A contender that runs a command each time; it has run once before."""
    run(command)
    return lambda _number: run(command)


def side_by_side(runs: int, *contenders: Callable[[int], Usage]) -> tuple[Sequence[Usage], ...]:
    """Each contender's runs, given their numbers; they take turns, to share the weather."""
    taken: list[list[Usage]] = [[] for _ in contenders]
    for number in range(runs):
        for usages, contender in zip(taken, contenders, strict=True):
            usages.append(contender(number))
    return tuple(taken)


def wall(usages: Sequence[Usage]) -> float:
    """The median of the seconds that passed."""
    return statistics.median(usage.wall for usage in usages)


def cpu(usages: Sequence[Usage]) -> float:
    """The median of the seconds of computing."""
    return statistics.median(usage.cpu for usage in usages)


def memory(usages: Sequence[Usage]) -> float:
    """The median of the peaks of the largest process, in bytes."""
    return statistics.median(usage.memory for usage in usages)


def _scratch() -> IO[bytes]:
    return TemporaryFile()
