"""Run a command and tell what it took: `python launch.py DESCRIPTOR COMMAND…`.

Linux counts the memory of what starts a program as memory of the program, so this process is small.
It writes seconds of wall and of CPU time, and KiB of memory at the peak, to the descriptor.
"""

import os
import sys
import time


def main(descriptor: int, command: list[str]) -> int:
    """Run the command to its end, and return its exit status."""
    # What a process leaves behind doesn't hold it open.
    os.set_inheritable(descriptor, False)
    started = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, resources = os.wait4(process, 0)
    wall = time.perf_counter() - started
    cpu = resources.ru_utime + resources.ru_stime
    os.write(descriptor, f"{wall} {cpu} {resources.ru_maxrss}".encode())
    code = os.waitstatus_to_exitcode(status)
    # As shells tell of a signal.
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
