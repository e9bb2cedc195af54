"""Decide conditions on the platform in C and CMake: whether they hold on Linux.

An answer is True, False, or None where the condition is about something else.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

# Macros that no compiler for Linux defines, and those that each of them does.
ELSEWHERE = re.compile(
    r"_*(?:WIN32\w*|WIN64|WINDOWS|WINNT|MSC_VER|MINGW\w*|CYGWIN|MSVC|APPLE|MACH|DARWIN|MACOSX?|OSX|"
    r"(?:Free|Net|Open)BSD|(?:FREE|NET|OPEN)BSD|DragonFly|BSD|sun|SUNOS|SOLARIS|AIX|hpux|HAIKU|"
    r"ANDROID|EMSCRIPTEN|VMS|OS2|QNX\w*|BEOS|BORLANDC|TARGET_OS_\w+|(?:OS|PLATFORM)_?(?:WIN\w*|MAC\w*|"
    r"DARWIN|BSD)|MS_WIN\w*|FREEBSD|W(?:ASM|ASI))_*",
)
HERE = re.compile(r"_*(?:linux|LINUX|unix|UNIX|GNUC|GLIBC|gnu_linux|POSIX|OS_LINUX|MS_UNIX)_*")
TOKEN = re.compile(r"defined\b|\w+|&&|\|\||[!()]|[<>=]=?|!=|\S")
CMAKE_ELSEWHERE = frozenset(
    ["WIN32", "MSVC", "APPLE", "MINGW", "CYGWIN", "ANDROID", "IOS", "EMSCRIPTEN", "BSD", "MACOS"]
)
CMAKE_HERE = frozenset(["UNIX", "LINUX"])

Truth = bool | None


def negate(truth: Truth) -> Truth:
    """Return what `not` makes of an answer."""
    return None if truth is None else not truth


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return what `and` makes of answers."""
    listed = [*truths]
    return False if False in listed else None if None in listed else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return what `or` makes of answers."""
    return negate(all_of(negate(truth) for truth in truths))


@dataclass(frozen=True)
class Branch:
    """A branch of an `if`: whether it is read, and whether it or one before it surely holds."""

    is_read: bool
    is_decided: bool

    def next(self, truth: Truth) -> "Branch":
        """Return the branch that follows, with its own condition."""
        return Branch(not self.is_decided and truth is not False, self.is_decided or truth is True)


# What stands before the first branch.
START = Branch(is_read=False, is_decided=False)


def is_defined(macro: str, never: Collection[str] = ()) -> Truth:
    """Return whether a macro of the C preprocessor is defined on Linux.

    Those in `never` are defined by nothing.

    >>> is_defined("_WIN32"), is_defined("__linux__"), is_defined("HAVE_X")
    (False, True, None)
    """
    if macro in never or ELSEWHERE.fullmatch(macro):
        return False
    return True if HERE.fullmatch(macro) else None


def holds_in_c(expression: str, never: Collection[str] = ()) -> Truth:
    """Return whether the expression of an `#if` holds on Linux, where some macros never are.

    >>> holds_in_c("defined(__APPLE__) || _MSC_VER >= 1900")
    False
    """
    return _Expression(TOKEN.findall(expression), never).disjunction()


class _Expression:
    """Reads the tokens of an expression from left to right."""

    def __init__(self, tokens: Sequence[str], never: Collection[str]) -> None:
        self.tokens = [*tokens]
        self.never = never

    def _next(self) -> str:
        return self.tokens.pop(0) if self.tokens else ""

    def _is_next(self, *tokens: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in tokens

    def disjunction(self) -> Truth:
        found = [self._conjunction()]
        while self._is_next("||"):
            self._next()
            found.append(self._conjunction())
        return any_of(found)

    def _conjunction(self) -> Truth:
        found = [self._comparison()]
        while self._is_next("&&"):
            self._next()
            found.append(self._comparison())
        return all_of(found)

    def _comparison(self) -> Truth:
        left = self._operand()
        if not self.tokens or self._is_next("&&", "||", ")"):
            return left
        operator = self._next()
        depth = 0
        while self.tokens and (depth or not self._is_next("&&", "||", ")")):
            depth += {"(": 1, ")": -1}.get(self._next(), 0)
        # What isn't defined counts as 0.
        return False if left is False and operator in (">", ">=", "==") else None

    def _operand(self) -> Truth:
        token = self._next()
        if token == "!":
            return negate(self._operand())
        if token == "(":
            inner = self.disjunction()
            self._next()
            return inner
        if token == "defined":
            name = self._next()
            if name == "(":
                name = self._next()
                self._next()
            return is_defined(name, self.never)
        if token.isdecimal():
            return token != "0"
        if self._is_next("("):
            self._skip_arguments()
            return None
        return is_defined(token, self.never)

    def _skip_arguments(self) -> None:
        depth = 0
        while self.tokens:
            depth += {"(": 1, ")": -1}.get(self._next(), 0)
            if depth == 0:
                return


def holds_in_cmake(condition: str) -> Truth:
    """Return whether the condition of CMake's `if()` holds on Linux.

    >>> holds_in_cmake("NOT WIN32 AND WITH_X"), holds_in_cmake("APPLE")
    (None, False)
    """
    return any_of(
        all_of(_cmake_term(term) for term in re.split(r"\bAND\b", part))
        for part in re.split(r"\bOR\b", condition)
    )


def _cmake_term(term: str) -> Truth:
    words = term.replace("(", " ").replace(")", " ").split()
    if words[:1] == ["NOT"]:
        return negate(_cmake_term(" ".join(words[1:])))
    if len(words) != 1:
        return None
    return False if words[0] in CMAKE_ELSEWHERE else True if words[0] in CMAKE_HERE else None
