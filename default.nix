/*
  The library on a package set, without flakes.

  Type: { pkgs } -> { makeOciImage, makePythonPypiApplication, makePythonPypiEnvironment, makePythonScript, makeShell, programs, lock, builder, toolchain }

  Example:
    (import ./wheelhouse { pkgs = import <nixpkgs> { }; }).makePythonPypiEnvironment { … }
    => «derivation …»
*/
{
  pkgs ? import <nixpkgs> { },
}:
import ./lib (import ./lib/toolchain.nix pkgs)
