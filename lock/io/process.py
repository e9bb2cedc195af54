"""Runs processes that end, with all that they started, when their context is left."""

import errno
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

# Guards the two below: threads start processes, and the main thread ends them all.
_LOCK = threading.Lock()
_RUNNING: set["subprocess.Popen[bytes]"] = set()
_ended = threading.Event()


@contextmanager
def running(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], messages: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a command in a folder; the file `messages` gets its stdout and stderr.

    Raises OSError if it can't be run.
    """
    with messages.open("wb") as stream:
        process = _start(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
    with _ending(process):
        yield process


@contextmanager
def answering(command: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a command whose stdin and stdout are pipes; its stderr is dropped.

    Raises OSError if it can't be run.
    """
    pipe = subprocess.PIPE
    process = _start(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    with _ending(process):
        yield process


def _start(command: Sequence[str], **options: Any) -> "subprocess.Popen[bytes]":
    with _LOCK:
        check_going_on()
        # A process group of its own, so that what it starts ends with it.
        process = subprocess.Popen(command, process_group=0, **options)
        _RUNNING.add(process)
    return process


@contextmanager
def _ending(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End a process when the context is left."""
    try:
        yield
    finally:
        with _LOCK:
            _RUNNING.discard(process)
            _end(process)


def allow_new() -> None:
    """Allow processes to be started again."""
    _ended.clear()


def check_going_on() -> None:
    """Raise InterruptedError where all processes were ended, and none may be started."""
    if _ended.is_set():
        raise InterruptedError(errno.EINTR, "the run is being ended")


def terminate_all() -> None:
    """End every process of every thread; none can be started until `allow_new`."""
    with _LOCK:
        _ended.set()
        for process in _RUNNING:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        # Another thread that waits for it may have seen its end just now; macOS calls that EPERM.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], messages: Path
) -> tuple[int, str]:
    """Run a command to its end; return its exit code, and its stdout and stderr as one text.

    Raises OSError if it can't be run.
    """
    with running(command, folder, environment, messages) as process:
        exit_code = process.wait()
    return exit_code, messages.read_text(encoding="utf-8", errors="replace")
