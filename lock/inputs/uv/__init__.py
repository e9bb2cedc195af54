"""Reads uv's settings, and uv.lock."""
