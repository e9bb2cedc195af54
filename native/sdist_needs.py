"""Find out what the build of a source distribution needs of the system, by reading its files."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from native import build_files, includes, tables
from native.build_needs import BuildNeeds

C_SUFFIXES = frozenset(
    [
        ".c",
        ".cc",
        ".cpp",
        ".cxx",
        ".c++",
        ".h",
        ".hh",
        ".hpp",
        ".hxx",
        ".i",
        ".inc",
        ".ipp",
        ".tpp",
        ".txx",
    ]
)
# Files that are no code of their own: they count where compiled code includes them.
HEADER_SUFFIXES = C_SUFFIXES - {".c", ".cc", ".cpp", ".cxx", ".c++", ".i"}
CYTHON_SUFFIXES = frozenset([".pyx", ".pxd", ".pxi"])
BUILD_FILES = frozenset(
    [
        "CMakeLists.txt",
        "configure.ac",
        "configure.in",
        "meson.build",
        "meson.options",
        "meson_options.txt",
    ]
)
CARGO_FILES = frozenset(["Cargo.toml", "Cargo.lock", ".cargo/config", ".cargo/config.toml"])
# Folders of what a build leaves out, and of what is for other platforms.
ASIDE = re.compile(
    r"(?:unit)?tests?(?:[ _-].*)?|testing|docs?|examples?|samples?|demos?|bench(?:mark)?s?|"
    r"fuzz(?:ing)?|plugins|win(?:dows|32|64)?|msvc|osx|macosx?|darwin|ios|android|"
    r"(?:free|net|open)?bsd|aix|sunos|solaris|cygwin|vms|os2|amiga|haiku|emscripten|wasm|"
    r"[^/]*\.egg-info",
    re.IGNORECASE,
)
# Folders of what others wrote.
VENDORED = re.compile(
    r"_?vendor(?:ed)?(?:[_-].*)?|third[-_]?party|3rd[-_]?party|extern(?:als?)?|deps|subprojects|"
    r"node_modules|contrib",
    re.IGNORECASE,
)
OTHER_PLATFORM = re.compile(
    r"[-_](?:win(?:32|64|dows)?|osx|macosx?|darwin|(?:free|net|open)?bsd|aix|sunos|solaris|msvc)$",
    re.IGNORECASE,
)
# Scripts beside setup.py, and in such folders, take part in the build.
SCRIPT_FOLDER = re.compile(
    r"[\w-]*(?:build|setup|tool|script|config|backend|util)[\w-]*", re.IGNORECASE
)
# How a build calls what reads such files.
USERS = {
    "cmake": re.compile(r"cmake|scikit[-_]build|skbuild", re.IGNORECASE),
    "configure": re.compile(r"configure\b|autoreconf|autogen|automake", re.IGNORECASE),
    "meson": re.compile(r"meson", re.IGNORECASE),
}
# A macro that switches a feature on.
FEATURE = re.compile(r"(?:USE|USES|HAVE|HAS|WITH|ENABLE|ENABLED)_\w")
DEFINED = re.compile(r"#[ \t]*(?:define|undef)[ \t]+(\w+)")
# Larger files are data, or generated.
LARGEST = 8_000_000

# A path below the project's folder, and what reads the file.
Entry = tuple[str, Callable[[], bytes]]


@dataclass
class _Read:
    """What was read so far of the files."""

    names: list[str] = field(default_factory=list)
    headers: set[str] = field(default_factory=set)
    # By a file's own name, C code that includes what a table knows; "" for what is compiled.
    c_texts: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    # By the same names, the names of all that the code includes.
    included: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # The features that some code defines.
    defined: set[str] = field(default_factory=set)
    # In strings of Python code.
    in_strings: set[str] = field(default_factory=set)
    uses_cffi: bool = False
    # By path, of build files and scripts.
    texts: dict[str, str] = field(default_factory=dict)


def files_in(folder: Path) -> Iterator[Entry]:
    """Yield the files of an unpacked source distribution, sorted, without a repository's own."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for path in (Path(root, name) for name in sorted(names)):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix(), path.read_bytes


def needs(files: Iterable[Entry]) -> BuildNeeds:
    """Return what the build of a source distribution needs, as far as the tables know it.

    What lies in the source distribution itself isn't needed: a library's header there means that
    it brings the library.
    """
    read = _Read()
    for name, content in files:
        read.names.append(name)
        _read_file(read, PurePosixPath(name), content)
    # A pure source distribution ends here.
    asked = _of_build_files(read.texts)
    headers = read.headers | asked.headers | (read.in_strings if read.uses_cffi else set())
    never = _never_defined(read)
    for name in _reached(read.included):
        for text in read.c_texts.get(name, ()):
            headers |= includes.headers_of_c(text, never)
    if not (headers or asked):
        return asked
    return _without_brought(replace(asked, headers=frozenset(headers)), read.names)


def _read_file(read: _Read, path: PurePosixPath, content: Callable[[], bytes]) -> None:
    if _is_aside(path):
        return
    suffix = path.suffix.lower()
    if suffix in C_SUFFIXES:
        text = _text(content)
        read.defined.update(DEFINED.findall(text))
        name = path.name if suffix in HEADER_SUFFIXES else ""
        read.included[name] |= includes.included_files(text)
        if includes.includes_known(text):
            read.c_texts[name].append(text)
    elif suffix in CYTHON_SUFFIXES:
        text = _text(content)
        read.included[""] |= includes.included_files(text)
        read.headers |= includes.headers_of_cython(text)
    elif suffix == ".py":
        _read_python(read, path, _text(content))
    elif (
        path.name in BUILD_FILES
        or suffix == ".cmake"
        or str(path) in CARGO_FILES
        or str(path) == "pyproject.toml"
    ):
        read.texts[str(path)] = _text(content)
    elif path.name.endswith((".h.in", ".m4", ".cfg")):
        read.defined.update(_features(_text(content)))


def _is_aside(path: PurePosixPath) -> bool:
    """Return whether a file takes no part in the build, or isn't the project's own.

    A build file right in a folder of vendored projects is its own: it tells how to use them.
    """
    folders = path.parts[:-1]
    foreign = folders[:-1] if path.name in BUILD_FILES else folders
    return bool(
        any(map(ASIDE.fullmatch, folders))
        or any(map(VENDORED.fullmatch, foreign))
        or OTHER_PLATFORM.search(path.stem)
    )


def _reached(included: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return the names of files that compiled code includes, by itself or through others."""
    found, waiting = {""}, [""]
    while waiting:
        new = {*included.get(waiting.pop(), ())} - found
        found |= new
        waiting += new
    return frozenset(found)


def _features(text: str) -> set[str]:
    """Return the words of a text that may switch a feature on."""
    return {word for word in {*re.findall(r"\w+", text)} if FEATURE.search(word)}


def _never_defined(read: _Read) -> frozenset[str]:
    """Return the features that C code asks for and that nothing in the source can switch on."""
    texts = [text for listed in read.c_texts.values() for text in listed]
    asked = {name for text in texts for name in _features(text)}
    named = {name for text in read.texts.values() for name in _features(text)}
    # Python's own pyconfig.h defines such as HAVE_CRYPT_H.
    return frozenset(name for name in asked - named - read.defined if not name.endswith("_H"))


def _text(content: Callable[[], bytes]) -> str:
    data = content()
    return data.decode("utf-8", errors="replace") if len(data) <= LARGEST else ""


def _read_python(read: _Read, path: PurePosixPath, text: str) -> None:
    if re.search(r"\.(?:set_source|verify)\(|\bffibuilder\b", text):
        read.uses_cffi = True
    if "include" in text:
        read.included[""] |= includes.included_files(text)
        read.in_strings |= includes.headers_of_python(text)
    if len(path.parts) == 1 or (len(path.parts) == 2 and SCRIPT_FOLDER.fullmatch(path.parts[0])):
        read.texts[str(path)] = text


def _of_build_files(texts: Mapping[str, str]) -> BuildNeeds:
    pyproject = texts.get("pyproject.toml", "")
    scripts = {name: text for name, text in texts.items() if name.endswith(".py")}
    words = "\n".join([pyproject, *scripts.values()])
    used = {name for name, pattern in USERS.items() if pattern.search(words)}
    asked = build_files.of_pyproject(pyproject)
    for script in _scripts_of_build(scripts, pyproject):
        asked |= build_files.of_python(script)
    for name, text in texts.items():
        path = PurePosixPath(name)
        if "meson" in used and path.name == "meson.build":
            asked |= build_files.of_meson(text, _options_beside(texts))
        elif "cmake" in used and (path.name == "CMakeLists.txt" or path.suffix == ".cmake"):
            asked |= build_files.of_cmake(text)
        elif "configure" in used and path.name.startswith("configure."):
            asked |= build_files.of_configure(text)
    if _has_all_crates(texts):
        asked |= BuildNeeds(programs=frozenset(["cargo"]))
    return asked


def _scripts_of_build(scripts: Mapping[str, str], pyproject: str) -> Iterator[str]:
    """Yield the texts of setup.py, of the modules that it imports, and of a build's hooks."""
    # Those that are read so far, for what they import.
    importing = scripts.get("setup.py", "")
    waiting = {name: text for name, text in scripts.items() if name != "setup.py"}
    yield importing
    while True:
        found = {
            name: text
            for name, text in waiting.items()
            if _is_named(PurePosixPath(name), importing, pyproject)
        }
        if not found:
            return
        yield from found.values()
        importing = "\n".join(found.values())
        waiting = {name: text for name, text in waiting.items() if name not in found}


def _is_named(script: PurePosixPath, importing: str, pyproject: str) -> bool:
    """Return whether some code imports a script, or pyproject.toml names it as a build's hook."""
    module = re.escape(script.parts[0] if len(script.parts) > 1 else script.stem)
    imports = rf"\b(?:import|from)\s+(?:[\w.]+\s*,\s*)*{module}\b|\b{module}\.py\b"
    stem = re.escape(script.stem)
    is_hook = SCRIPT_FOLDER.fullmatch(module) and re.search(
        rf"\b{module}\b(?s:.*)\b{stem}\b|\b{stem}\b(?s:.*)\b{module}\b"
        if module != stem
        else rf"\b{module}\b",
        pyproject,
    )
    return bool(re.search(imports, importing) or is_hook)


def _options_beside(texts: Mapping[str, str]) -> str:
    return texts.get("meson.options", texts.get("meson_options.txt", ""))


def _has_all_crates(texts: Mapping[str, str]) -> bool:
    """Return whether Rust code can be built without a network: all its crates are there."""
    if "Cargo.toml" not in texts:
        return False
    configuration = "".join(texts.get(name, "") for name in CARGO_FILES if ".cargo" in name)
    lock = texts.get("Cargo.lock")
    is_alone = lock is not None and "source = " not in lock
    return is_alone or bool(re.search(r"^\s*directory\s*=", configuration, re.MULTILINE))


def _without_brought(asked: BuildNeeds, names: Iterable[str]) -> BuildNeeds:
    """Return what is asked for without what lies in the source distribution itself.

    A library counts as lying there where most of its headers do: others may be made by the build.
    """
    paths: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        paths[name.rpartition("/")[2]].append(f"/{name}")
    missing = {
        header
        for header in asked.headers
        if not any(path.endswith(f"/{header}") for path in paths[header.rpartition("/")[2]])
    }
    lying: Counter[str | None] = Counter()
    for header in asked.headers:
        lying[tables.attribute_for_header(header)] += -1 if header in missing else 1
    linked = {tables.attribute_for_linked(name) for name in asked.linked}
    brought = {attribute for attribute, more in lying.items() if more > 0} - linked

    def is_wanted(*attributes: str | None) -> bool:
        return not attributes or not brought.issuperset(attributes)

    return BuildNeeds(
        _one_of_a_key(
            header for header in missing if is_wanted(tables.attribute_for_header(header))
        ),
        frozenset(
            one for one in asked.pkg_config if is_wanted(tables.attribute_for_pkg_config(one))
        ),
        frozenset(one for one in asked.cmake if is_wanted(*tables.inputs_for_cmake(one).build)),
        asked.linked,
        frozenset(
            one for one in asked.programs if is_wanted(*tables.inputs_for_program(one).build)
        ),
    )


def _one_of_a_key(headers: Iterable[str]) -> frozenset[str]:
    """Return one of the headers that a key of the table speaks of: they are in one attribute."""
    keys = {tables.key_of_header(header): header for header in sorted(headers, reverse=True)}
    return frozenset(keys.values())
