"""The libraries that Python code opens by name, and which of them an environment needs."""

import json
from collections.abc import Mapping
from textwrap import dedent

import pytest

from native import tables
from native.opened import (
    Opening,
    as_installed,
    foreign_imports,
    giver,
    is_brought,
    may_import,
    openings_from_json,
    openings_to_json,
    python_needs,
    reached,
    wanted_modules,
)


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {f"lib{name}.so": name for name in ("one", "two", "three-1.0", "four", "magick-7.Q16")}
    monkeypatch.setattr(tables, "load_table", lambda _: {**known, "libold.so.3": "old"})


def sources(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: dedent(text).encode() for path, text in files.items()}


def opened(text: str) -> list[tuple[str, int]]:
    """Return the libraries that a module opens, with their lines."""
    needs = python_needs(sources({"demo.py": text}))
    return [(opening.soname, opening.line) for opening in needs]


def test_names_that_ctypes_is_given_are_found() -> None:
    assert opened(
        """
        import ctypes, ctypes.util
        from ctypes.util import find_library as _find
        one = ctypes.CDLL("libone.so.1")
        two = _find("two")
        three = ctypes.cdll.LoadLibrary("libthree-1.0.so")
        four = ctypes.cdll["libfour.so.2"]
        """
    ) == [("libone.so.1", 4), ("libtwo.so", 5), ("libthree-1.0.so", 6), ("libfour.so.2", 7)]


def test_what_the_loader_would_not_find_is_not_opened() -> None:
    assert not opened(
        """
        import ctypes
        ctypes.CDLL("one")
        ctypes.CDLL("libone.dylib")
        ctypes.windll.LoadLibrary("two")
        ctypes.WinDLL("two")
        ctypes.util.find_library("unknown")
        ctypes.util.find_library("c")
        """
    )


def test_names_that_a_packages_own_function_is_given_are_found() -> None:
    assert opened(
        """
        from cffi import FFI
        def _dlopen(ffi, *names):
            for name in names:
                return ffi.dlopen(name)
        one = _dlopen(FFI(), "one-2", "libone-2.dll", "libone.so.2")
        two = load_locate_library(("two", "cygtwo.dll"), kind="shared")
        four = load_library("four", win32="three-1.0", framework="one")
        """
    ) == [("libone.so.2", 6), ("libtwo.so", 7), ("libfour.so", 8)]


def test_names_are_followed_through_the_module() -> None:
    assert opened(
        """
        import ctypes, itertools
        from ctypes.util import find_library
        NAMES = ("one", "unknown")
        def candidates():
            for name in NAMES:
                yield f"lib{name}.so.1"
        def opener(name):
            return ctypes.CDLL(name)
        for library in candidates():
            opener(library or "libtwo.so.2")
        for name, kind in [("four", 1)]:
            find_library(name)
        for part in NAMES:
            find_library("lib%s" % part)
            find_library("lib{}-1.0".format("three"))
        suffixes = list()
        suffixes.extend(v + o for v, o in itertools.product(("", "-7"), ("", ".Q16")))
        for suffix in suffixes:
            find_library("magick" + suffix)
        """
    ) == [
        ("libone.so.1", 9),
        ("libtwo.so.2", 11),
        ("libfour.so", 13),
        ("libthree-1.0.so", 16),
        ("libmagick-7.Q16.so", 20),
    ]


def test_what_a_method_of_the_class_returns_is_followed() -> None:
    assert opened(
        """
        from ctypes.util import find_library
        class Library:
            def names(self):
                return ["one", "two"]
            def find(self, other):
                for name in self.names():
                    find_library(name)
                find_library(other.names())
        """
    ) == [("libone.so", 8), ("libtwo.so", 8)]


def test_a_name_that_is_bound_to_itself_ends() -> None:
    assert opened(
        """
        from ctypes.util import find_library
        name = "one"
        name = name + name
        name = other = name
        find_library(name)
        """
    ) == [("libone.so", 6)]


def test_a_library_counts_once_a_module_with_its_version() -> None:
    assert opened(
        """
        import ctypes
        ctypes.util.find_library("one")
        ctypes.CDLL("libone.so.2") or ctypes.CDLL("libone.so.2")
        """
    ) == [("libone.so.2", 4)]


def test_sonames_count_where_they_are_no_documentation_and_no_path() -> None:
    assert opened(
        '''
        """libone.so.1"""
        import os
        import ctypes
        # "libone.so.1"
        def load():
            """libtwo.so.1"""
            path = os.path.join("lib", "libtwo.so.1")
            if path == "libtwo.so.1":
                raise OSError("libtwo.so.1")
            yield "libfour.so.4"
        '''
    ) == [("libfour.so.4", 11)]
    assert not opened('names = ["libone.so.1"]')


@pytest.mark.parametrize(
    "test",
    [
        'sys.platform == "win32"',
        'platform.machine() == "s390x"',
        'sys.platform.startswith("darwin")',
        'sys.platform in ("win32", "cygwin")',
        'os.name == "nt"',
        'platform.system().lower() == "darwin"',
        'sys.platform != "linux"',
        'not sys.platform.startswith("linux")',
        '"win" in sys.platform and other()',
        "TYPE_CHECKING",
    ],
)
def test_code_of_other_systems_is_left_out(test: str) -> None:
    text = f"""
    import ctypes
    if {test}:
        ctypes.CDLL("libone.so")
    else:
        ctypes.CDLL("libtwo.so")
    ctypes.CDLL("libone.so" if {test} else "libfour.so")
    """
    assert opened(text) == [("libtwo.so", 6), ("libfour.so", 7)]


def test_tables_and_cases_of_other_systems_are_left_out() -> None:
    assert opened(
        """
        import ctypes
        ctypes.CDLL({"Windows": "libone.so", "Linux": "libtwo.so"}[platform.system()])
        match sys.platform:
            case "darwin" | "win32":
                ctypes.CDLL("libone.so")
            case _:
                ctypes.CDLL("libfour.so")
        """
    ) == [("libtwo.so", 3), ("libfour.so", 8)]


def test_what_is_no_python_of_today_is_ignored() -> None:
    text = 'import ctypes\nctypes.CDLL("libone.so")\nprint "two"\n'
    assert not opened(text)
    assert python_needs({"demo.py": b"import ctypes\x00"}) == ()


def test_a_library_that_the_wheel_brings_does_not_count() -> None:
    text = 'import ctypes\nctypes.CDLL("libone.so.1")\n'
    code = sources({"demo.py": text})
    assert python_needs(code, ["demo/libonerous.so"])
    for path in ("demo.libs/libone-1a2b3c.so.1", "demo/libone.so", "demo/libone_x86_64.so"):
        assert python_needs(code, [path]) == ()
    assert is_brought("libgeos_c.so.1", ["libgeos-1a2b3c.so"])
    assert not is_brought("libone.so", ["libone.dylib"])


PACKAGE = {
    "demo/__init__.py": "from demo.core import run",
    "demo/core.py": """
        def run():
            from .backends import first
            plugin = Plugin("linux", "demo.plugins.linux.Backend")
            plugin = Plugin("darwin", "demo.plugins.mac.Backend")
        """,
    "demo/backends/__init__.py": "",
    "demo/backends/first.py": 'import ctypes\nctypes.CDLL("libone.so")',
    "demo/backends/second.py": 'import ctypes\nctypes.CDLL("libtwo.so")',
    "demo/plugins/__init__.py": "",
    "demo/plugins/linux.py": 'import ctypes\nctypes.CDLL("libfour.so")',
    "demo/plugins/mac.py": 'import ctypes\nctypes.CDLL("libfour.so.1")',
    "demo/gui/__init__.py": "from demo.backends.second import two",
    "demo/gui/window.py": "",
    "demo/types.py": """
        if TYPE_CHECKING:
            from demo.backends import second
        """,
    "demo/tests/test_second.py": "import demo.backends.second, ctypes; ctypes.CDLL('libone.so')",
}


def test_an_opening_is_reached_by_imports_inside_the_wheel() -> None:
    needs = python_needs(sources(PACKAGE))
    assert [(opening.path, opening.is_reached, opening.reached_from) for opening in needs] == [
        ("demo/backends/first.py", True, ("demo",)),
        ("demo/backends/second.py", False, ("demo.backends.second", "demo.gui")),
        ("demo/plugins/linux.py", True, ("demo",)),
        ("demo/plugins/mac.py", False, ("demo.plugins.mac",)),
    ]


def test_the_modules_of_an_empty_package_are_imported_by_programs() -> None:
    files = {
        "demo/__init__.py": '"""A package."""\n__version__ = "1.0"\n',
        "demo/reader.py": "from .library import one",
        "demo/library.py": "import ctypes\none = ctypes.CDLL('libone.so')",
    }
    assert python_needs(sources(files))[0].is_reached
    files["demo/__init__.py"] += "def __getattr__(name): ...\n"
    assert not python_needs(sources(files))[0].is_reached


def test_modules_of_namespace_packages_and_of_data_folders_are_at_the_top() -> None:
    code = "import ctypes\nctypes.CDLL('libone.so')"
    assert python_needs(sources({"space/demo/__init__.py": code}))[0].is_reached
    assert python_needs(sources({"demo-1.0.data/purelib/demo.py": code}))[0].is_reached


def test_a_source_distribution_is_read_as_its_wheel_lies() -> None:
    code = "import ctypes\nctypes.CDLL('libone.so')"
    files = {
        "setup.py": code,
        "src/demo/__init__.py": "from demo.library import one",
        "src/demo/library.py": code,
    }
    (opening,) = python_needs(as_installed(sources(files)))
    assert (opening.path, opening.is_reached) == ("demo/library.py", True)
    package = sources({"src/__init__.py": "", "src/library.py": code})
    assert as_installed(package) == package


def test_imports_of_other_distributions_are_those_that_are_reached() -> None:
    files = {
        "user/__init__.py": "import os, other\nfrom . import screen",
        "user/screen.py": "from demo.gui import window\nfrom user import unheard",
        "user/extra.py": "import unreached",
    }
    assert foreign_imports(sources(files), {"demo.gui", "other"}) == (
        "demo.gui",
        "demo.gui.window",
        "other",
    )
    assert foreign_imports(sources(files), {"demo.gui.window"}) == ("demo.gui.window",)
    assert foreign_imports(sources(files), {"unreached", "unheard", "user.extra"}) == ()


def test_an_opening_counts_if_another_wheel_imports_what_reaches_it() -> None:
    needs = {"demo": python_needs(sources(PACKAGE)), "pure": ()}
    wanted = wanted_modules(needs.values())
    assert wanted == {"demo.backends.second", "demo.gui", "demo.plugins.mac"}
    assert may_import({"user.py": b"import demo"}, wanted)
    assert not may_import({"user.py": b"import other"}, wanted)

    def count(*names: str) -> list[str]:
        openings = reached(needs, {"user": names}).get("demo", ())
        return [opening.soname for opening in openings]

    assert count("demo") == ["libone.so", "libfour.so"]
    assert count("demo.types") == ["libone.so", "libfour.so"]
    assert count("demo.gui.window") == ["libone.so", "libtwo.so", "libfour.so"]


def test_another_package_gives_what_has_the_name_that_is_opened() -> None:
    files = {
        "pillow": ["libfreetype-1a2b3c.so.6"],
        "demo-binary": ["libpq-1a2b3c.so.5"],
        "other": ["libone.so.1"],
    }
    assert giver("libone.so", "demo", files) == "other"
    assert giver("libpq.so", "demo", files) == "demo-binary"
    assert giver("libpq.so", "user", files) is None
    assert giver("libfreetype.so", "demo", files) is None


def test_openings_are_read_back_from_json() -> None:
    needs = python_needs(sources(PACKAGE))
    assert all(isinstance(opening, Opening) for opening in needs)
    assert openings_from_json(json.loads(json.dumps(openings_to_json(needs)))) == needs


def test_a_name_becomes_the_soname_of_a_known_library() -> None:
    assert tables.soname_for("one") == "libone.so"
    assert tables.soname_for("libone") == "libone.so"
    assert tables.soname_for("libone.so.1") == "libone.so.1"
    assert tables.soname_for("old") == "libold.so.3"
    assert tables.soname_for("libold.so.2") is None
    assert tables.soname_for("/usr/lib/libone.so") is None
