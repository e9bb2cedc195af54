"""A failed build's error names what was missing, and ends with the line that gives it."""

import pytest

from native.build_hint import build_hint, without_given
from native.missing_things import Kind, Missing
from native.tables import Inputs

NIX = "Write into the arguments of makePythonPypiEnvironment:\n  "


def hint(*things: tuple[Kind, str], package: str = "demo", advice: str | None = None) -> str:
    """Return the hint on things that certainly were missing."""
    return build_hint(package, [Missing(*thing) for thing in things], advice)


@pytest.mark.parametrize(
    ("kind", "name", "line"),
    [
        (Kind.HEADER, "pcap.h", "buildInputs = [ pkgs.libpcap ]"),
        (Kind.HEADER, "openssl/opensslv.h", "buildInputs = [ pkgs.openssl ]"),
        (Kind.HEADER, "X11/extensions/XTest.h", "buildInputs = [ pkgs.libxtst ]"),
        (Kind.LIBRARY, "ev", "buildInputs = [ pkgs.libev ]"),
        (Kind.LIBRARY, "pq", "buildInputs = [ pkgs.libpq ]"),
        (Kind.PKG_CONFIG_MODULE, "glib-2.0", "buildInputs = [ pkgs.glib ]"),
        (Kind.PROGRAM, "krb5-config", "buildInputs = [ pkgs.libkrb5 ]"),
        (Kind.PROGRAM, "swig", "nativeBuildInputs = [ pkgs.swig ]"),
        (Kind.PROGRAM, "cargo", "nativeBuildInputs = [ pkgs.cargo pkgs.rustc ]"),
        (Kind.CMAKE_PACKAGE, "HDF5", "buildInputs = [ pkgs.hdf5 ]"),
        (Kind.CMAKE_PACKAGE, "PkgConfig", "nativeBuildInputs = [ pkgs.pkg-config ]"),
    ],
)
def test_the_hint_ends_with_the_line_to_paste(kind: Kind, name: str, line: str) -> None:
    assert hint((kind, name)) == f"It lacks the {kind} {name}. {NIX}overrides.demo.{line};"


def test_libraries_and_programs_stand_in_one_line() -> None:
    things = (Kind.PROGRAM, "pkg-config"), (Kind.HEADER, "ffi.h"), (Kind.LIBRARY, "ffi")
    assert hint(*things, package="3to2").endswith(
        'overrides."3to2" = { buildInputs = [ pkgs.libffi ]; '
        "nativeBuildInputs = [ pkgs.pkg-config ]; };"
    )
    assert hint((Kind.PROGRAM, "pg_config"), package="psycopg2").endswith(
        "overrides.psycopg2 = { buildInputs = [ pkgs.libpq ]; "
        "nativeBuildInputs = [ pkgs.libpq.pg_config ]; };"
    )


def test_a_python_module_goes_into_the_requirements() -> None:
    assert hint((Kind.PYTHON_MODULE, "Cython"), (Kind.HEADER, "numpy/arrayobject.h")).endswith(
        "and lock again:\n  demo: {build-requires: [Cython, numpy]}"
    )
    both = hint((Kind.PYTHON_MODULE, "Cython"), (Kind.HEADER, "zlib.h"))
    assert "[Cython]}\nWrite into the arguments" in both
    assert both.endswith("overrides.demo.buildInputs = [ pkgs.zlib ];")
    own = hint((Kind.PYTHON_MODULE, "Cython"), advice="Mend the project.")
    assert own == "It lacks the Python module Cython. Mend the project."


@pytest.mark.parametrize(
    ("module", "owner", "line"),
    [
        ("pkg_resources", "setuptools 82", "setuptools<82"),
        ("distutils", "Python 3.12", "setuptools"),
        ("cgi", "Python 3.13", "legacy-cgi"),
    ],
)
def test_a_module_that_is_gone_comes_from_a_distribution(
    module: str, owner: str, line: str
) -> None:
    text = hint((Kind.PYTHON_MODULE, module))
    assert f" {owner} and later have no {module}: take a newer version of demo, or " in text
    assert text.endswith(f"  demo: {{build-requires: [{line}]}}")


def test_a_module_that_nothing_brings_back_is_told() -> None:
    assert hint((Kind.PYTHON_MODULE, "imp")) == (
        "It lacks the Python module imp. Python 3.12 and later have no imp: "
        "take a newer version of demo, or an older Python."
    )


@pytest.mark.parametrize(
    ("kind", "key"), [(Kind.HEADER, "buildInputs"), (Kind.PROGRAM, "nativeBuildInputs")]
)
def test_what_no_table_has_is_named_with_where_it_goes(kind: Kind, key: str) -> None:
    assert hint((kind, "unheard-of")) == (
        f"It lacks the {kind} unheard-of. A package of nixpkgs that has unheard-of goes into "
        f"`overrides.demo.{key}`."
    )


def test_of_many_unknown_things_the_last_ones_are_named() -> None:
    text = hint(*((Kind.HEADER, f"probe{number}.h") for number in range(9)))
    assert "probe5" not in text
    assert all(f"probe{number}" in text for number in (6, 7, 8))


def test_alternatives_of_a_known_module_are_not_named() -> None:
    tried = [
        Missing(Kind.PKG_CONFIG_MODULE, name, is_attempt=True)
        for name in ("mysqlclient", "mariadb", "perconaserverclient")
    ]
    text = build_hint("mysqlclient", tried, None)
    assert "percona" not in text
    assert text.endswith("overrides.mysqlclient.buildInputs = [ pkgs.libmysqlclient ];")
    assert "perconaserverclient" in build_hint("mysqlclient", tried[2:], None)


def test_crates_have_a_way_of_their_own() -> None:
    text = hint((Kind.CRATE, "libc"))
    assert "A build has no network, so its crates must lie in its source" in text
    assert "overrides" not in text


def test_nothing_missing_is_no_hint() -> None:
    assert hint() == ""


def test_what_the_build_gets_anyway_needs_no_line() -> None:
    header, library = Missing(Kind.HEADER, "pcap.h"), Missing(Kind.LIBRARY, "ev")
    assert without_given([header, library], Inputs(("libpcap",), ())) == [library]
    assert without_given([header], Inputs()) == [header]


def test_a_module_under_another_name_needs_no_line() -> None:
    module = Missing(Kind.PKG_CONFIG_MODULE, "libsystemd-journal")
    attempts = [
        Missing(Kind.PKG_CONFIG_MODULE, name, is_attempt=True) for name in ("libpcap", "unheard")
    ]
    assert without_given([module], Inputs(("systemdLibs",), ("pkg-config",))) == []
    assert without_given([module], Inputs()) == [module]
    assert without_given(attempts, Inputs(("libpcap",), ())) == []
