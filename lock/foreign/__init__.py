"""Locks that wheelhouse didn't write, converted inside derivations while Nix evaluates."""
