"""Run an X server that draws into a file, and read its pixels.

The text stands before a program that runs in a sandbox, where `xServer` is the server's package.
"""

import atexit
import os
import struct
import subprocess
from pathlib import Path


def start_server() -> None:
    """Start the server until the program ends, wait until it listens, and set DISPLAY."""
    read, write = os.pipe()
    command = [f"{os.environ['xServer']}/bin/Xvfb", "-displayfd", str(write), "-fbdir", "."]
    server = subprocess.Popen([*command, "-screen", "0", "640x480x24"], pass_fds=[write])
    # Registered first, so that what other modules do at the end comes before.
    atexit.register(server.wait)
    atexit.register(server.terminate)
    os.close(write)
    with os.fdopen(read) as number:
        os.environ["DISPLAY"] = f":{number.readline().strip()}"


def pixel(x: int, y: int) -> str:
    """Return the colour of a pixel of the screen, such as "ff0000" for red.

    The server keeps the screen in a file of the format of `xwd` (XWDFile.h), version 7.
    """
    screen = Path("Xvfb_screen0").read_bytes()
    header = struct.unpack_from(">25I", screen)
    size, bits_per_pixel, bytes_per_line, colours = (header[at] for at in (0, 11, 12, 19))
    start = size + colours * 12 + y * bytes_per_line + x * bits_per_pixel // 8
    return screen[start : start + 3][::-1].hex()
