/*
  The library on a package set, which is its attribute `pkgs`, without flakes.

  Type: { pkgs } -> { makeOciImage, makePythonPypiApplication, makePythonPypiEnvironment, makeShell, programs, lock, builder, toolchain, pkgs }

  Example:
    (import ./wheelhouse { pkgs = import <nixpkgs> { }; }).makePythonPypiEnvironment { … }
    => «derivation …»
*/
{
  pkgs ? import <nixpkgs> { },
}:
import ./lib (import ./lib/toolchain.nix pkgs) // { inherit pkgs; }
