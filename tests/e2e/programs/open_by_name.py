"""Open libraries by name, and check that child processes inherit no library path."""

import ctypes
import ctypes.util
import os
import subprocess
import sys
from pathlib import Path

VARIABLE = "LD_LIBRARY_PATH"

lines = []
ctypes.CDLL("libstdc++.so.6")
soname = ctypes.util.find_library("stdc++")
assert soname is not None
ctypes.CDLL(soname)
lines.append(f"opened {soname}")

missing = ctypes.util.find_library("no-such-library")
assert missing is None, missing

assert VARIABLE not in os.environ, os.environ[VARIABLE]
assert not [name for name in os.environ if "SAVED" in name], dict(os.environ)
shell = os.environ["shell"]
printed = subprocess.run(
    [shell, "-c", f'echo "<${{{VARIABLE}-unset}}>"'], capture_output=True, text=True, check=True
)
assert printed.stdout == "<unset>\n", printed
own = {**os.environ, VARIABLE: "/of/the/caller"}
for options in ([], ["-I"], ["-E"], ["-S"]):
    code = f"import os; print(os.environ['{VARIABLE}'])"
    printed = subprocess.run(
        [sys.executable, *options, "-c", code], env=own, capture_output=True, text=True, check=True
    )
    assert printed.stdout == "/of/the/caller\n", (options, printed)
lines.append("a child inherits no path")

process = Path("/proc/self/maps").read_text()
lines += sorted({line.split()[-1] for line in process.splitlines() if "libstdc++.so" in line})
Path(os.environ["out"]).write_text("\n".join(lines) + "\n")
