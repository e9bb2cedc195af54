"""Run a program whose output is shown as it comes, and whose last part is kept."""

import os
import select
import subprocess
import sys
import tty
from collections.abc import Mapping, Sequence

# Bytes; parallel compilers print much after the first error.
KEPT = 1 << 20
# Seconds to wait for output of a process that has ended while another one holds its output open.
PATIENCE = 0.2


class OutputError(Exception):
    """A program failed; `output` is the end of what it printed."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output


def run_shown(command: Sequence[str], cwd: str | None, environment: Mapping[str, str]) -> None:
    """Run a program; both its output streams go to standard output at once, in order.

    Raises OutputError if it fails.
    """
    sys.stdout.flush()
    read_end, write_end = _channel()
    try:
        with subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=write_end, stderr=write_end
        ) as process:
            os.close(write_end)
            kept = _show(read_end, process)
    finally:
        os.close(read_end)
    if process.returncode:
        raise OutputError(kept.decode("utf-8", "replace"))


def _channel() -> tuple[int, int]:
    """Return the two ends of a pipe, or of a pseudoterminal where the output goes to one.

    Programs keep their output back for longer where it goes to a pipe, and so out of order. Nix
    gives builders a pseudoterminal.
    """
    if os.isatty(sys.stdout.fileno()):
        try:
            read_end, write_end = os.openpty()
        except OSError:
            return os.pipe()
        # Bytes pass unchanged.
        tty.setraw(write_end)
        return read_end, write_end
    return os.pipe()


def _show(read_end: int, process: subprocess.Popen[bytes]) -> bytes:
    kept = bytearray()
    while True:
        ready, _, _ = select.select([read_end], [], [], PATIENCE)
        if not ready:
            # A server that the build started may hold the output open for ever.
            if process.poll() is not None:
                break
            continue
        try:
            data = os.read(read_end, 1 << 16)
        except OSError:
            # So a pseudoterminal ends on Linux.
            break
        if not data:
            break
        _write(data)
        kept += data
        del kept[:-KEPT]
    return bytes(kept)


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(sys.stdout.fileno(), view) :]
