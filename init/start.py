"""Starts a folder from a template."""

import argparse


def run(parsed: argparse.Namespace) -> int:
    """Write the files that the arguments ask for; return the exit code."""
    raise NotImplementedError
