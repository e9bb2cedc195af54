"""Build files tell what they ask for."""

import pytest

from native.build_files import (
    NOTHING,
    of_cmake,
    of_configure,
    of_meson,
    of_pyproject,
    of_python,
)
from native.build_needs import BuildNeeds


def modules(*names: str) -> BuildNeeds:
    """Return that modules of pkg-config are asked for."""
    return BuildNeeds(pkg_config=frozenset(names))


def programs(*names: str) -> BuildNeeds:
    """Return that programs are asked for."""
    return BuildNeeds(programs=frozenset(names))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ('subprocess.check_output(["pkg-config", "--cflags", "libpcap"])', modules("libpcap")),
        ('os.popen("pkg-config --libs libpcap >= 1.9").read()', modules("libpcap")),
        ('import pkgconfig\npkgconfig.parse("libpcap")', modules("libpcap")),
        ('pkg_config("libpcap", required=True)', modules("libpcap")),
        (
            'for x in ["mariadb", "libpcap", "unheard"]:\n    run(f"pkg-config --exists {x}")',
            modules("libpcap", "mariadb"),
        ),
        ('names = ["libpcap"]', NOTHING),
        ('kc = "krb5-config"', programs("krb5-config")),
        ('get_output(f"krb5-config --libs {what}")', programs("krb5-config")),
        ('subprocess.run(["llvm-config", "--version"])', programs("llvm-config")),
        ('shutil.which("protoc")', programs("protoc")),
        ('os.system("which %s" % name)', programs("which")),
        ('print("protoc")', NOTHING),
        ('subprocess.run(["git", "describe"])', NOTHING),
        ('Extension("_x", ["x.i"])', programs("swig")),
        ('Extension("_x", sources, swig_opts=["-c++"])', programs("swig")),
        ('find(["pcap.h"])', BuildNeeds(headers=frozenset(["pcap.h"]))),
        ('compile("#include <pcap.h>\\nint main() {}")', BuildNeeds(headers=frozenset(["pcap.h"]))),
        ('test(["linux/atm.h"])', NOTHING),
        (
            'find(os.environ["CPATH"], "linux/input.h")',
            BuildNeeds(headers=frozenset(["linux/input.h"])),
        ),
        ('if sys.platform == "win32":\n    kc = "krb5-config"', NOTHING),
        ('def options_win32():\n    return "krb5-config"', NOTHING),
        ('x = "krb5-config" if os.name == "nt" else "pg_config"', programs("pg_config")),
        ('print "krb5-config"', NOTHING),
    ],
)
def test_a_script(text: str, asked: BuildNeeds) -> None:
    assert of_python(text) == asked


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ('Extension("x", ["x.c"], libraries=["pcap", "m"])', {"pcap"}),
        ('Extension("x", libraries=["pcap"] + ([] if WINDOWS else ["ssl"]))', {"pcap"}),
        ('libraries = ["pcap"]', {"pcap"}),
        ('if system:\n    libraries = ["pcap"]', set()),
        ('if sys.platform == "linux":\n    libraries = ["pcap"]', {"pcap"}),
        ('setup(libraries=[("pcap", {"sources": ["pcap.c"]})])', set()),
    ],
)
def test_libraries_that_are_surely_linked(text: str, linked: set[str]) -> None:
    assert of_python(text) == BuildNeeds(linked=frozenset(linked))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("d = dependency('libpcap', version: '>=1.9')", modules("libpcap")),
        ("d = dependency('libpcap', required: false)", NOTHING),
        ("d = dependency(\n  'libpcap',\n  fallback: ['x', files('y')],\n)", modules("libpcap")),
        ("# dependency('libpcap')", NOTHING),
        ("name = 'libpcap'\nd = dependency(name)", modules("libpcap")),
        ("name = get_option('lib')\nd = dependency(name)", modules("libpcap")),
        ("p = find_program('swig4', 'bison')", programs("bison")),
        ("p = find_program('git')", NOTHING),
        ("project('x', 'c', 'fortran')", programs("gfortran")),
        ("declare_dependency('libpcap')", NOTHING),
    ],
)
def test_a_meson_build(text: str, asked: BuildNeeds) -> None:
    options = "option('lib', type: 'string', value: 'libpcap')\n"
    assert of_meson(text, options) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("pkg_check_modules(PCAP REQUIRED IMPORTED_TARGET libpcap>=1.9)", modules("libpcap")),
        ("find_package(PCAP REQUIRED)", BuildNeeds(cmake=frozenset(["pcap"]))),
        ("find_package(PCAP)", NOTHING),
        ("find_path(X NAMES pcap.h)", BuildNeeds(headers=frozenset(["pcap.h"]))),
        ("find_program(X NAMES bison REQUIRED)", programs("bison")),
        ("project(x LANGUAGES C Fortran)", programs("gfortran")),
        ("if(WIN32)\n  find_package(PCAP REQUIRED)\nendif()", NOTHING),
        (
            "if(UNIX)\nelse()\n  find_package(PCAP REQUIRED)\nendif()\nfind_path(X yaml.h)",
            BuildNeeds(headers=frozenset(["yaml.h"])),
        ),
        ("if(BUILD_TESTING)\n  find_package(PCAP REQUIRED)\nendif()", NOTHING),
        (
            "if(NOT PCAP_FOUND)\n  find_package(PCAP REQUIRED)\nendif()",
            BuildNeeds(cmake=frozenset(["pcap"])),
        ),
        ("# find_package(PCAP REQUIRED)", NOTHING),
    ],
)
def test_a_cmake_lists(text: str, asked: BuildNeeds) -> None:
    assert of_cmake(text) == asked


def test_a_configure_ac() -> None:
    text = """dnl PKG_CHECK_MODULES([X], [libssl])
PKG_CHECK_MODULES([PCAP], [libpcap >= 1.9 zlib], [have=yes], [have=no])
"""
    assert of_configure(text) == modules("libpcap", "zlib")


def test_the_external_table_of_a_pyproject() -> None:
    text = """[external]
build-requires = ["dep:virtual/compiler/c", "dep:generic/bison", "dep:virtual/compiler/fortran"]
host-requires = ["dep:generic/libpcap@>=1.9", "pkg:generic/openssl", "dep:github/a/b"]
dependencies = ["dep:generic/unheard-of"]
"""
    needed = modules("libpcap", "openssl") | programs("bison", "gfortran")
    assert of_pyproject(text) == needed


@pytest.mark.parametrize(
    "text", ["", "external = 1", "[external]\nhost-requires = [1]", "[external"]
)
def test_another_pyproject_asks_for_nothing(text: str) -> None:
    assert of_pyproject(text) == NOTHING
