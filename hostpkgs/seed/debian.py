"""Find the Debian packages of the host package set, with URLs, hashes and dependencies.

Nothing is downloaded or installed: Nix fetches a package when a build uses it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# nixpkgs' attribute → Debian's names of the package; the first that the release has
LIBRARIES = {
    "zlib": ["zlib1g"],
    "libstdcxx": ["libstdc++6"],
    "libgcc": ["libgcc-s1", "libgcc1"],
    "libgomp": ["libgomp1"],
    "libatomic": ["libatomic1"],
    "libx11": ["libx11-6"],
    "libxcb": ["libxcb1"],
    "libxext": ["libxext6"],
    "libxrender": ["libxrender1"],
    "libice": ["libice6"],
    "libsm": ["libsm6"],
    "libGL": ["libgl1"],
    "glib": ["libglib2.0-0t64", "libglib2.0-0"],
    "libxcrypt": ["libcrypt1"],
    "expat": ["libexpat1"],
    "ncurses": ["libncursesw5", "libncursesw6"],
    "libffi": ["libffi8", "libffi7"],
    "openssl": ["libssl3t64", "libssl3", "libssl1.1"],
    "libyaml": ["libyaml-0-2"],
    "libjpeg": ["libjpeg62-turbo", "libjpeg-turbo8"],
    "dbus": ["libdbus-1-3"],
    "fontconfig": ["libfontconfig1"],
    "freetype": ["libfreetype6"],
    "libglvnd": ["libegl1"],
    "libxkbcommon": ["libxkbcommon0"],
    "zstd": ["libzstd1"],
}
# their headers, for source distributions
DEVELOPMENT = {
    "zlib": ["zlib1g-dev"],
    "expat": ["libexpat1-dev"],
    "libffi": ["libffi-dev"],
    "openssl": ["libssl-dev"],
    "libyaml": ["libyaml-dev"],
    "libjpeg": ["libjpeg62-turbo-dev", "libjpeg-turbo8-dev"],
}
TOOLS = {
    "bash": ["bash"],
    "coreutils": ["coreutils"],
    "gnutar": ["tar"],
    "gnused": ["sed"],
    "gnugrep": ["grep"],
    "gnumake": ["make"],
    "findutils": ["findutils"],
    "gawk": ["gawk"],
    "diffutils": ["diffutils"],
    "gnupatch": ["patch"],
    "xz": ["xz-utils"],
    "gzip": ["gzip"],
    "bzip2": ["bzip2"],
    "which": ["debianutils"],
    "pkg-config": ["pkgconf-bin", "pkg-config"],
}
# nixpkgs' attribute → Debian's packages that are one in nixpkgs, each with its names. A typelib
# stands in a package of its own in Debian.
BUNDLES = {
    "at-spi2-core": [
        ["libatk1.0-0t64", "libatk1.0-0"],
        ["libatk-bridge2.0-0t64", "libatk-bridge2.0-0"],
        ["libatspi2.0-0t64", "libatspi2.0-0"],
        ["gir1.2-atk-1.0"],
    ],
    "cairo": [["libcairo2"], ["libcairo-gobject2"]],
    "dejavu_fonts": [["fonts-dejavu-core"]],
    "gdk-pixbuf": [["libgdk-pixbuf-2.0-0"], ["gir1.2-gdkpixbuf-2.0"]],
    "gobject-introspection": [
        ["libgirepository-1.0-1", "libgirepository-2.0-0"],
        ["libgirepository-2.0-0"],
        ["gir1.2-glib-2.0"],
        ["gir1.2-girepository-2.0"],
        ["gir1.2-girepository-3.0"],
        ["gir1.2-freedesktop"],
    ],
    "gtk3": [["libgtk-3-0t64", "libgtk-3-0"], ["gir1.2-gtk-3.0"]],
    "harfbuzz": [["libharfbuzz0b"], ["libharfbuzz-gobject0"], ["gir1.2-harfbuzz-0.0"]],
    "pango": [
        ["libpango-1.0-0"],
        ["libpangocairo-1.0-0"],
        ["libpangoft2-1.0-0"],
        ["libpangoxft-1.0-0"],
        ["gir1.2-pango-1.0"],
    ],
    "tcl": [["libtcl8.6"]],
    "tk": [["libtk8.6"]],
    "xkbcomp": [["x11-xkb-utils"]],
    "xkeyboard-config": [["xkb-data"]],
    "xorg-server": [["xvfb"]],
}
# the same, as attributes of `python3.pkgs`; {} stands for a version, such as 3.13
PYTHON = {
    "pycairo": [["python3-cairo"]],
    "pygobject3": [["python3-gi"], ["python3-gi-cairo"]],
    "tkinter": [["python{}-tk", "python3-tk"]],
}
TOOLCHAIN = ["gcc", "g++", "binutils", "libc6-dev"]

# What a package may bring along: libraries, and the parts of the toolchain. Everything else that
# Debian depends on (documentation, configuration, init scripts) is of no use in a store path.
_WANTED = re.compile(
    r"lib[a-z0-9].*|zlib1g|gcc-\d+.*|g\+\+-\d+.*|cpp.*|binutils.*|linux-libc-dev"
    r"|tk\d+\.\d+-blt.*"
)
# libc is shared; Mesa's drivers belong to the machine, as in nixpkgs; sanitizers are heavy
_UNWANTED = re.compile(
    r"libc6|libc-bin|gcc-\d+-base|lib.*-(data|common|doc)|libgl1-mesa-dri|libglx-mesa0|libglapi-mesa"
    r"|lib(a|l|t|ub)san\d+|libdebconf.*|.*-perl"
)


@dataclass(frozen=True)
class Package:
    """One .deb: `sha256` in base 16, `depends` names of other packages of the same answer.

    `python` has the versions ("3.11") that its extension modules are for.
    """

    version: str
    url: str
    sha256: str
    depends: list[str] = field(default_factory=list)
    python: list[str] = field(default_factory=list)


def headers(minor: str) -> str:
    """Return the package with the C headers of Debian's interpreter of a version ("3.11")."""
    return f"libpython{minor}-dev"


def python_bundles(minor: str) -> dict[str, list[list[str]]]:
    """Return PYTHON with the names that packages for a version ("3.11") have."""
    return {
        attribute: [[name.format(minor) for name in part] for part in parts]
        for attribute, parts in PYTHON.items()
    }


def for_python(minor: str) -> list[str]:
    """Return the names of the packages to query apt for, for a version of Python ("3.11")."""
    return [name for parts in python_bundles(minor).values() for part in parts for name in part]


def wanted(further: Iterable[str]) -> list[str]:
    """Return the names of the packages to query apt for, in all releases of Debian."""
    parts = (part for bundle in BUNDLES.values() for part in bundle)
    choices = (*LIBRARIES.values(), *DEVELOPMENT.values(), *TOOLS.values(), *parts)
    names = {name for choice in choices for name in choice}
    return sorted({*names, *TOOLCHAIN, *further})


def query(further: Iterable[str] = ()) -> dict[str, Package]:
    """Query apt for the packages of the host package set, `further` ones, and their dependencies.

    Empty when apt knows none of them, as with empty lists. Raises OSError without apt.
    """
    top = wanted(further)
    graph = _apt_cache("depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts",
                       "--no-breaks", "--no-replaces", "--no-enhances", *top)  # fmt: skip
    names = sorted(set(re.findall(r"^([a-z0-9][a-z0-9+.-]+)$", graph, re.MULTILINE)))
    names = [name for name in names if name in top or _is_wanted(name)]
    records = parse_records(_apt_cache("show", "--no-all-versions", *names))
    if not records:
        return {}
    uris = parse_uris(_run("apt-get", "download", "--print-uris", *sorted(records)))
    return select(records, uris)


def update() -> None:
    """Have apt fetch its lists; its messages go to stderr. Raises OSError without apt."""
    subprocess.run(["apt-get", "-q", "update"], stdout=sys.stderr, check=False)


def parse_records(text: str) -> dict[str, dict[str, str]]:
    """Parse the output of `apt-cache show`: name → field → value (deb-control(5)), first wins."""
    records: dict[str, dict[str, str]] = {}
    for paragraph in text.split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z0-9-]+): *(.*)$", paragraph, re.MULTILINE))
        if "Package" in fields and "Filename" in fields:
            records.setdefault(fields["Package"], fields)
    return records


def parse_uris(text: str) -> dict[str, str]:
    """Parse the output of `apt-get download --print-uris`: package name → URL."""
    found = re.findall(r"^'([^']+)' (\S+?)_\S+ \d+ \S+$", text, re.MULTILINE)
    return {name: url for url, name in found}


def select(records: Mapping[str, Mapping[str, str]], uris: Mapping[str, str]) -> dict[str, Package]:
    """Return the packages that can be downloaded, each with its dependencies among them."""
    provides = {
        provided: name
        for name in sorted(records)
        for provided in _names(records[name].get("Provides", ""))
    }
    usable = {name for name in records if name in uris and "SHA256" in records[name]}
    depends = without_cycles(
        {name: _dependencies(records[name], usable, provides) for name in sorted(usable)}
    )
    return {
        name: Package(
            version=records[name]["Version"],
            url=uris[name],
            sha256=records[name]["SHA256"],
            depends=depends[name],
            python=python_versions(name, records[name].get("Depends", "")),
        )
        for name in sorted(usable)
    }


def without_cycles(depends: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the dependencies without those that close a cycle, which Nix can't have."""
    acyclic: dict[str, list[str]] = {}

    def visit(name: str, ancestors: tuple[str, ...]) -> None:
        if name not in acyclic:
            acyclic[name] = [other for other in depends[name] if other not in (*ancestors, name)]
            for other in acyclic[name]:
                visit(other, (*ancestors, name))

    for name in depends:
        visit(name, ())
    return acyclic


def resolve(choices: Mapping[str, list[str]], packages: Mapping[str, Package]) -> dict[str, str]:
    """Return attribute of nixpkgs → Debian name, for the packages that this release has."""
    return {
        attribute: next(name for name in choice if name in packages)
        for attribute, choice in choices.items()
        if any(name in packages for name in choice)
    }


def resolve_bundles(
    bundles: Mapping[str, list[list[str]]], packages: Mapping[str, Package]
) -> dict[str, list[str]]:
    """Return attribute → Debian's names of its parts, without the parts that a release lacks.

    A bundle without its first part is left out.
    """
    return {
        attribute: list(
            dict.fromkeys(
                next(name for name in part if name in packages)
                for part in parts
                if any(name in packages for name in part)
            )
        )
        for attribute, parts in bundles.items()
        if any(name in packages for name in parts[0])
    }


def resolve_python(
    minors: Iterable[str], packages: Mapping[str, Package]
) -> dict[str, dict[str, list[str]]]:
    """Return version ("3.11") → attribute → Debian's names of its parts."""
    found = {
        minor: {
            attribute: names
            for attribute, names in resolve_bundles(python_bundles(minor), packages).items()
            if minor in packages[names[0]].python
        }
        for minor in minors
    }
    return {minor: attributes for minor, attributes in found.items() if attributes}


def python_versions(name: str, depends: str) -> list[str]:
    """Return the versions ("3.11") that a package has extension modules for, if any.

    Debian's Python policy, 3.2: it depends on python3 from the oldest one on, below the version
    after the newest one; or its name has a version.
    """
    if own := re.match(r"python(3\.\d+)-", name):
        return [own[1]]
    below = re.search(r"\bpython3 \(<< 3\.(\d+)\)", depends)
    if not below:
        return []
    end = int(below[1])
    first = re.search(r"\bpython3 \(>= 3\.(\d+)~\)", depends)
    return [f"3.{minor}" for minor in range(int(first[1]) if first else end - 1, end)]


def _dependencies(
    record: Mapping[str, str], usable: set[str], provides: Mapping[str, str]
) -> list[str]:
    if record["Package"].startswith("libpython"):
        return []  # taken for its headers
    text = ", ".join(filter(None, (record.get("Pre-Depends"), record.get("Depends"))))
    chosen: list[str] = []
    for clause in text.split(","):
        alternatives = [provides.get(name, name) if name not in usable else name
                        for name in _names(clause.replace("|", ","))]  # fmt: skip
        found = next((name for name in alternatives if name in usable and _is_wanted(name)), None)
        if found and found != record["Package"]:
            chosen.append(found)
    return sorted(set(chosen))


def _names(clause: str) -> list[str]:
    return [
        match[1]
        for part in clause.split(",")
        if (match := re.match(r"\s*([a-z0-9][a-z0-9+.-]+)", part))
    ]


def _is_wanted(name: str) -> bool:
    return bool(_WANTED.fullmatch(name)) and not _UNWANTED.fullmatch(name)


def _apt_cache(*arguments: str) -> str:
    return _run("apt-cache", *arguments)


def _run(*command: str) -> str:
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
    ).stdout
