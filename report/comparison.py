"""Find the lock that a report is compared with, and what has changed since."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lock.errors import UsageError
from lock.lockfile import changes, reader
from lock.lockfile.groups import chosen, group_closure
from lock.lockfile.reader import Lock


@dataclass(frozen=True)
class Comparison:
    """A lock, the one to compare it with, and what the latter is called."""

    before: Lock
    now: Lock
    label: str

    def data(self, system: str, groups: Sequence[str]) -> dict[str, object]:
        """Return what some groups of the lock have otherwise on a system, as the page takes it."""
        listed = changes.between(
            changes.versions(_installed(self.before, system, groups)),
            changes.versions(_installed(self.now, system, groups)),
        )
        return {"against": self.label, "changes": [change.data() for change in listed]}


def choose(
    sources: Path,
    against: Path | None,
    commit: str | None,
    environment: Mapping[str, str],
    groups: Sequence[str] = (),
) -> Comparison | None:
    """Return the comparison with a file, with a commit, or, by default, with the last commit.

    None where none is named, and the lock is as it was committed or isn't in a repository. Raises
    UsageError for a named one that can't be read, for another tool's lock, and for one in which the
    groups exclude each other.
    """
    if against is not None:
        return _comparison(reader.read(against), sources, str(against), groups)
    if commit is not None:
        text = _committed(sources, commit, environment)
        return _comparison(_parse(text, sources, commit), sources, commit, groups)
    try:
        text = _committed(sources, "HEAD", environment)
    except UsageError:
        return None
    if text == sources.read_text(encoding="utf-8", errors="replace"):
        return None
    try:
        return _comparison(_parse(text, sources, "HEAD"), sources, "the last commit", groups)
    except UsageError as error:
        # A lock of Makes can be built, but not compared.
        print(f"report: without what changed since the last commit: {error}", file=sys.stderr)
        return None


def _comparison(before: Lock, sources: Path, label: str, groups: Sequence[str]) -> Comparison:
    # Raises an error before anything is built.
    chosen(before, groups)
    return Comparison(before, reader.read(sources), label)


def _parse(text: str, sources: Path, commit: str) -> Lock:
    return reader.parse(text, Path(f"{commit}:{sources}"))


def _installed(lock: Lock, system: str, groups: Sequence[str]) -> list[tuple[str, str]]:
    names = group_closure(lock, system, groups)
    return [
        (package.name, package.version)
        for package in chosen(lock, groups).packages
        if package.name in names and system in package.systems and not package.origin
    ]


def _committed(sources: Path, commit: str, environment: Mapping[str, str]) -> str:
    """Return the text of a lock in a commit. Raises UsageError where git doesn't find it."""
    # Of a symbolic link, git would show where it leads to.
    real = sources.resolve()
    # The colon keeps git from reading an option, or a path, in the name of a commit.
    command = ["git", "show", "--end-of-options", f"{commit}:./{real.name}"]
    try:
        done = subprocess.run(
            command, cwd=real.parent, env=environment, check=False, capture_output=True
        )
    except FileNotFoundError:
        raise UsageError(f"{sources}: git isn't on PATH, which has the lock of {commit}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise UsageError(
            f"{sources}: git doesn't find it in {commit} ({said}); name a commit that has it"
        )
    return done.stdout.decode("utf-8", "replace")
