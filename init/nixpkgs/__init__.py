"""Writes an expression for nixpkgs of a distribution on a package index."""
