"""What the lines of requirements.txt and of the files that it includes say together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lock.inputs.documents.problems import Problems
from lock.inputs.pip.requirements_options import WITHOUT_EFFECT, Choice
from lock.inputs.values import index_places
from lock.inputs.values.checks import check_address, split_address
from lock.io import credentials
from lock.models.requirements import ALL, Index, Requirement, Settings


@dataclass
class Found:
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
    # Options that have no effect, in the order of the files.
    ignored: list[str] = field(default_factory=list)

    def ordered_indexes(self) -> tuple[Index, ...]:
        """Return the indexes, of which at most one replaces the default index."""
        if self.no_index:
            return tuple(index for index in self.more if index.flat)
        return (*self.more, *([self.default] if self.default else []))

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
            no_index=self.no_index,
        )

    def notes(self, indexes: tuple[Index, ...]) -> list[str]:
        """Return what the user should know of the options, a line each."""
        lines = [
            f"`{name}` has no effect: {WITHOUT_EFFECT[name]}"
            for name in dict.fromkeys(self.ignored)
        ]
        if self.no_index and (self.default or any(not index.flat for index in self.more)):
            lines.append("`--no-index` is there, so no index is asked, but only the `--find-links`")
        asked = [index for index in indexes if not index.flat]
        if any(not index.default for index in asked):
            order = [one.written or credentials.strip_credentials(one.url) for one in asked]
            order += [] if asked[-1].default else ["the default index"]
            lines.append(
                "several indexes are named; a package is taken from the first of them that has "
                f"it, whatever versions the others have: {', '.join(order)}"
            )
        return lines

    def add_index(self, url: str, written: str, folders: Sequence[Path], *, flat: bool) -> None:
        """Add an index, or a page or a folder of links.

        `written` is its line, with variables; a path is seen from the first of the folders that
        has it. Raises UsageError for an invalid address.
        """
        address, path = _place(url, written, folders)
        number = len(self.more) + 1
        kind = "links" if flat else "extra"
        if address not in {index.url for index in self.more}:
            # Files of a page of links stand beside those of the indexes, as for pip.
            index = Index(f"{kind}-{number}", address, flat=flat, unnamed=flat, written=path)
            self.more.append(index)

    def replace_index(self, url: str, written: str, folders: Sequence[Path]) -> None:
        """Replace the default index. Raises what `add_index` raises."""
        address, path = _place(url, written, folders)
        self.default = Index("main", address, default=True, written=path)


def _place(url: str, written: str, folders: Sequence[Path]) -> tuple[str, str]:
    """Return the checked address of an index, and its path where it is written as one.

    Only a variable may bring a password into an address.
    """
    if index_places.is_path(url):
        return index_places.check_place(folders, url), url
    user = split_address(url).netloc.rpartition("@")[0]
    if user and user not in written:
        check_address(credentials.strip_credentials(url))
        return url, ""
    return check_address(url), ""
