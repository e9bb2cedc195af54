"""Reads locks that belong to no single tool, and makes requirements of any lock."""
