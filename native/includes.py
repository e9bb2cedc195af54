"""Read which headers C, C++, Cython and cffi sources include."""

import ast
import re
import warnings
from collections.abc import Collection, Iterator

from native import tables
from native.platform_conditions import START, Branch, Truth, holds_in_c, is_defined, negate

# Also in comments: it begins with a character that few lines have, so that it is found fast.
INCLUDE = re.compile(r'#[ \t]*(?:include|import)[ \t]*[<"]([^>"\n]+)[>"]')
# Cython: `cdef extern from "x.h" nogil:`.
EXTERN = re.compile(
    r"""^[ \t]*cdef[ \t]+extern[ \t]+from[ \t]+["']<?([^>"'*\n]+)>?["']""", re.MULTILINE
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DIRECTIVE = re.compile(
    r"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif|include|import)\b[ \t]*(.*)", re.MULTILINE
)
# What every C compiler comes with on Linux, although a table may have it for other reasons.
C_LIBRARY = ("asm/", "asm-generic/", "linux/", "libintl.h")


def includes_known(text: str) -> bool:
    """Return whether C or C++ code has an `#include`, below any condition, that a table knows."""
    return any(map(_is_wanted, INCLUDE.findall(text)))


def included_files(text: str) -> frozenset[str]:
    """Return the names of all files that C, C++ or Cython code includes, without their folders."""
    found = INCLUDE.findall(text)
    if "cdef" in text:
        found += EXTERN.findall(text)
    return frozenset(name.strip().rpartition("/")[2] for name in found)


def headers_of_c(text: str, never: Collection[str] = ()) -> frozenset[str]:
    """Return the headers that a table knows and that C or C++ code includes on Linux.

    Code below `#if` counts, unless its condition says that it is for another platform, or asks for
    a macro of `never`, which nothing defines.
    """
    # Most files include nothing that a table knows; and conditions take a while.
    if not includes_known(text):
        return frozenset()
    return frozenset(filter(_is_wanted, map(_normalized, _included(text, never))))


def headers_of_cython(text: str) -> frozenset[str]:
    """Return the headers that a table knows and that Cython code declares or includes."""
    found = [*EXTERN.findall(text), *INCLUDE.findall(text)]
    return frozenset(filter(_is_wanted, map(_normalized, found)))


def headers_of_python(text: str) -> frozenset[str]:
    """Return the headers that C code in strings of Python code includes, as cffi compiles it."""
    if "#include" not in text and "# include" not in text:
        return frozenset()
    tree = parse_python(text)
    if tree is None:
        return frozenset()
    strings = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return frozenset(header for string in strings for header in headers_of_c(string))


def parse_python(text: str) -> ast.Module | None:
    """Return the syntax tree of Python code; None for what this Python can't read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return None


def _is_wanted(header: str) -> bool:
    name = _normalized(header)
    return not name.startswith(C_LIBRARY) and tables.attribute_for_header(name) is not None


def _normalized(header: str) -> str:
    """Return a header as a table has it: without what leads to its folder."""
    return re.sub(r"^(?:\.{0,2}/)+", "", header.strip())


def _included(text: str, never: Collection[str]) -> Iterator[str]:
    """Yield the headers of the `#include` lines that hold on Linux."""
    branches: list[Branch] = []
    for match in DIRECTIVE.finditer(COMMENT.sub(" ", text).replace("\\\n", " ")):
        directive, rest = match[1], match[2].partition("//")[0].strip()
        if directive in ("include", "import"):
            name = re.match(r'[<"]([^>"]+)[>"]', match[2])
            if name and all(branch.is_read for branch in branches):
                yield name[1]
        elif directive == "endif":
            del branches[-1:]
        elif directive in ("elif", "else"):
            if branches:
                truth = True if directive == "else" else holds_in_c(rest, never)
                branches[-1] = branches[-1].next(truth)
        else:
            branches.append(START.next(_condition(directive, rest, never)))


def _condition(directive: str, rest: str, never: Collection[str]) -> Truth:
    if directive == "if":
        return holds_in_c(rest, never)
    defined = is_defined(rest.partition(" ")[0], never)
    return defined if directive == "ifdef" else negate(defined)
