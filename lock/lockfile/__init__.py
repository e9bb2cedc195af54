"""The lock file, sources.yaml: put together, written, read back, compared."""
