"""Reads a project: pyproject.toml, setup.cfg, setup.py, workspaces, scripts, hatch's tables."""
