from dataclasses import replace

import pytest

from init.nixpkgs.expression import Style, description, expression, main_program
from init.nixpkgs.notes import notes
from init.nixpkgs.package_set import PackageSet
from init.nixpkgs.urls import Repository, changelog, homepage, repository
from tests.init.nixpkgs.distributions import (
    DEMO,
    HASH,
    MANY,
    NATIVE_WHEEL_ONLY,
    RUST,
    WHEEL_ONLY,
    build,
    requirements,
)

SET = PackageSet(
    frozenset(["click", "cython", "httpx", "pygobject3", "rich", "setuptools", "tomli"]),
    "3.13",
    {"click": "7.0", "httpx": "0.28.1"},
)


def text(distribution: object = DEMO, **style: object) -> str:
    return expression(distribution, Style(**style))  # type: ignore[arg-type]


def test_an_expression_has_todays_attributes() -> None:
    assert (
        text()
        == f"""\
{{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,

  # dependencies
  click,
}}:

buildPythonPackage (finalAttrs: {{
  pname = "demo";
  version = "1.2";
  pyproject = true;
  __structuredAttrs = true;

  src = fetchPypi {{
    inherit (finalAttrs) pname version;
    hash = "{HASH}";
  }};

  build-system = [ setuptools ];

  dependencies = [ click ];

  pythonImportsCheck = [ "demo" ];

  meta = {{
    description = "Demonstration";
    homepage = "https://demo.example";
    changelog = "https://demo.example/changes/${{finalAttrs.version}}";
    license = lib.licenses.mit;
    maintainers = [ ];
    mainProgram = "demo";
  }};
}})
"""
    )


def test_dependencies_stand_behind_their_conditions() -> None:
    assert """
  dependencies = [
    click
    httpx
    pygobject3
  ]
  ++ lib.optionals (pythonOlder "3.13") [ tomli ]
  ++ lib.optionals stdenv.hostPlatform.isDarwin [ appnope ]
  ++ httpx.optional-dependencies.http2;
""" in text(MANY)
    assert "  lib,\n  stdenv,\n  buildPythonPackage,\n" in text(MANY)
    assert "colorama" not in text(MANY)


def test_a_list_that_begins_with_a_condition_stands_below_its_name() -> None:
    only = replace(
        DEMO,
        requires=requirements(
            "tomli; python_version < '3.12'", "overrides; sys_platform == 'linux'"
        ),
    )
    assert """
  dependencies =
    lib.optionals (pythonOlder "3.12") [ tomli ]
    ++ lib.optionals stdenv.hostPlatform.isLinux [ overrides ];
""" in text(only)


def test_extras_are_optional_dependencies_but_those_of_developers() -> None:
    assert """
  optional-dependencies = {
    all = [
      brotli
      rich
    ];
    color = [ rich ];
  };
""" in text(MANY)


def test_an_extra_that_is_asked_for_is_always_there() -> None:
    found = text(MANY, extras=("color",))
    assert "    pygobject3\n    rich\n  ]\n  ++" in found
    assert "color = " not in found


def test_an_extra_that_the_package_set_lacks_is_told() -> None:
    found = text(MANY, package_set=SET)
    assert "    # all: the package set lacks brotli.\n    color = [ rich ];" in found
    assert "  brotli,\n" not in found


def test_versions_that_the_package_set_lacks_are_relaxed() -> None:
    assert """
  pythonRelaxDeps = [
    "click" # the package set has 7.0, and it asks for >=8
  ];
""" in text(MANY, package_set=SET)
    assert "pythonRelaxDeps" not in text(MANY)


def test_a_source_is_named_as_its_file_is() -> None:
    assert f"""
  src = fetchPypi {{
    pname = "De_mo";
    inherit (finalAttrs) version;
    extension = "zip";
    hash = "{HASH}";
  }};
""" in text(MANY)


def test_older_pythons_are_refused_where_the_distribution_does() -> None:
    assert '  disabled = pythonOlder "3.12";\n' in text(MANY)
    assert "disabled" not in text(DEMO)


def test_what_setuptools_has_itself_is_no_build_requirement() -> None:
    assert "  build-system = [\n    cython\n    setuptools\n  ];" in text(MANY)


def test_a_library_that_is_a_python_package_too_is_taken_from_pkgs() -> None:
    assert "buildInputs = [ pkgs.zstd ];" in text(MANY)
    assert "buildInputs = [ zstd ];" in text(MANY, package_set=SET)
    both = replace(SET, names=SET.names | {"zstd"})
    assert "buildInputs = [ pkgs.zstd ];" in text(MANY, package_set=both)


def test_a_wheel_is_taken_where_there_is_nothing_else() -> None:
    found = text(WHEEL_ONLY)
    assert '  # The index has no source distribution of it.\n  format = "wheel";' in found
    assert '    format = "wheel";\n    dist = "py3";\n    python = "py3";\n    hash' in found
    assert "lib.sourceTypes.binaryBytecode" in found
    assert "pyproject" not in found
    native = text(NATIVE_WHEEL_ONLY)
    assert '    platform = "manylinux_2_28_x86_64";\n' in native
    assert "nativeBuildInputs = [ autoPatchelfHook ];" in native


def test_rust_is_built_by_nixpkgs_hooks() -> None:
    found = text(RUST)
    assert (
        """
  cargoRoot = "rust";

  cargoDeps = rustPlatform.fetchCargoVendor {
    inherit (finalAttrs) pname version src;
    cargoRoot = "rust";
    hash = lib.fakeHash;
  };

  build-system = [
    rustPlatform.cargoSetupHook
    rustPlatform.maturinBuildHook
  ];

  nativeBuildInputs = [ pkg-config ];
"""
        in found
    )
    assert any("cargoDeps" in note for note in notes(RUST, Style()))
    with_setuptools = replace(RUST, build=build("setuptools", "setuptools-rust", cargo_root=""))
    assert """
  nativeBuildInputs = [
    cargo
    rustPlatform.cargoSetupHook
    rustc
  ];
""" in text(with_setuptools)


def test_a_repository_wants_a_tag_and_the_version_of_builds_that_ask_git() -> None:
    place = Repository("fetchFromGitHub", "someone", "demo")
    found = text(replace(DEMO, build=build("pbr", "setuptools")), repository=place)
    assert (
        """
  src = fetchFromGitHub {
    owner = "someone";
    repo = "demo";
    tag = "v${finalAttrs.version}";
    hash = lib.fakeHash;
  };
"""
        in found
    )
    assert "    PBR_VERSION = finalAttrs.version;\n" in found
    assert any("a guess" in note for note in notes(DEMO, Style(repository=place)))
    assert "PBR_VERSION" not in text(replace(DEMO, build=build("pbr", "setuptools")))


def test_an_application_takes_the_python_packages_as_one() -> None:
    found = text(MANY, application=True)
    assert found.startswith("{\n  lib,\n  stdenv,\n  python3Packages,\n  fetchPypi,\n")
    assert "python3Packages.buildPythonApplication (finalAttrs: {" in found
    assert "  build-system = with python3Packages; [\n    cython\n" in found
    assert (
        '  ++ lib.optionals (python3Packages.pythonOlder "3.13") (with python3Packages; [ tomli ])'
        in found
    )
    assert "buildInputs = [ zstd ];" in found


def test_a_licence_that_is_no_expression_is_told() -> None:
    unclear = replace(DEMO, license="", license_text="BSD License")
    assert "# license: the metadata say BSD License, which is no SPDX expression." in text(unclear)
    assert "    license =" not in text(unclear)
    assert "# license: the metadata name none." in text(replace(DEMO, license=""))


def test_a_licence_that_is_likely_is_to_be_checked() -> None:
    told = "GNU Lesser General Public License v3 (LGPLv3)"
    likely = replace(DEMO, license="", license_text=told)
    assert f"""
    # The metadata say {told}: check that.
    license = lib.licenses.lgpl3Only;
""" in text(likely)
    assert any("meta.license" in note for note in notes(likely, Style()))


def test_text_of_metadata_is_no_code() -> None:
    odd = replace(DEMO, summary='Runs ${evil} "now" \\ here', modules=(), urls={})
    assert r'description = "Runs \${evil} \"now\" \\ here";' in text(odd)


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("A tool.", "Tool"),
        ("the  way\nto go", "The way to go"),
        ("An API client", "API client"),
        ("Analyses a thing", "Analyses a thing"),
        ("", ""),
    ],
)
def test_a_description_has_no_article_and_no_full_stop(summary: str, expected: str) -> None:
    assert description(summary) == expected


def test_the_main_program_is_the_only_one_or_is_called_as_the_package() -> None:
    assert main_program(replace(DEMO, programs=("other",))) == "other"
    assert main_program(replace(DEMO, programs=("a", "demo"))) == "demo"
    assert main_program(replace(DEMO, programs=("a", "b"))) == ""


def test_addresses_are_found_by_their_labels() -> None:
    urls = {"Source Code": "https://github.com/a/b.git", "Release-Notes": "https://x.example/n"}
    assert homepage(urls) == "https://github.com/a/b.git"
    assert changelog(urls) == "https://x.example/n"
    assert repository(urls) == Repository("fetchFromGitHub", "a", "b")
    assert repository({"Homepage": "https://x.example/a/b"}) is None
