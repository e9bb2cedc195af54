"""Find the libraries that Python source opens by name.

That are arguments of ctypes, of cffi and of a package's own functions with such names, and the
sonames in modules that use ctypes or cffi.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from native.linux_branches import linux_children
from native.literals import Names, called_name
from native.tables import soname_for

# A module without one of these opens nothing: searching for them is fast.
MARKS = (b"ctypes", b"cffi", b"dlopen")
# The same of a module with one of them, in lower case: texts, or patterns and what their matches
# have, since searching for a text is faster.
LOADER_TEXTS = (b"dlopen", b"cdll", b"pydll", b"loadlibrary")
LOADER_PATTERNS = (
    (b"dll", re.compile(rb"\bdll\b")),
    (b"lib", re.compile(rb"(?:find|load|locate|open)(?:_\w+_|_?)lib")),
    (b".so", re.compile(rb"[\"']lib[\w+.-]+\.so[.\d]*[\"']")),
)
# They take what the loader takes: a file name.
FILE_LOADERS = frozenset({"CDLL", "PyDLL", "LoadLibrary"})
# Of a package's own, or of ctypes.util: they take a name as `cc -l` does, or a file name.
NAME_LOADER = re.compile(
    r"dlopen|cdll|^dll$|(?:find|load|locate|open)(?:_\w+_|_?)lib", re.IGNORECASE
)
# Keyword arguments that other systems read.
FOREIGN_ARGUMENT = re.compile(
    r"win(dows|32|64)?(_.*)?|darwin(_.*)?|mac(os|osx)?(_.*)?|osx(_.*)?|framework", re.IGNORECASE
)
SONAME = re.compile(r"lib[A-Za-z0-9][\w+.-]*?\.so(?:\.\d+)*")
# Their arguments are pieces of paths or are compared, not opened.
PATH_FUNCTIONS = frozenset(
    {
        *("Path", "PurePath", "join", "joinpath", "with_name", "exists", "isfile", "glob", "rglob"),
        *("startswith", "endswith", "replace", "removeprefix", "removesuffix", "print"),
        *("warn", "debug", "info", "warning", "error", "exception", "ImportError", "OSError"),
        *("RuntimeError", "Exception", "copy", "copyfile", "symlink", "remove", "unlink"),
    }
)


@dataclass(frozen=True)
class OpenedName:
    """A library that a module opens: its name as `native.tables.soname_for` gives it."""

    soname: str
    line: int


def may_open(source: bytes) -> bool:
    """Return whether a module may open a library, without parsing it."""
    if not any(mark in source for mark in MARKS):
        return False
    lower = source.lower()
    return any(text in lower for text in LOADER_TEXTS) or any(
        text in lower and pattern.search(lower) for text, pattern in LOADER_PATTERNS
    )


def opened_names(tree: ast.Module, source: bytes) -> list[OpenedName]:
    """Return the known libraries that a module opens by name, each once, with the first line.

    A name without version is left out where the module has the same library with one.
    """
    names = Names(tree)
    # Where the name itself stands is told before where a function gets it.
    places: list[tuple[bool, int, str]] = [*_opened_by_calls(names), *_subscripts(names)]
    if b".so" in source and (b"ctypes" in source or b"cffi" in source):
        places.extend(_sonames(tree))
    lines: dict[str, int] = {}
    for _, line, name in sorted(places):
        soname = soname_for(name)
        if soname is not None:
            lines.setdefault(soname, line)
    versioned = {soname.partition(".so.")[0] for soname in lines if ".so." in soname}
    return [
        OpenedName(soname, line)
        for soname, line in sorted(lines.items())
        if soname.removesuffix(".so") not in versioned
    ]


def _opened_by_calls(names: Names) -> Iterator[tuple[bool, int, str]]:
    """Yield whether the name comes from elsewhere, the line, and the name."""
    for placed in names.calls:
        call = placed.call
        loader = _loader_name(call.func, names)
        if loader is None:
            continue
        for argument in (*call.args, *_ours(call.keywords)):
            literals = {getattr(node, "value", None) for node in ast.walk(argument)}
            for name in names.strings(argument, placed.scopes):
                if loader not in FILE_LOADERS or ".so" in name:
                    yield name not in literals, call.lineno, name


def _loader_name(function: ast.expr, names: Names) -> str | None:
    """Return the name of a function that opens or finds libraries; None for any other one."""
    if isinstance(function, ast.Attribute):
        name = function.attr
    elif isinstance(function, ast.Name):
        name = names.aliases.get(function.id, function.id)
    else:
        return None
    return name if name in FILE_LOADERS or NAME_LOADER.search(name) else None


def _subscripts(names: Names) -> Iterator[tuple[bool, int, str]]:
    """Yield the names in `cdll["libx.so.1"]`."""
    for node, scopes in names.subscripts:
        base = node.value
        name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
        if name in ("cdll", "pydll"):
            yield from ((False, node.lineno, text) for text in names.strings(node.slice, scopes))


def _sonames(tree: ast.Module) -> Iterator[tuple[bool, int, str]]:
    """Yield the strings that look like a soname, but documentation and pieces of paths."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and SONAME.fullmatch(node.value):
                yield False, node.lineno, node.value
        elif _is_no_name(node):
            continue
        elif isinstance(node, ast.Call) and called_name(node) in PATH_FUNCTIONS:
            # A receiver may be a call in turn.
            pending.append(node.func)
        elif isinstance(node, ast.Call):
            pending.extend((node.func, *node.args, *_ours(node.keywords)))
        elif not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
            pending.extend(linux_children(node))


def _is_no_name(node: ast.AST) -> bool:
    """Return whether an expression compares strings, or makes one of pieces."""
    is_path = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    return is_path or isinstance(node, ast.Compare | ast.JoinedStr)


def _ours(keywords: Iterable[ast.keyword]) -> Iterator[ast.expr]:
    for keyword in keywords:
        if keyword.arg is None or not FOREIGN_ARGUMENT.fullmatch(keyword.arg):
            yield keyword.value
