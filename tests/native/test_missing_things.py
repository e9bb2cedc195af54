"""What a build lacked is read from the log; the messages are those of real runs of the tools."""

import pytest

from native.missing_things import CONTROL_SEQUENCE, Kind, Missing, missing_things

HEADER, LIBRARY, MODULE = Kind.HEADER, Kind.LIBRARY, Kind.PKG_CONFIG_MODULE
PROGRAM, CMAKE, PYTHON, CRATE = (
    Kind.PROGRAM,
    Kind.CMAKE_PACKAGE,
    Kind.PYTHON_MODULE,
    Kind.CRATE,
)

GCC = """\
bjoern/request.h:4:10: fatal error: ev.h: No such file or directory
    4 | #include <ev.h>
      |          ^~~~~~
compilation terminated.
error: Command '['gcc', '-Wsign-compare', '-c', 'bjoern/_bjoernmodule.c']' returned non-zero exit \
status 1.
"""
CLANG = """\
a.c:1:10: fatal error: 'pcap.h' file not found
    1 | #include <pcap.h>
      |          ^~~~~~~~
1 error generated.
"""
GCC_IN_COLOUR = (
    "\x1b[01m\x1b[Ka.c:1:10:\x1b[m\x1b[K \x1b[01;31m\x1b[Kfatal error: \x1b[m\x1b[Kpcap.h: No such "
    "file or directory\r\n"
)
BINUTILS = """\
/usr/bin/ld: cannot find -lnowhere: No such file or directory
collect2: error: ld returned 1 exit status
"""
PKGCONF = """\
Package glib-2.0 was not found in the pkg-config search path.
Perhaps you should add the directory containing `glib-2.0.pc'
to the PKG_CONFIG_PATH environment variable
Package 'glib-2.0', required by 'virtual:world', not found
Package 'libfoo', required by 'virtual:world', not found
"""
CMAKE_PKG_CONFIG = """\
-- Found PkgConfig: /usr/bin/pkg-config (found version "1.8.1")
-- Checking for modules 'libfoo>=2;barlib'
--   Package 'libfoo', required by 'virtual:world', not found
--   Package 'barlib', required by 'virtual:world', not found
CMake Error at /usr/share/cmake-3.25/Modules/FindPkgConfig.cmake:607 (message):
  A required package was not found
"""
CMAKE_FIND = """\
-- Could NOT find Doxygen (missing: DOXYGEN_EXECUTABLE)
CMake Error at /usr/share/cmake-3.25/Modules/FindPackageHandleStandardArgs.cmake:230 (message):
  Could NOT find HDF5 (missing: HDF5_LIBRARIES HDF5_INCLUDE_DIRS) (found
  version "")
"""
CMAKE_CONFIG = """\
CMake Error at CMakeLists.txt:3 (find_package):
  By not providing "Findfmt.cmake" in CMAKE_MODULE_PATH this project has
  asked CMake to find a package configuration file provided by "fmt", but
  CMake did not find one.

  Could not find a package configuration file provided by "fmt" (requested
  version 9) with any of the following names:
"""
CMAKE_FORTRAN = """\
-- The Fortran compiler identification is unknown
CMake Error at CMakeLists.txt:2 (project):
  No CMAKE_Fortran_COMPILER could be found.
"""
CMAKE_PROGRAM = """\
CMake Error at CMakeLists.txt:3 (find_program):
  Could not find FOO using the following names: swigx
"""
CMAKE_LIBRARY = """\
CMake Error at CMakeLists.txt:3 (find_library):
  Could not find FOO using the following names: foo
"""
MESON_NO_PKG_CONFIG = """\
Did not find pkg-config by name 'pkg-config'
Found pkg-config: NO
Run-time dependency libfoo found: NO

m1/meson.build:2:0: ERROR: Dependency lookup for libfoo with method 'pkg-config' failed: \
Pkg-config for machine host machine not found. Giving up.
"""
MESON_FORTRAN = """\
m5/meson.build:1:0: ERROR: Unknown compiler(s): [['gfortran'], ['flang-new'], ['flang']]
The following exception(s) were encountered:
Running `gfortran --help` gave "[Errno 2] No such file or directory: 'gfortran'"
Running `flang-new --help` gave "[Errno 2] No such file or directory: 'flang-new'"
"""
SUBPROCESS = """\
  File "/usr/lib/python3.11/subprocess.py", line 1026, in __init__
    self._execute_child(args, executable, preexec_fn, close_fds,
  File "/usr/lib/python3.11/subprocess.py", line 1950, in _execute_child
    raise child_exception_type(errno_num, err_msg, err_filename)
FileNotFoundError: [Errno 2] No such file or directory: 'pkg-config'
"""
PYCURL = """\
  File "/usr/lib/python3.11/subprocess.py", line 1950, in _execute_child
    raise child_exception_type(errno_num, err_msg, err_filename)
FileNotFoundError: [Errno 2] No such file or directory: 'curl-config'

During handling of the above exception, another exception occurred:

ConfigurationError: Could not run curl-config: [Errno 2] No such file or directory: 'curl-config'
"""
MYSQLCLIENT = """\
Trying pkg-config --exists mysqlclient
Command 'pkg-config --exists mysqlclient' returned non-zero exit status 127.
Trying pkg-config --exists mariadb
Command 'pkg-config --exists mariadb' returned non-zero exit status 127.
/bin/sh: 1: pkg-config: not found
/bin/sh: 1: pkg-config: not found
Traceback (most recent call last):
  File "<string>", line 27, in find_package_name
Exception: Can not find valid pkg-config name.
Specify MYSQLCLIENT_CFLAGS and MYSQLCLIENT_LDFLAGS env vars manually
"""
GSSAPI = """\
/bin/sh: 1: krb5-config: not found
Traceback (most recent call last):
  File "<string>", line 34, in get_output
subprocess.CalledProcessError: Command 'krb5-config --libs gssapi' returned non-zero exit status \
127.
"""
PSYCOPG2 = """\
Error: pg_config executable not found.

pg_config is required to build psycopg2 from source.  Please add the directory
containing pg_config to the $PATH or specify the full executable path with the
option:
"""
MATURIN = """\
💥 maturin failed
  Caused by: Cargo metadata failed. Do you have cargo in your PATH?
  Caused by: No such file or directory (os error 2)
"""
CARGO_OFFLINE = """\
error: no matching package named `libc` found
location searched: crates.io index
required by package `x v0.1.0 (/build/sr/rust)`
"""
PYTHON_LOG = """\
Traceback (most recent call last):
  File "setup.py", line 2, in <module>
    import tomllib
ModuleNotFoundError: No module named 'tomllib'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "setup.py", line 4, in <module>
    from Cython.Build import cythonize
ModuleNotFoundError: No module named 'Cython.Build'
"""


@pytest.mark.parametrize(
    ("log", "found"),
    [
        (GCC, [(HEADER, "ev.h")]),
        (
            "_re2.cc:37:10: fatal error: re2/re2.h: No such file or directory\n",
            [(HEADER, "re2/re2.h")],
        ),
        (GCC_IN_COLOUR, [(HEADER, "pcap.h")]),
        (CLANG, [(HEADER, "pcap.h")]),
        ("pcap.h not found\n", [(HEADER, "pcap.h")]),
        ("m4/meson.build:3:3: ERROR: C header 'foo.h' not found\n", [(HEADER, "foo.h")]),
        (BINUTILS, [(LIBRARY, "nowhere")]),
        ("ld.lld: error: unable to find library -lnowhere\n", [(LIBRARY, "nowhere")]),
        (CMAKE_LIBRARY, [(LIBRARY, "foo")]),
        (
            "m3/meson.build:3:3: ERROR: C shared or static library 'foo' not found\n",
            [(LIBRARY, "foo")],
        ),
        (PKGCONF, [(MODULE, "glib-2.0"), (MODULE, "libfoo")]),
        (CMAKE_PKG_CONFIG, [(MODULE, "libfoo"), (MODULE, "barlib")]),
        (
            '../cairo/meson.build:31:12: ERROR: Dependency "cairo" not found (tried pkg-config)\n',
            [(MODULE, "cairo")],
        ),
        (MESON_NO_PKG_CONFIG, [(MODULE, "libfoo"), (PROGRAM, "pkg-config")]),
        (CMAKE_FIND, [(CMAKE, "HDF5")]),
        (CMAKE_CONFIG, [(CMAKE, "fmt")]),
        (CMAKE_FORTRAN, [(PROGRAM, "gfortran")]),
        (MESON_FORTRAN, [(PROGRAM, "gfortran")]),
        (CMAKE_PROGRAM, [(PROGRAM, "swigx")]),
        (
            "m2/meson.build:2:0: ERROR: Program 'swigx' not found or not executable\n",
            [(PROGRAM, "swigx")],
        ),
        ("/bin/bash: line 1: pkg-config: command not found\n", [(PROGRAM, "pkg-config")]),
        (GSSAPI, [(PROGRAM, "krb5-config")]),
        (SUBPROCESS, [(PROGRAM, "pkg-config")]),
        (PYCURL, [(PROGRAM, "curl-config")]),
        ("error: command 'swig' failed: No such file or directory\n", [(PROGRAM, "swig")]),
        (PSYCOPG2, [(PROGRAM, "pg_config")]),
        (MATURIN, [(PROGRAM, "cargo")]),
        (CARGO_OFFLINE, [(CRATE, "libc")]),
        (PYTHON_LOG, [(PYTHON, "Cython")]),
        ("/build/v/bin/python: No module named cython\n", [(PYTHON, "cython")]),
    ],
)
def test_what_is_missing_is_read_from_the_log(log: str, found: list[tuple[Kind, str]]) -> None:
    assert [(thing.kind, thing.name) for thing in missing_things(log)] == found


def test_what_a_build_only_tried_is_marked() -> None:
    assert missing_things(MYSQLCLIENT) == (
        Missing(PROGRAM, "pkg-config"),
        Missing(MODULE, "mysqlclient", is_attempt=True),
        Missing(MODULE, "mariadb", is_attempt=True),
    )


@pytest.mark.parametrize(
    "log",
    [
        "",
        "-- Could NOT find Doxygen (missing: DOXYGEN_EXECUTABLE)\n-- Configuring done (0.5s)\n",
        "FileNotFoundError: [Errno 2] No such file or directory: 'VERSION'\n",
        "checking for pcap.h... no\n",
        "Found pkg-config: NO\nDid not find CMake 'cmake'\n",
        "no previously-included directories found matching 'Doc/.build'\n",
        "a.c:1:1: error: unknown type name 'foo'\n",
    ],
)
def test_a_log_that_names_nothing_missing_yields_nothing(log: str) -> None:
    assert missing_things(log) == ()


def test_maturin_that_would_fetch_rust_lacks_cargo() -> None:
    log = (
        "Rust not found, installing into a temporary directory\n"
        "    from puccinialin import setup_rust\n"
        "ModuleNotFoundError: No module named 'puccinialin'\n"
    )
    assert missing_things(log) == (Missing(PROGRAM, "cargo"),)


def test_links_of_gcc_are_no_part_of_a_message() -> None:
    link = "\x1b]8;;gcc.gnu.org/x#index\x07-Wformat\x1b]8;;\x07"
    assert CONTROL_SEQUENCE.sub("", f"a.c:1:1: error: wrong [{link}]") == (
        "a.c:1:1: error: wrong [-Wformat]"
    )
