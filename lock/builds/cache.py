"""What files said of themselves, cached for later runs: they never change."""

import hashlib
import json
import platform
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lock.io import files
from native.revision import revision

if TYPE_CHECKING:
    from lock.builds.sdist import BuildSystem
    from native.build_needs import BuildNeeds

# Of the cached files; those of another format are ignored.
FORMAT = 1
# What reads wheels by the rules of native/, and has some of its own.
WHEELS = Path(__file__).parents[1] / "wheels"
WHEEL_READERS = tuple(
    WHEELS / name for name in ("mentioned_modules.py", "wheel_needs.py", "wheel_reading.py")
)
BILL_READER = WHEELS / "bills.py"


class BuildCache:
    """A folder of cached responses, by the sha256 of the source distribution.

    What can't be read or written counts as not cached; without a folder nothing is cached.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def build_system(self, sha256: str | None) -> "BuildSystem | None":
        """Return the build system that a source distribution declares, if it is cached."""
        # Imported here because most locks have wheels only.
        from lock.builds.sdist import BuildSystem

        data = self._read("declared", sha256)
        try:
            return BuildSystem(
                frozenset(data["requires"]), data["backend"], tuple(data["backend-path"])
            )
        except (KeyError, TypeError):
            return None

    def store_build_system(self, sha256: str | None, build_system: "BuildSystem") -> None:
        """Cache the build system that a source distribution declares."""
        data = {
            "requires": sorted(build_system.requires),
            "backend": build_system.backend,
            "backend-path": [*build_system.backend_path],
        }
        self._write(data, "declared", sha256)

    def requires_dist(self, sha256: str | None) -> tuple[str, ...] | None:
        """Return what a wheel or a source distribution requires, if it is cached."""
        listed = self._read("metadata", sha256).get("requires")
        return tuple(map(str, listed)) if isinstance(listed, list) else None

    def store_requires_dist(self, sha256: str | None, requirements: Iterable[str]) -> None:
        """Cache what a wheel or a source distribution requires."""
        self._write({"requires": [*requirements]}, "metadata", sha256)

    def wheel_needs(self, sha256: str | None, machine: str) -> Mapping[str, Any]:
        """Return what is cached of a wheel's needs on a machine; empty for nothing."""
        return self._read("wheel", sha256, machine, revision(*WHEEL_READERS))

    def store_wheel_needs(
        self, sha256: str | None, machine: str, needs: Mapping[str, object]
    ) -> None:
        """Cache what a wheel needs on a machine."""
        self._write(needs, "wheel", sha256, machine, revision(*WHEEL_READERS))

    def wheel_imports(self, sha256: str | None, wanted: Iterable[str]) -> Sequence[str] | None:
        """Return what a wheel imports of the modules that are wanted, if it is cached."""
        data = self._read("imports", sha256, sorted(wanted), revision(*WHEEL_READERS))
        found = data.get("imports")
        return found if isinstance(found, list) else None

    def store_wheel_imports(
        self, sha256: str | None, wanted: Iterable[str], imports: Sequence[str]
    ) -> None:
        """Cache what a wheel imports of the modules that are wanted."""
        data = {"imports": [*imports]}
        self._write(data, "imports", sha256, sorted(wanted), revision(*WHEEL_READERS))

    def bundle(self, sha256: str | None) -> Mapping[str, Any]:
        """Return what is cached of the bills in a wheel; empty for nothing."""
        return self._read("bundle", sha256, revision(BILL_READER))

    def store_bundle(self, sha256: str | None, bundle: Mapping[str, object]) -> None:
        """Cache what the bills in a wheel list."""
        self._write(bundle, "bundle", sha256, revision(BILL_READER))

    def license(self, content: str | None, reader: str) -> Mapping[str, Any]:
        """Return what is cached of a file's licence, as a `reader` read it; empty for nothing."""
        return self._read("license", content, reader)

    def store_license(self, content: str | None, reader: str, told: Mapping[str, object]) -> None:
        """Cache what a file tells of its licence."""
        self._write(told, "license", content, reader)

    def build_needs(self, content: str | None) -> "BuildNeeds | None":
        """Return what the build of a source distribution needs of the system, if it is cached."""
        from native.build_needs import BuildNeeds

        data = self._read("source", content, revision())
        try:
            return (
                BuildNeeds(**{key: frozenset(listed) for key, listed in data.items()})
                if data
                else None
            )
        except TypeError:
            return None

    def store_build_needs(self, content: str | None, needs: "BuildNeeds") -> None:
        """Cache what the build of a source distribution needs of the system."""
        self._write(
            {key: sorted(names) for key, names in vars(needs).items()},
            "source",
            content,
            revision(),
        )

    def hook_requirements(
        self, sha256: str | None, python: str, environment: Iterable[tuple[str, str]]
    ) -> frozenset[str] | None:
        """Return what the backend's hook returned in an environment of these names and versions."""
        return _requirements(self._read("asked", sha256, python, sorted(environment)))

    def latest_hook_requirements(self, sha256: str | None, python: str) -> frozenset[str] | None:
        """Return what the backend's hook returned most recently, in whatever environment."""
        return _requirements(self._read("latest", sha256, python))

    def store_hook_requirements(
        self,
        sha256: str | None,
        python: str,
        environment: Iterable[tuple[str, str]],
        requirements: Iterable[str],
    ) -> None:
        """Cache what the backend's hook returned."""
        data = {"requires": sorted(requirements)}
        self._write(data, "asked", sha256, python, sorted(environment))
        self._write(data, "latest", sha256, python)

    def _file(self, kind: str, sha256: str | None, *more: object) -> Path | None:
        if self.folder is None or sha256 is None:
            return None
        key = json.dumps([FORMAT, kind, sha256, platform.machine(), *more])
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"

    def _read(self, kind: str, sha256: str | None, *more: object) -> Mapping[str, Any]:
        file = self._file(kind, sha256, *more)
        if file is None:
            return {}
        try:
            # Unbuffered: a lock may read hundreds of small files.
            with file.open("rb", buffering=0) as stream:
                data = json.loads(stream.read())
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}

    def _write(
        self, data: Mapping[str, object], kind: str, sha256: str | None, *more: object
    ) -> None:
        file = self._file(kind, sha256, *more)
        if file is None:
            return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            # Replaced in one step: two runs may write the same file.
            with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as stream:
                json.dump(data, stream)
            Path(stream.name).replace(file)
        except OSError:
            return


def user_cache(environment: Mapping[str, str]) -> BuildCache:
    """Return the cache of the user of an environment; none where uv is to have no cache."""
    folder = files.user_cache_folder(environment)
    if folder is None or environment.get("UV_NO_CACHE"):
        return BuildCache(None)
    return BuildCache(folder / "wheelhouse" / "builds")


def _requirements(data: Mapping[str, Any]) -> frozenset[str] | None:
    listed = data.get("requires")
    return frozenset(listed) if isinstance(listed, list) else None
