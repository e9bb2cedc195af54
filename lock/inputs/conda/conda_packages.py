"""What files of conda share: requirements (MatchSpec), platforms, and what can be kept of them.

Source: conda's documentation, "Package match specifications".
"""

import re
from collections.abc import Collection, Mapping

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs.values.markers import all_of
from lock.models import target

PYTHON = "python"
# Conda's packages that stand for what every environment has anyway.
ALLOWED = (PYTHON, "pip")
# Conda's platform → the Nix system.
SYSTEMS: Mapping[str, str] = {
    "linux-64": "x86_64-linux",
    "linux-aarch64": "aarch64-linux",
    "osx-64": "x86_64-darwin",
    "osx-arm64": "aarch64-darwin",
}
# Further platforms of conda: a file that names them isn't locked for them.
OTHER_PLATFORMS = (
    *("win-64", "win-32", "win-arm64", "linux-32", "linux-armv6l", "linux-armv7l"),
    *("linux-ppc64le", "linux-riscv64", "linux-s390x"),
)
SPEC = re.compile(
    r"(?:[^\s:\[]+::)?(?P<name>[A-Za-z0-9_.-]+)\s*(?P<version>[^\[]*?)(?P<keys>\[.*\])?\s*"
)


def name_of(spec: str) -> str:
    """Return the package's name in a requirement. Raises UsageError where there is none."""
    return _match(spec)["name"].lower()


def version_of(spec: str) -> str:
    """Return the version in a requirement, without a build; empty for any.

    Raises UsageError for a requirement that can't be read.
    """
    match = _match(spec)
    if match["keys"]:
        raise UsageError(f'"{spec}" has options in brackets; write it as `{match["name"]}=VERSION`')
    version = match["version"].strip()
    # Behind a second `=`, or a space, stands a build.
    exact = re.fullmatch(r"(==?)\s*([^=<>!~,|\s]+)(?:(?:=|\s+)\S+)?", version)
    if exact:
        return f"{exact[1]}{exact[2]}"
    return version.partition(" ")[0] if re.match(r"[^<>=!~].*\s", version) else version


def python_range(version: str) -> str:
    """Return conda's version of Python as a specifier (PEP 440); empty for any.

    >>> python_range("=3.12"), python_range(">=3.10,<3.13")
    ('==3.12.*', '<3.13,>=3.10')

    Raises UsageError for one that PEP 440 can't say.
    """
    text = version.replace(" ", "")
    plain = re.fullmatch(r"(?:==?)?(\d+(?:\.\d+)*)(?:\.?\*)?", text)
    if text in ("", "*", "=*"):
        return ""
    if plain:
        # A patch release serves as any other of its version.
        return f"=={'.'.join(plain[1].split('.')[:2])}.*"
    try:
        return str(SpecifierSet(text))
    except InvalidSpecifier:
        raise UsageError(
            f'"{version}" is no version of Python that is known here; write one such as "3.12" or '
            '">=3.10,<3.13"'
        ) from None


def systems_of(platforms: Collection[str]) -> tuple[str, ...]:
    """Return the Nix systems of conda's platforms, without those that aren't locked for.

    Raises UsageError for an unknown one, and where none is left.
    """
    unknown = sorted({*platforms} - SYSTEMS.keys() - {*OTHER_PLATFORMS, "noarch"})
    if unknown:
        raise UsageError(f"{', '.join(unknown)}: unknown platform; known are {', '.join(SYSTEMS)}")
    found = tuple(sorted(SYSTEMS[platform] for platform in platforms if platform in SYSTEMS))
    if platforms and not found:
        raise UsageError(f"no platform can be locked for; those that can are {', '.join(SYSTEMS)}")
    return found


def marker_of(platforms: Collection[str], also: str | None = None) -> str | None:
    """Return the marker (PEP 508) of some platforms, under another marker if one is given."""
    systems = sorted({SYSTEMS[platform] for platform in platforms})
    markers = [f"({target.SYSTEMS[system].marker})" for system in systems]
    return all_of([" or ".join(markers), also])


def normal(name: str) -> str:
    """Return the normalized name of a package (PEP 503)."""
    return str(canonicalize_name(name))


def refusal(names: Collection[str]) -> tuple[str, str]:
    """Return what is wrong with packages of conda, and what to do."""
    listed = ", ".join(sorted(names))
    verb = "is a package" if len(names) == 1 else "are packages"
    return (
        f"{listed} {verb} of conda, which can't be locked",
        "list what the package index has, too, below `pip:`, and take the rest from nixpkgs",
    )


def _match(spec: str) -> re.Match[str]:
    match = SPEC.fullmatch(spec.strip())
    if match is None:
        raise UsageError(f'"{spec}" is no requirement of conda; write one such as "python=3.12"')
    return match
