"""Run a package's build step outside of Nix, where its processes can be measured one by one."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bench.nix import Nix
from bench.running import Command, Usage, output, run

# Runs the program of its arguments, and writes the kernel's line on its own peak memory before the
# program ends its process. What it forks ends earlier, so the last line is its own.
REPORTING = """
import os, runpy, sys
end = os._exit
def report(status):
    with open("/proc/self/status") as found, open(os.environ["PEAK"], "w") as file:
        file.write(next(line for line in found if line.startswith("VmHWM")))
    end(status)
os._exit = report
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@dataclass(frozen=True)
class Step:
    """The program of a derivation that unpacks `wheel`, and its variables; `folder` is its own."""

    builder: str
    arguments: tuple[str, ...]
    variables: dict[str, str]
    folder: Path

    def __call__(self, _number: int = 0) -> Usage:
        """Run it as Nix does."""
        return self._run([self.builder, *self.arguments])

    def peaks(self) -> tuple[int, int]:
        """Return the bytes of its own peak memory, and of that of its largest process."""
        # The last options are the program and the step.
        *options, program, step = self.arguments
        usage = self._run([self.builder, *options, "-c", REPORTING, program, step])
        return int((self.folder / "peak").read_text().split()[1]) * 1024, usage.memory

    def _run(self, arguments: list[str]) -> Usage:
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        return run(Command(arguments, self.folder, self.variables))


def step(nix: Nix, lock: Path, package: str, wheel: Path, folder: Path) -> Step:
    """Return the step of a package of a lock, with its inputs built; the wheel isn't copied."""
    arguments = ["--arg", "lock", str(lock), "--argstr", "set", "unpack"]
    derivation = output(nix.instantiate(f"packages.{package}", *arguments))
    [described] = json.loads(output(nix.command("nix", "show-derivation", derivation))).values()
    spec = json.loads(described["env"]["spec"])
    inputs = output(nix.command("nix-store", "--query", "--references", derivation)).split()
    run(nix.command("nix-store", "--realise", *(path for path in inputs if ".whl" not in path)))
    spec["wheel"]["path"] = str(wheel)
    folder.mkdir()
    (folder / "spec").write_text(json.dumps(spec), encoding="utf-8")
    variables = {
        "specPath": str(folder / "spec"),
        "out": str(folder / "out"),
        "PEAK": str(folder / "peak"),
        "PATH": described["env"]["PATH"],
        "PYTHONHASHSEED": "0",
        "NIX_BUILD_CORES": str(os.cpu_count()),
    }
    return Step(described["builder"], tuple(described["args"]), variables, folder)
