"""Joins alternative specifiers to one, which PEP 440 can only say by a range and its gaps."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

# The most clauses that a gap between two ranges may need.
MAX_CLAUSES = 40
# Epoch and release, without trailing zeros: the first version that begins with it.
Cut = tuple[int, tuple[int, ...]]
LOWEST: Cut = (-1, ())
HIGHEST: Cut = (2**64, ())
Range = tuple[Cut, Cut]


class _CannotBeSaidError(ValueError):
    """A clause has no cut at a release."""


def union(alternatives: Sequence[str]) -> str | None:
    """Return a specifier of the versions that one of some specifiers allows; None if none does.

    Pre-releases of the first version of a range count as within it.

    >>> union([">=1,<2", ">=3"])
    '>=1,!=2.*'
    """
    if "" in alternatives:
        return ""
    try:
        ranges = _merged(one for text in alternatives for one in _ranges(SpecifierSet(text)))
        holes = {
            str(version)
            for text in alternatives
            for version in _versions(SpecifierSet(text), (">", "!="))
            if not any(SpecifierSet(one).contains(version, True) for one in alternatives)
        }
        gaps = [clause for left, right in pairwise(ranges) for clause in _gap(left[1], right[0])]
    except _CannotBeSaidError:
        return None
    points = {
        version
        for text in alternatives
        for version in _versions(SpecifierSet(text), ("==", "<="))
        if not any(low <= _cut(version) < high for low, high in ranges)
        and any(SpecifierSet(one).contains(version, True) for one in alternatives)
    }
    if not ranges:
        return f"=={points.pop()}" if len(points) == 1 else None
    low, high = ranges[0][0], ranges[-1][1]
    last = f"<{_text(high)}"
    if {_cut(version) for version in points} == {high}:
        last = f"<={points.pop()}"
    elif points:
        return None
    clauses = [f">={_text(low)}"] if low != LOWEST else []
    clauses += [last] if high != HIGHEST else []
    return ",".join([*clauses, *gaps, *(f"!={hole}" for hole in sorted(holes, key=Version))])


def _ranges(specifiers: SpecifierSet) -> list[Range]:
    """Return the ranges of versions that a specifier allows, without its single versions."""
    low, high = LOWEST, HIGHEST
    gaps: list[Range] = []
    for clause in specifiers:
        text, operator = clause.version.removesuffix(".*"), clause.operator
        if operator == "===" or (operator in (">=", "<", "~=") and not _is_cut(text)):
            raise _CannotBeSaidError
        cut = _cut(Version(text))
        if operator == "~=":
            low = max(low, cut)
            high = min(high, _next(_written(text)[:-1], cut[0]))
        elif clause.version.endswith(".*"):
            inner = (cut, _next(_written(text), cut[0]))
            if operator == "!=":
                gaps.append(inner)
            else:
                low, high = max(low, inner[0]), min(high, inner[1])
        elif operator in (">=", ">"):
            low = max(low, cut)
        elif operator in ("<", "<="):
            high = min(high, cut)
        elif operator == "==":
            return []
    found = [(low, high)]
    for begin, end in sorted(gaps):
        left, right = found.pop()
        found += [(left, min(right, begin)), (max(left, end), right)]
    return [one for one in found if one[0] < one[1]]


def _merged(ranges: Iterator[Range]) -> list[Range]:
    """Return ranges sorted, with those joined that touch."""
    found: list[Range] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _gap(begin: Cut, end: Cut) -> list[str]:
    """Return the clauses that leave out the versions from a cut up to another."""
    clauses: list[str] = []
    epoch, place = begin
    if epoch != end[0]:
        raise _CannotBeSaidError
    while (epoch, place) < end:
        if len(clauses) == MAX_CLAUSES:
            raise _CannotBeSaidError
        longest = max(len(place), len(end[1]), 1)
        padded = (*place, *(0,) * (longest - len(place)))
        # The shortest prefix that begins here and doesn't reach beyond the end.
        length = next(
            (
                length
                for length in range(1, longest + 1)
                if not any(padded[length:]) and _next(padded[:length], epoch) <= end
            ),
            None,
        )
        if length is None:
            raise _CannotBeSaidError
        clauses.append(f"!={_text((epoch, padded[:length]))}.*")
        place = _next(padded[:length], epoch)[1]
    return clauses


def _versions(specifiers: SpecifierSet, operators: Sequence[str]) -> list[Version]:
    return [
        Version(clause.version)
        for clause in specifiers
        if clause.operator in operators and _is_single(clause)
    ]


def _is_single(clause: Specifier) -> bool:
    return not clause.version.endswith(".*")


def _is_cut(text: str) -> bool:
    """Return whether a version is the first of its release, as `1.2` and `1.2.dev0` are."""
    version = Version(text)
    return not (version.pre or version.local or version.dev) and version.post is None


def _cut(version: Version) -> Cut:
    release = version.release
    while release and not release[-1]:
        release = release[:-1]
    return version.epoch, release


def _written(text: str) -> tuple[int, ...]:
    return Version(text).release


def _next(release: tuple[int, ...], epoch: int) -> Cut:
    """Return where the versions that begin with a release end."""
    return epoch, (*release[:-1], release[-1] + 1)


def _text(cut: Cut) -> str:
    release = ".".join(map(str, cut[1] or (0,)))
    return f"{cut[0]}!{release}" if cut[0] else release
