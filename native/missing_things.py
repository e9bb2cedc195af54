"""Read from the log of a failed build what it lacked: headers, programs, libraries and the like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a missing thing is."""

    CMAKE_PACKAGE = "CMake package"
    CRATE = "crate"
    HEADER = "header"
    LIBRARY = "library"
    PKG_CONFIG_MODULE = "pkg-config module"
    PROGRAM = "program"
    PYTHON_MODULE = "Python module"


@dataclass(frozen=True)
class Missing:
    """A thing that a build lacked.

    `is_attempt` is set where the log only says that the build tried it, maybe one of several names.
    """

    kind: Kind
    name: str
    is_attempt: bool = False


NAME = r"[\w.+-]+"
HEADER = r"[\w./+-]+\.(?:h|hh|hpp|hxx|H)\b"
QUOTE = "['\"\u2018\u2019`]?"
PATTERNS: tuple[tuple[Kind, str], ...] = (
    # GCC and Clang; C++ headers may have no suffix, as `Eigen/Core`.
    (Kind.HEADER, rf"fatal error: {QUOTE}([\w./+-]+){QUOTE}(?::| file) (?:No such file|not found)"),
    (Kind.HEADER, rf"ERROR: \S+ header {QUOTE}([\w./+-]+){QUOTE} not found"),
    (Kind.HEADER, rf"^\W*({HEADER}){QUOTE} (?:was |is |could )?not (?:be )?found"),
    # The linkers of binutils, LLVM and Apple.
    (Kind.LIBRARY, rf"\bld(?:\.\w+)?: cannot find -l({NAME})"),
    (Kind.LIBRARY, rf"\bld\.lld: error: unable to find library -l({NAME})"),
    (Kind.LIBRARY, rf"^ld: library (?:'({NAME})' not found|not found for -l({NAME}))"),
    (Kind.LIBRARY, rf"ERROR: .*shared or static library {QUOTE}({NAME}){QUOTE} not found"),
    (Kind.PKG_CONFIG_MODULE, rf"^.*\bPackage '?({NAME})'?,? (?:was|required by .*) not found"),
    (Kind.PKG_CONFIG_MODULE, rf"^No package '({NAME})' found"),
    (Kind.PKG_CONFIG_MODULE, rf'ERROR: Dependency "({NAME})" not found'),
    (Kind.PKG_CONFIG_MODULE, rf"ERROR: Dependency lookup for ({NAME}) with method 'pkg-config'"),
    (Kind.CMAKE_PACKAGE, rf"^CMake Error[^\n]*\n\s+Could NOT find ({NAME})"),
    (Kind.CMAKE_PACKAGE, rf'package configuration file provided by\s+"({NAME})"'),
    # Shells: dash, bash, busybox.
    (
        Kind.PROGRAM,
        rf"^\s*(?:\S*/)?(?:ba|da|a)?sh: (?:line \d+: |\d+: )?({NAME}): (?:command )?not f",
    ),
    (Kind.PROGRAM, rf"^\s*(?:/\S+/)?env: {QUOTE}({NAME}){QUOTE}: No such file"),
    (Kind.PROGRAM, rf"^\s*make(?:\[\d+\])?: ({NAME}): No such file"),
    # Python's subprocess, and setuptools.
    (Kind.PROGRAM, rf"in _execute_child\n(?:.*\n){{1,3}}?.*FileNotFoundError: .*: '({NAME})'"),
    (Kind.PROGRAM, rf"error: command '({NAME})' failed: No such file"),
    (Kind.PROGRAM, rf"unable to execute '({NAME})': No such file"),
    (Kind.PROGRAM, rf"\bCould not run ({NAME}): .*No such file"),
    (Kind.PROGRAM, rf"\b({NAME}) executable (?:was )?not found"),
    (Kind.PROGRAM, rf"ERROR: Program '({NAME})[^']*' not found"),
    (Kind.PROGRAM, rf"^CMake Error.*\(find_program\):\n\s+Could not find .* names: ({NAME})"),
    (Kind.LIBRARY, rf"^CMake Error.*\(find_library\):\n\s+Could not find .* names: ({NAME})"),
    (Kind.CRATE, r"no matching package named `([\w-]+)` found\n\s*location searched: crates"),
    (Kind.CRATE, r"failed to get `([\w-]+)` as a dependency of package"),
)
# What names no program, and the program that it means.
PROGRAM_PATTERNS = (
    ("cargo", r"can't find Rust compiler|Do you have cargo in your PATH|Cargo, the Rust package"),
    ("gfortran", r"Unknown compiler\(s\): \[\['gfortran'\]|No CMAKE_Fortran_COMPILER could be"),
    ("gfortran", r"but no Fortran compiler found"),
    ("pkg-config", r"ERROR: Dependency lookup .* Pkg-config for machine .* not found"),
    ("cmake", r"Problem with the CMake installation, aborting build"),
)
# The build asked pkg-config by itself, maybe for several modules of which one is enough.
ATTEMPT = rf"^\s*Command 'pkg-config (?:--[\w-]+ )*({NAME})' returned non-zero"
# Only the last one counts: those before it were caught, or lead to it.
PYTHON_MODULE = r"ModuleNotFoundError: No module named '([\w.]+)'|: No module named ([\w.]+)$"
# What a build imports in place of a program: maturin's fetches Rust, which a sandbox can't.
PROGRAM_OF_MODULE = {"puccinialin": "cargo"}

# Compilers colour what they write to a terminal (ECMA-48, control sequences); GCC links options.
CONTROL_SEQUENCE = re.compile(r"\x1b\[[\d;]*[A-Za-z]|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)|\r(?=\n)")


def missing_things(log: str) -> tuple[Missing, ...]:
    """Return what a log says to be missing, each thing once, in the order of `PATTERNS`."""
    return tuple(dict.fromkeys(_found(CONTROL_SEQUENCE.sub("", log))))


def _found(log: str) -> Iterator[Missing]:
    for kind, pattern in PATTERNS:
        for match in re.finditer(pattern, log, re.MULTILINE):
            name = next(filter(None, match.groups()))
            yield Missing(kind, name.rstrip("."))
    for program, pattern in PROGRAM_PATTERNS:
        if re.search(pattern, log):
            yield Missing(Kind.PROGRAM, program)
    for match in re.finditer(ATTEMPT, log, re.MULTILINE):
        yield Missing(Kind.PKG_CONFIG_MODULE, match[1], is_attempt=True)
    modules = list(re.finditer(PYTHON_MODULE, log, re.MULTILINE))
    for match in modules[-1:]:
        name = (match[1] or match[2]).partition(".")[0]
        if name in PROGRAM_OF_MODULE:
            yield Missing(Kind.PROGRAM, PROGRAM_OF_MODULE[name])
        else:
            yield Missing(Kind.PYTHON_MODULE, name)
