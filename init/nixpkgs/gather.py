"""Reads a distribution from an index: its version, its metadata, and how it is built."""

import configparser
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from packaging.metadata import RawMetadata, parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from init.nixpkgs import modules
from init.nixpkgs.distribution import Build, Distribution, Metadata, SourceFile
from init.nixpkgs.setup_requires import of_files
from lock.builds import cache, sdist
from lock.builds.source import Source, SourceFiles
from lock.errors import LockError, UnsatisfiableError, UsageError
from lock.io.offline import check_online
from lock.licenses import reading
from lock.licenses.metadata import License
from lock.models.filenames import SDIST_SUFFIXES
from lock.models.packages import File, Package
from lock.models.target import SYSTEMS, Target
from lock.pipeline.failure import resolution_error
from lock.resolution import uv_lock, uv_messages
from lock.resolution.request import Request
from lock.resolution.uv import Resolver
from lock.resolution.uv_project import ROOT
from native.tables import Inputs

METADATA = re.compile(r"[^/]+\.dist-info/METADATA")
ENTRY_POINTS = re.compile(r"[^/]+\.(?:dist|egg)-info/entry_points\.txt")
TOP_LEVEL = re.compile(r"(?:src/)?[^/]+\.egg-info/top_level\.txt")
EGG_ENTRY_POINTS = re.compile(r"(?:src/)?[^/]+\.egg-info/entry_points\.txt")
# Of wheels with so many bytes only parts are downloaded, where the index sends parts.
LARGE = 1 << 18
# Crates that look for a library by pkg-config: its attribute, and the crate that brings it instead.
CRATES = {"libdbus-sys": ("dbus", ""), "openssl-sys": ("openssl", "openssl-src")}
# Whose wheels are read where a distribution has none for every machine.
SYSTEM = "x86_64-linux"


class Index:
    """Reads distributions for a version of Python, below a temporary folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str], python: str) -> None:
        self.resolver = Resolver(folder, environment)
        self.target = Target(SYSTEMS[SYSTEM], python)
        self.sources = SourceFiles(
            folder, self.resolver.environment, (), cache.user_cache(environment)
        )
        # Of the versions that were resolved, what is told: name → version and reason.
        self.yanked: dict[str, str] = {}
        self._runs = 0

    def resolve(self, requirements: Sequence[str]) -> dict[str, Package]:
        """Return, by name, the versions that satisfy requirements (PEP 508) together.

        Raises LockError where none do.
        """
        self._runs += 1
        request = Request(f"run-{self._runs}", requirements, [self.target])
        outcome = self.resolver.lock(request)
        if outcome.exit_code != 0:
            origin = ", ".join(requirements)
            raise resolution_error(self.resolver, request, origin, outcome, ())
        for name, version, reason in uv_messages.yanked(outcome.messages):
            self.yanked[name] = f"{version} is yanked{f': {reason}' if reason else ''}"
        resolution = uv_lock.parse(outcome.lock, ROOT)
        return {package.name: package for package in resolution.packages}

    def read(self, package: Package) -> Distribution:
        """Return a distribution with what its files tell. Raises LockError."""
        wheel, source = self._wheel(package.files), _sdist(package.files)
        if wheel is None and source is None:
            raise UnsatisfiableError(
                f"{package.name} {package.version}: the index has no file that nixpkgs could take, "
                f"for Python {self.target.python} on {SYSTEM}"
            )
        try:
            found = self._of_wheel(package, wheel) if wheel else self._of_sdist(package, source)
            build = self._build(package, source) if source else None
        except sdist.ARCHIVE_ERRORS as error:
            raise UsageError(
                f"{package.name} {package.version}: a file of it can't be read: {error}"
            ) from None
        return Distribution(
            **vars(found),
            sdist=_source_file(source),
            build=build,
            wheel=_source_file(wheel),
        )

    def _wheel(self, files: Sequence[File]) -> File | None:
        """Return the wheel that tells most: for every machine, else the best of the system."""
        from packaging.utils import parse_wheel_filename

        wheels = [file for file in files if file.name.endswith(".whl")]

        def rank(file: File) -> tuple[int, str]:
            tags = parse_wheel_filename(file.name)[3]
            if all(tag.platform == "any" for tag in tags):
                return -1, file.name
            ranks = [rank for tag in tags if (rank := self.target.rank(tag)) is not None]
            return min(ranks, default=1 << 30), file.name

        return min(wheels, key=rank, default=None)

    def _of_wheel(self, package: Package, file: File) -> Metadata:
        with self._opened(package, file) as wheel:
            names = wheel.namelist()
            metadata = next(filter(METADATA.fullmatch, names), None)
            if metadata is None:
                raise zipfile.BadZipFile(f"{file.name} has no METADATA")
            raw, _ = parse_email(wheel.read(metadata))
            points = [wheel.read(name) for name in names if ENTRY_POINTS.fullmatch(name)]
            license_ = reading.of_wheel(wheel)
        declared = modules.declared(raw)
        listed = modules.in_wheel(names) if declared is None else declared
        return _found(package, raw, license_, points, listed)

    def _of_sdist(self, package: Package, file: File | None) -> Metadata:
        assert file is not None
        archive = self._archive(package, file)
        raw: RawMetadata = {}
        points, top_level, names = [], "", []
        for name, content in sdist.entries(archive):
            names.append(name)
            if name == "PKG-INFO":
                raw, _ = parse_email(content())
            elif TOP_LEVEL.fullmatch(name):
                top_level = content().decode("utf-8", errors="replace")
            elif EGG_ENTRY_POINTS.fullmatch(name):
                points.append(content())
            elif re.fullmatch(r"(?:src/)?[^/]+\.egg-info/requires\.txt", name):
                requires = content().decode("utf-8", errors="replace")
                raw.setdefault("requires_dist", _of_egg(requires))
        declared = modules.declared(raw)
        listed = modules.in_sdist(names, top_level) if declared is None else declared
        return _found(package, raw, reading.of_sdist(archive), points, listed)

    def _build(self, package: Package, file: File) -> Build:
        source = Source(package.name, package.version, file)
        system = self.sources.build_system(source)
        archive = self._archive(package, file)
        of_setup = of_files(_member(archive, "setup.py"), _member(archive, "setup.cfg"))
        needs = self.sources.needs(source)
        root, crates = _cargo(archive)
        return Build(
            (*_requirements(sorted(system.requires)), *of_setup),
            system.backend,
            _with_crates(needs.inputs(), crates),
            root,
            tuple(sorted(needs.opened)),
        )

    def _archive(self, package: Package, file: File) -> Path:
        self._check_online(file)
        if file.path is None and file.sha256 is None:
            return self.resolver.file_hashes.path_of(file)
        return self.sources.archive(Source(package.name, package.version, file))

    @contextmanager
    def _opened(self, package: Package, file: File) -> Iterator[zipfile.ZipFile]:
        """Open a wheel; of a large one, only what is read is downloaded."""
        from lock.io.remote_file import open_remote

        if file.path is None and (file.size or 0) >= LARGE:
            self._check_online(file)
            try:
                remote = zipfile.ZipFile(open_remote(file.url, self.resolver.environment))
            except UsageError:
                pass
            else:
                with remote:
                    yield remote
                return
        with zipfile.ZipFile(self._archive(package, file)) as wheel:
            yield wheel

    def _check_online(self, file: File) -> None:
        if file.path is None:
            check_online(file.url, self.resolver.environment)


def _found(
    package: Package,
    raw: RawMetadata,
    license_: License,
    points: Collection[bytes],
    listed: Sequence[str],
) -> Metadata:
    """Return what the metadata of a distribution tell."""
    urls = dict(raw.get("project_urls", {}))
    if raw.get("home_page") and raw["home_page"] != "UNKNOWN":
        urls.setdefault("Homepage", raw["home_page"])
    extras = {canonicalize_name(extra) for extra in raw.get("provides_extra", ())}
    summary = raw.get("summary", "")
    return Metadata(
        package.name,
        package.version,
        "" if summary == "UNKNOWN" else summary,
        urls,
        license_.expression or "",
        license_.text,
        _specifiers(raw.get("requires_python", "")),
        _requirements(raw.get("requires_dist", ())),
        tuple(sorted(extras)),
        tuple(sorted({one for data in points for one in _programs(data)})),
        tuple(listed),
    )


def _member(archive: Path, name: str) -> str:
    """Return the text of a file at the top of a source distribution; empty without one."""
    found = sdist.read_member(archive, PurePosixPath(name))
    return (found or b"").decode("utf-8", errors="replace")


def _cargo(archive: Path) -> tuple[str | None, frozenset[str]]:
    """Return the folder of the file Cargo.lock nearest to the top, and the crates in it.

    The folder is None where there is no such file.
    """
    locks = {
        PurePosixPath(name): content().decode("utf-8", errors="replace")
        for name, content in sdist.entries(archive)
        if PurePosixPath(name).name == "Cargo.lock"
    }
    if not locks:
        return None, frozenset()
    nearest = min(locks, key=lambda path: (len(path.parts), path))
    crates = frozenset(re.findall(r'^name = "([^"]+)"', locks[nearest], re.MULTILINE))
    return "" if len(nearest.parts) == 1 else str(nearest.parent), crates


def _with_crates(inputs: Inputs, crates: Collection[str]) -> Inputs:
    """Return what a build gets that compiles some crates, too."""
    found = [
        library
        for crate, (library, brought) in CRATES.items()
        if crate in crates and brought not in crates
    ]
    if not found:
        return inputs
    return Inputs(
        tuple(sorted({*inputs.build, *found})), tuple(sorted({*inputs.native_build, "pkg-config"}))
    )


def _specifiers(text: str) -> SpecifierSet:
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return SpecifierSet()


def _requirements(texts: Sequence[str]) -> tuple[Requirement, ...]:
    """Return requirements with normalized names. Raises LockError for what is none."""
    found = []
    for text in texts:
        try:
            one = Requirement(text)
        except InvalidRequirement as error:
            reason = str(error).partition("\n")[0]
            raise LockError(f'"{text}" is no requirement (PEP 508): {reason}') from None
        one.name = canonicalize_name(one.name)
        found.append(one)
    return tuple(found)


def _of_egg(text: str) -> list[str]:
    """Return the requirements in setuptools' requires.txt, those of extras left out."""
    found, marker = [], ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            extra, _, condition = line.strip("[]").partition(":")
            parts = [f"({condition})"] if condition else []
            parts += [f'extra == "{extra}"'] if extra else []
            marker = f" ; {' and '.join(parts)}"
        elif line:
            found.append(f"{line}{marker}")
    return found


def _programs(data: bytes) -> list[str]:
    """Return the console scripts of an entry_points.txt."""
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(data.decode("utf-8", errors="replace"))
    except configparser.Error:
        return []
    return parser.options("console_scripts") if parser.has_section("console_scripts") else []


def _sdist(files: Sequence[File]) -> File | None:
    """Return the source distribution, of the form that comes first."""
    for suffix in SDIST_SUFFIXES:
        for file in files:
            if file.name.endswith(suffix):
                return file
    return None


def _source_file(file: File | None) -> SourceFile | None:
    return None if file is None else SourceFile(file.name, file.sha256)
