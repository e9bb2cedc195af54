"""Reads wheels on this machine in several processes, since threads of Python share one core."""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from lock.io import process
from lock.wheels import reading_process
from lock.wheels.wheel_needs import WheelNeeds

# Fewer bytes of wheels are read sooner than a process is started.
WORTHWHILE = 1 << 25
# What the lock app is imported from.
LIBRARY = Path(__file__).parents[2]
START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from lock.wheels.reading_process import main; main()"
)


class Reader:
    """Reads wheels in this process."""

    def ask(self, question: dict[str, Any]) -> Any:
        """Return the answer to a question. Raises one of reading_process.READ_ERRORS."""
        return reading_process.answer(question)

    def needs(self, path: Path, machine: str) -> WheelNeeds:
        """Return what a wheel needs on a machine (PEP 508's name).

        Raises one of reading_process.READ_ERRORS.
        """
        return WheelNeeds.from_json(self.ask({"path": os.fspath(path), "machine": machine}))

    def imports(self, path: Path, wanted: Collection[str]) -> Sequence[str]:
        """Return which wanted modules of others a wheel imports (see native.opened).

        Raises one of reading_process.READ_ERRORS.
        """
        found: list[str] = self.ask({"path": os.fspath(path), "wanted": sorted(wanted)})
        return found


class Readers(Reader):
    """Reads wheels in up to `count` processes, which are started when they are needed."""

    def __init__(self, stack: ExitStack, count: int) -> None:
        self._stack = stack
        self._count = count
        # Processes that wait for a question; None for one to be started.
        self._idle: SimpleQueue[subprocess.Popen[bytes] | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)

    def of(self, byte_count: int) -> Reader:
        """Return what reads so many bytes of wheels."""
        return self if self._count > 1 and byte_count >= WORTHWHILE else Reader()

    def ask(self, question: dict[str, Any]) -> Any:
        """Return the answer of a process that waits for a question.

        Raises OSError, also where it can't read the wheel.
        """
        reader = self._idle.get()
        try:
            if reader is None:
                reader = self._stack.enter_context(process.answering(_command()))
            told = _answer(reader, question)
        except OSError:
            # Another process takes the place of one that has ended.
            self._idle.put(None)
            raise
        self._idle.put(reader)
        if "error" in told:
            raise OSError(told["error"])
        return told["answer"]


@contextmanager
def readers() -> Iterator[Readers]:
    """Give a reader for each core; their processes end with the context."""
    with ExitStack() as stack:
        yield Readers(stack, os.cpu_count() or 1)


def _command() -> list[str]:
    return [sys.executable, "-I", "-c", START, os.fspath(LIBRARY)]


def _answer(reader: "subprocess.Popen[bytes]", question: dict[str, Any]) -> dict[str, Any]:
    """Return what a process tells. Raises OSError where it has ended."""
    assert reader.stdin is not None and reader.stdout is not None
    reader.stdin.write(json.dumps(question).encode() + b"\n")
    reader.stdin.flush()
    line = reader.stdout.readline()
    if not line.endswith(b"\n"):
        raise OSError("the process that reads it has ended")
    told: dict[str, Any] = json.loads(line)
    return told
