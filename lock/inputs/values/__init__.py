"""Checks and parses single values: names, markers, versions, addresses, paths."""
