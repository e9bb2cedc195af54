"""Runs uv, isolated from the user's own projects and settings."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen

from lock.errors import UsageError
from lock.io import credentials, process
from lock.io.file_hashes import FileHashes
from lock.resolution import default_index, git_tags, uv_project
from lock.resolution.request import Options, Outcome, Preference, Request, of_origins

# How many runs of uv at a time: mostly they wait for the index.
CONCURRENT_RUNS = 4

# The variables of the user that uv may see; all others of its own would change what it resolves.
PASSED_ON = re.compile(
    r"UV_(CACHE_DIR|NO_CACHE|OFFLINE|(DEFAULT_|EXTRA_)?INDEX(_URL)?|INDEX_\w+_(USERNAME|PASSWORD)"
    r"|KEYRING_PROVIDER|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS|HTTP_\w+|CONCURRENT_\w+)"
)
# Beside uv's own: what would reach the interpreter that builds metadata, or choose another one,
# and what would fill uv's messages with its log.
CLEARED = re.compile(r"(UV|PYTHON)\w*|VIRTUAL_ENV|CONDA_PREFIX|CONDA_DEFAULT_ENV|RUST_LOG")
VARIABLES = {
    "NO_COLOR": "1",
    # Only uv's log says which versions it ignores because it can't read their files.
    "RUST_LOG": "uv_resolver=warn",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
}


def executable(environment: Mapping[str, str]) -> str:
    """Return the path of uv: the launcher's, else the one on PATH.

    Raises UsageError where there is none.
    """
    path = environment.get("WHEELHOUSE_UV") or shutil.which("uv", path=environment.get("PATH"))
    if not path:
        raise UsageError("uv, which resolves the versions, is not on PATH; install it")
    # uv runs in another folder.
    return str(Path(path).absolute())


def isolated_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for uv: the user's, without those that would change the resolution."""
    passed_on = {
        name: value
        for name, value in environment.items()
        if PASSED_ON.fullmatch(name) or not CLEARED.fullmatch(name)
    }
    # The libraries that wheels expect of a system: on Nix the interpreter finds none by itself.
    libraries = [environment.get(name) for name in ("WHEELHOUSE_LIBRARIES", "LD_LIBRARY_PATH")]
    search = {"LD_LIBRARY_PATH": ":".join(filter(None, libraries))} if libraries[0] else {}
    # Nix' own tools read both variables, uv only the first.
    authorities = environment.get("NIX_SSL_CERT_FILE")
    if authorities and not environment.get("SSL_CERT_FILE"):
        passed_on["SSL_CERT_FILE"] = authorities
    return passed_on | search | VARIABLES


@dataclass(frozen=True)
class Run:
    """A run of `uv lock`: waits for its outcome, and says whether that is there."""

    outcome: Callable[[], Outcome]
    has_ended: Callable[[], bool]


class Resolver:
    """Runs uv, each time in a new folder below a temporary one."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        options: Options | None = None,
    ) -> None:
        self.folder = folder
        options = options or Options()
        # What the machine says comes before what a file says.
        environment = {**options.settings.variables, **environment}
        indexes = default_index.placed(options.indexes, environment)
        self.options = replace(options, indexes=indexes)
        self.uv = executable(environment)
        self.python = environment.get("WHEELHOUSE_PYTHON") or sys.executable
        self.user_environment = environment
        self.environment = isolated_environment(environment)
        self.file_hashes = FileHashes(folder, self.environment, self.options.indexes)
        # Version of Python → the interpreter that this machine has for it, as far as it is known.
        self.interpreters: dict[str, str] = {}

    def in_folder(self, name: str) -> "Resolver":
        """Return a resolver that runs in a new folder below this one's."""
        folder = self.folder / name
        folder.mkdir()
        found = Resolver(folder, self.user_environment, self.options)
        found.file_hashes = self.file_hashes
        found.interpreters = self.interpreters
        return found

    def write_settings(self, folder: Path, request: Request | None = None) -> None:
        """Write the uv.toml of a run in a folder, for a request or another command."""
        indexes = self.options.indexes
        if not self.options.settings.no_index:
            fresh = request is None or request.fresh
            indexes = default_index.with_default(indexes, self.user_environment, fresh)
        text = uv_project.settings(replace(self.options, indexes=indexes), request)
        (folder / "uv.toml").write_text(text, encoding="utf-8")

    @contextmanager
    def locking(self, request: Request, preferences: Sequence[Preference] = ()) -> Iterator[Run]:
        """Start `uv lock` on a request; give the run.

        Leaving the context ends the run. Raises UsageError where uv can't be run.
        """
        folder = self.folder / request.name
        folder.mkdir()
        text = uv_project.pyproject(request, self.options.indexes, self.options.settings)
        (folder / "pyproject.toml").write_text(text, encoding="utf-8")
        for path, member in uv_project.members(request).items():
            (folder / path).mkdir(parents=True)
            (folder / path / "pyproject.toml").write_text(member, encoding="utf-8")
        preferences = [*of_origins(preferences, request, self.options.indexes)]
        self.write_settings(folder, request)
        if preferences:
            lock = uv_project.preferences_lock(preferences, self.options, is_build=request.is_build)
            (folder / "uv.lock").write_text(lock, encoding="utf-8")
        messages = folder / "messages"
        command = [self.uv, "lock", "--config-file", "uv.toml", "--python", self.python]
        repositories = git_tags.repositories(request)
        with self.running(command, folder, messages, repositories) as started:

            def outcome() -> Outcome:
                exit_code = started.wait()
                lock = folder / "uv.lock"
                return Outcome(
                    exit_code,
                    lock.read_text(encoding="utf-8") if exit_code == 0 and lock.exists() else "",
                    credentials.redact(messages.read_text(encoding="utf-8", errors="replace")),
                )

            yield Run(outcome, lambda: started.poll() is not None)

    @contextmanager
    def running(
        self,
        command: Sequence[str],
        folder: Path,
        messages: Path,
        repositories: Sequence[str] = (),
    ) -> Iterator["Popen[bytes]"]:
        """Start a command of uv; leaving the context ends it.

        `repositories` are the addresses of those that it may fetch.

        Raises UsageError where it can't be run.
        """
        with ExitStack() as stack:
            try:
                environment = self.environment | git_tags.variables(self.environment, repositories)
                started = stack.enter_context(
                    process.running(command, folder, environment, messages)
                )
            except OSError as error:
                raise UsageError(
                    f"{self.uv}: {error.strerror}; set WHEELHOUSE_UV to uv's path"
                ) from None
            yield started

    def lock(self, request: Request, preferences: Sequence[Preference] = ()) -> Outcome:
        """Run `uv lock` to its end. Raises UsageError where uv can't be run."""
        with self.locking(request, preferences) as run:
            return run.outcome()

    def lock_all(
        self, requests: Sequence[Request], preferences: Sequence[Preference] = ()
    ) -> list[Outcome]:
        """Run `uv lock` for each request, a few at a time. Raises UsageError where uv can't run."""
        outcomes: list[Outcome] = []
        for first in range(0, len(requests), CONCURRENT_RUNS):
            with ExitStack() as stack:
                waiting = [
                    stack.enter_context(self.locking(request, preferences))
                    for request in requests[first : first + CONCURRENT_RUNS]
                ]
                outcomes += [run.outcome() for run in waiting]
        return outcomes

    def newest(self, name: str, python: str) -> str | None:
        """Return the newest version of a project on the indexes; None if they have none.

        Raises UsageError where uv can't be run.
        """
        folder = self.folder / f"newest-{name}"
        folder.mkdir()
        self.write_settings(folder)
        (folder / "requirements.in").write_text(f"{name}\n", encoding="utf-8")
        options = ["--no-deps", "--no-header", "--no-annotate", "--universal"]
        options += ["--python-version", python, "--config-file", "uv.toml", "-o", "found.txt"]
        command = [self.uv, "pip", "compile", *options, "requirements.in"]
        with self.running(command, folder, folder / "messages") as started:
            if started.wait() != 0:
                return None
        found = (folder / "found.txt").read_text(encoding="utf-8")
        return found.strip().partition(" ")[0].removeprefix(f"{name}==")

    def lock_each_target(self, request: Request) -> list[Outcome]:
        """Run `uv lock` for each target of a request alone."""
        return self.lock_all(
            [
                replace(request, name=target.system.name, targets=[target])
                for target in request.targets
            ]
        )
