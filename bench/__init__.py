"""Measure how fast wheelhouse is, side by side with other tools that do the same work."""
