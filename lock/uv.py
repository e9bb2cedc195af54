"""Drives `uv lock`: a generated project in, the text of uv.lock out, apart from the user's uv."""

import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import Popen

from lock import process
from lock.errors import UsageError
from lock.target import Target

# The generated project's name, which nothing on an index has.
ROOT = "wheelhouse-requirements-root"
OLDEST_PYTHON = "3.8"
# Of the uv.lock that is read and written.
FORMAT = 1

# What the user's environment may say to uv; all else would change what is resolved.
PASSED_ON = re.compile(
    r"UV_(CACHE_DIR|NO_CACHE|OFFLINE|(DEFAULT_|EXTRA_)?INDEX(_URL)?|INDEX_\w+_(USERNAME|PASSWORD)"
    r"|KEYRING_PROVIDER|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS|HTTP_\w+|CONCURRENT_\w+)"
)
# Beside uv's own: what would reach the interpreter that builds metadata, or choose another one,
# and what would fill uv's messages with its log.
CLEARED = re.compile(r"(UV|PYTHON)\w*|VIRTUAL_ENV|CONDA_PREFIX|CONDA_DEFAULT_ENV|RUST_LOG")
SETTINGS = {
    "NO_COLOR": "1",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
}


@dataclass(frozen=True)
class Outcome:
    """How `uv lock` ended: 0 done, 1 unsatisfiable or a failed build, 2 usage or network."""

    exit_code: int
    # The content of uv.lock, empty when there is none.
    lock: str
    messages: str


@dataclass(frozen=True)
class Question:
    """What `uv lock` is asked: requirements (PEP 508) for targets."""

    # Of the folder that it runs in.
    name: str
    requirements: Sequence[str]
    targets: Sequence[Target]
    # Requirements of further groups, by their names (PEP 735), which must agree with the rest.
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Preference:
    """A version that uv is to choose where it can; it doesn't look at the registry's address.

    `markers` (PEP 508) say where it holds.
    """

    name: str
    version: str
    registry: str = "."
    markers: tuple[str, ...] = ()


def executable(environment: Mapping[str, str]) -> str:
    """The path of uv: the launcher's, else the one on PATH. Raises UsageError without one."""
    path = environment.get("WHEELHOUSE_UV") or shutil.which("uv", path=environment.get("PATH"))
    if not path:
        raise UsageError("uv, which resolves the versions, is not on PATH; install it")
    # uv runs in another folder.
    return str(Path(path).absolute())


def project(question: Question) -> str:
    """The pyproject.toml that asks uv a question."""
    groups = [
        f"{_toml_string(name)} = {_toml(texts)}" for name, texts in sorted(question.groups.items())
    ]
    return "\n".join(
        [
            "[project]",
            f'name = "{ROOT}"',
            'version = "0"',
            f'requires-python = ">={OLDEST_PYTHON}"',
            f"dependencies = {_toml(question.requirements)}",
            "",
            "[dependency-groups]",
            *groups,
            "",
            "[tool.uv]",
            "package = false",
            f"environments = {_toml(target.uv_environment() for target in question.targets)}",
            "",
            # Without a workspace of its own the project would join one in a folder above.
            "[tool.uv.workspace]",
            "members = []",
            "",
        ]
    )


def settings(build_requires: Mapping[str, Iterable[str]]) -> str:
    """The uv.toml for packages that don't declare all that their builds need."""
    lines = [f"{name} = {_toml(texts)}" for name, texts in sorted(build_requires.items())]
    return "\n".join(["[extra-build-dependencies]", *lines, ""]) if lines else ""


def resolved(lock: str) -> list[Preference]:
    """The versions that a uv.lock has from an index."""
    return [
        Preference(
            package["name"],
            package["version"],
            package["source"]["registry"],
            tuple(package.get("resolution-markers", ())),
        )
        for package in tomllib.loads(lock)["package"]
        if "registry" in package["source"]
    ]


def preferences(preferred: Iterable[Preference]) -> str:
    """The uv.lock that makes uv choose some versions where it can; it resolves anew."""
    lines = [f"version = {FORMAT}", f'requires-python = ">={OLDEST_PYTHON}"']
    for one in preferred:
        lines += ["[[package]]", f"name = {_toml_string(one.name)}"]
        lines.append(f"version = {_toml_string(one.version)}")
        lines.append(f"source = {{ registry = {_toml_string(one.registry)} }}")
        if one.markers:
            lines.append(f"resolution-markers = {_toml(one.markers)}")
    return "\n".join([*lines, ""])


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: the user's, without what would change the resolution."""
    kept = {
        name: value
        for name, value in environment.items()
        if PASSED_ON.fullmatch(name) or not CLEARED.fullmatch(name)
    }
    # What wheels expect of a system, where the interpreter's own has none: on Nix.
    libraries = [environment.get(name) for name in ("WHEELHOUSE_LIBRARIES", "LD_LIBRARY_PATH")]
    search = {"LD_LIBRARY_PATH": ":".join(filter(None, libraries))} if libraries[0] else {}
    return kept | search | SETTINGS


class Resolver:
    """Runs uv in folders below a scratch folder; leaving its context ends every run."""

    def __init__(
        self,
        scratch: Path,
        environment: Mapping[str, str],
        build_requires: Mapping[str, Sequence[str]] | None = None,
        prefer_sdist: Collection[str] = (),
    ) -> None:
        self.scratch = scratch
        self.uv = executable(environment)
        self.python = environment.get("WHEELHOUSE_PYTHON") or sys.executable
        self.environment = clean_environment(environment)
        # Package → what its build needs beside what it declares (PEP 508).
        self.build_requires = build_requires or {}
        # Packages that are built from source even where a wheel fits.
        self.prefer_sdist = prefer_sdist

    @contextmanager
    def running(
        self, question: Question, preferred: Sequence[Preference] = ()
    ) -> Iterator[Callable[[], Outcome]]:
        """Starts `uv lock` in a folder of its own; gives what waits for the outcome.

        Raises UsageError when uv can't be run.
        """
        folder = self.scratch / question.name
        folder.mkdir()
        text = project(question)
        (folder / "pyproject.toml").write_text(text, encoding="utf-8")
        (folder / "uv.toml").write_text(settings(self.build_requires), encoding="utf-8")
        if preferred:
            (folder / "uv.lock").write_text(preferences(preferred), encoding="utf-8")
        messages = folder / "messages"
        command = [self.uv, "lock", "--config-file", "uv.toml", "--python", self.python]
        with self.guarded(command, folder, messages) as started:

            def outcome() -> Outcome:
                exit_code = started.wait()
                lock = folder / "uv.lock"
                return Outcome(
                    exit_code,
                    lock.read_text(encoding="utf-8") if exit_code == 0 and lock.exists() else "",
                    messages.read_text(encoding="utf-8", errors="replace"),
                )

            yield outcome

    @contextmanager
    def guarded(
        self, command: Sequence[str], folder: Path, messages: Path
    ) -> Iterator["Popen[bytes]"]:
        """Starts uv. Raises UsageError when it can't be run."""
        with ExitStack() as stack:
            try:
                started = stack.enter_context(
                    process.running(command, folder, self.environment, messages)
                )
            except OSError as error:
                raise UsageError(
                    f"{self.uv}: {error.strerror}; set WHEELHOUSE_UV to uv's path"
                ) from None
            yield started

    def lock(self, question: Question, preferred: Sequence[Preference] = ()) -> Outcome:
        """Runs `uv lock` to its end. Raises UsageError when uv can't be run."""
        with self.running(question, preferred) as outcome:
            return outcome()

    def probe(self, question: Question) -> list[Outcome]:
        """Runs `uv lock` for each target alone, two at a time."""
        return self.answer(
            [
                replace(question, name=target.system.name, targets=[target])
                for target in question.targets
            ]
        )

    def answer(
        self, questions: Sequence[Question], preferred: Sequence[Preference] = ()
    ) -> list[Outcome]:
        """Runs `uv lock` for each question, two at a time.

        Raises UsageError when uv can't be run.
        """
        outcomes: list[Outcome] = []
        for first in range(0, len(questions), 2):
            with ExitStack() as stack:
                waiting = [
                    stack.enter_context(self.running(question, preferred))
                    for question in questions[first : first + 2]
                ]
                outcomes += [outcome() for outcome in waiting]
        return outcomes


def _toml(texts: Iterable[str]) -> str:
    """A TOML array of basic strings."""
    return f"[{', '.join(map(_toml_string, texts))}]"


def _toml_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    controls = re.sub(r"[\x00-\x1f\x7f]", lambda sign: f"\\u{ord(sign[0]):04x}", escaped)
    return f'"{controls}"'
