"""Run a command and tell what it took: `python launch.py DESCRIPTOR COMMAND…`.

Linux counts the memory of what starts a program as memory of the program, so this process is small.
It writes seconds of wall and of CPU time, and KiB of memory at the peak, to the descriptor. The CPU
time includes that of processes which end shortly after the command that left them behind: Python's
pools of processes have such a one (`multiprocessing`, "forkserver").
"""

import ctypes
import os
import resource
import sys
import time

# `prctl`: what a child leaves behind becomes a child of this process (Linux, prctl(2)).
SET_CHILD_SUBREAPER = 36
# Seconds that are waited for what is left behind.
LEFT_BEHIND = 1.0


def main(descriptor: int, command: list[str]) -> int:
    """Run the command to its end, and return its exit status."""
    # What a process leaves behind doesn't hold it open.
    os.set_inheritable(descriptor, False)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, resources = os.wait4(process, 0)
    wall = time.perf_counter() - started
    wait_for_others(time.monotonic() + LEFT_BEHIND)
    of_all = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = of_all.ru_utime + of_all.ru_stime
    os.write(descriptor, f"{wall} {cpu} {resources.ru_maxrss}".encode())
    code = os.waitstatus_to_exitcode(status)
    # As shells tell of a signal.
    return code if code >= 0 else 128 - code


def wait_for_others(end: float) -> None:
    """Wait until no child is left, or until a time of the monotonic clock."""
    while time.monotonic() < end:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not ended:
            time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
