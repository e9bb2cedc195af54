"""Reads requirements.txt and similar files (pip's documentation, "Requirements File Format")."""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion

from lock.errors import UsageError
from lock.inputs import pep508, projects, read_text
from lock.inputs.checks import check_address, check_path, split_address
from lock.inputs.problems import Problems
from lock.models.requirements import Index, Local, Requirement, Requirements

COMMENT = re.compile(r"(^|\s)#.*")
# The beginning of a line's options.
OPTIONS = re.compile(r"(^|\s)-")
SHORT = {
    "-c": "--constraint",
    "-e": "--editable",
    "-f": "--find-links",
    "-i": "--index-url",
    "-r": "--requirement",
}
HASH = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII | re.IGNORECASE)
# Ignored, since every file is locked with its hash, and a wheel is taken wherever one fits.
WITHOUT_EFFECT = {"--prefer-binary", "--require-hashes", "--trusted-host", "--use-feature"}
FLAGS = {"--no-index", "--pre", "--prefer-binary", "--require-hashes"}
REMEDIES = {
    "--only-binary": "leave it out, a wheel is taken wherever one fits",
    "--pre": "ask for the pre-release by its version, as in `name>=2.0a1`",
}


def parse(text: str, file: str) -> Requirements:
    """Return the requirements in a text and in the files that it includes.

    `file` is named in errors. Raises UsageError with a line for each error:
    `FILE:LINE: key: what is wrong; what to do`.
    """
    problems = Problems(file)
    found = _Found()
    _File(found, problems, (Path(file).absolute(),)).read(text)
    if not (found.packages or problems.found):
        problems.add(1, None, "no package is asked for", "write lines such as `Django>3.2`")
    problems.raise_if_any()
    packages = [_marked(package, found.sdists) for package in found.packages]
    return Requirements(
        None,
        None,
        tuple(sorted(dict.fromkeys(packages), key=str)),
        indexes=found.ordered_indexes(),
        constraints=tuple(sorted({str(constraint) for constraint in found.constraints})),
        hashes={name: tuple(sorted(hashes)) for name, hashes in sorted(found.hashes.items())},
    )


@dataclass
class _Found:
    """The content of the files, as far as they are read."""

    packages: list[Requirement] = field(default_factory=list)
    constraints: list[Requirement] = field(default_factory=list)
    # Normalized names of the projects that are built from source.
    sdists: set[str] = field(default_factory=set)
    # Project name → the sha256 that its files may have.
    hashes: dict[str, set[str]] = field(default_factory=dict)
    default: Index | None = None
    more: list[Index] = field(default_factory=list)
    no_index: bool = False

    def ordered_indexes(self) -> tuple[Index, ...]:
        """Return the indexes, of which at most one replaces the default index."""
        more = list(dict.fromkeys(self.more))
        if self.no_index and self.default is None and more:
            return (*more[:-1], replace(more[-1], default=True))
        return (*more, *([self.default] if self.default else []))


def _marked(package: Requirement, sdists: set[str]) -> Requirement:
    return replace(package, prefer_sdist=package.name in sdists)


class _File:
    """Reads one of the files, and those that it includes."""

    def __init__(
        self,
        found: _Found,
        problems: Problems,
        including: tuple[Path, ...],
        *,
        constraining: bool = False,
    ) -> None:
        self.found = found
        self.problems = problems
        # The files that include each other down to this one, which is last.
        self.including = including
        self.constraining = constraining

    @property
    def folder(self) -> Path:
        return self.including[-1].parent

    def read(self, text: str) -> None:
        """Read the lines, and add their errors to the problems."""
        for number, line in logical_lines(text):
            self.problems.attempt(number, None, self.line, line)

    def line(self, line: str) -> bool:
        """Read a line; return True, since `attempt` wants a result."""
        start = OPTIONS.search(line)
        wanted = line[: start.start()].strip() if start else line
        try:
            words = shlex.split(line[len(wanted) :])
        except ValueError:
            raise UsageError("a quotation mark is missing; close it") from None
        options = list(_options(words))
        if wanted:
            self.package(wanted, options)
        else:
            for name, value in options:
                self.option(name, value)
        return True

    def package(self, wanted: str, options: list[tuple[str, str]]) -> None:
        other = sorted({name for name, _ in options} - {"--hash"})
        if other:
            raise UsageError(f"`{other[0]}` can't be locked here; leave it out")
        hashes = {_hash(value) for _, value in options}
        requirement = self.requirement(wanted)
        if hashes:
            self.found.hashes.setdefault(requirement.name, set()).update(hashes)
        (self.found.constraints if self.constraining else self.found.packages).append(requirement)

    def requirement(self, text: str) -> Requirement:
        """Return a requirement; a file or a folder may imply its name."""
        if re.match(r"(git\+)?[a-z]+://", text):
            address, _, marker = (part.strip() for part in text.partition(" ;"))
            named = f"{_name_in(address)} @ {address}" + (f" ; {marker}" if marker else "")
            return pep508.requirement(named, self.folder)
        if text.startswith((".", "/")):
            return self.local(text)
        return pep508.requirement(text, self.folder)

    def local(self, text: str) -> Requirement:
        """Return the requirement of a project's folder: `./folder`, or `./folder[extra]`."""
        match = re.fullmatch(r"([^\[;]+)(\[[^\]]*\])?\s*(;.*)?", text)
        if match is None:
            raise UsageError(f'"{text}" is neither a requirement nor a folder; write one of them')
        written = match[1].strip()
        path = check_path(self.folder, written)
        named = f"{_project_name(Path(path))}{match[2] or ''}{match[3] or ''}"
        return replace(pep508.requirement(named, self.folder), reference=Local(path, written))

    def option(self, name: str, value: str) -> None:
        """Apply an option that stands on its own line."""
        readers: dict[str, Callable[[str], None]] = {
            "--constraint": self.constrain,
            "--editable": self.editable,
            "--extra-index-url": lambda url: self.index(url, flat=False),
            "--find-links": lambda url: self.index(url, flat=True),
            "--index-url": self.default_index,
            "--no-binary": self.build,
            "--no-index": self.without_index,
            "--requirement": self.include,
        }
        if name in readers:
            readers[name](value)
        elif name not in WITHOUT_EFFECT:
            remedy = REMEDIES.get(name, "leave it out")
            raise UsageError(f"`{name}` can't be locked; {remedy}")

    def index(self, url: str, *, flat: bool) -> None:
        address = _index_address(url)
        number = len(self.found.more) + 1
        kind = "links" if flat else "extra"
        if address not in {index.url for index in self.found.more}:
            self.found.more.append(Index(f"{kind}-{number}", address, flat=flat))

    def default_index(self, url: str) -> None:
        self.found.default = Index("main", _index_address(url), default=True)

    def without_index(self, _value: str) -> None:
        self.found.no_index = True

    def build(self, names: str) -> None:
        for name in names.split(","):
            if name.startswith(":"):
                raise UsageError("`--no-binary :all:` can't be locked; name the packages")
            self.found.sdists.add(canonicalize_name(name.strip()))

    def editable(self, text: str) -> None:
        # pip takes a folder here without `./` before it, too.
        is_folder = (self.folder / text.partition("[")[0].strip()).is_dir()
        self.package(f"./{text}" if is_folder and not text.startswith((".", "/")) else text, [])

    def constrain(self, name: str) -> None:
        self.nested(name, constraining=True)

    def include(self, name: str) -> None:
        self.nested(name, constraining=self.constraining)

    def nested(self, name: str, *, constraining: bool) -> None:
        if "://" in name:
            raise UsageError(f"{name}: a file on another machine isn't read; download it first")
        path = (self.folder / name).absolute()
        if path in self.including:
            raise UsageError(f"{name}: the files include each other in a circle; break it")
        # Relative to the working directory, as the first file is.
        shown = str(Path(self.problems.file).parent / name)
        text = read_text(Path(shown))
        problems = Problems(shown, self.problems)
        _File(self.found, problems, (*self.including, path), constraining=constraining).read(text)


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines without comments, continued ones joined, each with its number."""
    start, joined = 1, ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        start = start if joined else number
        # A comment ends a continued line.
        bare = COMMENT.sub("", line)
        if bare == line and line.endswith("\\"):
            joined += line[:-1]
            continue
        joined += bare
        if joined.strip():
            yield start, joined.strip()
        joined = ""
    if joined.strip():
        yield start, joined.strip()


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each option's long name and its value, empty for a flag."""
    waiting = iter(words)
    for word in waiting:
        name, equals, value = word.partition("=")
        if not name.startswith("--") and name[:2] in SHORT:
            name, equals, value = SHORT[name[:2]], word[2:], word[2:].removeprefix("=")
        if not name.startswith("-"):
            raise UsageError(f'"{word}" is not understood here; write one requirement a line')
        if not equals and name not in FLAGS:
            value = next(waiting, "")
            if not value:
                raise UsageError(f"`{name}` lacks its value; write it behind")
        yield name, value


def _hash(text: str) -> str:
    match = HASH.fullmatch(text)
    if match is None:
        raise UsageError(f'"{text[:80]}" is no sha256; write `--hash=sha256:…` with 64 digits')
    return match[1].lower()


def _index_address(url: str) -> str:
    if "://" not in url:
        raise UsageError(f'"{url}" lies on this machine, where Nix finds no file; name an address')
    return check_address(url)


def _name_in(address: str) -> str:
    """Return the project name in the file name of a URL."""
    file = unquote(split_address(address).path.rpartition("/")[2])
    egg = re.search(r"#(?:.*&)?egg=([\w.-]+)", address)
    if egg:
        return egg[1]
    try:
        if file.endswith(".whl"):
            return parse_wheel_filename(file)[0]
        return parse_sdist_filename(file)[0]
    except (InvalidSdistFilename, InvalidVersion, InvalidWheelFilename):
        raise UsageError(
            f"\"{address}\" doesn't tell the package's name; write `name @ {address}`"
        ) from None


def _project_name(path: Path) -> str:
    """Return the name of the project in a folder, or in a file name."""
    if path.is_file():
        return _name_in(path.as_uri())
    return projects.read(path).name
