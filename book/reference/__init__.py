"""Writes the pages of the reference that are made from code.

What Nix code says comes as data, from `tables.nix`; what Python code says is imported.
"""
