"""The files of a source distribution tell what its build needs."""

import pytest

from native.build_files import NOTHING
from native.build_needs import BuildNeeds
from native.sdist_needs import Entry, needs

PCAP = "#include <pcap.h>\n"
YAML = "#include <yaml.h>\n"


def files(texts: dict[str, str]) -> list[Entry]:
    """Return files by their texts."""

    def content(text: str):
        return lambda: text.encode()

    return [(name, content(text)) for name, text in texts.items()]


def headers(*names: str) -> BuildNeeds:
    """Return that headers are needed."""
    return BuildNeeds(headers=frozenset(names))


def test_what_sources_include_is_needed() -> None:
    assert needs(files({"setup.py": "", "src/x.c": PCAP, "src/y.pyx": ""})) == headers("pcap.h")


def test_a_pure_source_distribution_needs_nothing() -> None:
    found = needs(
        files({"setup.py": "from setuptools import setup\nsetup()\n", "x/__init__.py": "x = 1\n"})
    )
    assert found == NOTHING


@pytest.mark.parametrize(
    "name",
    [
        "tests/x.c",
        "docs/x.c",
        "third_party/p/x.c",
        "vendored-p/test cases/x.c",
        "src/win32/x.c",
        "src/x_windows.c",
        "x.txt",
    ],
)
def test_files_that_take_no_part_are_left_out(name: str) -> None:
    assert needs(files({"setup.py": "", name: PCAP})) == NOTHING


def test_a_library_that_lies_there_is_not_needed() -> None:
    setup = 'import pkgconfig\npkgconfig.parse("yaml-0.1")\n'
    own = {"setup.py": setup, "src/x.c": YAML, "vendor/libyaml/yaml.h": ""}
    assert needs(files(own)) == NOTHING


def test_a_library_that_lies_there_for_others_is_needed() -> None:
    setup = 'if sys.platform != "win32":\n    libraries = ["yaml"]\n'
    found = needs(files({"setup.py": setup, "src/x.c": YAML, "win/yaml.h": ""}))
    assert found == BuildNeeds(linked=frozenset(["yaml"]))


def test_a_header_of_its_own_does_not_hide_a_library() -> None:
    own = {"src/x.c": "#include <dbus/dbus.h>\n#include <dbus/mine.h>\n", "include/dbus/mine.h": ""}
    assert needs(files(own)) == headers("dbus/dbus.h")


def test_one_header_stands_for_those_of_its_folder() -> None:
    text = "#include <openssl/ssl.h>\n#include <openssl/err.h>\n"
    assert needs(files({"x.c": text})) == headers("openssl/err.h")


def test_a_header_counts_where_compiled_code_includes_it() -> None:
    texts = {"include/a.h": '#include "b.h"\n', "include/b.h": PCAP, "include/alone.h": YAML}
    assert needs(files(texts)) == NOTHING
    assert needs(files(texts | {"x.c": "#include <mine/a.h>\n"})) == headers("pcap.h")
    assert needs(files(texts | {"x.pyx": 'cdef extern from "a.h":\n'})) == headers("pcap.h")


def test_a_feature_that_nothing_switches_on_needs_nothing() -> None:
    text = f"#ifdef USE_PCAP\n{PCAP}#endif\n"
    assert needs(files({"x.c": text, "setup.py": ""})) == NOTHING
    assert needs(files({"x.c": text, "setup.py": "x = 'USE_PCAP'"})) == headers("pcap.h")
    assert needs(files({"x.c": text, "y.h": "#define USE_PCAP 1\n"})) == headers("pcap.h")


def test_c_code_in_texts_counts_where_cffi_compiles_it() -> None:
    text = f'source = """{PCAP}"""\n'
    assert needs(files({"p/x.py": text})) == NOTHING
    assert needs(files({"p/x.py": text, "p/build.py": "ffi.set_source(x)"})) == headers("pcap.h")


@pytest.mark.parametrize(
    ("texts", "asked"),
    [
        ({"meson.build": "dependency('libpcap')"}, NOTHING),
        (
            {
                "meson.build": "dependency('libpcap')",
                "pyproject.toml": "[build-system]\nrequires = ['meson-python']",
            },
            BuildNeeds(pkg_config=frozenset(["libpcap"])),
        ),
        (
            {
                "CMakeLists.txt": "find_package(PCAP REQUIRED)",
                "setup.py": 'subprocess.run(["cmake", "."])',
            },
            BuildNeeds(cmake=frozenset(["pcap"]), programs=frozenset(["cmake"])),
        ),
        (
            {
                "setup.py": "from build_tools import flags",
                "build_tools/flags.py": "kc = 'krb5-config'",
            },
            BuildNeeds(programs=frozenset(["krb5-config"])),
        ),
        (
            {
                "setup.py": "import setup_build",
                "setup_build.py": "import setup_x",
                "setup_x.py": "kc = 'krb5-config'",
            },
            BuildNeeds(programs=frozenset(["krb5-config"])),
        ),
        (
            {
                "extern/meson.build": "dependency('libpcap')",
                "extern/p/meson.build": "dependency('yaml-0.1')",
                "pyproject.toml": "[build-system]\nrequires = ['meson-python']",
            },
            BuildNeeds(pkg_config=frozenset(["libpcap"])),
        ),
        (
            {
                "pyproject.toml": "[build-system]\nbackend-path = ['util']\n"
                "build-backend = 'backend'\n",
                "util/backend.py": "kc = 'krb5-config'",
                "util/release.py": "kc = 'pg_config'",
            },
            BuildNeeds(programs=frozenset(["krb5-config"])),
        ),
        ({"setup.py": "", "noxfile.py": "kc = 'krb5-config'"}, NOTHING),
        ({"Cargo.toml": "", "Cargo.lock": '[[package]]\nsource = "registry"'}, NOTHING),
        (
            {"Cargo.toml": "", "Cargo.lock": "[[package]]"},
            BuildNeeds(programs=frozenset(["cargo"])),
        ),
        (
            {"Cargo.toml": "", ".cargo/config.toml": '[source.v]\ndirectory = "vendor"'},
            BuildNeeds(programs=frozenset(["cargo"])),
        ),
    ],
)
def test_build_files_count_where_the_build_uses_them(
    texts: dict[str, str], asked: BuildNeeds
) -> None:
    assert needs(files(texts)) == asked
