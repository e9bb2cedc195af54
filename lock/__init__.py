"""The lock app: reads requirements, writes sources.yaml for every system at once."""

__version__ = "0.2.0"
