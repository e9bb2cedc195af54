"""Pins the build environments of source distributions, until all that is left are wheels."""
