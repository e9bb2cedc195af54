"""What source distributions said of their builds, kept from run to run: they never change."""

import hashlib
import json
import platform
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lock.builds.sdist import BuildSystem

# Of what is kept; another one is not read.
FORMAT = 1


class Answers:
    """The answers in a folder of the user's cache; what can't be read or written is forgotten."""

    def __init__(self, folder: Path | None) -> None:
        # None keeps nothing.
        self.folder = folder

    def build_system(self, sha256: str | None) -> BuildSystem | None:
        """What the source distribution with a sha256 declares, if that is known."""
        found = self._read("declared", sha256)
        try:
            return BuildSystem(
                frozenset(found["requires"]), found["backend"], tuple(found["backend-path"])
            )
        except (KeyError, TypeError):
            return None

    def keep_build_system(self, sha256: str | None, known: BuildSystem) -> None:
        """Keeps what a source distribution declares."""
        data = {
            "requires": sorted(known.requires),
            "backend": known.backend,
            "backend-path": [*known.backend_path],
        }
        self._write(data, "declared", sha256)

    def requires(
        self, sha256: str | None, python: str, environment: Iterable[tuple[str, str]]
    ) -> frozenset[str] | None:
        """What its backend asked for (PEP 517) in an environment of these versions, if known."""
        return _listed(self._read("asked", sha256, python, sorted(environment)))

    def latest(self, sha256: str | None, python: str) -> frozenset[str] | None:
        """What its backend asked for most recently, whatever it ran in, if known."""
        return _listed(self._read("latest", sha256, python))

    def keep_requires(
        self,
        sha256: str | None,
        python: str,
        environment: Iterable[tuple[str, str]],
        answer: Iterable[str],
    ) -> None:
        """Keeps what a backend asked for."""
        data = {"requires": sorted(answer)}
        self._write(data, "asked", sha256, python, sorted(environment))
        self._write(data, "latest", sha256, python)

    def _file(self, kind: str, sha256: str | None, *more: object) -> Path | None:
        if self.folder is None or sha256 is None:
            return None
        key = json.dumps([FORMAT, kind, sha256, platform.machine(), *more])
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"

    def _read(self, kind: str, sha256: str | None, *more: object) -> Mapping[str, Any]:
        file = self._file(kind, sha256, *more)
        try:
            found = json.loads(file.read_text("utf-8")) if file else {}
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(
        self, data: Mapping[str, object], kind: str, sha256: str | None, *more: object
    ) -> None:
        file = self._file(kind, sha256, *more)
        if file is None:
            return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            # Whole or not at all: two runs may write the same.
            with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as stream:
                json.dump(data, stream)
            Path(stream.name).replace(file)
        except OSError:
            return


def _listed(found: Mapping[str, Any]) -> frozenset[str] | None:
    listed = found.get("requires")
    return frozenset(listed) if isinstance(listed, list) else None


def of(environment: Mapping[str, str]) -> Answers:
    """The answers in the cache of the user of an environment; none where uv is to have no cache."""
    home, cache = environment.get("HOME"), environment.get("XDG_CACHE_HOME")
    folder = Path(cache) if cache else Path(home, ".cache") if home else None
    if folder is None or environment.get("UV_NO_CACHE"):
        return Answers(None)
    return Answers(folder / "wheelhouse" / "builds")
