"""The lock app: requirements.yaml in, sources.yaml out, for every system at once."""

__version__ = "0.1.0"
