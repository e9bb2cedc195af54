"""Versions of CPython: which can be locked for, and which a range (PEP 440) lets in.

No version has to be entered here to be locked for.
"""

import re
from datetime import date

from packaging.specifiers import SpecifierSet

from lock.errors import UsageError

# The oldest that the builder runs on.
OLDEST_MINOR = 8
# The newest that the tests run environments on (tests/e2e/test_newest_pythons.py), since Debian has
# it. Newer ones are locked for in the same way, with a line that says that no test does: their
# wheels, `site` and `venv` may differ.
NEWEST_TESTED = 15
# The version that messages name as an example.
USUAL_PYTHON = "3.11"
# PEP 703: the first version with free-threaded builds, 3.13t.
OLDEST_FREE_THREADED = 13
# More patch releases than any version of Python has.
LATEST_PATCH = 99
# The month in which a version's first beta comes, and with it work on the next one (PEP 602).
MONTH_OF_BETA = 5

# What names a version, or a build of it, as pyenv and uv do: 3.11, 3.11.4, 3.13t,
# 3.13+freethreaded, 3.16.0a2, 3.16-dev.
SHAPE = re.compile(
    r"(?P<major>\d+)\.(?P<minor>\d+)(?:\.\d+)*(?:(?:a|b|rc)\d+)?"
    r"(?P<free_threaded>(?:t|\+freethreaded)?)(?:-dev)?",
    re.ASCII,
)
# A minor version in a range or a marker.
MENTIONED = re.compile(r"(?<![\d.])3\.(\d{1,2})(?!\d)", re.ASCII)


def newest_minor(today: date) -> int:
    """Return the newest minor version of Python 3 that exists, maybe only in development.

    There is a new one each year: 3.14 in 2025 (PEP 602). A wrong clock hides none that is tested.
    """
    return max(NEWEST_TESTED + 1, today.year - 2010 - (today.month < MONTH_OF_BETA))


def check_python(text: str, today: date | None = None) -> str:
    """Return a version of Python in its normal form, with two components: "3.11", "3.13t".

    `today` is the day on which the version has to exist, at least in development.

    Raises UsageError, which doesn't say where the version stands, for one that can't be locked for.
    """
    match = SHAPE.fullmatch(text)
    if match is None:
        raise UsageError(f'"{text}" is no version of Python; write one such as {USUAL_PYTHON}')
    major, minor = int(match["major"]), int(match["minor"])
    free_threaded = "t" if match["free_threaded"] else ""
    python = f"{major}.{minor}{free_threaded}"
    newest = newest_minor(today or date.today())
    if (major, minor) < (3, OLDEST_MINOR):
        raise UsageError(
            f"Python {text} is too old to be locked for; the oldest that can is 3.{OLDEST_MINOR}"
        )
    if (major, minor) > (3, newest):
        raise UsageError(
            f"there is no Python {text}; 3.{newest} is the newest, and there is one more a year "
            "(PEP 602)"
        )
    if free_threaded and minor < OLDEST_FREE_THREADED:
        raise UsageError(
            f"Python {text} has no free-threaded build; the first that has is "
            f"3.{OLDEST_FREE_THREADED}t, or write 3.{minor}"
        )
    if text.removesuffix("t") != f"{match['major']}.{match['minor']}":
        kind = "patch release" if re.fullmatch(r"[\d.]+t?", text) else "build"
        raise UsageError(f'"{text}" names a {kind}; write {python}, the lock serves them all')
    return python


def untested(python: str) -> str:
    """Return a note on a version of Python ("3.16", "3.16t") that no test runs on; else empty."""
    if int(python.removesuffix("t").split(".")[1]) <= NEWEST_TESTED:
        return ""
    return (
        f"Python {python} is untested: 3.{NEWEST_TESTED} is the newest that this version of "
        "wheelhouse was tested with"
    )


def minors(*texts: str) -> range:
    """Return minor versions of Python 3 so that every version has its like among them.

    Those above the newest that the texts (ranges or markers) name are alike: the last two.

    >>> minors(), minors("python_version >= '3.12'", "<3.14")
    (range(8, 11), range(8, 17))
    """
    named = [int(number) for text in texts for number in MENTIONED.findall(text)]
    return range(OLDEST_MINOR, max([OLDEST_MINOR, *named]) + 3)


def of_minor(minor: int, among: range) -> str:
    """Return the marker of a minor version, and of all newer ones where it is the last of some.

    >>> of_minor(12, minors()), of_minor(10, minors())
    ("python_version == '3.12'", "python_version >= '3.10'")
    """
    return f"python_version {'>=' if minor == among[-1] else '=='} '3.{minor}'"


def only_python(versions: str | None) -> str | None:
    """Return the only version of Python ("3.12") that a specifier (PEP 440) allows, if any."""
    if versions is None:
        return None
    allowed = SpecifierSet(versions)
    fitting = [minor for minor in minors(versions) if supports(allowed, f"3.{minor}")]
    return f"3.{fitting[0]}" if len(fitting) == 1 else None


def example_python(versions: str | None, today: date | None = None) -> str | None:
    """Return a version of Python that can be locked for and that a specifier (PEP 440) allows.

    It is USUAL_PYTHON where that fits, else the newest that is tested, or the next one that there
    is; None where none fits.
    """
    allowed = SpecifierSet(versions or "")
    tested = range(NEWEST_TESTED, OLDEST_MINOR - 1, -1)
    others = range(NEWEST_TESTED + 1, newest_minor(today or date.today()) + 1)
    candidates = [USUAL_PYTHON, *(f"3.{minor}" for minor in (*tested, *others))]
    return next((python for python in candidates if supports(allowed, python)), None)


def none_fits(today: date | None = None) -> str:
    """Return what to say of a range that lets in no version that can be locked for."""
    newest = newest_minor(today or date.today())
    return f"no version that can be locked for fits: those are 3.{OLDEST_MINOR} to 3.{newest}"


def supports(versions: SpecifierSet, python: str) -> bool:
    """Return whether some patch release of a version of Python ("3.12") is in a range."""
    releases = patch_releases(str(versions), python)
    return any(f"{python}.{patch}" in versions for patch in releases)


def patch_releases(text: str, python: str) -> list[int]:
    """Return patch releases of a version of Python, one for each case that a text tells apart.

    The text is a range (PEP 440) or a marker (PEP 508), and the version such as "3.12".
    """
    named = re.findall(rf"(?<![\d.]){re.escape(python)}\.(\d{{1,3}})", text, re.ASCII)
    around = {int(patch) + offset for patch in named for offset in (-1, 0, 1)}
    return sorted({0, LATEST_PATCH, *around} - {-1})
