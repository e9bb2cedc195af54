"""Tell a person which native libraries an environment lacks: by library, with the line to paste."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from posixpath import basename

from builder.library_check import NeededLibrary
from native.needs import is_plugin
from native.tables import attribute_for_soname


@dataclass(frozen=True)
class MissingLibrary:
    """A library that an environment lacks.

    `attribute` is the one of nixpkgs that has it, None if that isn't known. `files` are pairs of
    the name of a package and the path of its file that needs the library. `is_in_set` says whether
    the package set has the attribute, as far as that is known.
    """

    soname: str
    attribute: str | None
    files: tuple[tuple[str, str], ...]
    is_in_set: bool = True

    @property
    def is_optional(self) -> bool:
        """Return whether only plugins need it, so that an import works without."""
        return all(is_plugin(path) for _, path in self.files)


def group_by_library(missing: Iterable[NeededLibrary]) -> list[MissingLibrary]:
    """Return each missing library once, sorted, those that most files need first."""
    files: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for library in missing:
        files[library.soname].append((library.package.partition(" ")[0], library.path))
    groups = [
        MissingLibrary(soname, attribute_for_soname(soname), tuple(needed))
        for soname, needed in files.items()
    ]
    return sorted(groups, key=lambda group: (-len(group.files), group.soname))


def describe_missing_libraries(
    missing: Iterable[NeededLibrary],
    *,
    with_plugins: bool,
    opened: Sequence[MissingLibrary] = (),
) -> str:
    """Return the libraries that are missing, a line each, and what to write; "" for none.

    Without `with_plugins`, libraries that only plugins want are counted, not listed. `opened` are
    those that Python code opens by name.
    """
    groups = group_by_library(missing)
    needed = [group for group in groups if not group.is_optional]
    optional = [group for group in groups if group.is_optional]
    listed = [*needed, *opened] or (optional if with_plugins else [])
    parts = []
    if needed:
        parts.append(_section("native libraries are missing:", needed))
    if opened:
        parts.append(_section("libraries that Python code opens by name are missing:", opened))
    if optional and with_plugins:
        parts.append(
            _section("native libraries that only plugins want, which no import loads:", optional)
        )
    if optional and not with_plugins:
        owners = ", ".join(sorted({package for group in optional for package, _ in group.files}))
        parts.append(
            f"plugins of {owners}, which no import loads, want {len(optional)} libraries "
            f"{'more' if needed else 'that are missing'}; the environment's `report` lists them"
        )
    if any(group.attribute is None for group in listed):
        parts.append(
            "For a library without an attribute, add the package of nixpkgs that has it to "
            "searchPaths.rpath."
        )
    if any(not group.is_in_set for group in listed):
        parts.append(
            "What the package set lacks, the package may do without; else take a set that has it."
        )
    # What imports need comes first: whoever wants a plugin adds its libraries.
    if line := rpath_line(listed):
        parts.append(f"Write into the arguments of makePythonPypiEnvironment:\n  {line}")
    return "\n".join(parts)


def rpath_line(groups: Iterable[MissingLibrary]) -> str:
    """Return the argument of makePythonPypiEnvironment that gives libraries; "" for none."""
    attributes = sorted(
        {group.attribute for group in groups if group.attribute is not None and group.is_in_set}
    )
    listed = " ".join(f"pkgs.{attribute}" for attribute in attributes)
    return f"searchPaths.rpath = [ {listed} ];" if attributes else ""


def _section(title: str, groups: Sequence[MissingLibrary]) -> str:
    return "\n".join([title, *(f"  {_library_line(group)}" for group in groups)])


def _library_line(group: MissingLibrary) -> str:
    counts = Counter(package for package, _ in group.files)
    names = {package: basename(path) for package, path in group.files}
    users = ", ".join(
        f"{names[package] if count == 1 else f'{count} files'} of {package}"
        for package, count in counts.items()
    )
    attribute = f" → pkgs.{group.attribute}" if group.attribute is not None else ""
    lacked = "" if group.is_in_set else ", which the package set lacks"
    return f"{group.soname} ({users}){attribute}{lacked}"
