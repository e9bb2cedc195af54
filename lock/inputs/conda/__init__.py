"""Reads what conda's and pixi's files require of the package index."""
