"""Reads requirements.txt and similar files (pip's documentation, "Requirements File Format").

docs/requirements-txt.md says of each of pip's options what becomes of it.
"""

import os
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from lock.errors import UsageError
from lock.inputs import pep508, read_text
from lock.inputs.checks import check_address, split_address
from lock.inputs.problems import Problems
from lock.inputs.requirements_lines import expand, logical_lines
from lock.inputs.requirements_options import (
    HASHES,
    OF_REQUIREMENTS,
    REFUSED,
    WITHOUT_EFFECT,
    Choice,
    check_hash,
    is_hash,
    normalize_hash,
    options,
)
from lock.inputs.requirements_places import (
    OTHER_VERSION_CONTROL,
    find,
    is_path,
    is_url,
    name_in_path,
    name_in_url,
    split,
)
from lock.inputs.specifier import SpecifierError
from lock.io import credentials
from lock.models.requirements import ALL, Index, Local, Requirement, Requirements, Settings

# The beginning of a line's options.
OPTIONS = re.compile(r"(^|\s)-")
EDITABLE = re.compile(r"(?:-e|--edit\w*)(?:\s+|\s*=\s*|(?<=-e))(?=\S)")
# Address → the project's name, as uv told it: a file may be read more than once.
NAMES: dict[str, str] = {}


def parse(text: str, file: str) -> Requirements:
    """Return the requirements in a text and in the files that it includes.

    `file` is named in errors. Raises UsageError with a line for each error:
    `FILE:LINE: key: what is wrong; what to do`.
    """
    problems = Problems(file)
    found = _Found()
    _File(found, problems, (Path(file).absolute(),)).read(text)
    for nameless in found.nameless:
        nameless.read()
    found.check_hashes()
    if not (found.packages or problems.found):
        problems.add(1, None, "no package is asked for", "write lines such as `Django>3.2`")
    problems.raise_if_any()
    indexes = found.ordered_indexes()
    return Requirements(
        None,
        None,
        tuple(sorted(dict.fromkeys(found.packages), key=str)),
        indexes=indexes,
        constraints=tuple(sorted({str(constraint) for constraint in found.constraints})),
        hashes={name: tuple(sorted(hashes)) for name, hashes in sorted(found.hashes.items())},
        settings=found.settings(),
        notes=tuple(f"{file}: {line}" for line in found.notes(indexes)),
    )


@dataclass
class _Found:
    """The content of the files, as far as they are read."""

    packages: list[Requirement] = field(default_factory=list)
    constraints: list[Requirement] = field(default_factory=list)
    # As in Requirements.
    hashes: dict[str, set[str]] = field(default_factory=dict)
    default: Index | None = None
    more: list[Index] = field(default_factory=list)
    no_index: bool = False
    # Projects that are built from source, and those that never are.
    formats: Choice = field(default_factory=Choice)
    # Projects of which any release is taken, and those of which only final ones are.
    releases: Choice = field(default_factory=Choice)
    # Whether every package must have a hash.
    requires_hashes: bool = False
    # Where requirements stand that have no hash, with their names.
    hashless: list[tuple[Problems, int, str]] = field(default_factory=list)
    # Requirements whose names only uv can find out, by what all lines say of indexes.
    nameless: list["_Nameless"] = field(default_factory=list)
    # Options that have no effect, in the order of the files.
    ignored: list[str] = field(default_factory=list)

    def ordered_indexes(self) -> tuple[Index, ...]:
        """Return the indexes, of which at most one replaces the default index."""
        more = list(dict.fromkeys(self.more))
        if not self.no_index:
            return (*more, *([self.default] if self.default else []))
        links = [index for index in more if index.flat]
        return (*links[:-1], *(replace(link, default=True) for link in links[-1:]))

    def check_hashes(self) -> None:
        """Add to the problems those requirements that lack a hash where every one must have it."""
        if not self.requires_hashes:
            return
        self.hashes[ALL] = set()
        for problems, line, name in self.hashless:
            if name not in self.hashes:
                lacking = f"{name} has no hash, and `--require-hashes` is there"
                problems.add(line, None, lacking, "write `--hash=sha256:…` behind it")

    def settings(self) -> Settings:
        """Return what the options say about the choice of versions and files."""
        releases = {True: self.releases.first, False: self.releases.second}
        kinds = {True: "allow", False: "disallow"}
        return Settings(
            prerelease=next((kinds[which] for which in releases if ALL in releases[which]), ""),
            prerelease_of={
                name: kinds[which] for which in releases for name in sorted(releases[which] - {ALL})
            },
            no_binary=tuple(sorted(self.formats.first)),
            no_build=tuple(sorted(self.formats.second)),
            no_index=self.no_index and not any(index.flat for index in self.more),
        )

    def notes(self, indexes: tuple[Index, ...]) -> list[str]:
        """Return what the user should know of the options, a line each."""
        lines = [
            f"`{name}` has no effect: {WITHOUT_EFFECT[name]}"
            for name in dict.fromkeys(self.ignored)
        ]
        if self.no_index and (self.default or any(not index.flat for index in self.more)):
            lines.append("`--no-index` is there, so no index is asked, but only the `--find-links`")
        if len(indexes) > 1 or (indexes and not indexes[0].default):
            order = [credentials.strip_credentials(index.url) for index in indexes]
            order += [] if indexes[-1].default else ["the default index"]
            lines.append(
                "several indexes are named; a package is taken from the first of them that has "
                f"it, whatever versions the others have: {', '.join(order)}"
            )
        return lines


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
        self.working = Path.cwd()
        # Paths in lines are seen from the working directory, or from the file's folder.
        self.find = partial(find, self.working)
        # Of the line that is being read.
        self.number = 0
        # Whether the line that is being read has some.
        self.has_variables = False

    @property
    def folder(self) -> Path:
        return self.including[-1].parent

    def read(self, text: str) -> None:
        """Read the lines, and add their errors to the problems."""
        for number, line in logical_lines(text):
            self.number = number
            self.problems.attempt(number, None, self.line, line)

    def line(self, written: str) -> bool:
        """Read a line; return True, since `attempt` wants a result."""
        # uv has this variable, too.
        line = expand(written, {"PROJECT_ROOT": str(self.working)} | os.environ)
        self.has_variables = bool(line.values)
        try:
            self.expanded(line.text, written)
        except (SpecifierError, UsageError) as error:
            raise type(error)(line.hide(str(error))) from None
        return True

    def expanded(self, line: str, written: str) -> None:
        """Read a line whose variables are replaced; `written` still has them."""
        editable = EDITABLE.match(line)
        rest = line[editable.end() :] if editable else line
        start = OPTIONS.search(rest)
        wanted = rest[: start.start()].strip() if start else rest
        try:
            given = [*options(shlex.split(rest[len(wanted) :]))]
        except ValueError:
            raise UsageError("a quotation mark is missing; close it") from None
        if editable:
            self.editable(wanted, given)
        elif wanted:
            self.package(wanted, given)
        else:
            for name, value in given:
                self.option(name, value, written)

    def editable(self, wanted: str, given: list[tuple[str, str]]) -> None:
        if self.constraining:
            raise UsageError("a constraint can't be editable; write `name @ ADDRESS`")
        if wanted[:1] in ("'", '"') and wanted.endswith(wanted[0]):
            wanted = wanted[1:-1]
        # pip takes a folder here without `./` before it, too.
        bare = split(wanted).address
        is_folder = any((folder / bare).is_dir() for folder in (self.working, self.folder))
        is_bare = is_folder and not (is_path(wanted) or is_url(wanted))
        self.package(f"./{wanted}" if is_bare else wanted, given)

    def package(self, wanted: str, given: list[tuple[str, str]], name: str | None = None) -> None:
        """Add a requirement with its options; `name` is that of a place which doesn't tell it."""
        other = sorted({name for name, _ in given} - OF_REQUIREMENTS)
        if other:
            remedy = REFUSED.get(other[0], "write it on a line of its own")
            raise UsageError(f"`{other[0]}` can't be locked here; {remedy}")
        hashes = {check_hash(value) for _, value in given} | _hashes_of_address(wanted)
        try:
            requirement = self.requirement(wanted, name)
        except _NamelessError as nameless:
            waiting = _Nameless(
                self, self.number, nameless.address, wanted, given, self.has_variables
            )
            self.found.nameless.append(waiting)
            return
        if hashes:
            self.found.hashes.setdefault(requirement.name, set()).update(hashes)
        elif not self.constraining:
            self.found.hashless.append((self.problems, self.number, requirement.name))
        (self.found.constraints if self.constraining else self.found.packages).append(requirement)

    def requirement(self, text: str, known: str | None) -> Requirement:
        """Return a requirement; a URL, a file or a folder may imply its name.

        Raises _NamelessError where it doesn't, and the name isn't `known` otherwise.
        """
        if not (is_url(text) or is_path(text)):
            return pep508.requirement(text, self.folder, self.find)
        place = split(text)
        if OTHER_VERSION_CONTROL.match(place.address):
            raise UsageError("only repositories of git can be locked; name one, or a file")
        egg = pep508.egg(place.address)
        if is_url(text) and not place.address.lower().startswith("file:"):
            name = egg.name if egg else name_in_url(place.address) or known
            if name is None:
                pep508.reference(place.address, self.folder)
                raise _NamelessError(place.address)
            named = f"{name}{place.extras} @ {place.address}{place.marker}"
            return pep508.requirement(named, self.folder, self.find)
        bare = place.address.partition("#")[0]
        written = pep508.file_path(bare) if is_url(text) else bare
        written = pep508.below(written, pep508.subdirectory_of(place.address))
        path = self.find(self.folder, written)
        name = egg.name if egg else name_in_path(Path(path)) or known
        if name is None:
            raise _NamelessError(Path(path).as_uri())
        extras = f"[{','.join(egg.extras)}]" if egg and egg.extras else place.extras
        found = pep508.requirement(f"{name}{extras}{place.marker}", self.folder)
        if self.has_variables:
            # The lock must not differ between machines.
            written = os.path.relpath(path, self.working)
        return replace(found, reference=Local(path, written))

    def option(self, name: str, value: str, written: str) -> None:
        """Apply an option that stands on its own line."""
        found = self.found
        readers: dict[str, Callable[[str], None]] = {
            "--all-releases": lambda names: found.releases.add(names, to_first=True),
            "--constraint": lambda file: self.nested(file, constraining=True),
            "--extra-index-url": lambda url: self.index(url, written, flat=False),
            "--find-links": lambda url: self.index(url, written, flat=True),
            "--index-url": lambda url: self.default_index(url, written),
            "--no-binary": lambda names: found.formats.add(names, to_first=True),
            "--no-index": lambda _: self.without_index(),
            "--no-require-hashes": lambda _: self.require_hashes(wanted=False),
            "--only-binary": lambda names: found.formats.add(names, to_first=False),
            "--only-final": lambda names: found.releases.add(names, to_first=False),
            "--pre": lambda _: found.releases.add(ALL, to_first=True),
            "--require-hashes": lambda _: self.require_hashes(wanted=True),
            "--requirement": lambda file: self.nested(file, constraining=False),
        }
        if name in readers:
            readers[name](value)
        elif name in WITHOUT_EFFECT:
            found.ignored.append(name)
        elif name in REFUSED:
            raise UsageError(f"`{name}` can't be locked; {REFUSED[name]}")
        elif name in OF_REQUIREMENTS:
            raise UsageError(f"`{name}` stands alone; write it behind a requirement")

    def index(self, url: str, written: str, *, flat: bool) -> None:
        address = _index_address(url, written)
        number = len(self.found.more) + 1
        kind = "links" if flat else "extra"
        if address not in {index.url for index in self.found.more}:
            self.found.more.append(Index(f"{kind}-{number}", address, flat=flat))

    def default_index(self, url: str, written: str) -> None:
        self.found.default = Index("main", _index_address(url, written), default=True)

    def without_index(self) -> None:
        self.found.no_index = True

    def require_hashes(self, *, wanted: bool) -> None:
        self.found.requires_hashes = wanted

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


class _NamelessError(Exception):
    """A URL, or the path of a file, doesn't tell the project's name."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@dataclass(frozen=True)
class _Nameless:
    """A requirement whose name only uv can find out, with the line that it stands in."""

    file: _File
    line: int
    address: str
    wanted: str
    options: list[tuple[str, str]]
    has_variables: bool

    def read(self) -> None:
        """Ask uv for the name, and read the requirement; errors are added to the problems."""
        self.file.problems.attempt(self.line, None, self._read, self.address)

    def _read(self, address: str) -> bool:
        found = self.file.found
        self.file.has_variables = self.has_variables
        name = _asked_name(address, found.ordered_indexes(), found.settings())
        self.file.package(self.wanted, self.options, name)
        return True


def _asked_name(address: str, indexes: tuple[Index, ...], settings: Settings) -> str:
    """Return the name of the project at an address. Raises UsageError where uv can't tell it."""
    if address in NAMES:
        return NAMES[address]
    # Imported here because few files need it.
    from lock.io.temporary import temporary_folder
    from lock.resolution import project_name
    from lock.resolution.request import Options
    from lock.resolution.uv import Resolver

    options = Options(indexes=indexes, settings=settings)
    with temporary_folder() as folder:
        NAMES[address] = project_name.ask(Resolver(folder, os.environ, options), address)
    return NAMES[address]


def _hashes_of_address(text: str) -> set[str]:
    """Return the hashes behind the `#` of a URL. Raises UsageError for one that is none."""
    found = set()
    for kind, digits in pep508.fragments(split(text).address).items():
        if kind in HASHES:
            if not is_hash(kind, digits):
                raise UsageError(
                    f'"{digits[:80]}" is no {kind}; write its {HASHES[kind]} hexadecimal digits'
                )
            found.add(normalize_hash(kind, digits))
    return found


def _index_address(url: str, written: str) -> str:
    """Return the checked address of an index; only a variable may bring a password into it."""
    if "://" not in url:
        raise UsageError(f'"{url}" lies on this machine, where Nix finds no file; name an address')
    user = split_address(url).netloc.rpartition("@")[0]
    if user and user not in written:
        check_address(credentials.strip_credentials(url))
        return url
    return check_address(url)
