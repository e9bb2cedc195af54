"""Find the Debian packages of the host package set, with URLs, hashes and dependencies.

Nothing is downloaded or installed: Nix fetches a package when a build uses it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# nixpkgs' attribute → Debian's names of the package; the first that the release has. What else a
# machine may link, with headers, stands in libraries.json.
COMPILER = {
    "libstdcxx": ["libstdc++6"],
    "libgcc": ["libgcc-s1", "libgcc1"],
    "libgomp": ["libgomp1"],
    "libatomic": ["libatomic1"],
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
    "gnum4": ["m4"],
    "gperf": ["gperf"],
    "nasm": ["nasm"],
    "ninja": ["ninja-build"],
    "re2c": ["re2c"],
    "unzip": ["unzip"],
    "xxd": ["xxd"],
    "yasm": ["yasm"],
    "zip": ["zip"],
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
    "cairo": [["libcairo2"], ["libcairo-gobject2"], ["libcairo-script-interpreter2"]],
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
    "harfbuzz": [
        ["libharfbuzz0b"],
        ["libharfbuzz-gobject0"],
        ["libharfbuzz-subset0"],
        ["gir1.2-harfbuzz-0.0"],
    ],
    "pango": [
        ["libpango-1.0-0"],
        ["libpangocairo-1.0-0"],
        ["libpangoft2-1.0-0"],
        ["libpangoxft-1.0-0"],
        ["gir1.2-pango-1.0"],
    ],
    # the program's name in one, the program in the other, where a release has two
    "swig": [["swig"], ["swig4.0"]],
    "tcl": [["libtcl8.6"]],
    "tesseract": [
        ["libtesseract5"],
        ["tesseract-ocr"],
        ["tesseract-ocr-eng"],
        ["tesseract-ocr-osd"],
    ],
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
# what another compiler adds to the toolchain
FORTRAN = ["gfortran", "libgfortran5", "libquadmath0"]
MUSL = ["musl", "musl-dev"]

# What a package may bring along: libraries, and the parts of the toolchain. Everything else that
# Debian depends on (documentation, configuration, init scripts) is of no use in a store path.
_WANTED = re.compile(
    r"lib[a-z0-9].*|zlib1g|gcc-(\d+|.*-linux-gnu).*|g\+\+-(\d+|.*-linux-gnu).*|cpp.*|binutils.*"
    r"|linux-libc-dev"
    r"|tk\d+\.\d+-blt.*|[a-z0-9][a-z0-9+.-]*-dev|krb5-multidev|ocl-icd-libopencl1"
    r"|coinor-lib.*|gfortran-(\d+|.*-linux-gnu).*"
)
# libc is shared; Mesa's drivers belong to the machine, as in nixpkgs; sanitizers are heavy
_UNWANTED = re.compile(
    r"libc6|libc-bin|gcc-\d+-base|lib.*-(data|common|doc)|libgl1-mesa-dri|libglx-mesa0|libglapi-mesa"
    r"|lib(a|l|t|ub)san\d+|libdebconf.*|.*-perl|libegl-mesa0|libllvm.*|libjs-.*|python3?(\.\d+)?-.*"
    r"|dpkg-dev"
)

# what pkg-config asks for where it is asked for a package for development
_WANTED_BY_HEADERS = frozenset({"shared-mime-info"})


@dataclass(frozen=True)
class Package:
    """One .deb: `sha256` in base 16, `depends` names of other packages of the same answer.

    `python` has the versions ("3.11") that its extension modules are for, `source` the name of the
    source package that it was made of.
    """

    version: str
    url: str
    sha256: str
    depends: list[str] = field(default_factory=list)
    python: list[str] = field(default_factory=list)
    source: str = ""


@dataclass(frozen=True)
class Library:
    """Debian's names of a library's packages, and of those with its headers.

    Alternatives are tried in their order: "libldap-dev | libldap2-dev".
    """

    libraries: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)


def read_table(path: Path) -> dict[str, Library]:
    """Read libraries.json: nixpkgs' attribute → its packages.

    Libraries that the packages with headers depend on needn't stand there.
    """
    table = json.loads(path.read_text())
    return {
        attribute: Library(entry.get("libraries", []), entry.get("headers", []))
        for attribute, entry in table.items()
    }


def embedding(minor: str) -> list[str]:
    """Return the packages with the C headers and the library of Debian's interpreter ("3.11")."""
    return [f"libpython{minor}-dev", f"libpython{minor}t64", f"libpython{minor}"]


def python_bundles(minor: str) -> dict[str, list[list[str]]]:
    """Return PYTHON with the names that packages for a version ("3.11") have."""
    return {
        attribute: [[name.format(minor) for name in part] for part in parts]
        for attribute, parts in PYTHON.items()
    }


def for_python(minor: str) -> list[str]:
    """Return the names of the packages to query apt for, for a version of Python ("3.11")."""
    return [name for parts in python_bundles(minor).values() for part in parts for name in part]


def wanted(libraries: Mapping[str, Library], further: Iterable[str]) -> list[str]:
    """Return the names of the packages to query apt for, in all releases of Debian."""
    parts = (part for bundle in BUNDLES.values() for part in bundle)
    parts_of_libraries = (
        part.split(" | ") for one in libraries.values() for part in (*one.libraries, *one.headers)
    )
    choices = (*COMPILER.values(), *TOOLS.values(), *parts, *parts_of_libraries)
    names = {name for choice in choices for name in choice}
    return sorted({*names, *TOOLCHAIN, *FORTRAN, *MUSL, *further})


def query(names: Iterable[str]) -> dict[str, Package]:
    """Query apt for packages and what they depend on, as far as the host package set wants it.

    Empty when apt knows none of them, as with empty lists. Raises OSError without apt.
    """
    architecture = _run("dpkg", "--print-architecture").strip()
    known = parse_records(_run("apt-cache", "dumpavail"), architecture)
    records = {name: fields(known[name]) for name in reachable(names, known)}
    if not records:
        return {}
    uris = parse_uris(_run("apt-get", "download", "--print-uris", *sorted(records)))
    return select(records, uris)


def update() -> None:
    """Have apt fetch its lists; its messages go to stderr. Raises OSError without apt."""
    subprocess.run(["apt-get", "-q", "update"], stdout=sys.stderr, check=False)


def parse_records(text: str, architecture: str) -> dict[str, str]:
    """Parse the output of `apt-cache dumpavail`: name → its paragraph (deb-control(5)), first wins.

    There are 60,000 of them, and few are looked at: `fields` takes one apart.
    """
    records: dict[str, str] = {}
    of_machine = (f"\nArchitecture: {architecture}\n", "\nArchitecture: all\n")
    for paragraph in text.split("\n\n"):
        name = paragraph[len("Package: ") : paragraph.find("\n")]
        if (
            paragraph.startswith("Package: ")
            and "\nFilename: " in paragraph
            and any(line in paragraph for line in of_machine)
        ):
            records.setdefault(name, paragraph)
    return records


def fields(paragraph: str) -> dict[str, str]:
    """Parse a paragraph of one-line fields; further lines are left out."""
    return dict(re.findall(r"^([A-Za-z0-9-]+): *(.*)$", paragraph, re.MULTILINE))


def reachable(names: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """Return `names` and every wanted package that they may depend on, those that apt knows."""
    providers: dict[str, list[str]] = {}
    for name, paragraph in known.items():
        at = paragraph.find("\nProvides: ")
        if at >= 0 and _is_wanted(name):
            line = paragraph[at + 1 : paragraph.find("\n", at + 1) % len(paragraph)]
            for provided in _names(line.partition(": ")[2]):
                providers.setdefault(provided, []).append(name)
    found: dict[str, None] = {}
    # Debian's libraries with a 64-bit time have names of their own, and provide the old ones.
    queue = [name if name in known else f"{name}t64" for name in names]
    while queue:
        name = queue.pop()
        if name in found or name not in known:
            continue
        found[name] = None
        for dependency in dependencies(fields(known[name])):
            others = [dependency] if dependency in known else providers.get(dependency, [])
            queue += [other for other in others if _is_wanted(other, name)]
    return sorted(found)


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
            source=records[name].get("Source", name).partition(" ")[0],
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


def resolve_libraries(
    libraries: Mapping[str, Library], packages: Mapping[str, Package]
) -> dict[str, dict[str, list[str]]]:
    """Return attribute → the names that this release has, below "libraries" and "headers".

    To the libraries belong those that the headers' packages depend on, of the same source.
    """
    resolved = {}
    for attribute, one in libraries.items():
        headers = _first_known(one.headers, packages)
        own = [name for header in headers for name in _libraries_of(header, packages)]
        names = list(dict.fromkeys((*_first_known(one.libraries, packages), *own)))
        if names or headers:
            resolved[attribute] = {"libraries": names, "headers": headers}
    return resolved


def _libraries_of(header: str, packages: Mapping[str, Package]) -> list[str]:
    """Return the libraries of a package with headers, or of those that stand in for it now."""
    same_source = [
        name
        for name in packages[header].depends
        if packages[name].source == packages[header].source
    ]
    return [name for name in same_source if not is_development(name)] or [
        library
        for name in same_source
        if is_development(name)
        for library in _libraries_of(name, packages)
    ]


def without_cycles_of_groups(
    packages: Mapping[str, Package], groups: Iterable[Iterable[str]]
) -> dict[str, Package]:
    """Return the packages without dependencies that close a cycle when each group is one package.

    A package counts in the first group that has it.
    """
    group_of: dict[str, str] = {}
    for group in groups:
        names = list(group)
        for name in names:
            group_of.setdefault(name, f"group of {names[0]}")
    graph: dict[str, list[str]] = {}
    for name, package in packages.items():
        targets = (group_of.get(other, other) for other in package.depends)
        graph.setdefault(group_of.get(name, name), []).extend(targets)
    acyclic = {
        name: set(targets)
        for name, targets in without_cycles(
            {name: sorted(set(targets) - {name}) for name, targets in sorted(graph.items())}
        ).items()
    }
    return {
        name: replace(
            package,
            depends=[
                other
                for other in package.depends
                if group_of.get(other, other) in acyclic[group_of.get(name, name)]
                or group_of.get(other, other) == group_of.get(name, name)
            ],
        )
        for name, package in packages.items()
    }


def describe(
    libraries: Mapping[str, Library], packages: Mapping[str, Package], minors: Iterable[str]
) -> dict[str, Any]:
    """Return what seeds.json says about Debian's packages, with nixpkgs' names of them.

    `minors` are the versions ("3.11") that there are interpreters of.
    """
    bundles = resolve_bundles(BUNDLES, packages)
    found = resolve_libraries(libraries, packages)
    compiler = resolve(COMPILER, packages)
    packages = without_cycles_of_groups(
        packages,
        [
            compiler.values(),
            *bundles.values(),
            *(found[attribute]["headers"] for attribute in sorted(found)),
        ],
    )
    return {
        "packages": {name: _for_nix(package) for name, package in packages.items()},
        "attributes": resolve({**COMPILER, **TOOLS}, packages),
        "libraries": found,
        "bundles": bundles,
        "python": resolve_python(minors, packages),
        "fortran": [name for name in FORTRAN if name in packages],
        "toolchain": [name for name in TOOLCHAIN if name in packages],
    }


def _for_nix(package: Package) -> dict[str, Any]:
    facts = asdict(package)
    del facts["source"]
    return {name: value for name, value in facts.items() if value != [] or name == "depends"}


def is_development(name: str) -> bool:
    """Return whether a package has headers and what else only a build wants."""
    return name.endswith(("-dev", "-bin", "-headers", "-multidev"))


def _first_known(parts: Iterable[str], packages: Mapping[str, Package]) -> list[str]:
    choices = ([name for old in part.split(" | ") for name in (f"{old}t64", old)] for part in parts)
    found = (next((name for name in choice if name in packages), None) for choice in choices)
    return [name for name in found if name]


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


def dependencies(record: Mapping[str, str]) -> list[str]:
    """Return the names of all packages that a package depends on, alternatives included."""
    return _names(_depends(record).replace("|", ","))


def _dependencies(
    record: Mapping[str, str], usable: set[str], provides: Mapping[str, str]
) -> list[str]:
    if record["Package"].startswith("libpython"):
        return []  # taken for its headers
    chosen: list[str] = []
    for clause in _depends(record).split(","):
        alternatives = [provides.get(name, name) if name not in usable else name
                        for name in _names(clause.replace("|", ","))]  # fmt: skip
        own = record["Package"]
        found = next((name for name in alternatives
                      if name in usable and _is_wanted(name, own)), None)  # fmt: skip
        if found and found != own:
            chosen.append(found)
    return sorted(set(chosen))


def _depends(record: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (record.get("Pre-Depends"), record.get("Depends"))))


def _names(clause: str) -> list[str]:
    return [
        match[1]
        for part in clause.split(",")
        if (match := re.match(r"\s*([a-z0-9][a-z0-9+.-]+)", part))
    ]


def _is_wanted(name: str, by: str = "") -> bool:
    if name in _WANTED_BY_HEADERS:
        return by.endswith("-dev")
    return bool(_WANTED.fullmatch(name)) and not _UNWANTED.fullmatch(name)


def _run(*command: str) -> str:
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
    ).stdout
