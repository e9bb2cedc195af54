"""Drives `uv lock`: a generated project in, the text of uv.lock out, apart from the user's uv."""

import re
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from subprocess import Popen
from typing import Any

from lock.errors import UsageError
from lock.io import credentials, process
from lock.models.requirements import Index
from lock.models.target import Target
from lock.resolution import default_index, toml

# The generated project's name, which nothing on an index has.
ROOT = "wheelhouse-requirements-root"
OLDEST_PYTHON = "3.8"
# Runs of uv.
AT_A_TIME = 4
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
    # Which versions it passes over because it can't read their files, uv says nowhere else.
    "RUST_LOG": "uv_resolver=warn",
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
    # PEP 508: versions that a package must have if something asks for it.
    constraints: Sequence[str] = ()
    # PEP 508: what stands in place of every requirement of a package.
    overrides: Sequence[str] = ()
    # Package → the name of the only index that may have it, of those of the options.
    index_of: Mapping[str, str] = field(default_factory=dict)
    # Names and versions of packages whose own requirements are not looked at.
    bare: Sequence[tuple[str, str]] = ()
    # Whether a version that is a minute old has to be seen.
    fresh: bool = True


@dataclass(frozen=True)
class Options:
    """What holds for every question, those of builds included."""

    # Package → what its build needs beside what it declares (PEP 508).
    build_requires: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # Packages that are built from source even where a wheel fits.
    prefer_sdist: Collection[str] = ()
    # In order of preference.
    indexes: Sequence[Index] = ()
    # RFC 3339: files uploaded later are not seen.
    exclude_newer: str | None = None


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


def project(question: Question, indexes: Sequence[Index] = ()) -> str:
    """The pyproject.toml that asks uv a question; `indexes` are those that it may name."""
    groups = [
        f"{toml.string(name)} = {toml.array(texts)}"
        for name, texts in sorted(question.groups.items())
    ]
    environments = dict.fromkeys(map(Target.uv_environment, question.targets))
    return "\n".join(
        [
            "[project]",
            f'name = "{ROOT}"',
            'version = "0"',
            f'requires-python = ">={OLDEST_PYTHON}"',
            f"dependencies = {toml.array(question.requirements)}",
            "",
            "[dependency-groups]",
            *groups,
            "",
            "[tool.uv]",
            "package = false",
            # Markers don't tell the libraries of C apart, and uv wants each environment once.
            f"environments = {toml.array(environments)}",
            *_listed("constraint-dependencies", question.constraints),
            *_listed("override-dependencies", question.overrides),
            "",
            # Without a workspace of its own the project would join one in a folder above.
            "[tool.uv.workspace]",
            "members = []",
            "",
            "[tool.uv.sources]",
            *(
                f"{toml.string(name)} = {{ index = {toml.string(index)} }}"
                for name, index in sorted(question.index_of.items())
            ),
            "",
            *_index_tables("tool.uv.index", indexes),
        ]
    )


def settings(options: Options, bare: Sequence[tuple[str, str]] = ()) -> str:
    """The uv.toml that makes some options hold; `bare` is that of the question."""
    lines = [
        f"{name} = {toml.array(texts)}" for name, texts in sorted(options.build_requires.items())
    ]
    return "\n".join(
        [
            *(
                [f"exclude-newer = {toml.string(options.exclude_newer)}"]
                if options.exclude_newer
                else []
            ),
            *(["[extra-build-dependencies]", *lines, ""] if lines else []),
            *_index_tables("index", options.indexes),
            *(
                f"[[dependency-metadata]]\nname = {toml.string(name)}\n"
                f"version = {toml.string(version)}\nrequires-dist = []\n"
                for name, version in bare
            ),
        ]
    )


def _listed(key: str, texts: Sequence[str]) -> list[str]:
    return [f"{key} = {toml.array(texts)}"] if texts else []


def _index_tables(header: str, indexes: Iterable[Index]) -> list[str]:
    lines = []
    for index in indexes:
        lines += [f"[[{header}]]", f"name = {toml.string(index.name)}"]
        lines.append(f"url = {toml.string(index.url)}")
        lines += ["explicit = true"] if index.explicit else []
        lines += ["default = true"] if index.default else []
        lines += ['format = "flat"'] if index.flat else []
        held = {"api": index.pages_hold, "files": index.files_hold}
        promised = [f"{what} = {toml.string(long)}" for what, long in held.items() if long]
        lines += [f"cache-control = {{ {', '.join(promised)} }}"] if promised else []
        lines.append("")
    return lines


def where(having: Sequence[Target], targets: Sequence[Target]) -> str:
    """The marker (PEP 508) of the targets that have something; empty when all do."""
    if len(having) == len(targets):
        return ""
    return " ; " + " or ".join(f"({target.uv_environment()})" for target in having)


@lru_cache(maxsize=AT_A_TIME)
def read(lock: str) -> Mapping[str, Any]:
    """The data of a uv.lock, parsed once for all that look at it; they leave it as it is.

    Raises tomli.TOMLDecodeError.
    """
    # Imported here: what Nix runs of this has the builder's libraries only.
    import tomli

    return tomli.loads(lock)


def resolved(lock: str) -> Iterator[Preference]:
    """The versions that a uv.lock has from an index; it is read when the first is asked for."""
    for package in read(lock)["package"]:
        if "registry" in package["source"]:
            yield Preference(
                package["name"],
                package["version"],
                package["source"]["registry"],
                tuple(package.get("resolution-markers", ())),
            )


def preferences(preferred: Iterable[Preference], exclude_newer: str | None = None) -> str:
    """The uv.lock that makes uv choose some versions where it can; it resolves anew."""
    lines = [f"version = {FORMAT}", f'requires-python = ">={OLDEST_PYTHON}"']
    if exclude_newer:
        # uv ignores a lock that was made with another one.
        lines += ["[options]", f"exclude-newer = {toml.string(exclude_newer)}"]
    for one in preferred:
        lines += ["[[package]]", f"name = {toml.string(one.name)}"]
        lines.append(f"version = {toml.string(one.version)}")
        lines.append(f"source = {{ registry = {toml.string(one.registry)} }}")
        if one.markers:
            lines.append(f"resolution-markers = {toml.array(one.markers)}")
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
    # uv reads only the first of the two that Nix' own tools read.
    authority = environment.get("NIX_SSL_CERT_FILE")
    if authority and not environment.get("SSL_CERT_FILE"):
        kept["SSL_CERT_FILE"] = authority
    search = {"LD_LIBRARY_PATH": ":".join(filter(None, libraries))} if libraries[0] else {}
    return kept | search | SETTINGS


class Resolver:
    """Runs uv in folders below a scratch folder; leaving its context ends every run."""

    def __init__(
        self,
        scratch: Path,
        environment: Mapping[str, str],
        options: Options | None = None,
    ) -> None:
        self.scratch = scratch
        self.uv = executable(environment)
        self.python = environment.get("WHEELHOUSE_PYTHON") or sys.executable
        self.user = environment
        self.environment = clean_environment(environment)
        self.options = options or Options()

    def configure(
        self, folder: Path, bare: Sequence[tuple[str, str]] = (), fresh: bool = True
    ) -> None:
        """Writes the uv.toml of a run of uv in a folder; the rest is that of the question."""
        indexes = default_index.told(self.options.indexes, self.user, fresh)
        text = settings(replace(self.options, indexes=indexes), bare)
        (folder / "uv.toml").write_text(text, encoding="utf-8")

    @contextmanager
    def running(
        self, question: Question, preferred: Sequence[Preference] = ()
    ) -> Iterator[Callable[[], Outcome]]:
        """Starts `uv lock` in a folder of its own; gives what waits for the outcome.

        Raises UsageError when uv can't be run.
        """
        folder = self.scratch / question.name
        folder.mkdir()
        text = project(question, self.options.indexes)
        (folder / "pyproject.toml").write_text(text, encoding="utf-8")
        self.configure(folder, question.bare, question.fresh)
        if preferred:
            kept = preferences(preferred, self.options.exclude_newer)
            (folder / "uv.lock").write_text(kept, encoding="utf-8")
        messages = folder / "messages"
        command = [self.uv, "lock", "--config-file", "uv.toml", "--python", self.python]
        with self.guarded(command, folder, messages) as started:

            def outcome() -> Outcome:
                exit_code = started.wait()
                lock = folder / "uv.lock"
                return Outcome(
                    exit_code,
                    lock.read_text(encoding="utf-8") if exit_code == 0 and lock.exists() else "",
                    credentials.hidden(messages.read_text(encoding="utf-8", errors="replace")),
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
        """Runs `uv lock` for each target alone."""
        return self.answer(
            [
                replace(question, name=target.system.name, targets=[target])
                for target in question.targets
            ]
        )

    def answer(
        self, questions: Sequence[Question], preferred: Sequence[Preference] = ()
    ) -> list[Outcome]:
        """Runs `uv lock` for each question, a few at a time: mostly they wait for the index.

        Raises UsageError when uv can't be run.
        """
        outcomes: list[Outcome] = []
        for first in range(0, len(questions), AT_A_TIME):
            with ExitStack() as stack:
                waiting = [
                    stack.enter_context(self.running(question, preferred))
                    for question in questions[first : first + AT_A_TIME]
                ]
                outcomes += [outcome() for outcome in waiting]
        return outcomes
