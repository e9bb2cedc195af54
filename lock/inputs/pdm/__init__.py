"""Reads PDM's table, and pdm.lock."""
