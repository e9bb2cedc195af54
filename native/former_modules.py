"""Modules that Python or setuptools once had, and the distributions that have them now."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Former:
    """A module that is gone.

    `owner` is the first release without it, as in "Python 3.13", `requirement` what to require of
    the index to have it back, None if there is nothing.
    """

    owner: str
    requirement: str | None = None


def _of_python(version: str, names: str, requirement: str | None = None) -> dict[str, Former]:
    """Return modules that a version of Python removed; in `requirement`, {} stands for the name."""
    return {
        name: Former(f"Python {version}", requirement and requirement.format(name))
        for name in names.split()
    }


# Sources: "What's New in Python", since 3.8; the changes of setuptools.
FORMER_MODULES = {
    **_of_python("3.8", "macpath"),
    **_of_python("3.9", "dummy_threading"),
    **_of_python("3.10", "formatter parser symbol"),
    **_of_python("3.11", "binhex"),
    **_of_python("3.12", "imp"),
    **_of_python("3.12", "distutils", "setuptools"),
    **_of_python("3.12", "asynchat asyncore", "py{}"),
    **_of_python("3.12", "smtpd", "standard-{}"),
    **_of_python("3.13", "crypt lib2to3 msilib nis ossaudiodev spwd"),
    **_of_python("3.13", "audioop", "audioop-lts"),
    **_of_python("3.13", "cgi cgitb", "legacy-cgi"),
    **_of_python(
        "3.13",
        "aifc chunk imghdr mailcap nntplib pipes sndhdr sunau telnetlib uu xdrlib",
        "standard-{}",
    ),
    **_of_python("3.15", "sre_compile sre_constants sre_parse"),
    "pkg_resources": Former("setuptools 82", "setuptools<82"),
}


def former_sentence(module: str, package: str) -> str | None:
    """Return what to do about a module that a package imports and that is gone; else None."""
    former = FORMER_MODULES.get(module)
    if former is None:
        return None
    other = f"require {former.requirement} beside it" if former.requirement else "an older Python"
    return (
        f"{former.owner} and later have no {module}: take a newer version of {package}, or {other}."
    )
