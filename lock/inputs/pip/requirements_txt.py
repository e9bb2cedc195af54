"""Reads requirements.txt and similar files (pip's documentation, "Requirements File Format").

docs/requirements-txt.md says of each of pip's options what becomes of it.
"""

import os
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from lock.errors import UsageError
from lock.inputs import read_text
from lock.inputs.documents.problems import Problems
from lock.inputs.pip.requirements_found import Found
from lock.inputs.pip.requirements_lines import expand, logical_lines
from lock.inputs.pip.requirements_names import asked_name
from lock.inputs.pip.requirements_options import (
    OF_REQUIREMENTS,
    REFUSED,
    WITHOUT_EFFECT,
    check_hash,
    options,
)
from lock.inputs.pip.requirements_places import (
    OTHER_VERSION_CONTROL,
    find,
    hashes_of_address,
    is_path,
    is_url,
    name_in_path,
    name_in_url,
    split,
)
from lock.inputs.values import pep508
from lock.inputs.values.checks import check_extra
from lock.inputs.values.specifier import SpecifierError
from lock.models.requirements import ALL, Local, Requirement, Requirements

# The beginning of a line's options.
OPTIONS = re.compile(r"(^|\s)-")
QUOTED = re.compile(r"""(["'])([^"']*)\1(.*)""")
EDITABLE = re.compile(r"(?:-e|--ed\w*)(?:\s+|\s*=\s*|(?<=-e))(?=\S)")


def parse(text: str, file: str) -> Requirements:
    """Return the requirements in a text and in the files that it includes.

    `file` is named in errors. Raises UsageError with a line for each error:
    `FILE:LINE: key: what is wrong; what to do`.
    """
    problems = Problems(file)
    found, nameless = Found(), list[_Nameless]()
    _File(found, problems, (Path(file).absolute(),), nameless).read(text)
    for waiting in nameless:
        waiting.read()
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


class _File:
    """Reads one of the files, and those that it includes."""

    def __init__(
        self,
        found: Found,
        problems: Problems,
        including: tuple[Path, ...],
        nameless: list["_Nameless"],
        *,
        constraining: bool = False,
    ) -> None:
        self.found = found
        self.problems = problems
        # The files that include each other down to this one, which is last.
        self.including = including
        # Requirements whose names only uv can find out, by what all lines say of indexes.
        self.nameless = nameless
        self.constraining = constraining
        self.working = Path.cwd()
        # Paths in lines are seen from the working directory, or from the file's folder.
        self.find = partial(find, self.working)
        # Of the line that is being read.
        self.number = 0
        # Whether the line that is being read has some.
        self.has_variables = False

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """Return the variables; uv has PROJECT_ROOT, too."""
        return {"PROJECT_ROOT": str(self.working)} | os.environ

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
        line = expand(written, self.environment)
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
            given = [*options(shlex.split(rest[len(wanted) :]))] if start else []
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
        quoted = QUOTED.fullmatch(wanted)
        wanted = quoted[2] + quoted[3] if quoted else wanted
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
        hashes = {check_hash(value) for _, value in given} | hashes_of_address(wanted)
        try:
            requirement = self.requirement(wanted, name)
        except _NamelessError as nameless:
            waiting = _Nameless(
                self, self.number, nameless.address, wanted, given, self.has_variables
            )
            self.nameless.append(waiting)
            return
        if self.constraining and requirement.extras:
            raise UsageError("a constraint can't have extras; write them where it is required")
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
        found = pep508.requirement(f"{name}{place.extras}{place.marker}", self.folder)
        extras = {*found.extras, *map(check_extra, egg.extras if egg else ())}
        if self.has_variables:
            # The lock must not differ between machines.
            written = os.path.relpath(path, self.working)
        return replace(found, extras=tuple(sorted(extras)), reference=Local(path, written))

    def option(self, name: str, value: str, written: str) -> None:
        """Apply an option that stands on its own line."""
        found = self.found
        # pip prefers the file's folder.
        folders = (self.folder, self.working)
        readers: dict[str, Callable[[str], None]] = {
            "--all-releases": lambda names: found.releases.add(names, to_first=True),
            "--constraint": lambda file: self.nested(file, constraining=True),
            "--editable": lambda text: self.editable(text, []),
            "--extra-index-url": lambda url: found.add_index(url, written, folders, flat=False),
            "--find-links": lambda url: found.add_index(url, written, folders, flat=True),
            "--index-url": lambda url: found.replace_index(url, written, folders),
            "--no-binary": lambda names: found.formats.add(names, to_first=True),
            "--no-index": lambda _: setattr(found, "no_index", True),
            "--no-require-hashes": lambda _: setattr(found, "requires_hashes", False),
            "--only-binary": lambda names: found.formats.add(names, to_first=False),
            "--only-final": lambda names: found.releases.add(names, to_first=False),
            "--pre": lambda _: found.releases.add(ALL, to_first=True),
            "--require-hashes": lambda _: setattr(found, "requires_hashes", True),
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

    def nested(self, name: str, *, constraining: bool) -> None:
        if name.lower().startswith("file:"):
            name = pep508.file_path(name)
        if "://" in name:
            raise UsageError(f"{name}: a file on another machine isn't read; download it first")
        path = (self.folder / name).absolute()
        if path in self.including:
            raise UsageError(f"{name}: the files include each other in a circle; break it")
        # Relative to the working directory, as the first file is.
        shown = str(Path(self.problems.file).parent / name)
        text = read_text(Path(shown))
        problems = Problems(shown, self.problems)
        including = (*self.including, path)
        file = _File(self.found, problems, including, self.nameless, constraining=constraining)
        file.read(text)


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
        name = asked_name(address, found.ordered_indexes(), found.settings())
        self.file.package(self.wanted, self.options, name)
        return True
