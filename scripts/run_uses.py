"""Run statements for each package in a process of its own; write JSON of the results.

The builder of scripts/other-pythons.nix: `usesPath` names a file of JSON, package → statements;
`out` gets package → {"error", "gil"}.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

AFTER = "\nimport sys as _sys; print(getattr(_sys, '_is_gil_enabled', lambda: True)())\n"


def run(statements: str) -> "dict[str, str | bool | None]":
    """Run statements; `gil` tells whether the GIL is on afterwards."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", statements + AFTER],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(Path.cwd())},
    )
    lines = [line for line in done.stderr.splitlines() if "GIL" in line or done.returncode]
    return {
        "error": (lines or [f"ended with {done.returncode}"])[-1] if done.returncode else None,
        "gil": done.stdout.splitlines()[-1:] != ["False"],
        "warning": next((line for line in lines if "GIL" in line), None),
    }


def main() -> None:
    """Run what the variables name."""
    uses = json.loads(Path(os.environ["usesPath"]).read_text("utf-8"))
    results = {name: run(statements) for name, statements in sorted(uses.items())}
    results[""] = run("")
    Path(os.environ["out"]).write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
