"""Reads Pipfile and Pipfile.lock."""
