"""Nix and Python map the same names to the same attributes."""

import pytest

from native.build_needs import BuildNeeds
from native.tables import load_table
from tests.support.evaluation import value_of
from tests.support.project import ROOT

KINDS = ("headers", "pkg-config", "cmake", "linked", "programs")


@pytest.mark.nix
@pytest.mark.parametrize("kind", KINDS)
def test_inputs_are_the_same(kind: str) -> None:
    names = [f"{key}x.h" if key.endswith("/") else key for key in load_table(kind)]
    names += ["unheard-of", "zstd", "usb-1.0"]
    listed = " ".join(f'"{name}"' for name in names)
    found = value_of(
        f"""builtins.mapAttrs (_: map (one: one.attribute or one))
          (import {ROOT}/lib/native/inputs.nix {{
          context = "environment";
          package = "demo";
          toolchain = {{
            attribute = path: path;
            libc = "glibc";
          }};
        }} {{ {kind} = [ {listed} ]; }})"""
    )
    inputs = BuildNeeds(**{kind.replace("-", "_"): frozenset(names)}).inputs()
    assert found == {
        "lacking": [],
        "buildInputs": [*inputs.build],
        "nativeBuildInputs": [*inputs.native_build],
    }
