"""Reads Poetry's table, and poetry.lock."""
